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


@pytest.mark.parametrize("lost", [lacking("debit:R1", -30), lacking("credit:A", 500), lacking("correction:K1", -5)])
def test_what_lacks_the_entry_and_the_gap_where_it_was_are_one_finding(lost: Finding) -> None:
    [found] = with_lost_entries([gap(lost.sms), lost])
    assert (found.code, found.school, found.id) == ("entry-lost", UAI, lost.entry)
    assert found.says == (
        f"is lost, of {lost.sms} SMS: what it was made for is there. Restore it; a correction would count it twice"
    )


def test_what_was_lost_of_several_messages_together_is_one_entry() -> None:
    messages = [lacking("release:R1", 2, f"R1-{index}") for index in range(3)]
    assert named([gap(6), *messages]) == [("entry-lost", "release:R1")]


def test_entries_that_were_lost_side_by_side_are_told_by_their_sum() -> None:
    wanted = [lacking("debit:R1", -30), lacking("debit:R2", -7), lacking("debit:R3", -10)]
    assert named([gap(-40, 2), *wanted]) == [
        ("entry-lost", "debit:R1"),
        ("entry-lost", "debit:R3"),
        ("without", "thing"),
    ]


def test_two_gaps_of_the_same_size_are_two_entries() -> None:
    wanted = [lacking("debit:R1", -30), lacking("debit:R2", -30)]
    assert named([gap(-30), gap(-30), *wanted]) == [("entry-lost", "debit:R1"), ("entry-lost", "debit:R2")]


def test_a_last_entry_that_was_lost_is_missed_by_the_balance() -> None:
    balance = Finding("balance-differs", UAI, f"balance:{UAI}", "1 entries leave", sms=-30, entries=1)
    assert named([balance, lacking("debit:R1", -30)]) == [("entry-lost", "debit:R1")]


@pytest.mark.parametrize(
    "findings",
    [
        [gap(-31), lacking("debit:R1", -30)],
        [gap(-30, 2), lacking("debit:R1", -30)],
        [lacking("debit:R1", -30)],
        [gap(-30)],
        [ALTERED],
        [Finding("balance-differs", UAI, f"balance:{UAI}", "an altered balance", sms=-30), lacking("debit:R1", -30)],
    ],
)
def test_what_no_lost_entry_explains_stays(findings: list[Finding]) -> None:
    assert list(with_lost_entries(findings)) == findings


def test_thousands_that_lack_an_entry_are_looked_at_for_a_while_only() -> None:
    many = [lacking(f"debit:R{number}", -1) for number in range(5_000)]
    assert named([gap(-999, 3), *many])[0] == ("entry-missing", "debit:NEXT")
