"""The daily ceiling of a school, kept with its balance (R25)."""

from datetime import UTC, date, datetime

import pytest

from schoolsms.domain.errors import DailyLimitReached, InsufficientBalance
from schoolsms.domain.schools.stock.ledger import (
    Balance,
    Posting,
    credit,
    debit,
    new_balance,
    post,
    release,
    release_request,
)
from schoolsms.domain.schools.stock.ledger_causes import Cause

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
STOCK = Balance("0750655E", 1_000, 1)


def posted(balance: Balance, *postings: Posting) -> Balance:
    for posting in postings:
        balance = new_balance(balance, posting, post(balance, posting))
    return balance


def of_day(sms: int, day: date, limit: int | None = 10) -> Posting:
    return debit(f"R{sms}", sms, NOW, day=day, daily_limit=limit)


def test_debits_of_one_day_add_up_to_the_limit_and_no_further() -> None:
    balance = posted(STOCK, of_day(4, MONDAY), of_day(6, MONDAY))
    assert (balance.spent_on, balance.spent_sms, balance.sms) == (MONDAY, 10, 990)
    with pytest.raises(DailyLimitReached) as refused:
        post(balance, of_day(1, MONDAY))
    assert refused.value.code == "daily-limit-reached"
    assert "990" not in refused.value.detail


def test_one_request_above_the_limit_is_refused_whole() -> None:
    with pytest.raises(DailyLimitReached):
        post(STOCK, of_day(11, MONDAY))


def test_the_next_day_begins_at_nothing() -> None:
    balance = posted(STOCK, of_day(10, MONDAY), of_day(3, TUESDAY))
    assert (balance.spent_on, balance.spent_sms) == (TUESDAY, 3)


def test_a_debit_of_yesterday_that_comes_late_counts_today() -> None:
    """Two functions around midnight: the ceiling of the new day is not forgotten."""
    balance = posted(STOCK, of_day(8, TUESDAY), of_day(2, MONDAY))
    assert (balance.spent_on, balance.spent_sms) == (TUESDAY, 10)
    with pytest.raises(DailyLimitReached):
        post(balance, of_day(1, TUESDAY))


def test_what_was_sent_before_a_limit_was_set_counts() -> None:
    with pytest.raises(DailyLimitReached):
        post(posted(STOCK, of_day(10, MONDAY, limit=None)), of_day(1, MONDAY))


def test_credits_and_releases_change_nothing_of_it() -> None:
    """Else sending and cancelling would go on all day."""
    balance = posted(STOCK, of_day(10, MONDAY), release("R10-0", 1, NOW), release_request("R10", 9, NOW))
    balance = posted(balance, credit("BC2", 50, NOW))
    assert (balance.spent_on, balance.spent_sms, balance.sms) == (MONDAY, 10, 1_050)


@pytest.mark.parametrize("stock", [5, 1_000])
def test_a_reached_limit_is_reported_before_the_stock_and_hides_it(stock: int) -> None:
    """R14: a sender who asks for one SMS more each time, and is refused each time, must not see where 402 begins."""
    with pytest.raises(DailyLimitReached):
        post(Balance("0750655E", stock, 1), of_day(11, MONDAY))


def test_below_the_limit_an_empty_stock_is_reported() -> None:
    with pytest.raises(InsufficientBalance):
        post(Balance("0750655E", 5, 1), of_day(6, MONDAY))


@pytest.mark.parametrize(
    ("spent", "limit", "day", "near"),
    [
        (7_999, 10_000, MONDAY, False),
        (8_000, 10_000, MONDAY, True),
        (8, 11, MONDAY, False),
        (8_000, 10_000, TUESDAY, False),
    ],
)
def test_eighty_percent_of_a_day_is_near_its_ceiling_and_one_sms_less_is_not(
    spent: int, limit: int, day: date, near: bool
) -> None:
    balance = posted(Balance("0750655E", 10_000, 1), of_day(spent, MONDAY, limit=None))
    assert balance.near_ceiling(day, limit) is near


def test_a_day_before_the_last_debit_is_near_no_ceiling() -> None:
    assert not posted(STOCK, of_day(10, TUESDAY)).near_ceiling(MONDAY, 10)


def test_a_cancelled_request_is_released_under_its_own_id() -> None:
    """R29: one entry for all of it."""
    assert release_request("R1", 3, NOW) == Posting("release:R1", "release", 3, Cause("send_request", "R1"), NOW)
