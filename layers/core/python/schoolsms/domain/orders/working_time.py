"""The 24 working hours within which an order is credited (R9), counted on the clocks of Paris."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_PARIS = ZoneInfo("Europe/Paris")
_LONGEST_CLOSURE = timedelta(days=366)


def deadline(received_at: datetime, is_working_day: Callable[[date], bool]) -> datetime:
    """Same wall-clock time on the next working day; the clock of what comes on a day off starts at
    00:00 of the next working day. Aware in, UTC out.

    Raises ValueError on a naive time, or when no working day comes within a year.
    """
    if received_at.tzinfo is None:
        raise ValueError("received_at must be aware")
    local = received_at.astimezone(_PARIS)
    day, wall_clock = local.date(), local.time().replace(fold=0)
    if not is_working_day(day):
        day, wall_clock = _next_working_day(day, is_working_day), time()
    due_day = _next_working_day(day, is_working_day)
    return datetime.combine(due_day, wall_clock, _PARIS).astimezone(UTC)


def _next_working_day(day: date, is_working_day: Callable[[date], bool]) -> date:
    last = day + _LONGEST_CLOSURE
    while day < last:
        day += timedelta(days=1)
        if is_working_day(day):
            return day
    raise ValueError("no working day within a year")
