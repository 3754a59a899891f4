"""The verdict on a soak: every message ended, none came twice, every SMS is accounted for."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.journeys.outcomes import EXPECTED

ENDED = ("delivered", "undeliverable", "expired", "failed")
LEAST_DELIVERED = 0.7
"""Of the messages to ordinary numbers: with fewer the stack was rather down than disturbed."""

Sent = tuple[str, str]
"""A phone and a text: that SMS comes once."""


@dataclass(frozen=True)
class SchoolsBooks:
    """A school's own view: its balance, its entries as `(kind, amount)`; SMS it asked for, got back, ordered."""

    uai: str
    balance: int
    entries: Sequence[tuple[str, int]]
    asked_sms: int
    """Cost of its requests as they were accepted."""
    failed_sms: int
    credited_sms: int
    """SMS that its orders were for."""


@dataclass
class Found:
    """The stack's own view in the end: the status of each SMS, and how often it reached its phone."""

    statuses: Mapping[Sent, str]
    received: Mapping[Sent, int]
    asked: Sequence[Sent]
    books: Sequence[SchoolsBooks] = ()
    by_status: Counter[str] = field(default_factory=Counter)


def trouble(found: Found) -> Iterator[str]:
    """Yield what does not hold; a line each, without a number."""
    yield from _of_messages(found)
    for books in found.books:
        yield from _of_books(books)


def _of_messages(found: Found) -> Iterator[str]:
    wrong: Counter[str] = Counter()
    ordinary: Counter[str] = Counter()
    for sent in found.asked:
        status, times = found.statuses.get(sent, "lost"), found.received.get(sent, 0)
        found.by_status[status] += 1
        if EXPECTED[sent[0][-2:]] == ("delivered",):
            ordinary[status] += 1
        if problem := _problem(sent[0][-2:], status, times):
            wrong[problem] += 1
    for problem, count in sorted(wrong.items()):
        yield f"{count} messages {problem}"
    if unasked := found.received.keys() - set(found.asked):
        yield f"{len(unasked)} messages arrived that nobody asked for"
    if ordinary and ordinary["delivered"] / ordinary.total() < LEAST_DELIVERED:
        yield f"only {ordinary['delivered']} of {ordinary.total()} messages to ordinary numbers are delivered"


def _problem(ending: str, status: str, times: int) -> str:
    """The fault of a message to a number of that behaviour; "" if there is none.

    A fault may keep a message from being handed over (`failed`) or its receipt from being heard (`expired`); it
    never makes it come twice, nor makes a school be given back what its phone received.
    """
    if times > 1:
        return "came twice"
    if status not in ENDED:
        return f"are {status}, which is no end"
    if status == "delivered" and not times:
        return "are delivered and never came"
    if status == "failed" and times:
        return "are failed, thus given back, and came"
    if status == "undeliverable" and EXPECTED[ending] != ("undeliverable",):
        return f"to numbers in {ending} are undeliverable"
    if status == "delivered" and ending in ("01", "04", "08"):
        return f"to numbers in {ending} are delivered"
    return ""


def _of_books(books: SchoolsBooks) -> Iterator[str]:
    sums: defaultdict[str, int] = defaultdict(int)
    for kind, amount in books.entries:
        sums[kind] += amount
    if sum(sums.values()) != books.balance:
        yield f"{books.uai}: entries are {sum(sums.values())} SMS together, the balance is {books.balance}"
    expected = {"credit": books.credited_sms, "debit": -books.asked_sms, "release": books.failed_sms}
    for kind, amount in expected.items():
        if sums[kind] != amount:
            yield f"{books.uai}: {kind}s are {sums[kind]} SMS instead of {amount}"
    if unknown := sums.keys() - expected.keys():
        yield f"{books.uai}: entries of kind {', '.join(sorted(unknown))}"


def received(phones_file: Path) -> Counter[Sent]:
    """How often each SMS reached its phone, by the record of the simulated network."""
    lines = map(json.loads, phones_file.read_text("utf-8").splitlines())
    return Counter((line["phone"], line["text"]) for line in lines)
