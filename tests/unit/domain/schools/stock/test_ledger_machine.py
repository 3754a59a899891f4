"""A ledger lived through: orders, requests, cancellations, failures and an end, in any order, said twice, late (R18).

Every posting that the machine ever made may come again at any moment, as queues and retries bring it: the sum of the
entries is the balance, never negative, numbered without a gap, and each thing counts once.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from schoolsms.application.ports.core import Ledger
from schoolsms.domain.errors import InsufficientBalance
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting, credit, debit, forfeit, release
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.fakes.core import FakeLedger

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
END = date(2027, 8, 31)
SCHOOLS = ("0750655E", "0750654D")

Delivery = tuple[str, Posting]
"""A posting on its way to the ledger of a school."""

Rule = TypeVar("Rule", bound=Callable[..., None])


class PostingLedger(Ledger, Protocol):
    """The port, and what requests and messages post with."""

    def post(self, uai: str, posting: Posting) -> Entry: ...


def one_of(name: str) -> Any:
    """Any delivery the machine keeps under that name."""
    return st.runner().flatmap(lambda machine: st.sampled_from(getattr(machine, name)))


def has(name: str) -> Callable[[Rule], Rule]:
    return precondition(lambda machine: bool(getattr(machine, name)))


class LedgerMachine(RuleBasedStateMachine):
    """`under_way` arrives in any order, what has `arrived` may arrive again; `debited` requests may end otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = self.new_ledger()
        self.expected: dict[str, dict[str, int]] = {school: {} for school in SCHOOLS}
        self.under_way: list[Delivery] = []
        self.arrived: list[Delivery] = []
        self.debited: list[Delivery] = []
        self.things = 0

    def new_ledger(self) -> PostingLedger:
        return FakeLedger()

    @initialize()
    def schools_have_something_to_spend(self) -> None:
        for school in SCHOOLS:
            self.arrives((school, credit(self.thing(), 40, NOW)))

    def thing(self) -> str:
        self.things += 1
        return f"T{self.things}"

    @rule(school=st.sampled_from(SCHOOLS), sms=st.integers(1, 60))
    def an_order_is_accepted(self, school: str, sms: int) -> None:
        self.under_way.append((school, credit(self.thing(), sms, NOW)))

    @rule(school=st.sampled_from(SCHOOLS), sms=st.integers(1, 30))
    def a_request_comes_in(self, school: str, sms: int) -> None:
        self.under_way.append((school, debit(self.thing(), sms, NOW)))

    @rule(school=st.sampled_from(SCHOOLS))
    def a_subscription_ends(self, school: str) -> None:
        """Plan to forfeit the present balance; other postings may arrive before this one."""
        left = forfeit(self.ledger.balance(school), END, NOW)
        if left:
            self.under_way.append((school, left))

    @has("debited")
    @rule(delivery=one_of("debited"), part=st.integers(1, 30))
    def a_message_fails(self, delivery: Delivery, part: int) -> None:
        """R30."""
        school, posting = delivery
        message = f"{posting.id.removeprefix('debit:')}-0"
        self.under_way.append((school, release(message, min(part, -posting.amount), NOW)))

    @has("debited")
    @rule(delivery=one_of("debited"))
    def a_request_is_cancelled(self, delivery: Delivery) -> None:
        """R29."""
        school, posting = delivery
        self.debited.remove(delivery)
        self.under_way.append((school, release(posting.id.removeprefix("debit:"), -posting.amount, NOW)))

    @has("under_way")
    @rule(delivery=one_of("under_way"))
    def it_arrives(self, delivery: Delivery) -> None:
        self.under_way.remove(delivery)
        self.arrived.append(delivery)
        self.arrives(delivery)

    @has("arrived")
    @rule(delivery=one_of("arrived"))
    def it_arrives_again(self, delivery: Delivery) -> None:
        self.arrives(delivery)

    def arrives(self, delivery: Delivery) -> None:
        """Post it, and compare the answer with a one-line ledger: the amount that counted, by id."""
        school, posting = delivery
        expected = self.expected[school]
        left = sum(expected.values())
        try:
            entry = self.ledger.post(school, posting)
        except InsufficientBalance:
            assert left + posting.amount < 0, "refused though there was enough"
            return
        assert (entry.id, entry.school, entry.cause) == (posting.id, school, posting.cause)
        if posting.kind == "debit" and posting.id not in expected:
            self.debited.append(delivery)
        assert entry.amount == expected.setdefault(posting.id, posting.amount), "a stored entry was changed"

    @invariant()
    def the_entries_explain_the_balance(self) -> None:
        for school in SCHOOLS:
            balance, entries = self.ledger.balance(school), list(entries_of(self.ledger, school))[::-1]
            assert balance.sms == sum(entry.amount for entry in entries) >= 0
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
            assert {entry.id: entry.amount for entry in entries} == self.expected[school]
            assert audit_ledger(entries, balance) == []


def entries_of(ledger: Ledger, school: str) -> Iterator[Entry]:
    """Newest first, slice after slice as a reader gets them."""
    cursor = None
    while True:
        piece = ledger.entries(school, cursor)
        yield from piece.items
        if piece.cursor is None:
            return
        cursor = piece.cursor


TestLedgerMachine = pytest.mark.slow(LedgerMachine.TestCase)
TestLedgerMachine.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)


def test_a_forfeiture_takes_all_that_is_left_and_has_the_id_of_its_end_and_number() -> None:
    """R17: another end of another subscription is another forfeiture, and so is what comes back later."""
    assert forfeit(Balance("0750655E", 30, 4), END, NOW) == Posting(
        "forfeiture:0750655E:2027-08-31:5", "forfeiture", -30, Cause("subscription_end", "2027-08-31"), NOW
    )


def test_nothing_is_forfeited_where_nothing_is_left() -> None:
    assert forfeit(Balance("0750655E"), END, NOW) is None
