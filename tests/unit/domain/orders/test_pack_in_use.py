"""Liability is capped at the price of the pack in use: first in, first out, releases back where they came from (§6)."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.pack_in_use import CORRECTION, Lot, LotLeft, PackStock
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.support.builders import NOW, UAI, order

END = date(2027, 8, 31)


@dataclass
class School:
    """A school with its ledger, its orders, and the stock of packs that they make."""

    balance: Balance = Balance(UAI)
    entries: list[Entry] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    stock: PackStock = field(default_factory=PackStock)

    def ordered(self, order_id: str, *, packs: tuple[Pack, ...] = DEFAULT_PRICE_LIST, **quantities: int) -> None:
        made = order(id=order_id, packs=packs, quantities=quantities)
        self.orders[order_id] = made
        sms = sum(pack.sms * quantities.get(pack.id, 0) for pack in packs)
        self.posted(ledger.credit(order_id, sms, NOW))

    def sent(self, request: str, sms: int) -> None:
        self.posted(ledger.debit(request, sms, NOW))

    def forfeited(self) -> None:
        posting = ledger.forfeit(self.balance, END, NOW)
        assert posting
        self.posted(posting)

    def corrected(self, sms: int, order_id: str = "") -> None:
        name = f"K{self.balance.seq + 1}"
        entry_id = f"correction:{name}" + (f":order:{order_id}" if order_id else "")
        self.posted(Posting(entry_id, "correction", sms, Cause("correction", name), NOW))

    def posted(self, posting: Posting) -> None:
        entry = ledger.post(self.balance, posting)
        self.balance = ledger.new_balance(self.balance, posting, entry)
        self.entries.append(entry)
        self.stock.post(entry, self.orders)

    def left(self) -> list[int]:
        return [each.remaining_sms for each in self.stock.lots]

    def in_use(self) -> tuple[str, str, int | None, int] | None:
        used = self.stock.in_use
        if used is None:
            return None
        return (used.lot.order_id, used.lot.pack, used.lot.price_ht_cents, used.remaining_sms)


def test_no_pack_is_in_use_before_the_first_credit() -> None:
    assert School().in_use() is None


def test_each_pack_of_an_order_is_a_lot_at_the_price_of_its_form() -> None:
    school = School()
    school.ordered("BC1", packs=(Pack("P500", 500, 4_000), Pack("P1000", 1_000, 8_500)), P1000=1, P500=2)
    assert school.stock.lots == [
        LotLeft(Lot("BC1", "P500", 4_000, 500), 500),
        LotLeft(Lot("BC1", "P500", 4_000, 500), 500),
        LotLeft(Lot("BC1", "P1000", 8_500, 1_000), 1_000),
    ]
    assert school.in_use() == ("BC1", "P500", 4_000, 500)


@pytest.mark.parametrize(
    ("spent", "in_use", "left"),
    [
        (1, ("BC1", "P500", 4_500, 499), [499, 500, 1_000]),
        (499, ("BC1", "P500", 4_500, 1), [1, 500, 1_000]),
        (500, ("BC1", "P500", 4_500, 500), [0, 500, 1_000]),  # the second pack of the same order
        (999, ("BC1", "P500", 4_500, 1), [0, 1, 1_000]),
        (1_000, ("BC2", "P1000", 8_500, 1_000), [0, 0, 1_000]),
        (1_999, ("BC2", "P1000", 8_500, 1), [0, 0, 1]),
        (2_000, ("BC2", "P1000", 8_500, 0), [0, 0, 0]),  # all used up: the last one drawn from
    ],
)
def test_the_oldest_pack_with_anything_left_is_in_use(
    spent: int, in_use: tuple[str, str, int, int], left: list[int]
) -> None:
    school = School()
    school.ordered("BC1", P500=2)
    school.ordered("BC2", P1000=1)
    school.sent("R1", spent)
    assert school.in_use() == in_use
    assert school.left() == left


def test_a_new_credit_after_all_was_used_up_is_in_use() -> None:
    school = School()
    school.ordered("BC1", P500=1)
    school.sent("R1", 500)
    school.ordered("BC2", P500=1)
    assert school.in_use() == ("BC2", "P500", 4_500, 500)


def test_a_release_goes_back_to_the_packs_its_debit_drew_from_last_taken_first() -> None:
    school = School()
    school.ordered("BC1", P500=1)
    school.ordered("BC2", P500=1)
    school.sent("R1", 450)
    school.sent("R2", 100)  # 50 of each pack
    school.sent("R3", 200)
    assert school.left() == [0, 250]
    school.posted(ledger.release("R2-7", 30, NOW))
    assert school.left() == [0, 280]
    school.posted(ledger.release_page("R2", 8, 9, 40, NOW))
    assert school.left() == [20, 300]
    assert school.in_use() == ("BC1", "P500", 4_500, 20)
    school.posted(ledger.release_request("R1", 450, NOW))
    assert school.left() == [470, 300]


def test_after_a_forfeiture_no_pack_is_in_use_until_something_comes() -> None:
    school = School()
    school.ordered("BC1", P500=2)
    school.sent("R1", 600)
    school.forfeited()
    assert school.in_use() is None
    assert school.left() == [0, 0]
    school.posted(ledger.release("R1-0", 3, NOW))
    assert school.in_use() == ("BC1", "P500", 4_500, 3)
    school.forfeited()
    school.ordered("BC2", P1000=1)
    assert school.in_use() == ("BC2", "P1000", 8_500, 1_000)


def test_a_correction_is_a_lot_or_a_draw_named_as_such() -> None:
    school = School()
    school.corrected(10)
    assert school.in_use() == ("", CORRECTION, None, 10)
    school.ordered("BC1", P500=1)
    school.corrected(-12)
    assert school.left() == [10, 488]
    assert school.in_use() == ("", CORRECTION, None, 10)


def test_a_correction_takes_from_the_order_it_names_then_from_the_newest_and_uses_no_pack() -> None:
    school = School()
    school.ordered("BC1", P500=1)
    school.ordered("BC2", P500=1)
    school.ordered("BC3", P500=1)
    school.corrected(-600, "BC2")
    assert school.left() == [500, 0, 400]
    assert school.in_use() == ("BC1", "P500", 4_500, 500)


@pytest.mark.parametrize("known", [{}, {"BC1": order(id="BC1", packs=())}])
def test_a_credit_that_no_packs_explain_is_one_lot_without_a_price(known: dict[str, Order]) -> None:
    school = School(orders=known)
    school.posted(ledger.credit("BC1", 500, NOW))
    assert school.in_use() == ("BC1", "", None, 500)


def test_a_release_without_its_debit_still_counts() -> None:
    """As in a ledger that lost an entry: what the packs hold is the balance all the same."""
    school = School()
    school.ordered("BC1", P500=1)
    school.posted(ledger.release("R1-0", 3, NOW))
    assert school.left() == [500, 3]


MOVES = st.one_of(
    st.tuples(st.just("order"), st.integers(1, 3), st.integers(0, 2)),
    st.tuples(st.just("send"), st.integers(1, 60), st.just(0)),
    st.tuples(st.just("release"), st.integers(0, 30), st.integers(1, 40)),
    st.tuples(st.just("correct"), st.integers(-20, 20).filter(bool), st.just(0)),
    st.tuples(st.just("forfeit"), st.just(0), st.just(0)),
)
SMALL_PACKS = (Pack("P7", 7, 70), Pack("P20", 20, 180))


@given(st.lists(MOVES, max_size=60))
def test_after_every_history_the_packs_remains_sum_to_the_balance(moves: list[tuple[str, int, int]]) -> None:
    """R18: and no release gives a pack more than the debit of its request took of it."""
    school, debited = School(), dict[str, int]()
    for number, (move, first, second) in enumerate(moves):
        if move == "order":
            school.ordered(f"BC{number}", packs=SMALL_PACKS, P7=first, P20=second)
        elif move == "send" and school.balance.sms >= first:
            school.sent(f"R{number}", first)
            debited[f"R{number}"] = first
        elif move == "release" and debited:
            request = list(debited)[first % len(debited)]
            sms = min(second, debited[request])
            debited[request] -= sms
            if sms:
                school.posted(ledger.release(f"{request}-{number}", sms, NOW))
        elif move == "correct" and school.balance.sms + first >= 0:
            school.corrected(first)
        elif move == "forfeit" and school.balance.sms:
            school.forfeited()
        lots = school.stock.lots
        assert sum(each.remaining_sms for each in lots) == school.balance.sms
        assert all(0 <= each.remaining_sms <= each.lot.sms for each in lots)
        assert all(each.lot.order_id or each.lot.pack == CORRECTION for each in lots)
        used = school.stock.in_use
        assert used is None or used.remaining_sms or not school.balance.sms


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_requests_released_in_any_order_leave_every_pack_whole(debits: list[int], random: Random) -> None:
    school = School()
    school.ordered("BC1", packs=SMALL_PACKS, P7=2, P20=12)
    whole = school.left()
    for number, sms in enumerate(debits):
        school.sent(f"R{number}", sms)
    requests = list(range(len(debits)))
    random.shuffle(requests)
    for number in requests:
        school.posted(ledger.release_request(f"R{number}", debits[number], NOW))
    assert school.left() == whole
