from datetime import datetime, timedelta
from typing import Any

import pytest

from schoolsms.application.orders.watch_deadlines import CREDITING, Waiting, WatchDeadlines
from schoolsms.domain.orders.orders import Decision, Order
from tests.fakes.core import FakeQueues, ManualClock
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import DEADLINE, NOW, order

SECOND = timedelta(seconds=1)
THREE_QUARTERS = NOW + timedelta(hours=18)


def watched(at: datetime, *orders: Order, queues: FakeQueues | None = None) -> Waiting:
    return WatchDeadlines(FakeOrders(*orders), queues or FakeQueues(), ManualClock(at)).watch().reviews


@pytest.mark.parametrize(
    ("at", "seen"),
    [
        (NOW, Waiting(("A",), (), ())),
        (THREE_QUARTERS - SECOND, Waiting(("A",), (), ())),
        (THREE_QUARTERS, Waiting((), ("A",), ())),
        (DEADLINE - SECOND, Waiting((), ("A",), ())),
        (DEADLINE, Waiting((), (), ("A",))),
        (DEADLINE + timedelta(days=30), Waiting((), (), ("A",))),
    ],
)
def test_an_order_in_review_nears_its_deadline_and_misses_it(at: datetime, seen: Waiting) -> None:
    """R9, R12."""
    assert watched(at, order(id="A", state="review")) == seen


@pytest.mark.parametrize("state", ["incomplete", "accepted", "credited", "rejected"])
def test_only_orders_that_wait_for_a_person_are_watched(state: Any) -> None:
    assert watched(DEADLINE, order(state=state)) == Waiting((), (), ())


def test_no_order_is_overlooked_however_many_wait() -> None:
    orders = [
        order(id=f"A{number}", state="review", received_at=NOW + number * SECOND, deadline=DEADLINE + number * SECOND)
        for number in range(11)
    ]
    assert watched(DEADLINE + 4 * SECOND, *orders) == Waiting(
        in_time=(), near=tuple(f"A{number}" for number in range(5, 11)), past=tuple(f"A{number}" for number in range(5))
    )


@pytest.mark.parametrize(
    ("at", "notices"),
    [
        (THREE_QUARTERS - SECOND, []),
        (THREE_QUARTERS, [("deadline_near", {"order_id": "A"})]),
        (DEADLINE, [("deadline_past", {"order_id": "A"})]),
    ],
)
def test_the_operator_hears_of_an_order_that_nears_or_misses_its_deadline(at: datetime, notices: Any) -> None:
    """R12."""
    queues = FakeQueues()
    watched(at, order(id="A", state="review"), order(id="B", state="credited"), queues=queues)
    assert queues.notices == notices


@pytest.mark.parametrize(
    ("at", "seen", "notices"),
    [
        (THREE_QUARTERS - SECOND, Waiting(("A",), (), ()), []),
        (THREE_QUARTERS, Waiting((), ("A",), ()), [("credit_near", {"order_id": "A"})]),
        (DEADLINE - SECOND, Waiting((), ("A",), ()), [("credit_near", {"order_id": "A"})]),
        (DEADLINE, Waiting((), (), ("A",)), [("credit_past", {"order_id": "A"})]),
    ],
)
def test_an_accepted_order_that_is_not_credited_is_watched_like_a_review(
    at: datetime, seen: Waiting, notices: Any
) -> None:
    """R9."""
    queues = FakeQueues()
    orders = FakeOrders(order(id="A", state="accepted"), order(id="B", state="credited"))
    assert WatchDeadlines(orders, queues, ManualClock(at)).watch().credits == seen
    assert queues.notices == notices


def test_an_order_that_a_person_has_just_accepted_past_its_deadline_is_being_credited() -> None:
    accepted = order(id="A", decision=Decision("accept", "kosmos-1", DEADLINE + SECOND, ""))
    for at, seen in ((CREDITING, Waiting(("A",), (), ())), (CREDITING + SECOND, Waiting((), (), ("A",)))):
        found = WatchDeadlines(FakeOrders(accepted), FakeQueues(), ManualClock(DEADLINE + at)).watch()
        assert found.credits == seen


@pytest.mark.parametrize(
    ("at", "expected"), [(NOW, []), (THREE_QUARTERS, ["deadline_near"]), (DEADLINE, ["deadline_past"])]
)
def test_the_operator_is_mailed_about_deadlines_that_are_near_and_missed(at: datetime, expected: Any) -> None:
    """R12."""
    queues = FakeQueues()
    watched(at, order(id="A", state="review"), queues=queues)
    assert [kind for kind, _ in queues.notices] == expected
