"""The pack in use from checkpoints: what a fold of the whole ledger gives, at a bounded cost (R18, §6)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolsms.application.schools.stock import find_packs
from schoolsms.application.schools.stock.find_packs import FindPacks
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.pack_in_use import Lot, LotLeft, PackStock
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Entry, Posting
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.fakes.core import FakeLedger
from tests.fakes.orders.orders import FakeOrders
from tests.fakes.schools.pack_checkpoints import FakePackCheckpoints
from tests.support.builders import NOW, UAI, order

END = date(2027, 8, 31)
STEPS = st.one_of(
    st.tuples(st.just("credit"), st.integers(1, 3)),
    st.tuples(st.just("debit"), st.integers(1, 900)),
    st.tuples(st.just("release"), st.integers(0, 10_000)),
    st.tuples(st.just("correction"), st.integers(-200, 200)),
    st.tuples(st.just("forfeiture"), st.just(0)),
    st.tuples(st.just("asked"), st.integers(0, 10_000)),
)


@dataclass
class Model:
    """Lots as the conditions have them, without any thought of size: each debit remembers all that it drew."""

    lots: list[Lot] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    drawn: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    last: int | None = None

    def credit(self, lots: list[Lot]) -> None:
        self.lots += lots
        self.left += [lot.sms for lot in lots]

    def draw(self, sms: int, request: str = "") -> None:
        drawn = []
        for number, left in enumerate(self.left):
            if taken := min(sms, left):
                self.left[number] -= taken
                sms -= taken
                drawn.append((number, taken))
                self.last = number
        if request:
            self.drawn[request] = drawn

    def take_back(self, sms: int) -> None:
        """A correction takes from the newest lots."""
        for number in reversed(range(len(self.left))):
            taken = min(sms, self.left[number])
            self.left[number] -= taken
            sms -= taken

    def release(self, request: str, sms: int) -> None:
        while sms:
            number, taken = self.drawn[request].pop()
            back = min(sms, taken)
            self.left[number] += back
            sms -= back
            if taken > back:
                self.drawn[request].append((number, taken - back))

    def in_use(self) -> LotLeft | None:
        number = next((number for number, left in enumerate(self.left) if left), self.last)
        return None if number is None else LotLeft(self.lots[number], self.left[number])


@dataclass
class School:
    """A school whose ledger is written step by step; `expected` is the pack in use after each entry."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    orders: FakeOrders = field(default_factory=FakeOrders)
    model: Model = field(default_factory=Model)
    expected: list[LotLeft | None] = field(default_factory=list)
    open: dict[str, int] = field(default_factory=dict)
    """SMS that may still be released, by request."""

    def step(self, kind: str, size: int) -> None:
        made = getattr(self, f"_{kind}")(size)
        if made:
            self.expected.append(self.model.in_use())

    def _post(self, posting: Posting) -> Entry:
        return self.ledger.post(UAI, posting)

    def _credit(self, packs: int) -> bool:
        made: Order = order(id=f"BC{len(self.expected)}", quantities={"P500": packs})
        self.orders.known[made.id] = made
        [pack] = [each for each in made.packs if each.id == "P500"]
        self._post(ledger.credit(made.id, packs * 500, NOW))
        self.model.credit([Lot(made.id, "P500", pack.price_ht_cents, 500)] * packs)
        return True

    def _debit(self, sms: int) -> bool:
        sms = min(sms, self.ledger.balance(UAI).sms)
        request = f"REQUEST{len(self.expected):07d}"
        if sms:
            self._post(ledger.debit(request, sms, NOW))
            self.model.draw(sms, request)
            self.open[request] = sms
        return bool(sms)

    def _release(self, which: int) -> bool:
        requests = [request for request, sms in self.open.items() if sms]
        if not requests:
            return False
        request = requests[which % len(requests)]
        sms = which % self.open[request] + 1
        self._post(ledger.release(f"{request}-{self.open[request]}", sms, NOW))
        self.model.release(request, sms)
        self.open[request] -= sms
        return True

    def _correction(self, sms: int) -> bool:
        sms = max(sms, -self.ledger.balance(UAI).sms)
        if sms:
            number = len(self.expected)
            self._post(Posting(f"correction:{number}", "correction", sms, Cause("correction", f"K{number}"), NOW))
            self.model.credit([Lot("", "correction", None, sms)]) if sms > 0 else self.model.take_back(-sms)
        return bool(sms)

    def _forfeiture(self, _: int) -> bool:
        posting = ledger.forfeit(self.ledger.balance(UAI), END, NOW)
        if posting:
            self._post(posting)
            self.model.draw(-posting.amount)
            self.model.last = None
        return bool(posting)


