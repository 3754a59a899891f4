"""In-memory stand-ins for what the purge asks of the outside, with the adapters' conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from schoolsms.application.ports.core import Slice
from schoolsms.domain.history.purges import Attempt, Certificate, Counts, Purge, PurgeableRequest, Remains
from schoolsms.domain.schools.stock.subscription_ends import Warned
from tests.fakes.history.history import FakeSendRequests
from tests.fakes.slices import sliced


class FakePurges:
    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Purge] = {}

    def get(self, uai: str, school_year: str) -> Purge:
        return self.known.get((uai, school_year), Purge(uai, school_year))

    def announced(self, uai: str, school_year: str, warned: Warned) -> None:
        self._write(replace(self.get(uai, school_year), announced=warned))

    def started(self, uai: str, school_year: str, at: datetime) -> None:
        purge = self.get(uai, school_year)
        self._write(replace(purge, started_at=purge.started_at or at))

    def certify(self, certificate: Certificate) -> Certificate:
        purge = self.get(certificate.school, certificate.school_year)
        stored = purge.certificate or certificate
        self._write(replace(purge, certificate=stored))
        return stored

    def add(self, uai: str, school_year: str, counts: Counts) -> None:
        purge = self.get(uai, school_year)
        if purge.certificate:
            return
        old = purge.counted
        messages = dict(old.messages)
        for status, number in counts.messages.items():
            messages[status] = messages.get(status, 0) + number
        total = Counts(
            old.requests + counts.requests,
            old.refused + counts.refused,
            old.sms + counts.sms,
            messages,
            old.replies + counts.replies,
        )
        self._write(replace(purge, counted=total))

    def of_school(self, uai: str) -> Sequence[Certificate]:
        return [each for each in self._certificates() if each.school == uai]

    def all(self, cursor: str | None) -> Slice[Certificate]:
        return sliced(self._certificates(), lambda each: f"{each.certified_at}#{each.school}", cursor)

    def _certificates(self) -> list[Certificate]:
        found = [purge.certificate for purge in self.known.values() if purge.certificate]
        return sorted(found, key=lambda each: (each.certified_at, each.school), reverse=True)

    def _write(self, purge: Purge) -> None:
        self.known[purge.school, purge.school_year] = purge


@dataclass
class FakePurgeableHistory:
    """Over the requests; `counted` is the mark on a request, and keys name its attempt and the item.

    `replies`: how many there are, by school and year.
    """

    kept: FakeSendRequests
    purges: FakePurges
    counted: set[str] = field(default_factory=set)
    replies: dict[tuple[str, str], int] = field(default_factory=dict)

    def anything_left(self, uai: str, school_year: str) -> bool:
        listed = self.requests(uai, school_year, None).items or self.numbered(uai, school_year, None).items
        return bool(listed or self.replies.get((uai, school_year)))

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        of_year = [each for each in self.kept.known.values() if (each.school, each.school_year) == (uai, school_year)]
        piece = sorted(each.order_key for each in of_year if after is None or each.order_key > after)
        ids = [key.partition("#")[2] for key in piece[:3]]
        return Slice(ids, piece[2] if len(piece) > 3 else None)

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[Attempt]:
        attempts = sorted(self.kept.numbered.get((uai, school_year), []), key=lambda each: each.place)
        left = [each for each in attempts if after is None or each.place > after]
        return Slice(left[:3], left[2].place if len(left) > 3 else None)

    def look(self, request_id: str) -> Remains:
        request = self.kept.known.get(request_id)
        keys = [f"PAGE#{attempt}#{number}" for of, attempt, number in self.kept.pages if of == request_id]
        keys += [f"REFUSED#{attempt}" for of, attempt in self.kept.refused if of == request_id]
        keys += [f"MESSAGE#{index}" for of, index in self.kept.records if of == request_id]
        if request is None:
            return Remains(None, keys)
        found = PurgeableRequest(
            school=request.school,
            school_year=request.school_year,
            attempt=request.attempt,
            accepted=request.accepted,
            refused=request.refused,
            cost_sms=request.cost_sms,
            expires_at=request.expires_at,
            cancelled=request.cancelled,
            counted=request.attempt in self.counted,
            states=list(self.kept.states(request_id).values()),
        )
        return Remains(found, [*keys, "REQUEST"])

    def count(self, request_id: str, request: PurgeableRequest) -> None:
        allowed = self._stands(request_id, request) and request.attempt not in self.counted
        if allowed:
            self.purges.add(request.school, request.school_year, request.counts)
            self.counted.add(request.attempt)

    def delete_request(self, request_id: str, remains: Remains) -> None:
        for key in remains.keys:
            kind, *rest = key.split("#")
            if kind == "PAGE":
                self.kept.pages.pop((request_id, rest[0], int(rest[1])), None)
            elif kind == "REFUSED":
                self.kept.refused.pop((request_id, rest[0]), None)
            elif kind == "MESSAGE":
                self.kept.records.pop((request_id, int(rest[0])), None)
        if remains.request and self._stands(request_id, remains.request):
            del self.kept.known[request_id]

    def remove_pages(self, attempt: Attempt) -> int:
        return self.kept.remove_pages(attempt)

    def remove_number(self, uai: str, school_year: str, attempt: Attempt) -> None:
        if attempt in self.kept.numbered[uai, school_year]:
            self.kept.numbered[uai, school_year].remove(attempt)

    def _stands(self, request_id: str, request: PurgeableRequest) -> bool:
        stored = self.kept.known.get(request_id)
        return stored is not None and stored.attempt == request.attempt

    def remove_replies(self, uai: str, school_year: str) -> int:
        removed = min(self.replies.get((uai, school_year), 0), 2)
        if removed:
            self.replies[uai, school_year] -= removed
            self.purges.add(uai, school_year, Counts(replies=removed))
        return removed

    def forget_recent(self, uai: str, before: datetime) -> int:
        old = [key for key, (request, _) in self.kept.recent.items() if request.accepted_at < before]
        for key in old:
            del self.kept.recent[key]
        return len(old)


@dataclass
class FakeSchoolFiles:
    written: dict[str, datetime] = field(default_factory=dict)

    def delete_older_than(self, uai: str, before: datetime) -> int:
        old = [name for name, at in self.written.items() if name.startswith(f"{uai}/") and at < before]
        for name in old:
            del self.written[name]
        return len(old)


@dataclass
class FakePurgeMachine:
    started: list[tuple[str, str, int]] = field(default_factory=list)
    begins: list[datetime] = field(default_factory=list)

    def start(self, uai: str, school_year: str, attempt: int, begin_at: datetime) -> None:
        if (uai, school_year, attempt) not in self.started:
            self.started.append((uai, school_year, attempt))
            self.begins.append(begin_at)
