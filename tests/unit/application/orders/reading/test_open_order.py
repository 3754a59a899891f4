"""Each person of the operator learns who else has an order before them (R12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.orders.reading.open_order import OpenOrder
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.orders.review.openings import Opening
from schoolsms.domain.schools.access import Caller, Forbidden
from tests.fakes.core import ManualClock
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, order

COLLEAGUE = replace(OPERATOR, subject="kosmos-2", email="")
MINUTE = timedelta(minutes=1)


def test_who_opened_an_order_is_told_newest_first_and_each_person_once() -> None:
    clock = ManualClock(NOW)
    use_case = OpenOrder(FakeOrders(order(state="review")), clock)
    own = Opening(OPERATOR.subject, OPERATOR.email, NOW)
    assert use_case.open(OPERATOR, order().id) == [own]
    clock.advance(MINUTE)
    others = Opening("kosmos-2", "", NOW + MINUTE)
    assert use_case.open(COLLEAGUE, order().id) == [others, own]
    clock.advance(MINUTE)
    assert use_case.open(OPERATOR, order().id) == [replace(own, at=NOW + 2 * MINUTE), others]


def test_an_order_that_is_decided_is_opened_by_nobody_any_more() -> None:
    orders = FakeOrders(order(state="rejected"))
    assert OpenOrder(orders, ManualClock(NOW)).open(OPERATOR, order().id) == []


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER])
def test_only_the_operator_opens_an_order(caller: Caller) -> None:
    with pytest.raises(Forbidden):
        OpenOrder(FakeOrders(order(state="review")), ManualClock(NOW)).open(caller, order().id)


def test_an_order_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        OpenOrder(FakeOrders(), ManualClock(NOW)).open(OPERATOR, "BC26-RIEN")
