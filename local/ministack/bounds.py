"""Bounds for what MiniStack keeps without end: logs, histories of executions, stream records that everybody read.

On AWS each has a time after which it goes; here the files under `logs` are what a person reads.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

from local.machine import log_files

STREAMS_KEPT = 100
"""Log streams a function: MiniStack makes one for each invocation."""

HISTORIES_KEPT = 200
"""Executions that ended and still have their history; older ones keep their name, status and input."""

MAILS_KEPT = 100

_log_file: list[Path] = []
_log_lock = threading.Lock()
_stream_lock = threading.RLock()


def patch(log: Path) -> None:
    """Keep MiniStack's memory of logs short, and `log`, its own; let stream records be trimmed while they are read."""
    _log_file[:] = [log]
    from ministack.services import dynamodb, lambda_svc  # type: ignore[import-not-found]

    emit = lambda_svc._emit_lambda_logs

    def emit_and_forget(func: dict[str, Any], *arguments: Any, **options: Any) -> None:
        emit(func, *arguments, **options)
        _forget_streams()

    lambda_svc._emit_lambda_logs = emit_and_forget
    for name in ("stream_records_since", "stream_start_position", "stream_end_position"):
        setattr(dynamodb, name, _under_lock(getattr(dynamodb, name)))


def _under_lock(read: Any) -> Any:
    def locked(*arguments: Any, **options: Any) -> Any:
        with _stream_lock:
            return read(*arguments, **options)

    return locked


def tidy() -> None:
    """Before a save, in the thread of the event loop: drop what nobody will ask for."""
    from ministack.services import ses, stepfunctions

    for log in _log_file:
        log_files.cut(log, sys.stdout.fileno())
    trim_streams()
    trim_histories(stepfunctions._executions._data)
    for sent in ses._sent_emails._data.values():
        del sent[:-MAILS_KEPT]


def drop_logs() -> None:
    """In the copy that is saved: log groups without their streams."""
    from ministack.services import cloudwatch_logs

    for group in cloudwatch_logs._log_groups._data.values():
        group["streams"] = {}
    cloudwatch_logs._log_records._data.clear()


def _forget_streams() -> None:
    from ministack.services import cloudwatch_logs

    with _log_lock:
        for group in list(cloudwatch_logs._log_groups._data.values()):
            streams = group["streams"]
            for name in list(streams)[:-STREAMS_KEPT] if len(streams) > STREAMS_KEPT else ():
                streams.pop(name, None)


def trim_histories(executions: dict[Any, dict[str, Any]]) -> None:
    """Empty the histories of all ended executions but the newest; executions are in the order of their start."""
    ended = [each for each in list(executions.values()) if each["status"] != "RUNNING" and each["events"]]
    for execution in ended[:-HISTORIES_KEPT]:
        execution["events"] = []


def trim_streams() -> None:
    """Drop the records of tables' streams that every function has read which reads them."""
    from ministack.services import dynamodb, lambda_svc

    with _stream_lock:
        for (account, region, table), records in list(dynamodb._stream_records._data.items()):
            arn = (dynamodb._tables.get_scoped(account, region, table) or {}).get("LatestStreamArn")
            readers = [esm for esm in list(lambda_svc._esms._data.values()) if esm.get("EventSourceArn") == arn]
            positions = [
                lambda_svc._dynamodb_stream_positions.get_scoped(account, region, each["UUID"]) for each in readers
            ]
            if not positions or None in positions:
                continue
            trimmed = dynamodb._stream_trimmed.get_scoped(account, region, table, 0)
            read = max(0, min(positions) - trimmed)
            del records[:read]
            dynamodb._stream_trimmed.set_scoped(account, region, table, trimmed + read)
