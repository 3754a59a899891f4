"""How long a stock lasts at the pace of the last weeks, worked out by hand (R14)."""

from datetime import date

import pytest

from schoolsms.domain.schools.stock.outlook import outlook

MONDAY, FRIDAY = date(2026, 11, 2), date(2026, 11, 27)


def works(day: date) -> bool:
    """Monday to Friday, but 11 November and 25 December."""
    return day.weekday() < 5 and (day.month, day.day) not in ((11, 11), (12, 25))


@pytest.mark.parametrize(
    ("balance", "spent", "left", "until"),
    [
        (100, 190, 10, date(2026, 12, 11)),
        (9, 190, 0, FRIDAY),
        (0, 190, 0, FRIDAY),
        (200, 190, 20, date(2026, 12, 28)),
        (100, 0, None, None),
        (100, -5, None, None),
        (100_000, 190, 10_000, None),
    ],
    ids=["two weeks", "less than a day", "used up", "over Christmas", "nothing sent", "only released", "for years"],
)
def test_how_long(balance: int, spent: int, left: int | None, until: date | None) -> None:
    """19 school days from 2 to 27 November; 190 SMS are 10 a day."""
    found = outlook(balance, spent, MONDAY, FRIDAY, works)
    assert (found.school_days, found.school_days_left, found.lasts_until) == (19, left, until)


def test_a_period_without_a_school_day_counts_as_one() -> None:
    found = outlook(30, 10, date(2026, 11, 28), date(2026, 11, 29), works)
    assert (found.school_days, found.school_days_left, found.lasts_until) == (0, 3, date(2026, 12, 2))
