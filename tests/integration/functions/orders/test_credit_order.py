"""An accepted order is credited once, however often its message is delivered, and a notice is due (R10, R11, R18)."""

from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import Balance
from tests.support.builders import ORDER_ID, UAI, order
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, failed, sqs

FUNCTION = "credit_order"
NOTICE = {"kind": "credit_activated", "ids": {"order_id": ORDER_ID}}


def test_an_accepted_order_is_credited_and_a_notice_queued(cloud: Cloud) -> None:
    cloud.orders.record(order())

    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "order_accepted"))) == []
    assert cloud.ledger.balance(UAI) == Balance(UAI, 2_000, 1)
    credited = cloud.orders.get(ORDER_ID)
    assert credited is not None
    assert credited.state == "credited"
    assert NOTICE in cloud.queued("Notices")


def test_an_order_queued_many_times_is_credited_once(cloud: Cloud) -> None:
    cloud.orders.record(order())
    message = {"order_id": ORDER_ID}

    cloud.invoke(FUNCTION, sqs(FUNCTION, "order_accepted", message, message, message))
    cloud.invoke(FUNCTION, event(FUNCTION, "order_accepted"))

    assert cloud.ledger.balance(UAI) == Balance(UAI, 2_000, 1)


def test_only_the_poisoned_record_is_given_again(cloud: Cloud) -> None:
    cloud.orders.record(order())
    poisoned = event(FUNCTION, "poisoned_beside_good")

    answer = cloud.invoke(FUNCTION, poisoned)

    assert failed(answer) == [poisoned["Records"][0]["messageId"]]
    assert cloud.ledger.balance(UAI).sms == 2_000


@pytest.mark.parametrize("poison", ["", "null", "[]", "{}", {"order_id": 5}, {"order": ORDER_ID}, {"order_id": ""}])
def test_a_body_that_names_no_order_ends_among_the_dead_letters(cloud: Cloud, poison: object) -> None:
    cloud.orders.record(order())

    assert failed(cloud.invoke(FUNCTION, sqs(FUNCTION, "order_accepted", poison))) == ["message-0"]
    assert cloud.ledger.balance(UAI).sms == 0


@pytest.mark.parametrize("state", ["incomplete", "review", "rejected"])
def test_an_order_that_is_not_accepted_is_not_credited(cloud: Cloud, state: Any) -> None:
    """A later mail, or a person, took it out of the line."""
    cloud.orders.record(order(state=state))

    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "order_accepted"))) == []
    assert cloud.ledger.balance(UAI).sms == 0
    assert cloud.queued("Notices") == []


def test_an_order_that_is_not_there_is_waited_for(cloud: Cloud) -> None:
    assert len(failed(cloud.invoke(FUNCTION, event(FUNCTION, "order_accepted")))) == 1


def test_after_a_death_between_credit_and_notice_the_next_run_queues_the_notice(cloud: Cloud) -> None:
    """R10, R48: the credit is kept, and the notice follows."""
    cloud.orders.record(order())
    notices = cloud.reference("Notices")
    client("sqs").delete_queue(QueueUrl=notices)
    assert len(failed(cloud.invoke(FUNCTION, event(FUNCTION, "order_accepted")))) == 1
    assert cloud.ledger.balance(UAI).sms == 2_000

    client("sqs").create_queue(QueueName="Notices")
    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "order_accepted"))) == []
    assert cloud.ledger.balance(UAI).sms == 2_000
    assert NOTICE in cloud.queued("Notices")
