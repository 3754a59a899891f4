"""One lost entry is one finding, which names it; what no lost entry explains stays as it was found (R18)."""

from collections.abc import Sequence

import pytest

from schoolsms.domain.schools.stock.audits import Finding
from schoolsms.domain.schools.stock.lost_entries import with_lost_entries

UAI = "0750655E"
ALTERED = Finding("entry-altered", UAI, "debit:R9", "is altered")


def gap(sms: int, entries: int = 1) -> Finding:
    return Finding("entry-missing", UAI, "debit:NEXT", "has number 3, 2 was due", sms=sms, entries=entries)


def lacking(entry: str, sms: int, of: str = "thing") -> Finding:
    return Finding("without", UAI, of, "has no entry", entry, sms)


def named(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(found.code, found.id) for found in with_lost_entries(findings)]


@pytest.mark.parametrize(
    "lost", [lacking("debit:R1", -30), lacking("credit:A", 500), lacking("correction:K1", -5), lacking("release:R1", 4)]
)
def test_a_thing_without_its_entry_and_the_gap_where_that_was_are_one_finding(lost: Finding) -> None:
    [found] = with_lost_entries([gap(lost.sms), lost])
    assert (found.code, found.school, found.id) == ("entry-lost", UAI, lost.entry)
    assert found.says == (
        f"is probably lost, of {lost.sms} SMS: the sum fits a gap in the ledger. "
        "Restore first and audit again; correct only what is named then"
    )


def test_a_lost_entry_of_messages_is_named_by_their_request_because_its_own_name_is_not_known() -> None:
    messages = [lacking("release:R1-", 2, f"R1-{index}") for index in range(8, 11)]
    [found] = with_lost_entries([gap(6), *messages])
    assert (found.code, found.id) == ("entry-lost", "R1")
    assert found.says == (
        "the entry that gave back 6 SMS of 3 messages, R1-8 to R1-10, is probably lost: the sum fits a gap in the "
        "ledger. Restore first and audit again; correct only what is named then"
    )
    [found] = with_lost_entries([gap(2), messages[0]])
    assert found.says.startswith("the entry that gave back 2 SMS of message R1-8 is probably lost")


def test_entries_that_were_lost_side_by_side_are_known_by_their_sum() -> None:
    wanted = [lacking("debit:R1", -30), lacking("debit:R2", -7), lacking("debit:R3", -10)]
    assert named([gap(-40, 2), *wanted]) == [
        ("entry-lost", "debit:R1"),
        ("entry-lost", "debit:R3"),
        ("without", "thing"),
    ]


def test_two_gaps_of_the_same_size_are_two_entries_where_just_two_fit() -> None:
    wanted = [lacking("debit:R1", -30), lacking("debit:R2", -30)]
    assert named([gap(-30), gap(-30), *wanted]) == [("entry-lost", "debit:R1"), ("entry-lost", "debit:R2")]


def test_a_last_entry_that_was_lost_is_missed_by_the_balance() -> None:
    balance = Finding("balance-differs", UAI, f"balance:{UAI}", "1 entries leave", sms=-30, entries=1)
    assert named([balance, lacking("debit:R1", -30)]) == [("entry-lost", "debit:R1")]


@pytest.mark.parametrize(
    "findings",
    [
        [gap(-31), lacking("debit:R1", -30)],
        # Either of two requests may be the one whose debit is lost.
        [gap(-30), lacking("debit:R1", -30), lacking("debit:R2", -30)],
        # One of two gaps may be a forfeiture.
        [gap(-30), gap(-30), lacking("debit:R1", -30)],
        [gap(-8, 2), lacking("debit:R1", -5), lacking("debit:R2", -5), lacking("debit:R3", -3)],
        [gap(-8, 2), gap(-8, 2), lacking("debit:R1", -5), lacking("debit:R2", -3)],
        # One entry cannot be missing in two places.
        [gap(-5), gap(-8, 2), lacking("debit:R1", -5), lacking("debit:R2", -3)],
        [gap(-30, 2), lacking("debit:R1", -30)],
        [lacking("debit:R1", -30)],
        [gap(-30)],
        [ALTERED],
        [Finding("balance-differs", UAI, f"balance:{UAI}", "an altered balance", sms=-30), lacking("debit:R1", -30)],
    ],
)
def test_findings_that_no_lost_entry_explains_stay(findings: list[Finding]) -> None:
    assert list(with_lost_entries(findings)) == findings


def test_more_combinations_than_can_be_tried_name_nothing() -> None:
    many = [lacking(f"debit:R{number}", -1) for number in range(5_000)]
    assert named([gap(-999, 3), gap(-2_500, 2_500), *many])[:2] == [("entry-missing", "debit:NEXT")] * 2


@pytest.mark.slow
def test_fifty_thousand_gaps_are_compared_with_as_many_entries_by_their_sums() -> None:
    """Each with each would be billions of comparisons."""
    each = range(1, 50_001)
    found = [*(gap(-sms) for sms in each), *(lacking(f"debit:R{sms}", -sms) for sms in each)]
    assert named(found) == [("entry-lost", f"debit:R{sms}") for sms in each]
    side_by_side = [*(gap(-sms, 2) for sms in each), *found[50_000:]]
    assert {code for code, _ in named(side_by_side)} == {"entry-missing", "without"}
