"""Logs carry ids, kinds and places; never what an exception quotes (R46)."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.observability import (
    RunFailed,
    StreamStuck,
    log_failure,
    logger,
    process_batch,
    process_stream,
    publish_metrics,
    redact_exceptions,
    warn_with_metric,
)

SECRET = "+33612345678 Votre enfant Léa est absente"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Capture log output during the test."""
    handler: Any = logger.registered_handler
    before, handler.stream = handler.stream, io.StringIO()
    yield handler.stream
    handler.stream = before


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def work(record: Mapping[str, Any]) -> None:
    if record["body"] == "bad":
        raise ValueError(SECRET)


def record(number: int, body: str) -> dict[str, str]:
    return {"messageId": f"m{number}", "body": body}


def test_a_batch_without_failure_gives_nothing_back(log: io.StringIO) -> None:
    assert process_batch([record(1, "good"), record(2, "good")], work) == {"batchItemFailures": []}
    assert lines(log) == []


def test_only_the_records_that_failed_are_given_back_and_the_others_are_done(log: io.StringIO) -> None:
    """R48."""
    done: list[str] = []

    def noting(each: Mapping[str, Any]) -> None:
        work(each)
        done.append(each["messageId"])

    answer = process_batch([record(1, "good"), record(2, "bad"), record(3, "good"), record(4, "bad")], noting)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m2"}, {"itemIdentifier": "m4"}]}
    assert done == ["m1", "m3"]
    assert [line["record"] for line in lines(log)] == ["m2", "m4"]


def test_records_of_a_stream_are_named_by_their_sequence_number(log: io.StringIO) -> None:
    stream = [{"dynamodb": {"SequenceNumber": "77"}, "body": "bad"}]
    answer = process_batch(stream, work, lambda each: str(each["dynamodb"]["SequenceNumber"]))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "77"}]}


def test_a_stream_of_which_nothing_can_be_done_is_an_error_that_an_alarm_counts(log: io.StringIO) -> None:
    """R48: the answer alone, which names all records, is none."""
    bad, good = ({"dynamodb": {"SequenceNumber": number}, "body": number} for number in ("bad", "good"))
    with pytest.raises(StreamStuck):
        process_stream([bad, bad], work)
    assert process_stream([good, bad], work) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert process_stream([], work) == {"batchItemFailures": []}


def test_what_an_exception_says_is_never_logged(log: io.StringIO) -> None:
    """R46: nor what any of those it came from says."""
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as exc:
            raise TransientError(SECRET) from exc
    except TransientError as exc:
        log_failure("a record failed", exc, record="m1")
    (line,) = lines(log)
    assert "33612345678" not in log.getvalue()
    assert "Léa" not in json.dumps(line, ensure_ascii=False)
    assert line["message"] == "a record failed"
    assert line["record"] == "m1"
    assert [kind.rpartition(".")[2] for kind in line["errors"]] == ["TransientError", "KeyError"]


def test_the_place_of_a_failure_is_logged(log: io.StringIO) -> None:
    process_batch([record(1, "bad")], work)
    (line,) = lines(log)
    assert line["level"] == "ERROR"
    assert line["at"][-1].startswith("test_observability.py:")
    assert line["at"][-1].endswith(" work")


def test_a_circle_of_causes_ends(log: io.StringIO) -> None:
    one, other = ValueError("a"), ValueError("b")
    one.__cause__, other.__cause__ = other, one
    log_failure("went round", one)
    assert len(lines(log)[0]["errors"]) == 5


def test_a_counted_warning_is_one_line_that_cloudwatch_counts(log: io.StringIO) -> None:
    warn_with_metric("odd", "OddThings", provider="acme")
    [line] = lines(log)
    assert (line["level"], line["message"], line["provider"], line["OddThings"]) == ("WARNING", "odd", "acme", 1)
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "SkolengoSms"
    assert directive["Dimensions"] == [["service"]]
    assert line["service"]
    assert directive["Metrics"] == [{"Name": "OddThings", "Unit": "Count"}]
    assert line["_aws"]["Timestamp"] > 1.7e12


def test_counts_are_published_as_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    publish_metrics(OrdersInReview=3, OrdersPastDeadline=0)
    published = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [metric.get("OrdersInReview") for metric in published] == [[3.0], None]
    assert published[1]["OrdersPastDeadline"] == [0.0]
    assert {metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] for metric in published} == {"SkolengoSms"}


# ------------------------------------------------------------------ second nets


@pytest.mark.parametrize(
    "number",
    [
        *("+33612345678", "+33 6 12 34 56 78", "0033612345678", "33612345678", "%2B33612345678", "%2b33612345678"),
        *(
            "0612345678",
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "0141020304",
            "+687751234",
            "+4479112345",
        ),
    ],
)
def test_a_number_that_somebody_logs_does_not_get_out(log: io.StringIO, number: str) -> None:
    logger.info("sent to", extra={"request": "R1", "to": number, "path": f"/v1/consents/{number}?x={number}"})
    (line,) = lines(log)
    assert (line["request"], line["to"], line["path"]) == ("R1", "[number]", "/v1/consents/[number]?x=[number]")


@pytest.mark.parametrize(
    "identifier",
    [
        *("REQUESTAAAAAAA-12", "BC26-ABCDEFGHIJ", "0750655E", "forfeiture:0750655E:2027-08-31:2", "2026-000001"),
        *("059f36b4-87a3-44ab-83d2-661975830000", "061234567890123456789", "100000000003245836", "1795390886808"),
        *("0612345678ab-4f", "2026-11-22T23:46:53.799Z", "2026-11-22 23:46:53,799+0000", "172.31.0612345678"),
    ],
)
def test_ids_and_instants_are_logged_as_they_are(log: io.StringIO, identifier: str) -> None:
    logger.info("seen", extra={"record": identifier})
    (line,) = lines(log)
    assert line["record"] == identifier


def test_a_run_that_fails_says_where_and_nothing_else(log: io.StringIO) -> None:
    """Lambda logs what an exception says, and Step Functions keeps it."""

    @redact_exceptions
    def handler(event: dict[str, Any], context: object) -> int:
        return int(event["text"])

    with pytest.raises(RunFailed) as failed:
        handler({"text": SECRET}, None)
    assert str(failed.value) == "builtins.ValueError"
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
    (line,) = lines(log)
    assert line["at"][-1].endswith(" handler")
    assert "33612345678" not in log.getvalue()


def test_an_error_of_our_own_is_raised_as_it_is(log: io.StringIO) -> None:
    """State machines retry by its kind."""

    @redact_exceptions
    def handler(event: dict[str, Any], context: object) -> None:
        raise TransientError("the table does not answer")

    with pytest.raises(TransientError, match="does not answer"):
        handler({}, None)
    assert len(lines(log)) == 1


def test_a_run_that_succeeds_answers(log: io.StringIO) -> None:
    assert redact_exceptions(lambda event, _: event)({"a": 1}, None) == {"a": 1}
    assert lines(log) == []
