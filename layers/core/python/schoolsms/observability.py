"""Logs and metrics: constant messages with ids beside them, never a number, a name or a text (R46)."""

import functools
import json
import re
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools import Logger

_NUMBER = re.compile(
    r"(?<![\w.+-])(?:(?:\+|%2[Bb]|00)[1-9](?:[ .-]?\d){7,13}|33[67]\d{8}|0[1-9](?:[ .-]?\d{2}){4})(?![\w-])"
)
"""Matches possible phone numbers, in any spelling; no id or instant of ours looks like one."""


def without_numbers(line: Mapping[str, Any]) -> str:
    """`line` as JSON, without phone numbers. No code logs one; this is a second net."""
    return _NUMBER.sub("[number]", json.dumps(line, default=str, separators=(",", ":"), ensure_ascii=False))


logger = Logger(json_serializer=without_numbers)


def log_failure(message: str, exc: BaseException, **ids: object) -> None:
    """Log that something raised: kinds and places. The exception's text may quote data, so it is left out."""
    logger.error(message, extra={**ids, "errors": _kinds(exc), "at": _places(exc)})


def redact_exceptions(handler: Callable[[dict[str, Any], object], Any]) -> Callable[[dict[str, Any], object], Any]:
    """Decorator for handlers that Lambda calls directly. Lambda logs exception messages, which may quote personal data;
    this logs only type and location and re-raises without the message. Our own errors quote nothing and pass unchanged.
    """

    @functools.wraps(handler)
    def redacted(event: dict[str, Any], context: object) -> Any:
        try:
            return handler(event, context)
        except Exception as exc:
            log_failure("a run failed", exc)
            if type(exc).__module__.startswith("schoolsms."):
                raise
            raise RunFailed(" from ".join(_kinds(exc))) from None

    return redacted


class RunFailed(Exception):
    """A handler failed; the log names the place."""


def warn_with_metric(message: str, metric: str, **ids: object) -> None:
    """Log a warning that CloudWatch counts too, as `metric` (embedded format, namespace SkolengoSms)."""
    metrics = {"Namespace": "SkolengoSms", "Dimensions": [["service"]], "Metrics": [{"Name": metric, "Unit": "Count"}]}
    embedded = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]}
    logger.warning(message, extra={**ids, metric: 1, "_aws": embedded})


def publish_metrics(**counts: int) -> None:
    """Publish `counts` as CloudWatch metrics (embedded format, namespace SkolengoSms)."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    for name, value in counts.items():
        with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace="SkolengoSms"):
            pass


def process_batch(
    records: Sequence[Mapping[str, Any]],
    work: Callable[[Mapping[str, Any]], None],
    identify: Callable[[Mapping[str, Any]], str] = lambda record: str(record["messageId"]),
    finish: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Do `work` on each record; the answer names those that failed, which the queue gives again, then dead-letters.

    `finish` is called once after them; if it fails, all of them failed.

    Own code, because the library's batch processor takes a third of the time a function has to start.
    """
    failed = []

    def fail(record: Mapping[str, Any], exc: Exception) -> None:
        log_failure("a record failed", exc, record=identify(record))
        failed.append({"itemIdentifier": identify(record)})

    for record in records:
        try:
            work(record)
        except Exception as exc:  # noqa: BLE001 - whatever it is, the other records go on
            fail(record, exc)
    try:
        finish()
    except Exception as exc:  # noqa: BLE001 - as above
        failed.clear()
        for record in records:
            fail(record, exc)
    return {"batchItemFailures": failed}


class StreamStuck(Exception):
    """No record of a batch could be worked on."""


def process_stream(records: Sequence[Mapping[str, Any]], work: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """`process_batch` for a table's stream, which has no dead-letter queue.

    Raises StreamStuck if every record failed: Lambda counts an error only then, for which there is an alarm. The stream
    gives the batch again either way.
    """
    answer = process_batch(records, work, lambda record: str(record["dynamodb"]["SequenceNumber"]))
    if records and len(answer["batchItemFailures"]) == len(records):
        raise StreamStuck
    return answer


def _kinds(exc: BaseException) -> list[str]:
    kinds: list[str] = []
    current: BaseException | None = exc
    while current is not None and len(kinds) < 5:
        # AWS says more by a code, and a code quotes nothing.
        code = getattr(current, "response", {}).get("Error", {}).get("Code", "")
        kinds.append(f"{type(current).__module__}.{type(current).__name__}{f' ({code})' if code else ''}")
        current = current.__cause__ or current.__context__
    return kinds


def _places(exc: BaseException) -> list[str]:
    frames = traceback.extract_tb(exc.__traceback__)[-4:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
