"""Hold a send request against the ledger: its cost was debited once, what never left came back once (R16, R29, R30).

Entries that release several messages name the first and the last of them. Two such ranges may overlap, because each has
only those messages that still waited: so ranges that touch are compared together, with all their messages.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schoolsms.domain.ids import message_id
from schoolsms.domain.schools.stock.audits import Finding
from schoolsms.domain.schools.stock.ledger import Entry, debit_id
from schoolsms.domain.sending.delivering.statuses import RELEASED

_NAMED = re.compile(r"release:[A-Z0-9]+-([0-9]{1,5})(?:\.\.([0-9]{1,5}))?")


@dataclass(frozen=True)
class RequestFigures:
    """A request without numbers and texts: `costs` and `statuses` of its messages by index.

    `missing_pages` of its recipients were not found, so that `costs` has not all of them.
    """

    id: str
    school: str
    accepted: int
    cost_sms: int
    cancelled: bool
    costs: Mapping[int, int]
    missing_pages: Sequence[int]
    statuses: Mapping[int, str]

    @property
    def released(self) -> Mapping[int, int]:
        """The SMS of each message that was given up before anybody took it, by index."""
        ended = (index for index, status in self.statuses.items() if status in RELEASED)
        return {index: self.costs[index] for index in ended if self.costs.get(index)}


def audit_request(request: RequestFigures, debit: Entry | None, releases: Sequence[Entry]) -> list[Finding]:
    """Return what is wrong with a request, read together with its entries."""
    return [
        *_debited(request, debit),
        *_pages(request),
        *(_cancelled(request, releases) if request.cancelled else _messages(request, releases)),
    ]


def without_request(entry: Entry) -> Finding:
    """The finding of an entry whose request is not in the history, though no purge took it."""
    return Finding(f"{entry.kind}-without-request", entry.school, entry.id, "its request is not in the history")


def of_another_school(entry: Entry, school: str) -> Finding:
    """The finding of an entry whose request is another school's."""
    return Finding(f"{entry.kind}-of-another-school", entry.school, entry.id, f"its request is of {school}")


def request_of_entry(entry: Entry) -> str:
    """The id of the request that a debit or a release is about."""
    return entry.id.partition(":")[2].partition("-")[0]


def _debited(request: RequestFigures, debit: Entry | None) -> Iterator[Finding]:
    if debit is None and request.cost_sms:
        says = f"costs {request.cost_sms} SMS, and the ledger has no {debit_id(request.id)}"
        entry, sms = debit_id(request.id), -request.cost_sms
        yield Finding("request-without-debit", request.school, request.id, says, entry, sms)
    elif debit and -debit.amount != request.cost_sms:
        says = f"costs {request.cost_sms} SMS, {-debit.amount} were debited"
        yield Finding("debit-differs", request.school, debit.id, says)


def _pages(request: RequestFigures) -> Iterator[Finding]:
    for page in request.missing_pages:
        says = "this page of its recipients is not there"
        yield Finding("page-missing", request.school, f"{request.id}/{page}", says)
    if request.missing_pages:
        return
    cost = sum(request.costs.values())
    if (len(request.costs), cost) != (request.accepted, request.cost_sms):
        says = (
            f"has {request.accepted} recipients for {request.cost_sms} SMS, its pages {len(request.costs)} for {cost}"
        )
        yield Finding("pages-differ", request.school, request.id, says)
    for index in sorted(request.statuses.keys() - request.costs.keys()):
        yield Finding("message-unknown", request.school, message_id(request.id, index), "no page names its recipient")


def _cancelled(request: RequestFigures, releases: Sequence[Entry]) -> Iterator[Finding]:
    """A request that was cancelled before its start came back whole, and no message of it by itself."""
    whole = f"release:{request.id}"
    if request.cost_sms and whole not in (entry.id for entry in releases):
        says = f"was cancelled, and the ledger has no {whole}"
        yield Finding("release-missing", request.school, request.id, says, whole, request.cost_sms)
    for entry in releases:
        if entry.id != whole:
            says = "its request came back whole, when it was cancelled"
            yield Finding("released-twice", request.school, entry.id, says)
        elif entry.amount != request.cost_sms:
            says = f"gave {entry.amount} SMS back, the request cost {request.cost_sms}"
            yield Finding("release-differs", request.school, entry.id, says)


def _messages(request: RequestFigures, releases: Sequence[Entry]) -> Iterator[Finding]:
    released = dict(request.released)
    for first, last, entries in _together(request, releases):
        within = {index: released.pop(index) for index in sorted(released) if first <= index <= last}
        given, due = sum(entry.amount for entry in entries), sum(within.values())
        if given == due or (request.missing_pages and given >= due):
            continue
        code = "released-twice" if given > due else "release-differs"
        for entry in entries:
            says = f"messages {first} to {last} never left for {due} SMS, {given} were given back"
            yield Finding(code, request.school, entry.id, says)
    for index, sms in sorted(released.items()):
        says = f"is {request.statuses[index]}, and its {sms} SMS never came back"
        of = message_id(request.id, index)
        # Entries of messages are named by one or by a range of them, so all that is known is how the name begins.
        yield Finding("release-missing", request.school, of, says, f"release:{request.id}-", sms)


def _together(request: RequestFigures, releases: Sequence[Entry]) -> Iterator[tuple[int, int, list[Entry]]]:
    """Yield ranges of messages that no entry crosses, each with its entries."""
    ranges = sorted(((*_range(request, entry), entry) for entry in releases), key=lambda each: each[:2])
    entries: list[Entry] = []
    start = end = 0
    for first, last, entry in ranges:
        if entries and first > end:
            yield start, end, entries
            entries = []
        start, end = (start, max(end, last)) if entries else (first, last)
        entries.append(entry)
    if entries:
        yield start, end, entries


def _range(request: RequestFigures, entry: Entry) -> tuple[int, int]:
    """The first and last message of an entry; all of them if it names none."""
    named = _NAMED.fullmatch(entry.id)
    if not named:
        return 0, max((*request.costs, *request.statuses), default=0)
    return int(named[1]), int(named[2] or named[1])
