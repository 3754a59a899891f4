"""Findings that one lost entry of a ledger probably causes, brought together as one that names the entry (R18).

A gap says how many entries are missing and what they changed together; a request, an order, a correction or a release
that has no entry says what its own should have changed. Equal sums are no proof: the entry of a forfeiture may be the
lost one, while a request of the same cost was never debited. So an entry is named only where nothing else fits.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from schoolsms.domain.schools.stock.audits import Finding

MOST_ADDED = 1_000_000
"""Figures that are added up in the search for entries that were lost side by side, for all gaps of a school."""

MOST_CHOSEN = 20
"""Entries to choose, or to leave out, beyond which the combinations are not even counted."""


def with_lost_entries(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of one school; those that a lost entry probably causes as one, which names it."""
    found = list(findings)
    lacking: dict[str, list[Finding]] = {}
    for each in found:
        if each.entry:
            lacking.setdefault(each.entry, []).append(each)
    changed = {entry: sum(each.sms for each in of) for entry, of in lacking.items()}
    named = _named({place: each for place, each in enumerate(found) if each.entries > 0}, changed)
    explained = {entry for entries in named.values() for entry in entries}
    for place, each in enumerate(found):
        if place in named:
            yield from (_lost(lacking[entry], changed[entry]) for entry in named[place])
        elif each.entry not in explained:
            yield each


def _named(gaps: Mapping[int, Finding], changed: Mapping[str, int]) -> dict[int, tuple[str, ...]]:
    """Return the entries that explain a gap, by its place, where one combination of them does and explains no other."""
    alike: dict[tuple[int, int], list[int]] = {}
    for place, gap in gaps.items():
        alike.setdefault((gap.entries, gap.sms), []).append(place)
    search = _Search(changed)
    fits: dict[int, tuple[str, ...]] = {}
    for (entries, sms), places in alike.items():
        if entries == 1:
            candidates = search.entries_of(sms)
            if len(candidates) == len(places):
                fits |= {place: (entry,) for place, entry in zip(places, candidates, strict=True)}
        elif len(places) == 1 and (only := search.only(entries, sms)):
            fits[places[0]] = only
    claims = Counter(entry for entries in fits.values() for entry in entries)
    return {place: entries for place, entries in fits.items() if all(claims[entry] == 1 for entry in entries)}


@dataclass
class _Search:
    """Looks for entries by the sum of what they `changed`, until it has added up as many figures as it may."""

    changed: Mapping[str, int]
    left: int = MOST_ADDED

    def __post_init__(self) -> None:
        self._by_sum: dict[int, list[str]] = {}
        for entry, sms in self.changed.items():
            self._by_sum.setdefault(sms, []).append(entry)

    def entries_of(self, sms: int) -> Sequence[str]:
        """Each entry that changed just so much by itself."""
        return self._by_sum.get(sms, ())

    def only(self, entries: int, sms: int) -> tuple[str, ...]:
        """Return the one combination of so many entries with that sum; none if there are others or too many to try."""
        of = len(self.changed)
        if not of - entries >= 0 or min(entries, of - entries) > MOST_CHOSEN:
            return ()
        cost = entries * comb(of, entries)
        if cost > self.left:
            return ()
        self.left -= cost
        tried = combinations(self.changed, entries)
        fitting = (chosen for chosen in tried if sum(map(self.changed.__getitem__, chosen)) == sms)
        first, second = next(fitting, ()), next(fitting, ())
        return () if second else first


def _lost(lacking: Sequence[Finding], sms: int) -> Finding:
    first, last = lacking[0], lacking[-1]
    advice = "Restore first and audit again; correct only what is named then"
    if not first.entry.endswith("-"):
        says = f"is probably lost, of {sms} SMS: the sum fits a gap in the ledger. {advice}"
        return Finding("entry-lost", first.school, first.entry, says)
    messages = f"message {first.id}" if first is last else f"{len(lacking)} messages, {first.id} to {last.id},"
    says = f"the entry that gave back {sms} SMS of {messages} is probably lost: the sum fits a gap in the ledger"
    says = f"{says}. {advice}"
    return Finding("entry-lost", first.school, first.id.partition("-")[0], says)
