"""A request that is due has every page queued, as ids only (R29, R38)."""

from typing import Any

import pytest

from schoolsms.domain.errors import TransientError
from tests.support.examples import REQUEST_ID, a_request, lines_of
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event

FUNCTION = "queue_messages"


def accepted(cloud: Cloud, lines: int, **changes: Any) -> None:
    cloud.requests.store_and_debit(a_request(lines=lines, cost_sms=0, **changes), lines_of(lines), [], None)


def test_the_pages_of_a_request_are_queued(cloud: Cloud) -> None:
    accepted(cloud, 51)

    assert cloud.invoke(FUNCTION, event(FUNCTION, "request_due")) == {"pages": 2}

    queued = cloud.queued("QueuedMessages")
    assert sorted(each["page"] for each in queued) == [0, 1]
    assert all(each == {"request_id": REQUEST_ID, "page": each["page"], "attempt": 0} for each in queued)


def test_a_request_that_was_cancelled_queues_nothing(cloud: Cloud) -> None:
    accepted(cloud, 1, cancelled=True)

    assert cloud.invoke(FUNCTION, event(FUNCTION, "request_due")) == {"pages": 0}
    assert cloud.queued("QueuedMessages") == []


def test_a_queue_that_does_not_answer_makes_the_state_machine_try_again(cloud: Cloud) -> None:
    accepted(cloud, 1)
    client("sqs").delete_queue(QueueUrl=cloud.reference("QueuedMessages"))

    with pytest.raises(TransientError):
        cloud.invoke(FUNCTION, event(FUNCTION, "request_due"))


def test_a_request_that_is_not_there_queues_nothing(cloud: Cloud) -> None:
    with pytest.raises(TransientError):
        cloud.invoke(FUNCTION, event(FUNCTION, "request_due"))
    assert cloud.queued("QueuedMessages") == []
