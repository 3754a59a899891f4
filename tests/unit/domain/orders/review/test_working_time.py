"""The 24 working hours within which an order is credited (R9)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from schoolsms.domain.orders.review.working_time import DayOff, DaysOff, days_off, deadline, spans

PARIS = ZoneInfo("Europe/Paris")
HOLIDAYS = holidays.country_holidays("FR", years=range(2026, 2029))


def paris(year: int, month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=PARIS)


def working_day(*closures: date) -> Callable[[date], bool]:
    return lambda day: day.weekday() < 5 and day not in HOLIDAYS and day not in closures


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (paris(2026, 11, 20, 16, 30), paris(2026, 11, 23, 16, 30)),  # Friday to Monday
        (paris(2026, 11, 21, 11, 0), paris(2026, 11, 24, 0, 0)),  # Saturday: the clock starts on Monday
        (paris(2026, 12, 24, 9, 0), paris(2026, 12, 28, 9, 0)),  # Christmas is a Friday
        (paris(2027, 5, 5, 18, 0), paris(2027, 5, 7, 18, 0)),  # over Ascension
        (paris(2026, 11, 24, 10, 0), paris(2026, 11, 25, 10, 0)),
        (paris(2026, 11, 22, 23, 59, 59), paris(2026, 11, 24, 0, 0)),
        (paris(2026, 11, 23, 0, 0), paris(2026, 11, 24, 0, 0)),
        # Over a change of clocks the wall-clock time stays.
        (paris(2026, 10, 23, 9, 0), paris(2026, 10, 26, 9, 0)),
        (paris(2028, 3, 24, 9, 0), paris(2028, 3, 27, 9, 0)),
    ],
)
def test_an_order_is_due_within_24_working_hours(received: datetime, due: datetime) -> None:
    computed = deadline(received, working_day())
    assert computed == due
    assert computed.tzinfo is UTC


def test_days_are_those_of_paris_not_of_utc() -> None:
    # 23:30 UTC on Sunday is 00:30 on Monday in Paris.
    assert deadline(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), working_day()) == datetime(
        2026, 11, 23, 23, 30, tzinfo=UTC
    )


def test_the_clock_change_shifts_the_utc_time() -> None:
    # Friday 9:00 in summer time is 7:00 UTC; Monday 9:00 in winter time is 8:00 UTC.
    assert deadline(datetime(2026, 10, 23, 7, tzinfo=UTC), working_day()) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_a_wall_clock_time_that_does_not_exist_or_exists_twice_is_still_due() -> None:
    def always(day: date) -> bool:
        return True

    # 2:30 on 28 March 2027 does not exist: 3:30 summer time. 2:30 on 31 October 2027 is twice: the first.
    assert deadline(datetime(2027, 3, 27, 1, 30, tzinfo=UTC), always) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert deadline(datetime(2027, 10, 30, 0, 30, tzinfo=UTC), always) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_operators_closure_days_do_not_count() -> None:
    closed = working_day(date(2026, 11, 24), date(2026, 11, 25))
    received = paris(2026, 11, 23, 14, 0)
    assert deadline(received, closed) == paris(2026, 11, 26, 14, 0)
    received = paris(2026, 11, 24, 14, 0)
    assert deadline(received, closed) == paris(2026, 11, 27, 0, 0)


def test_a_naive_time_and_an_endless_closure_are_errors_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        deadline(datetime(2026, 11, 20, 16, 30), working_day())  # noqa: DTZ001
    with pytest.raises(ValueError, match="no working day"):
        deadline(datetime(2026, 11, 20, tzinfo=UTC), lambda day: False)


def off(*days: date, name: str = "fermeture") -> list[DayOff]:
    return [DayOff(day, name) for day in days]


def test_the_days_off_that_moved_a_deadline_are_named_and_week_ends_are_not() -> None:
    """R9."""
    named = {date(2026, 12, 24): "fermeture", date(2026, 12, 25): "Noël", date(2026, 12, 29): "fermeture"}
    received = paris(2026, 12, 23, 9, 0)
    due = deadline(received, working_day(date(2026, 12, 24), date(2026, 12, 29)))
    assert due == paris(2026, 12, 28, 9, 0)
    assert days_off(received, due, lambda day: named.get(day, "")) == (
        DayOff(date(2026, 12, 24), "fermeture"),
        DayOff(date(2026, 12, 25), "Noël"),
    )


def test_the_day_of_reception_is_named_when_it_is_off() -> None:
    received, holiday = paris(2026, 12, 25, 9, 0), {date(2026, 12, 25): "Noël"}
    assert days_off(received, deadline(received, working_day()), lambda day: holiday.get(day, "")) == (
        DayOff(date(2026, 12, 25), "Noël"),
    )


def test_a_deadline_that_nothing_moved_has_no_days_off() -> None:
    assert days_off(paris(2026, 11, 20, 9, 0), paris(2026, 11, 23, 9, 0), lambda _: "") == ()


@pytest.mark.parametrize(
    ("days", "spanned"),
    [
        ([], []),
        (off(date(2026, 8, 3)), [DaysOff(date(2026, 8, 3), date(2026, 8, 3), "fermeture")]),
        # Friday and Monday: only the week-end lies between.
        (off(date(2026, 8, 7), date(2026, 8, 10)), [DaysOff(date(2026, 8, 7), date(2026, 8, 10), "fermeture")]),
        (
            off(date(2026, 8, 3), date(2026, 8, 5)),
            [DaysOff(day, day, "fermeture") for day in (date(2026, 8, 3), date(2026, 8, 5))],
        ),
        (
            off(date(2026, 12, 24)) + off(date(2026, 12, 25), name="Noël"),
            [
                DaysOff(date(2026, 12, 24), date(2026, 12, 24), "fermeture"),
                DaysOff(date(2026, 12, 25), date(2026, 12, 25), "Noël"),
            ],
        ),
    ],
)
def test_days_off_that_follow_each_other_are_one_span(days: list[DayOff], spanned: list[DaysOff]) -> None:
    assert spans(days) == spanned


def test_a_working_day_is_looked_for_a_year_ahead_and_no_further() -> None:
    received = paris(2026, 11, 20, 9, 0)

    def works(days: int) -> Callable[[date], bool]:
        return lambda day: (day - received.date()).days in (0, days)

    assert deadline(received, works(366)) == received + timedelta(days=366)
    with pytest.raises(ValueError, match="no working day"):
        deadline(received, works(367))
