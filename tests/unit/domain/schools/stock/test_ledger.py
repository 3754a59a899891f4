"""The ledger explains the balance, whatever is posted in whatever order (R16, R18)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.errors import InsufficientBalance
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting, credit, debit, post, release
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.fakes.core import FakeLedger

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UAI = "0750655E"

POSTINGS = st.one_of(
    *(st.builds(make, st.sampled_from("ABCDEF"), st.integers(1, 50), st.just(NOW)) for make in (credit, debit, release))
)


def entries(*amounts: int) -> list[Entry]:
    """Credits and debits in order."""
    balance, made = Balance(UAI), []
    for number, amount in enumerate(amounts):
        posting = credit(f"C{number}", amount, NOW) if amount > 0 else debit(f"D{number}", -amount, NOW)
        made.append(post(balance, posting))
        balance = Balance(UAI, made[-1].balance_after, made[-1].seq)
    return made


def test_ids_are_deterministic_and_amounts_signed() -> None:
    assert credit("BC1", 500, NOW) == Posting("credit:BC1", "credit", 500, Cause("order", "BC1"), NOW)
    assert debit("R1", 3, NOW) == Posting("debit:R1", "debit", -3, Cause("send_request", "R1"), NOW)
    assert release("R1-0", 2, NOW) == Posting("release:R1-0", "release", 2, Cause("message", "R1-0"), NOW)


@pytest.mark.parametrize("make", [credit, debit, release])
@pytest.mark.parametrize("sms", [0, -1])
def test_nothing_and_less_cannot_be_posted(make: Any, sms: int) -> None:
    """Else a negative debit would be a credit."""
    with pytest.raises(ValueError, match="cannot be posted"):
        make("X", sms, NOW)


def test_an_entry_tells_its_number_and_the_balance_after_it() -> None:
    made = entries(500, -3, -497)
    assert [(entry.seq, entry.amount, entry.balance_after) for entry in made] == [
        (1, 500, 500),
        (2, -3, 497),
        (3, -497, 0),
    ]
    assert {entry.school for entry in made} == {UAI}


def test_the_last_sms_can_be_spent_and_not_one_more() -> None:
    """R16."""
    assert post(Balance(UAI, 5, 1), debit("R1", 5, NOW)).balance_after == 0
    with pytest.raises(InsufficientBalance) as refused:
        post(Balance(UAI, 5, 1), debit("R1", 6, NOW))
    assert "coûte 6 SMS" in refused.value.detail
    assert "reste 5" in refused.value.detail


@given(st.lists(POSTINGS, max_size=60))
def test_the_sum_of_entries_is_the_balance_and_never_negative(postings: list[Posting]) -> None:
    """R16, R18: any order of credits, debits and releases, ids repeated or not."""
    ledger = FakeLedger()
    for posting in postings:
        before = ledger.balance(UAI)
        known = {entry.id for entry in ledger.of.get(UAI, [])}
        try:
            ledger.post(UAI, posting)
        except InsufficientBalance:
            assert before.sms + posting.amount < 0
            assert ledger.balance(UAI) == before
        made = ledger.of.get(UAI, [])
        balance = ledger.balance(UAI)
        assert balance.sms == sum(entry.amount for entry in made) >= 0
        assert len({entry.id for entry in made}) == len(made)
        if posting.id in known:
            assert balance == before
        assert audit_ledger(made, balance) == []


# ------------------------------------------------------------------ the low level (R15)


@pytest.mark.parametrize(
    ("amounts", "threshold", "crosses"),
    [
        ((200, -99), 100, False),
        ((200, -100), 100, True),  # reached
        ((200, -101), 100, True),
        ((200, -200), 100, True),
        ((101, -1), 100, True),
        ((100, -1), 100, False),  # at it already
        ((99, -1), 100, False),
        ((200, -100), 0, False),
        ((1, -1), 0, True),
        ((1, -1), 1, False),
        ((50,), 100, False),
    ],
)
def test_a_debit_crosses_the_low_level_when_it_takes_the_balance_from_above_to_it_or_below(
    amounts: tuple[int, ...], threshold: int, crosses: bool
) -> None:
    assert entries(*amounts)[-1].crosses(threshold) is crosses


def test_sms_taken_back_cross_as_a_debit_does() -> None:
    taken = Posting("correction:C", "correction", -100, Cause("correction", "C"), NOW)
    warnings = [post(Balance(UAI, before, 1), taken).stock_warning(100) for before in (300, 200, 150, 100)]
    assert warnings == [None, "low_balance", "low_balance", "stock_used_up"]


def test_what_is_forfeited_crosses_nothing() -> None:
    """A forfeiture at the end of the subscription warns nobody to order."""
    forfeited = Posting("forfeiture:X", "forfeiture", -200, Cause("subscription_end", "2027-08-31"), NOW)
    assert not post(Balance(UAI, 200, 1), forfeited).crosses(100)
    assert post(Balance(UAI, 200, 1), forfeited).stock_warning(100) is None


def test_every_entry_knows_the_credit_it_came_after() -> None:
    ledger = FakeLedger()
    for posting in (credit("C1", 9, NOW), debit("R1", 4, NOW), release("R1-0", 1, NOW), credit("C2", 9, NOW)):
        ledger.post(UAI, posting)
    ledger.post(UAI, debit("R2", 1, NOW))
    assert [entry.last_credit for entry in ledger.of[UAI]] == [
        "credit:C1",
        "credit:C1",
        "credit:C1",
        "credit:C2",
        "credit:C2",
    ]


@pytest.mark.parametrize(("amount", "last"), [(5, "correction:X"), (-5, "credit:C1")])
def test_a_correction_that_adds_sms_lifts_the_level_as_a_credit_does_and_one_that_takes_them_does_not(
    amount: int, last: str
) -> None:
    """R15: a low level is mailed once for each."""
    correction = Posting("correction:X", "correction", amount, Cause("correction", "X"), NOW)
    assert post(Balance(UAI, 9, 1, last_credit="credit:C1"), correction).last_credit == last
