"""The 24 working hours within which an order is credited (R9), counted on the clocks of Paris."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_PARIS = ZoneInfo("Europe/Paris")
_LONGEST_CLOSURE = timedelta(days=366)


@dataclass(frozen=True)
class DayOff:
    """A day that would be worked, if it were no public holiday and the operator were not closed; `name` in French."""

    day: date
    name: str


@dataclass(frozen=True)
class DaysOff:
    """Days off of one name from `first` to `last`, with no working day between them."""

    first: date
    last: date
    name: str


def days_off(received_at: datetime, due_at: datetime, name_of: Callable[[date], str]) -> tuple[DayOff, ...]:
    """The days off that put `due_at` further from `received_at`; `name_of` is "" for working days and week-ends."""
    day, last = received_at.astimezone(_PARIS).date(), due_at.astimezone(_PARIS).date()
    found = []
    while day <= last:
        if name := name_of(day):
            found.append(DayOff(day, name))
        day += timedelta(days=1)
    return tuple(found)


def spans(off: Iterable[DayOff]) -> Sequence[DaysOff]:
    """`off`, which is in order, with the days of one name that follow each other as one."""
    found: list[DaysOff] = []
    for each in off:
        if found and found[-1].name == each.name and _follows(each.day, found[-1].last):
            found[-1] = DaysOff(found[-1].first, each.day, each.name)
        else:
            found.append(DaysOff(each.day, each.day, each.name))
    return found


def _follows(day: date, before: date) -> bool:
    """Whether only a week-end may lie between the two."""
    between = (before + timedelta(days=count) for count in range(1, (day - before).days))
    return all(each.weekday() >= 5 for each in between)


def deadline(received_at: datetime, is_working_day: Callable[[date], bool]) -> datetime:
    """The same wall-clock time on the next working day; for a form received on a day off, the clock starts at 00:00 of
    the next working day. Aware in, UTC out.

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
