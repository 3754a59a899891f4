"""The stream of the history table starts the 72 hours of every request, once (R31, R48)."""

import pytest

from schoolsms.observability import StreamStuck
from tests.support.examples import REQUEST_ID, a_request, lines_of
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, failed

FUNCTION = "start_delivery"


@pytest.fixture
def accepted(cloud: Cloud) -> Cloud:
    cloud.requests.store_and_debit(a_request(cost_sms=0), lines_of(1), [], None)
    return cloud


def test_a_request_starts_its_delivery(accepted: Cloud) -> None:
    assert failed(accepted.invoke(FUNCTION, event(FUNCTION, "request_inserted"))) == []
    assert accepted.executions() == {
        REQUEST_ID: {
            "request_id": REQUEST_ID,
            "due_at": "2026-11-23T09:00:00.000Z",
            "expires_at": "2026-11-26T09:00:00.000Z",
        }
    }


def test_a_record_streamed_twice_starts_one_delivery(accepted: Cloud) -> None:
    for _ in range(2):
        assert failed(accepted.invoke(FUNCTION, event(FUNCTION, "request_inserted"))) == []
    assert list(accepted.executions()) == [REQUEST_ID]


def test_a_request_that_is_gone_holds_up_no_other(accepted: Cloud) -> None:
    """A shard goes on only past what succeeded: a purged request must not block all that follow."""
    assert failed(accepted.invoke(FUNCTION, event(FUNCTION, "missing_request_beside_good"))) == []
    assert list(accepted.executions()) == [REQUEST_ID]


def test_a_delivery_that_cannot_start_fails_its_run_so_that_the_stream_gives_it_again(accepted: Cloud) -> None:
    client("stepfunctions").delete_state_machine(stateMachineArn=accepted.reference("Delivery"))

    with pytest.raises(StreamStuck):
        accepted.invoke(FUNCTION, event(FUNCTION, "request_inserted"))


def test_a_record_without_keys_is_reported_beside_a_good_one(accepted: Cloud) -> None:
    both = event(FUNCTION, "missing_request_beside_good")
    both["Records"][0]["dynamodb"].pop("Keys")

    assert failed(accepted.invoke(FUNCTION, both)) == [both["Records"][0]["dynamodb"]["SequenceNumber"]]
    assert list(accepted.executions()) == [REQUEST_ID]
