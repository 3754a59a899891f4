from typing import get_args

import pytest

from schoolsms.domain.orders.orders import REPLACEABLE, OrderState
from tests.support.builders import order

STATES: tuple[OrderState, ...] = get_args(OrderState)


def test_every_state_says_what_it_may_follow() -> None:
    assert set(REPLACEABLE) == set(STATES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("final", ["credited", "rejected"])
def test_nothing_follows_a_credit_or_a_rejection(state: OrderState, final: OrderState) -> None:
    """R8, R11."""
    assert final not in REPLACEABLE[state]


def test_only_the_credit_follows_an_accepted_order() -> None:
    """R8: a complete order is firm."""
    assert [state for state in STATES if "accepted" in REPLACEABLE[state]] == ["credited"]


def test_only_an_accepted_order_is_credited() -> None:
    """R7."""
    assert REPLACEABLE["credited"] == {"accepted"}


def test_an_incomplete_form_never_replaces_what_a_person_looks_at() -> None:
    assert REPLACEABLE["incomplete"] == {"incomplete"}


def test_the_total_is_that_of_goods_and_vat() -> None:
    assert order(ht_cents=17_000, vat_cents=3_400).ttc_cents == 20_400
