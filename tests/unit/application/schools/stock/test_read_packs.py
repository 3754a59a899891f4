"""The pack in use on a past day (R18, §6)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolsms.application.schools.stock.ledger_days import SLACK
from schoolsms.application.schools.stock.read_packs import ReadPacks
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.stock import ledger
from tests.fakes.core import FakeLedger, FakeSchools, ManualClock
from tests.fakes.orders.orders import FakeOrders
from tests.fakes.schools.pack_checkpoints import packs_of
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, SCHOOL, STRANGER, UAI, order

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)


@dataclass
class World:
    """A school that is credited and sends as time goes by."""

    ledger: FakeLedger
    orders: FakeOrders
    reading: ReadPacks

    def credited(self, order_id: str, at: datetime, pack: str = "P500") -> None:
        made = order(id=order_id, quantities={pack: 1})
        self.orders.known[order_id] = made
        self.ledger.post(UAI, ledger.credit(order_id, int(pack[1:]), at))

    def on(self, day: date, caller: Caller = A_MANAGER, named: str | None = None) -> tuple[str, int, int] | None:
        """Order, SMS left of its pack, and balance."""
        found = self.reading.on(caller, day, named)
        used = found.pack_in_use
        return (used.lot.order_id, used.remaining_sms, found.balance_sms) if used else None


@pytest.fixture
def world() -> World:
    made, orders = FakeLedger(), FakeOrders()
    schools = FakeSchools(SCHOOL, replace(SCHOOL, uai=OTHER_UAI))
    return World(made, orders, ReadPacks(schools, made, packs_of(made, orders), ManualClock(NOW)))


def test_each_day_has_the_pack_that_was_in_use_as_it_ended(world: World) -> None:
    world.credited("BC1", NOW - 9 * DAY)
    world.credited("BC2", NOW - 8 * DAY, "P1000")
    world.ledger.post(UAI, ledger.debit("REQUEST1", 400, NOW - 6 * DAY))
    world.ledger.post(UAI, ledger.debit("REQUEST2", 200, NOW - 4 * DAY))
    world.ledger.post(UAI, ledger.debit("REQUEST3", 100, NOW))

    seen = {days: world.on(TODAY - days * DAY) for days in range(11)}
    assert seen == {
        10: None,
        9: ("BC1", 500, 500),
        **dict.fromkeys((8, 7), ("BC1", 500, 1_500)),
        **dict.fromkeys((6, 5), ("BC1", 100, 1_100)),
        **dict.fromkeys((4, 3, 2, 1), ("BC2", 900, 900)),
        0: ("BC2", 800, 800),
    }


def test_a_day_ends_where_the_school_is(world: World) -> None:
    world.credited("BC1", datetime.fromisoformat("2026-11-20T23:30:00+01:00"))
    world.ledger.post(UAI, ledger.debit("REQUEST1", 1, datetime.fromisoformat("2026-11-21T00:30:00+01:00")))
    assert world.on(date(2026, 11, 20)) == ("BC1", 500, 500)
    assert world.on(date(2026, 11, 21)) == ("BC1", 499, 499)


def test_without_a_day_it_is_today(world: World) -> None:
    assert world.reading.on(A_MANAGER, None).day == TODAY


def test_a_day_to_come_has_none(world: World) -> None:
    with pytest.raises(RefusedError):
        world.on(TODAY + DAY)


def test_managers_see_their_own_and_the_operator_any(world: World) -> None:
    """R2, R14."""
    world.credited("BC1", NOW)
    assert world.on(TODAY, OPERATOR, UAI) == world.on(TODAY) == ("BC1", 500, 500)
    assert world.on(TODAY, STRANGER) is None
    with pytest.raises(Forbidden):
        world.on(TODAY, A_SENDER)
    with pytest.raises(NotFoundError):
        world.on(TODAY, A_MANAGER, OTHER_UAI)
    with pytest.raises(RefusedError):
        world.on(TODAY, OPERATOR)


@settings(max_examples=100, deadline=None)
@given(
    gaps=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, int(SLACK.total_seconds()) // 60)), max_size=60),
    back=st.integers(0, 12),
)
def test_entries_that_were_dated_before_they_were_written_are_found(gaps: list[tuple[int, int]], back: int) -> None:
    """The last entry, by number, of those dated on that day or before."""
    made, written = FakeLedger(), NOW - 10 * DAY
    for minutes, early in gaps:
        written += timedelta(minutes=minutes)
        made.give(UAI, 1, min(written, NOW) - timedelta(minutes=early))
    reading = ReadPacks(FakeSchools(SCHOOL), made, packs_of(made, FakeOrders()), ManualClock(NOW))
    day = TODAY - back * DAY
    dated = [entry.balance_after for entry in made.of.get(UAI, []) if SCHOOL.local_day(entry.at) <= day]
    assert reading.on(A_MANAGER, day).balance_sms == (dated[-1] if dated else 0)
