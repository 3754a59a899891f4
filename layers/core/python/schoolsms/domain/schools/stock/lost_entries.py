"""What a lost entry of a ledger probably was: one finding instead of a gap, and of a request or order without it (R18).

A gap says how many entries are missing and what they changed together; a request, an order, a correction or a release
that has no entry says what its own should have changed. Where the sums agree, the one explains the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice

from schoolsms.domain.schools.stock.audits import Finding

MOST_TRIED = 10_000
"""Combinations of entries that are compared with a gap: enough for a handful that were lost together."""


def with_lost_entries(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of one school; those that a lost entry causes as one, which names it."""
    found = list(findings)
    lacking: dict[str, list[Finding]] = {}
    for each in found:
        if each.entry:
            lacking.setdefault(each.entry, []).append(each)
    explained: set[str] = set()
    lost: dict[int, list[Finding]] = {}
    for place, gap in enumerate(found):
        left = {entry: of for entry, of in lacking.items() if entry not in explained}
        if gap.entries > 0 and (entries := _explaining(gap, left)):
            explained.update(entries)
            lost[place] = [_lost(gap, entry, sum(each.sms for each in lacking[entry])) for entry in entries]
    for place, each in enumerate(found):
        if place in lost:
            yield from lost[place]
        elif each.entry not in explained:
            yield each


def _explaining(gap: Finding, lacking: Mapping[str, Sequence[Finding]]) -> tuple[str, ...]:
    """The entries that together changed what the gap did; none if there are no such."""
    changed = {entry: sum(each.sms for each in of) for entry, of in lacking.items()}
    tried = islice(combinations(changed, gap.entries), MOST_TRIED)
    return next((entries for entries in tried if sum(map(changed.__getitem__, entries)) == gap.sms), ())


def _lost(gap: Finding, entry: str, sms: int) -> Finding:
    says = f"is lost, of {sms} SMS: what it was made for is there. Restore it; a correction would count it twice"
    return Finding("entry-lost", gap.school, entry, says)
