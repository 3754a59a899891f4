"""An auditor finds what was altered in a ledger, and names it (R18)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.schools.stock.audits import Finding, LedgerTrail, audit_correction, audit_ledger
from schoolsms.domain.schools.stock.corrections import Correction, Proposal, Step
from schoolsms.domain.schools.stock.ledger import (
    Balance,
    Entry,
    Posting,
    credit,
    debit,
    forfeit,
    post,
    release,
    release_page,
    release_request,
)
from schoolsms.domain.schools.stock.ledger_causes import Cause

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UAI = "0750655E"
END = date(2027, 8, 31)


def made_of(*postings: Posting) -> tuple[list[Entry], Balance]:
    """The entries of these postings, then of the forfeiture of what they leave."""
    balance, made = Balance(UAI), []
    for posting in postings:
        made.append(post(balance, posting))
        balance = Balance(UAI, made[-1].balance_after, made[-1].seq)
    left = forfeit(balance, END, NOW)
    if left:
        made.append(post(balance, left))
        balance = Balance(UAI, 0, made[-1].seq)
    return made, balance


def one_of_each() -> tuple[list[Entry], Balance]:
    return made_of(
        credit("BC26-A", 500, NOW),
        debit("R1", 30, NOW),
        release("R1-7", 1, NOW),
        release_page("R1", 8, 12, 4, NOW),
        debit("R2", 10, NOW),
        release_request("R2", 10, NOW),
        Posting("correction:K1:order:BC26-A", "correction", -5, Cause("correction", "K1"), NOW),
    )


def of(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    return {(found.code, found.id) for found in findings}


def test_a_ledger_with_every_kind_of_entry_adds_up() -> None:
    assert audit_ledger(*one_of_each()) == []


def test_a_school_without_entries_has_nothing() -> None:
    assert audit_ledger([], Balance(UAI)) == []
    assert of(audit_ledger([], Balance(UAI, 1, 0))) == {("balance-differs", f"balance:{UAI}")}


@pytest.mark.parametrize("index", range(8))
@pytest.mark.parametrize(
    "change",
    [
        {"amount": 77},
        {"amount": -77},
        {"amount": 0},
        {"kind": "credit", "cause": Cause("send_request", "R9")},
        {"cause": Cause("order", "BC26-B")},
        {"id": "credit:BC26-B"},
    ],
    ids=str,
)
def test_an_entry_that_was_altered_is_named_and_no_other(index: int, change: dict[str, Any]) -> None:
    made, balance = one_of_each()
    made[index] = replace(made[index], **change)
    assert of(audit_ledger(made, balance)) == {("entry-altered", made[index].id)}


@given(st.data())
def test_any_figure_that_was_altered_is_found_at_its_entry_or_the_next(data: st.DataObject) -> None:
    made, balance = one_of_each()
    index = data.draw(st.integers(0, len(made) - 1))
    field = data.draw(st.sampled_from(["amount", "balance_after", "seq"]))
    off = data.draw(st.integers(-200, 200).filter(bool))
    made[index] = replace(made[index], **{field: getattr(made[index], field) + off})
    assert made[index].id in {found.id for found in audit_ledger(made, balance)}


@pytest.mark.parametrize("index", range(7))
def test_an_entry_that_was_taken_out_is_missed_where_it_was(index: int) -> None:
    made, balance = one_of_each()
    del made[index]
    assert of(audit_ledger(made, balance)) == {("entry-missing", made[index].id)}


def test_the_last_entry_is_missed_by_the_balance() -> None:
    made, balance = made_of(credit("A", 5, NOW), debit("R1", 5, NOW))
    assert of(audit_ledger(made[:-1], balance)) == {("balance-differs", f"balance:{UAI}")}


def test_a_balance_that_was_changed_is_named() -> None:
    made, balance = one_of_each()
    [found] = audit_ledger(made, replace(balance, sms=1))
    assert found == Finding(
        "balance-differs", UAI, f"balance:{UAI}", "8 entries leave 0 SMS, the balance says 1 after 8"
    )


def test_entries_put_in_twice_or_in_another_order_are_found() -> None:
    made, balance = one_of_each()
    assert audit_ledger([*made, made[2]], balance)
    assert audit_ledger([made[1], made[0], *made[2:]], balance)


def test_a_balance_below_zero_is_found_though_all_adds_up() -> None:
    made = Entry("debit:R1", UAI, 1, NOW, "debit", -3, -3, Cause("send_request", "R1"))
    assert of(audit_ledger([made], Balance(UAI, -3, 1))) == {("balance-below-zero", "debit:R1")}


def test_a_trail_holds_one_entry_however_many_there_are() -> None:
    trail = LedgerTrail(one_of_each()[1])
    for entry in one_of_each()[0]:
        assert trail.take(entry) == []
    assert (trail.seq, trail.sms, trail.end()) == (8, 0, [])


# ------------------------------------------------------------------ corrections are decided by two


def confirmed(by: str = "kosmos-2", applied: int = -5) -> Correction:
    step = Step("kosmos-1", "un@kosmos.test", NOW, 1)
    decided = Step(by, "deux@kosmos.test", NOW, 2)
    return Correction("K1", UAI, Proposal(-5, "erreur", Cause("order", "BC26-A")), step, "confirmed", decided, applied)


@pytest.mark.parametrize(
    ("correction", "codes"),
    [
        (confirmed(), []),
        (None, ["correction-not-decided"]),
        (replace(confirmed(), state="proposed", decided=None), ["correction-not-decided"]),
        (confirmed(applied=-6), ["correction-differs"]),
        (replace(confirmed(), school="0750654D"), ["correction-differs"]),
        (confirmed(by="kosmos-1"), ["correction-by-one"]),
    ],
)
def test_a_correction_is_what_two_people_decided(correction: Correction | None, codes: list[str]) -> None:
    entry = one_of_each()[0][6]
    assert [found.code for found in audit_correction(entry, correction)] == codes
    assert {found.id for found in audit_correction(entry, correction)} <= {"correction:K1:order:BC26-A"}
