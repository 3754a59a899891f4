"""SMS a day from the ledger: complete, on the school's own days, at a bounded cost (R18)."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schoolsms.application.ports.core import Slice
from schoolsms.application.schools.stock import ledger_days, read_usage
from schoolsms.application.schools.stock.read_usage import ReadUsage
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.school_years import Calendar, zone
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Entry, Posting
from schoolsms.domain.schools.stock.ledger_causes import Cause
from schoolsms.domain.schools.stock.usage import DayUsage
from tests.fakes.core import FakeLedger, FakeSchools, ManualClock
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, SCHOOL, UAI

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)


class CountingLedger(FakeLedger):
    """How many entries were read one by one, and in a row."""

    probed = read = 0

    def entry_numbered(self, uai: str, seq: int) -> Entry | None:
        self.probed += 1
        return super().entry_numbered(uai, seq)

    def entries_from(self, uai: str, seq: int) -> Iterator[Entry]:
        for entry in super().entries_from(uai, seq):
            self.read += 1
            yield entry


def reading(calendar: Calendar = "metropole") -> tuple[ReadUsage, CountingLedger]:
    made = CountingLedger()
    schools = FakeSchools(replace(SCHOOL, calendar=calendar), replace(SCHOOL, uai=OTHER_UAI))
    return ReadUsage(schools, made, ManualClock(NOW)), made


def all_days(use_case: ReadUsage, first: date, last: date) -> list[DayUsage]:
    """Every page of a period."""
    found: list[DayUsage] = []
    cursor = None
    for _ in range(1_000):
        piece: Slice[DayUsage] = use_case.days(A_MANAGER, first, last, cursor)
        found += piece.items
        cursor = piece.cursor
        if cursor is None:
            return found
    raise AssertionError("the period never ends")


def test_each_kind_is_summed_on_the_day_it_was_posted() -> None:
    use_case, made = reading()
    made.give(UAI, 100, NOW)
    made.post(UAI, ledger.debit("REQUEST1", 7, NOW))
    made.post(UAI, ledger.debit("REQUEST2", 5, NOW + timedelta(hours=1)))
    made.post(UAI, ledger.release("REQUEST1-0", 2, NOW + timedelta(days=1)))
    made.post(UAI, Posting("correction:1", "correction", -4, Cause("order", "BC1"), NOW + timedelta(days=1)))

    assert all_days(use_case, date(2026, 11, 23), date(2026, 11, 24)) == [
        DayUsage(date(2026, 11, 23), {"credit": 100, "debit": -12}, 88),
        DayUsage(date(2026, 11, 24), {"release": 2, "correction": -4}, 86),
    ]


@pytest.mark.parametrize(
    ("calendar", "day"),
    [("metropole", 24), ("polynesie", 23), ("nouvelle-caledonie", 24)],
)
def test_a_day_is_the_school_s_own(calendar: Calendar, day: int) -> None:
    use_case, made = reading(calendar)
    made.give(UAI, 1, datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert [each.day for each in all_days(use_case, date(2026, 11, 1), date(2026, 11, 30))] == [date(2026, 11, day)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("limit", [1, 7, 10_000])
def test_the_amounts_of_all_days_sum_to_the_balance(monkeypatch: pytest.MonkeyPatch, seed: int, limit: int) -> None:
    """Whatever was posted, in whatever order dates came to be written, and however many calls it takes."""
    monkeypatch.setattr(read_usage, "ENTRIES_A_SLICE", limit)
    chance = random.Random(seed)
    use_case, made = reading(chance.choice(["metropole", "polynesie", "nouvelle-caledonie"]))
    written = BEGIN
    for number in range(150):
        written += timedelta(minutes=chance.choice([0, 1, 10, 300, 2_000]))
        at = written - chance.choice([0, 0, 0.1, 0.9]) * ledger_days.SLACK
        amount = chance.randint(-made.balance(UAI).sms, 50) or 1
        made.post(UAI, Posting(f"e{number}", "credit" if amount > 0 else "debit", amount, Cause("order", "BC1"), at))

    first, last = date(2026, 8, 30), date(2027, 9, 1)
    days = all_days(use_case, first, last)
    assert sum(each.change for each in days) == made.balance(UAI).sms
    assert [each.day for each in days] == sorted({each.day for each in days})

    clock = zone(use_case.schools.get(UAI).calendar)  # type: ignore[union-attr]
    some, others = sorted(chance.sample([each.day for each in days], 2))
    expected = sum(e.amount for e in made.of[UAI] if some <= e.at.astimezone(clock).date() <= others)
    assert sum(each.change for each in all_days(use_case, some, others)) == expected


def test_a_call_reads_only_the_days_that_are_asked_for() -> None:
    """Three years of a busy school, of which one week is wanted."""
    use_case, made = reading()
    for number in range(20_000):
        made.give(UAI, 1, BEGIN + timedelta(hours=1.3 * number)) if number == 0 else made.of[UAI].append(
            replace(made.of[UAI][-1], id=str(number), seq=number + 1, at=BEGIN + timedelta(hours=1.3 * number))
        )
    made.balances[UAI] = replace(made.balances[UAI], seq=20_000)
    days = use_case.days(A_MANAGER, date(2027, 3, 1), date(2027, 3, 7), None).items
    assert len(days) == 7
    assert made.probed <= 15
    assert made.read <= 7 * 24


def test_a_call_that_read_much_ends_with_the_day_it_has_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_usage, "ENTRIES_A_SLICE", 10)
    use_case, made = reading()
    for number in range(60):
        made.give(UAI, 1, BEGIN + timedelta(hours=number))
    first = use_case.days(A_MANAGER, date(2026, 9, 1), date(2026, 9, 30), None)
    assert [(each.day, each.change) for each in first.items] == [(date(2026, 9, 1), 22)]  # from 2 h on, in Paris
    assert first.cursor == "2026-09-02"


def test_the_last_thirty_days_are_shown_unless_others_are_asked_for() -> None:
    use_case, made = reading()
    made.give(UAI, 1, NOW - timedelta(days=30))
    made.give(UAI, 1, NOW - timedelta(days=29))
    made.give(UAI, 1, NOW)
    days = [each.day for each in use_case.days(A_MANAGER, None, None, None).items]
    assert days == [date(2026, 10, 25), date(2026, 11, 23)]


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 1, 2), date(2026, 1, 1)), (date(2026, 1, 1), date(2027, 2, 5))]
)
def test_a_period_that_is_too_long_or_ends_before_it_begins_is_refused(first: date, last: date) -> None:
    with pytest.raises(RefusedError) as refused:
        reading()[0].days(A_MANAGER, first, last, None)
    assert refused.value.code == "invalid-period"
    assert reading()[0].days(A_MANAGER, date(2026, 1, 1), date(2027, 2, 4), None).items == []


@pytest.mark.parametrize("cursor", ["2026-10-31", "2026-11-01", "2026-12-01", "2026-11-31", "x", "2026-11-05 "])
def test_a_cursor_of_another_period_is_refused(cursor: str) -> None:
    with pytest.raises(RefusedError) as refused:
        reading()[0].days(A_MANAGER, date(2026, 11, 1), date(2026, 11, 30), cursor)
    assert refused.value.code == "invalid-cursor"


def test_the_operator_names_the_school() -> None:
    use_case, made = reading()
    made.give(UAI, 5, NOW)
    assert [each.change for each in use_case.days(OPERATOR, None, None, None, UAI).items] == [5]
    assert use_case.days(OPERATOR, None, None, None, OTHER_UAI).items == []
    with pytest.raises(RefusedError) as refused:
        use_case.days(OPERATOR, None, None, None)
    assert refused.value.code == "school-required"


def test_nothing_of_another_school_is_shown() -> None:
    """R2, R14."""
    use_case, _ = reading()
    with pytest.raises(NotFoundError):
        use_case.days(A_MANAGER, None, None, None, OTHER_UAI)
    for caller in (A_SENDER, Caller("", "", "", frozenset())):
        with pytest.raises(Forbidden):
            use_case.days(caller, None, None, None)
