"""Logs of a stack's functions, and the failures in them that nothing explains."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from local.stack.process import Stack

METRIC = '{"_aws":{"Timestamp":'
"""How the embedded format of a metric begins."""
CLOUD_GONE = (
    "botocore.exceptions.ClientError (503)",
    "ConnectionError",
    "ConnectionClosedError",
    "ReadTimeoutError",
    "ResponseStreamingError",
)
"""Errors that a function gets from a cloud that stops or was killed; the queue gives its record again. So it does after
a transient one, as which adapters pass most of them on."""
CLAIMED_ALREADY = ' claim"]}'
"""How the failure of a run ends that met another one with the same mail: the queue gives its record again."""
HANDED_OVER_NOW = "TransientError: messages are being handed over"
"""The end of a window met a message that a worker has in hand: its state machine tries again."""
TRANSIENT = '"errors":["schoolsms.domain.errors.TransientError"'
RUN_FAILED = '"message":"a run failed"'
"""In the line of a handler that Lambda calls directly; the runtime writes the same failure once more, its own way."""
RECORD_FAILED = '"message":"a record failed"'
"""In the line of each record that could not be worked on."""
BY_THE_RUNTIME = "[ERROR] "
STREAM_STUCK = "[ERROR] StreamStuck"
"""By the runtime, after all records of a stream's batch failed."""
OF_ITS_TRACEBACK = ("Traceback (most recent call last):", "\u00a0")


def function_logs(*stacks: Stack) -> list[Path]:
    return [log for stack in stacks for log in (stack.state_dir / "logs" / "functions").glob("*.log")]


class Failures(NamedTuple):
    """Lines of a log that name a failure which nothing explains.

    A transient one is tried again by who called: dead letters tell whether that helped.
    """

    defects: list[str]
    transient: list[str]


def failures_in(lines: Iterable[str], cut_off: bool) -> Failures:
    """The failures among `lines`; `cut_off` when the cloud was stopped or killed meanwhile.

    A run that failed stands there twice: as our line, which is judged, and as the runtime's, with a traceback. So does
    a stuck batch of a stream: as our line of each record, and as the runtime's. One of the runtime without ours before
    it is a defect of its own.
    """
    failures, runs_failed, records_failed = Failures([], []), 0, 0
    for line in lines:
        if any(mark in line for mark in ('"level":"INFO"', '"level":"WARNING"', METRIC)):
            continue
        if line == STREAM_STUCK and records_failed:
            records_failed = 0
        elif line.startswith(BY_THE_RUNTIME) and runs_failed:
            runs_failed -= 1
            if line.endswith(HANDED_OVER_NOW) and failures.transient:
                failures.transient.pop()
        elif not line.startswith(OF_ITS_TRACEBACK):
            runs_failed += RUN_FAILED in line
            records_failed += RECORD_FAILED in line
            if not _is_explained(line, cut_off):
                (failures.transient if TRANSIENT in line else failures.defects).append(line)
    return failures


def _is_explained(line: str, cut_off: bool) -> bool:
    if line.startswith(BY_THE_RUNTIME):
        return False
    if cut_off and any(mark in line for mark in (TRANSIENT, *CLOUD_GONE)):
        return True
    return TRANSIENT in line and line.endswith(CLAIMED_ALREADY)