@pytest.fixture(autouse=True)
def checkpoints_after_few_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_packs, "EVERY", 3)
    monkeypatch.setattr(find_packs, "LONG", 6)


def after(find: FindPacks, school: School, seq: int) -> PackStock:
    entry = school.ledger.entry_numbered(UAI, seq)
    return find.after(UAI, seq, entry.balance_after if entry else 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_at_any_entry_it_is_what_the_whole_ledger_gives_whoever_asked_before(steps: list[tuple[str, int]]) -> None:
    school = School()
    find = FindPacks(school.ledger, school.orders, FakePackCheckpoints())
    for kind, size in steps:
        if kind != "asked":
            school.step(kind, size)
        elif school.expected:
            seq = size % len(school.expected) + 1
            assert after(find, school, seq).in_use == school.expected[seq - 1]
    for seq, expected in enumerate(school.expected, start=1):
        stock = after(find, school, seq)
        assert (stock.in_use, stock.sms) == (expected, school.ledger.of[UAI][seq - 1].balance_after)


@settings(max_examples=100, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_a_checkpoint_depends_on_nothing_but_the_entries_before_it(steps: list[tuple[str, int]]) -> None:
    """So it does not matter who writes it, when, or twice at once."""
    school = School()
    often, once = FakePackCheckpoints(), FakePackCheckpoints()
    for kind, size in steps:
        if kind != "asked":
            school.step(kind, size)
            after(FindPacks(school.ledger, school.orders, often), school, len(school.expected))
    after(FindPacks(school.ledger, school.orders, once), school, len(school.expected))
    assert once.known.items() <= often.known.items()


def sent(count: int) -> School:
    school = School()
    school.step("credit", 2)
    for _ in range(count):
        school.step("debit", 1)
    return school


class CountingLedger:
    """How many entries were read."""

    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger
        self.read = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def entries_between(self, uai: str, first: int, last: int) -> Iterator[Entry]:
        for entry in self._ledger.entries_between(uai, first, last):
            self.read += 1
            yield entry


def test_a_long_ledger_costs_as_little_as_a_short_one() -> None:
    school, checkpoints = sent(200), FakePackCheckpoints()
    first, again = CountingLedger(school.ledger), CountingLedger(school.ledger)
    after(FindPacks(first, school.orders, checkpoints), school, 201)
    for seq in (201, 200, 100, 50):
        again.read = 0
        after(FindPacks(again, school.orders, checkpoints), school, seq)
        assert again.read <= find_packs.LONG
    assert first.read == 201


@pytest.mark.parametrize("wrong", [{"left": [1, 1]}, {"lots": [], "left": []}])
def test_a_checkpoint_that_contradicts_the_ledger_is_not_believed(wrong: dict[str, Any]) -> None:
    school, checkpoints = sent(10), FakePackCheckpoints()
    find = FindPacks(school.ledger, school.orders, checkpoints)
    after(find, school, 11)
    checkpoints.known = {key: json.dumps({**json.loads(kept), **wrong}) for key, kept in checkpoints.known.items()}
    assert after(find, school, 11).in_use == school.expected[-1]


def test_what_is_kept_stays_small_however_many_debits_there_were() -> None:
    assert len(json.dumps(sent(900).model.left)) < 20
    school = sent(900)
    kept = after(FindPacks(school.ledger, school.orders, FakePackCheckpoints()), school, 901).kept()
    assert len(json.dumps(kept)) < 300


def test_a_release_long_after_its_debit_goes_back_to_the_lot_it_came_from() -> None:
    school, checkpoints = School(), FakePackCheckpoints()
    find = FindPacks(school.ledger, school.orders, checkpoints)
    school.step("credit", 2)
    school.step("debit", 500)
    for _ in range(20):
        school.step("debit", 1)
    after(find, school, len(school.expected))
    school.ledger.post(UAI, ledger.release_request("REQUEST0000001", 500, NOW + timedelta(days=90)))
    used = find.after(UAI, 23, 980).in_use
    assert used
    assert (used.lot.order_id, used.remaining_sms) == ("BC0", 500)
