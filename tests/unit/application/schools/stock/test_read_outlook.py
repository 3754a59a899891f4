"""How long a school's stock lasts (R14)."""

from datetime import date, timedelta

import pytest

from schoolsms.application.schools.stock.read_outlook import ReadOutlook
from schoolsms.application.schools.stock.read_usage import ReadUsage
from schoolsms.domain.schools.access import Forbidden
from schoolsms.domain.schools.stock import ledger
from tests.fakes.core import FakeHolidays, FakeLedger, FakeSchools, ManualClock
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, UAI

DAY = timedelta(days=1)


def reading(made: FakeLedger) -> ReadOutlook:
    schools, clock = FakeSchools(SCHOOL), ManualClock(NOW)
    holidays = FakeHolidays({date(2026, 11, 11): "Armistice"})
    return ReadOutlook(schools, made, ReadUsage(schools, made, clock), holidays, clock)


def test_the_pace_is_that_of_four_weeks_without_what_was_released() -> None:
    made = FakeLedger()
    made.give(UAI, 1_000, NOW - 60 * DAY)
    made.post(UAI, ledger.debit("REQUEST1", 300, NOW - 40 * DAY))
    made.post(UAI, ledger.debit("REQUEST2", 220, NOW - 10 * DAY))
    made.post(UAI, ledger.release_request("REQUEST2", 20, NOW - 9 * DAY))
    found = reading(made).show(A_MANAGER)
    assert (found.first, found.last) == (date(2026, 10, 26), date(2026, 11, 23))
    assert (found.school_days, found.spent_sms, found.balance_sms) == (20, 200, 500)
    assert (found.school_days_left, found.lasts_until) == (50, date(2027, 2, 1))


def test_a_school_that_began_lately_is_judged_by_its_own_days() -> None:
    made = FakeLedger()
    made.give(UAI, 100, NOW - 3 * DAY)
    made.post(UAI, ledger.debit("REQUEST1", 20, NOW))
    found = reading(made).show(A_MANAGER)
    assert (found.first, found.school_days, found.school_days_left) == (date(2026, 11, 20), 2, 8)


def test_a_school_without_stock_has_no_outlook() -> None:
    found = reading(FakeLedger()).show(A_MANAGER)
    assert (found.balance_sms, found.school_days_left, found.lasts_until) == (0, None, None)


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR])
def test_only_managers_see_it(caller: object) -> None:
    """R14."""
    with pytest.raises(Forbidden):
        reading(FakeLedger()).show(caller)  # type: ignore[arg-type]
