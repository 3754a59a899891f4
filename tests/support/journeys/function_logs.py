"""Logs of a stack's functions, and the failures in them that nothing explains."""

from collections.abc import Iterable
from pathlib import Path

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
"""Errors that a function gets from a cloud that stops or was killed; the queue gives its record again."""
CLAIMED_ALREADY = ' claim"]}'
"""How the failure of a run ends that met another one with the same mail: the queue gives its record again."""
RUN_FAILED = '"message":"a run failed"'
"""In the line of a handler that Lambda calls directly; the runtime writes the same failure once more, its own way."""
BY_THE_RUNTIME = "[ERROR] "
OF_ITS_TRACEBACK = ("Traceback (most recent call last):", "\u00a0")


def function_logs(*stacks: Stack) -> list[Path]:
    return [log for stack in stacks for log in (stack.state_dir / "logs" / "functions").glob("*.log")]


def failures_in(lines: Iterable[str], cut_off: bool) -> list[str]:
    """The lines of failures that nothing explains; `cut_off` when the cloud was stopped or killed meanwhile.

    A run that failed stands there twice: as our line, which is judged, and as the runtime's, with a traceback. One of
    the runtime without ours before it is a failure of its own.
    """
    failures, to_be_repeated = [], 0
    for line in lines:
        if any(mark in line for mark in ('"level":"INFO"', '"level":"WARNING"', METRIC)):
            continue
        if line.startswith(BY_THE_RUNTIME) and to_be_repeated:
            to_be_repeated -= 1
        elif not line.startswith(OF_ITS_TRACEBACK):
            to_be_repeated += RUN_FAILED in line
            if not _is_explained(line, cut_off):
                failures.append(line)
    return failures


def _is_explained(line: str, cut_off: bool) -> bool:
    if line.startswith(BY_THE_RUNTIME):
        return False
    if cut_off and any(mark in line for mark in CLOUD_GONE):
        return True
    return "TransientError" in line and line.endswith(CLAIMED_ALREADY)


def only_waited_for_claims(log: Path) -> bool:
    """Whether all that failed is the end of a window that met a message being handed over: its machine tries again."""
    text = log.read_text(errors="replace")
    failed = text.count('"level":"ERROR"')
    return "-ExpireMessages-" in log.name and failed == text.count("TransientError: messages are being handed over")
