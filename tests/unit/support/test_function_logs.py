"""Lines of a function's log that the journeys take for a failure."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.observability import StreamStuck, logger, process_stream, redact_exceptions
from tests.support.journeys.function_logs import Failures, failures_in

INFO = '{"level":"INFO","message":"page dispatched","timestamp":"2026-12-01 02:00:00","service":"queue-messages"}'
METRIC = '{"_aws":{"Timestamp":1764554400000,"CloudWatchMetrics":[]},"service":"purge","Purged":[3.0]}'
CLOUD_STOPPED = (
    '{"level":"ERROR","message":"a run failed","errors":["schoolsms.domain.errors.TransientError",'
    '"botocore.exceptions.ClientError (503)"],"at":["errors.py:38 dynamodb_errors"]}'
)
DEFECT = '{"level":"ERROR","message":"a run failed","errors":["builtins.KeyError"],"at":["app.py:11 handler"]}'
RECORD_MET_A_CLAIM = (
    '{"level":"ERROR","message":"a record failed","errors":["schoolsms.domain.errors.TransientError"],'
    '"at":["ingest_order_email.py:245 claim"]}'
)
WINDOW_ENDS = (
    '{"level":"ERROR","message":"a run failed","errors":["schoolsms.domain.errors.TransientError"],'
    '"at":["expire_messages.py:76 expire"]}'
)
RECORD_CUT_OFF = CLOUD_STOPPED.replace("a run failed", "a record failed")
STUCK = "[ERROR] StreamStuck"
NONE = Failures([], [])
RUNTIME = "[ERROR] TransientError: DynamoDB: 503"
TRACEBACK = [
    "Traceback (most recent call last):",
    '\u00a0\u00a0File "app.py", line 11, in handler',
    "\u00a0\u00a0\u00a0raise",
]


def test_what_went_well_is_no_failure() -> None:
    assert failures_in([INFO, METRIC, INFO.replace("INFO", "WARNING")], cut_off=False) == NONE


def test_a_run_cut_off_by_its_cloud_is_explained_with_what_the_runtime_repeats_of_it() -> None:
    assert failures_in([INFO, CLOUD_STOPPED, RUNTIME, *TRACEBACK, INFO], cut_off=True) == NONE


def test_what_adapters_call_transient_is_explained_by_a_cloud_that_was_stopped() -> None:
    reset = CLOUD_STOPPED.replace("botocore.exceptions.ClientError (503)", "builtins.ConnectionResetError")
    unread = reset.replace("schoolsms.domain.errors.TransientError", "json.decoder.JSONDecodeError")
    assert failures_in([reset, RUNTIME, *TRACEBACK], cut_off=True) == NONE
    assert failures_in([unread, RUNTIME, *TRACEBACK], cut_off=True) == ([unread], [])


def test_two_runs_cut_off_at_once_are_explained_in_whatever_order_they_write() -> None:
    lines = [CLOUD_STOPPED, CLOUD_STOPPED, RUNTIME, *TRACEBACK, RUNTIME, *TRACEBACK]
    assert failures_in(lines, cut_off=True) == NONE


def test_the_same_run_is_a_transient_failure_where_nobody_stopped_the_cloud() -> None:
    assert failures_in([CLOUD_STOPPED, RUNTIME, *TRACEBACK], cut_off=False) == ([], [CLOUD_STOPPED])


def test_a_defect_is_one_on_a_cloud_that_was_stopped_too() -> None:
    assert failures_in([CLOUD_STOPPED, RUNTIME, DEFECT, RUNTIME, *TRACEBACK], cut_off=True) == ([DEFECT], [])


def test_a_batch_of_a_stream_that_was_cut_off_is_explained_by_the_lines_of_its_records() -> None:
    again = [RECORD_CUT_OFF, RECORD_CUT_OFF, STUCK, *TRACEBACK]
    assert failures_in([INFO, *again, RECORD_CUT_OFF, STUCK, *TRACEBACK, INFO], cut_off=True) == NONE
    assert failures_in(again, cut_off=False) == ([], [RECORD_CUT_OFF, RECORD_CUT_OFF])


def test_a_stream_that_is_stuck_without_a_record_that_failed_is_a_defect() -> None:
    assert failures_in([STUCK, *TRACEBACK], cut_off=True) == ([STUCK], [])
    assert failures_in([RECORD_CUT_OFF, STUCK, STUCK], cut_off=True) == ([STUCK], [])


def test_a_defect_in_a_record_of_a_stream_is_one() -> None:
    defect = DEFECT.replace("a run failed", "a record failed")
    assert failures_in([defect, STUCK, *TRACEBACK], cut_off=True) == ([defect], [])


def test_what_the_runtime_says_alone_is_a_failure() -> None:
    """A function that could not be loaded, or that a time limit ended."""
    unable = "[ERROR] Runtime.ImportModuleError: Unable to import module 'app'"
    assert failures_in([INFO, unable, *TRACEBACK], cut_off=True) == ([unable], [])


def test_output_that_is_neither_json_nor_the_runtimes_is_a_failure() -> None:
    own = ["Traceback (most recent call last):", '  File "app.py", line 3', "KeyError: 'P1000'"]
    assert failures_in(own, cut_off=True) == (own[1:], [])


def test_a_mail_that_met_another_run_with_it_waits_and_has_not_failed() -> None:
    assert failures_in([RECORD_MET_A_CLAIM], cut_off=False) == NONE
    other = RECORD_MET_A_CLAIM.replace(" claim", " judge")
    assert failures_in([other], cut_off=False) == ([], [other])


def test_the_end_of_a_window_that_waits_for_a_handoff_has_not_failed() -> None:
    met = "[ERROR] TransientError: messages are being handed over"
    early = "[ERROR] TransientError: the window of the request has not ended"
    assert failures_in([WINDOW_ENDS, met, *TRACEBACK], cut_off=False) == NONE
    assert failures_in([WINDOW_ENDS, met, WINDOW_ENDS, early, *TRACEBACK], cut_off=False) == ([], [WINDOW_ENDS])


def stuck(event: dict[str, Any], context: object) -> object:
    def work(record: object) -> None:
        raise TransientError("the table does not answer")

    return process_stream([{"dynamodb": {"SequenceNumber": number}} for number in "12"], work)


@redact_exceptions
def failing(event: dict[str, Any], context: object) -> object:
    raise TransientError("the table does not answer")


@pytest.mark.parametrize(("handler", "lines"), [(stuck, 2), (failing, 1)])
def test_what_our_code_logs_of_a_failure_is_read_as_that(
    handler: Callable[[dict[str, Any], object], object], lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger.registered_handler, "stream", log := io.StringIO())
    with pytest.raises((StreamStuck, TransientError)) as raised:
        handler({}, None)
    said = f": {raised.value}" if str(raised.value) else ""
    ours = log.getvalue().splitlines()
    assert len(ours) == lines
    assert failures_in([*ours, f"[ERROR] {raised.type.__name__}{said}", *TRACEBACK], cut_off=False) == ([], ours)
