from datetime import timedelta

import pytest

from schoolsms.domain.orders.orders import Order, OrderState
from schoolsms.domain.orders.review.unusual_orders import MOST_KEPT, LatelyMade, is_unusual
from tests.support.builders import NOW, order

LIMIT = 500_000
LONG_AGO = NOW - timedelta(days=30)


def made(ht_cents: int, state: OrderState = "credited", ago: timedelta = timedelta(days=30)) -> Order:
    return order(id=f"BC26-{ht_cents}", ht_cents=ht_cents, state=state, received_at=NOW - ago)


@pytest.mark.parametrize(
    ("ht_cents", "largest", "unusual"),
    [
        (17_000, None, False),
        (100_000, None, False),  # 1,000 €
        (100_001, None, True),
        (100_001, 1, True),
        (100_001, 33_333, True),
        (100_002, 33_334, False),
        (300_000, 100_000, False),
        (300_001, 100_000, True),
        (500_000, 400_000, False),  # the limit
        (500_001, 400_000, True),
        (0, None, False),
    ],
)
def test_above_1000_euros_an_order_is_unusual_beyond_three_times_the_largest(
    ht_cents: int, largest: int | None, unusual: bool
) -> None:
    """R13."""
    earlier = [made(largest), made(4_500)] if largest else []
    assert is_unusual(ht_cents, NOW, earlier, LIMIT) is unusual


@pytest.mark.parametrize(
    ("state", "counts"),
    [("accepted", True), ("credited", True), ("review", False), ("rejected", False), ("incomplete", False)],
)
def test_only_an_order_that_was_made_can_be_the_largest(state: OrderState, counts: bool) -> None:
    assert is_unusual(200_000, NOW, [made(100_000, state)], LIMIT) is not counts


@pytest.mark.parametrize(
    ("ago", "unusual"),
    [
        (timedelta(), True),
        (timedelta(hours=23, minutes=59), True),
        (timedelta(hours=24), False),
        (-timedelta(hours=1), True),  # delivered late, it is judged after one that came later
    ],
)
def test_the_limit_is_not_passed_in_pieces_within_a_day(ago: timedelta, unusual: bool) -> None:
    """R13."""
    assert is_unusual(300_000, NOW, [made(200_001, ago=ago)], LIMIT) is unusual


def test_the_limit_is_the_operator_s() -> None:
    assert is_unusual(20_001, NOW, [], 20_000)
    assert not is_unusual(20_000, NOW, [], 20_000)


def test_an_order_that_the_list_lacks_counts_and_one_that_both_have_counts_once() -> None:
    before = made(280_000)
    of_today = made(250_000, "accepted", timedelta(0))
    lately = LatelyMade().after(of_today)
    assert not is_unusual(250_000, NOW, [before, of_today], LIMIT, lately)
    assert not is_unusual(250_000, NOW, [before], LIMIT, lately)
    assert is_unusual(250_001, NOW, [before], LIMIT, lately)
    assert not is_unusual(250_001, NOW, [before], LIMIT, lately, own={of_today.id})


def test_the_last_orders_are_kept_and_each_changes_the_version() -> None:
    lately = LatelyMade()
    for number in range(MOST_KEPT + 5):
        lately = lately.after(order(id=f"BC26-{number}"))
    assert (lately.version, len(lately.orders), lately.orders[-1].id) == (MOST_KEPT + 5, MOST_KEPT, "BC26-54")
