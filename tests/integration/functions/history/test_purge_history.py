"""The state machine's step over the real table: nothing is left, and the certificate is mailed (R38)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.sending.accepting.accept_send_request import SECOND_NET
from schoolsms.domain.history.purges import YearNotEnded
from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.integration.conftest import ACCOUNTS, HISTORY, dynamodb_client
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, TEXT, a_line, a_refusal, a_request, everything, lines_of
from tests.support.faults.fault_injection import Died
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event
from tests.support.functions.log_privacy import Logs
from tests.support.template import resources
from tests.support.worlds.school_year_world import PURGED_AT, YEAR, YEAR_END

FUNCTION = "purge_history"


@pytest.fixture
def sent(cloud: Cloud, school: str) -> Cloud:
    """Three messages that were delivered, and one recipient refused."""
    cloud.ledger.post(school, credit("BC1", 1_000, NOW))
    request = a_request(lines=3, refused=1)
    cloud.requests.store_and_debit(request, lines_of(3), [a_refusal(3)], debit(REQUEST_ID, 3, NOW))
    for index in range(3):
        cloud.messages.claim(request, a_line(index), "ovh", NOW + timedelta(minutes=1))
        cloud.messages.sent(request, a_line(index), "ovh", str(index))
        cloud.messages.settle(f"{REQUEST_ID}-{index}", "ovh", "delivered", NOW)
    return cloud


def step(cloud: Cloud) -> Any:
    return cloud.invoke(FUNCTION, event(FUNCTION, "year_ended"))


def test_everything_is_purged_and_the_certificate_is_kept_and_mailed(sent: Cloud, logs: Logs) -> None:
    sent.clock.time = PURGED_AT

    assert step(sent) == {"done": False, "resume_at": "2027-08-31T23:00:00Z"}
    assert step(sent) == {"done": True, "resume_at": "2027-08-31T23:00:00Z"}

    left = list(everything(dynamodb_client(), HISTORY))
    assert {item["pk"].partition("#")[0] for item in left} == {"HANDOFF"}  # ids alone, left to TTL
    (kept,) = [item for item in everything(dynamodb_client(), ACCOUNTS) if item["sk"] == f"PURGE#{YEAR}"]
    assert (kept["counted_requests"], kept["counted_delivered"], kept["counted_sms"]) == (1, 3, 3)
    assert sent.queued("Notices") == [{"kind": "history_purged", "ids": {"school": UAI, "school_year": YEAR}}]
    assert [line["done"] for line in logs.lines("purge went on")] == [False, True]
    assert logs.lines("purge went on")[1]["removed_items"] == 0
    assert TEXT not in str(left)


def test_it_is_refused_while_the_year_runs(sent: Cloud) -> None:
    sent.clock.time = YEAR_END - timedelta(seconds=1)
    with pytest.raises(YearNotEnded):
        step(sent)
    assert sent.requests.get(REQUEST_ID)


def test_a_year_with_nothing_but_what_was_never_accepted_is_purged_and_has_the_second_net(
    cloud: Cloud, school: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages were written, and the process ended before the debit."""

    def dies(*_: object) -> None:
        raise Died

    cloud.ledger.post(school, credit("BC1", 1_000, NOW))
    monkeypatch.setattr(cloud.ledger, "post", dies)
    request = a_request(lines=60, refused=1, purge_at=YEAR_END + SECOND_NET)
    with pytest.raises(Died):
        cloud.requests.store_and_debit(request, lines_of(60), [a_refusal(60)], debit(REQUEST_ID, 60, NOW))
    written = list(everything(dynamodb_client(), HISTORY))
    assert {item["sk"].split("#")[0] for item in written} >= {"PAGE", "REFUSED"}
    assert {item.get("purge_at") for item in written} == {int((YEAR_END + SECOND_NET).timestamp())}
    cloud.clock.time = PURGED_AT

    cloud.invoke("watch_school_years", event("watch_school_years", "every_hour"))
    machine = cloud.reference("Purge")
    assert len(client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]) == 1
    assert [step(cloud)["done"] for _ in range(2)] == [False, True]

    assert list(everything(dynamodb_client(), HISTORY)) == []
    (kept,) = [item for item in everything(dynamodb_client(), ACCOUNTS) if item["sk"] == f"PURGE#{YEAR}"]
    assert "counted_requests" not in kept


def test_a_list_that_was_uploaded_goes_too(sent: Cloud) -> None:
    bucket = sent.reference("RecipientListsBucket")
    client("s3").put_object(Bucket=bucket, Key=f"{UAI}/list.csv", Body=b"0612345678")
    sent.clock.time = PURGED_AT

    for _ in range(2):
        step(sent)

    assert "Contents" not in client("s3").list_objects_v2(Bucket=bucket)


def test_the_machine_repeats_the_step_until_done_and_waits_as_long_as_the_answer_says() -> None:
    states = resources("AWS::Serverless::StateMachine")["Purge"]["Definition"]["States"]

    assert states["PurgeHistory"]["ResultPath"] == "$.progress"
    assert states["Wait"]["TimestampPath"] == "$.progress.resume_at"
    assert states["IsDone"]["Choices"] == [{"Variable": "$.progress.done", "BooleanEquals": True, "Next": "Done"}]
    assert states["PurgeHistory"]["Retry"][0]["ErrorEquals"] == [YearNotEnded.__name__, "NotFoundError"]
