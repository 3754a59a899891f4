from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.orders.credit_order import CreditOrder
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.orders import Order
from tests.fakes.core import FakeLedger, FakeQueues, ManualClock
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import NOW, ORDER_ID, UAI, order
from tests.support.faults.fault_injection import Died, dies, interrupted


class Counter:
    def __init__(self, *orders: Order) -> None:
        self.orders = FakeOrders(*orders)
        self.ledger = FakeLedger(self.orders)
        self.queues = FakeQueues()
        self.clock = ManualClock(NOW)
        self.use_case = CreditOrder(self.orders, self.ledger, self.queues, self.queues, self.clock)

    def with_ledger(self, **interruptions: Any) -> CreditOrder:
        return replace(self.use_case, ledger=interrupted(self.ledger, **interruptions))


def test_an_accepted_order_is_credited_and_a_notice_to_managers_queued() -> None:
    """R9, R10: nothing waits for a payment."""
    counter = Counter(order())
    entry = counter.use_case.credit(ORDER_ID)
    assert entry is not None
    assert (entry.id, entry.kind, entry.amount, entry.balance_after) == (f"credit:{ORDER_ID}", "credit", 2_000, 2_000)
    assert counter.ledger.balance(UAI).sms == 2_000
    assert counter.orders.known[ORDER_ID].state == "credited"
    assert counter.orders.known[ORDER_ID].credited_at == NOW
    assert counter.queues.notices == [("credit_activated", {"order_id": ORDER_ID})]
    assert counter.queues.credited == [ORDER_ID]


def test_an_order_queued_twice_is_credited_once() -> None:
    """R11."""
    counter = Counter(order())
    first = counter.use_case.credit(ORDER_ID)
    counter.clock.advance(timedelta(hours=1))
    assert counter.use_case.credit(ORDER_ID) == first
    assert counter.ledger.balance(UAI).sms == 2_000
    assert counter.orders.known[ORDER_ID].credited_at == NOW


def test_an_order_handled_twice_at_once_is_credited_once() -> None:
    """R11: the other delivery comes in between our reading and our writing."""
    counter = Counter(order())
    rival = counter.with_ledger(before={"credit": lambda: counter.use_case.credit(ORDER_ID)})
    rival.credit(ORDER_ID)
    assert counter.ledger.of_kind(UAI, "credit") == [(f"credit:{ORDER_ID}", 2_000)]


def test_dying_before_the_credit_leaves_all_to_the_next_delivery() -> None:
    counter = Counter(order())
    with pytest.raises(Died):
        counter.with_ledger(before={"credit": dies}).credit(ORDER_ID)
    assert counter.ledger.balance(UAI).sms == 0
    assert counter.queues.notices == []
    counter.use_case.credit(ORDER_ID)
    assert counter.ledger.balance(UAI).sms == 2_000


def test_dying_after_the_credit_the_next_delivery_queues_the_notice() -> None:
    """R10, R48."""
    counter = Counter(order())
    with pytest.raises(Died):
        counter.with_ledger(after={"credit": dies}).credit(ORDER_ID)
    assert counter.queues.notices == []
    counter.use_case.credit(ORDER_ID)
    assert counter.queues.notices == [("credit_activated", {"order_id": ORDER_ID})]
    assert counter.ledger.balance(UAI).sms == 2_000


@pytest.mark.parametrize("state", ["incomplete", "review", "rejected"])
def test_an_order_that_nobody_accepted_is_never_credited(state: Any) -> None:
    """R7, R12, R13."""
    counter = Counter(order(state=state))
    assert counter.use_case.credit(ORDER_ID) is None
    assert counter.ledger.balance(UAI).sms == 0
    assert counter.queues.notices == []


def test_an_order_taken_out_of_the_line_meanwhile_is_not_credited() -> None:
    counter = Counter(order())

    def taken_out() -> None:
        counter.orders.known[ORDER_ID] = order(state="rejected")

    with pytest.raises(TransientError):
        counter.with_ledger(before={"credit": taken_out}).credit(ORDER_ID)
    assert counter.ledger.balance(UAI).sms == 0
    assert counter.use_case.credit(ORDER_ID) is None


def test_an_order_that_is_not_there_yet_is_asked_for_again() -> None:
    counter = Counter()
    with pytest.raises(TransientError):
        counter.use_case.credit(ORDER_ID)


def test_orders_of_a_school_add_up() -> None:
    """R18."""
    counter = Counter(order(), order(id="BC26-KLMNOPQRST", sms=500))
    counter.use_case.credit(ORDER_ID)
    counter.use_case.credit("BC26-KLMNOPQRST")
    assert counter.ledger.balance(UAI).sms == 2_500
