"""In-memory stand-ins for what the purge asks of the outside; they hold to the adapters' conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from schoolsms.application.ports import Slice
from schoolsms.domain.purges import Certificate, Counts, Purge, PurgeableRequest, Remains
from schoolsms.domain.subscription_ends import Warned
from tests.fakes import sliced
from tests.fakes_history import FakeSendRequests


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
        standing = purge.certificate or certificate
        self._write(replace(purge, certificate=standing))
        return standing

    def add(self, uai: str, school_year: str, counts: Counts) -> bool:
        purge = self.get(uai, school_year)
        if purge.certificate:
            return False
        old = purge.counted
        messages = dict(old.messages)
        for status, number in counts.messages.items():
            messages[status] = messages.get(status, 0) + number
        total = Counts(old.requests + counts.requests, old.refused + counts.refused, old.sms + counts.sms, messages)
        self._write(replace(purge, counted=total))
        return True

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
    """Over the requests; `numbers` is the index of numbers, `counted` the mark on a request."""

    kept: FakeSendRequests
    purges: FakePurges
    numbers: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)

    def any_request(self, uai: str, school_year: str) -> bool:
        return bool(self.kept.of_school_year(uai, school_year, None).items)

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        of_year = [each for each in self.kept.known.values() if (each.school, each.school_year) == (uai, school_year)]
        piece = sorted(each.order_key for each in of_year if after is None or each.order_key > after)
        ids = [key.partition("#")[2] for key in piece[:3]]
        return Slice(ids, piece[2] if len(piece) > 3 else None)

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[tuple[str, str]]:
        places = self.numbers.get((uai, school_year), [])
        left = [each for each in places if after is None or each[1] > after]
        return Slice(left[:3], left[2][1] if len(left) > 3 else None)

    def look(self, request_id: str) -> Remains:
        request = self.kept.known.get(request_id)
        keys = [f"PAGE#{number}" for of, _, number in self.kept.pages if of == request_id]
        keys += ["REFUSED" for (of, _), refused in self.kept.refused.items() if of == request_id and refused]
        keys += [f"MESSAGE#{index}" for of, index in self.kept.records if of == request_id]
        if request is None:
            return Remains(None, keys)
        states = list(self.kept.states(request_id).values())
        found = PurgeableRequest(
            request.school,
            request.school_year,
            request.accepted,
            request.refused,
            request.cost_sms,
            request.expires_at,
            request.cancelled,
            request_id in self.counted,
            states,
        )
        return Remains(found, [*keys, "REQUEST"])

    def count(self, uai: str, school_year: str, request_id: str, counts: Counts) -> None:
        allowed = request_id in self.kept.known and request_id not in self.counted
        if allowed and self.purges.add(uai, school_year, counts):
            self.counted.add(request_id)

    def remove(self, request_id: str, remains: Remains) -> None:
        kept = self.kept
        kept.pages = {key: page for key, page in kept.pages.items() if key[0] != request_id}
        kept.refused = {key: page for key, page in kept.refused.items() if key[0] != request_id}
        kept.records = {key: state for key, state in kept.records.items() if key[0] != request_id}
        if "REQUEST" in remains.keys:
            kept.known.pop(request_id, None)

    def remove_number(self, uai: str, school_year: str, place: str) -> None:
        self.numbers[uai, school_year] = [each for each in self.numbers[uai, school_year] if each[1] != place]

    def forget_recent(self, uai: str, before: datetime) -> int:
        old = [key for key, (request, _) in self.kept.recent.items() if request.accepted_at < before]
        for key in old:
            del self.kept.recent[key]
        return len(old)


@dataclass
class FakeSchoolFiles:
    written: dict[str, datetime] = field(default_factory=dict)

    def remove(self, uai: str, before: datetime) -> int:
        old = [name for name, at in self.written.items() if name.startswith(f"{uai}/") and at < before]
        for name in old:
            del self.written[name]
        return len(old)


@dataclass
class FakePurgeMachine:
    started: list[tuple[str, str, int]] = field(default_factory=list)

    def start(self, uai: str, school_year: str, attempt: int) -> None:
        if (uai, school_year, attempt) not in self.started:
            self.started.append((uai, school_year, attempt))
