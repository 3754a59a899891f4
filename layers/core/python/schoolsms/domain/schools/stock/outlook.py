"""How long a school's stock lasts at the pace of its last weeks (R14)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = timedelta(weeks=4)
"""The time whose pace counts: long enough for a quiet week, short enough for a season."""

FARTHEST = timedelta(days=400)
"""Beyond that the last day of a stock says nothing."""


@dataclass(frozen=True)
class Outlook:
    """`spent_sms` on the `school_days` from `first` to `last`: debits less what was released.

    `school_days_left` and `lasts_until` are None where nothing was spent, `lasts_until` also where it is far away.
    """

    first: date
    last: date
    school_days: int
    spent_sms: int
    balance_sms: int
    school_days_left: int | None
    lasts_until: date | None


def outlook(balance_sms: int, spent_sms: int, first: date, last: date, works: Callable[[date], bool]) -> Outlook:
    """Tell how long `balance_sms` last after `last`, if as many are spent each school day as from `first` to `last`.

    `works`: whether a day is a school day. A period without one counts as one day.
    """
    days = sum(works(first + timedelta(days=n)) for n in range((last - first).days + 1))
    spent = max(0, spent_sms)
    left = balance_sms * max(1, days) // spent if spent else None
    return Outlook(first, last, days, spent, balance_sms, left, _day_after(last, left, works))


def _day_after(last: date, left: int | None, works: Callable[[date], bool]) -> date | None:
    """Return the school day on which the stock is used up."""
    if left is None or left > FARTHEST.days:
        return None
    day = last
    for _ in range(FARTHEST.days):
        if left <= 0:
            return day
        day += timedelta(days=1)
        left -= works(day)
    return None
