"""Consents, and what the rights of recipients ask of the history, in memory, with the conditions of the adapters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from schoolsms.application.ports.core import Slice
from schoolsms.application.ports.history.personal_data import Occurrence, PersonalDataOfRequest
from schoolsms.domain.consents.consents import ConsentRecord, is_number
from schoolsms.domain.sending.send_requests import Line, SendRequest
from tests.fakes.history.history import FakeSendRequests

A_SLICE = 50
TRACES_A_SLICE = 20


class FakeConsentRecords:
    """Also a `Consents`: whoever consented is granted."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], ConsentRecord] = {}

    def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        return frozenset(phone for phone in phones if self.get(uai, phone).granted)

    def forgotten(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        return frozenset(phone for phone in phones if self.get(uai, phone).forgotten)

    def get(self, uai: str, phone: str) -> ConsentRecord:
        return self.known.get((uai, phone), ConsentRecord(phone))

    def get_all(self, uai: str, phones: Iterable[str]) -> Mapping[str, ConsentRecord]:
        return {phone: self.get(uai, phone) for phone in phones}

    def put(self, uai: str, record: ConsentRecord) -> bool:
        if self.get(uai, record.phone).changes != record.changes:
            return False
        self.known[uai, record.phone] = replace(record, changes=record.changes + 1)
        return True

    def put_all(self, uai: str, records: Sequence[ConsentRecord]) -> Sequence[ConsentRecord]:
        return [record for record in records if not self.put(uai, record)]

    def of_school(self, uai: str, cursor: str | None) -> Slice[ConsentRecord]:
        every = sorted(
            (each for (school, _), each in self.known.items() if school == uai and each.proof),
            key=lambda each: each.phone,
        )
        left = [each for each in every if cursor is None or each.phone > cursor]
        return Slice(left[:A_SLICE], left[A_SLICE - 1].phone if len(left) > A_SLICE else None)

    def all_of_school(self, uai: str) -> Iterator[ConsentRecord]:
        cursor: str | None = None
        while True:
            found = self.of_school(uai, cursor)
            yield from found.items
            cursor = found.cursor
            if cursor is None:
                return

    def schools_of(self, phone: str) -> Sequence[str]:
        return [uai for uai, known in self.known if known == phone]

    def move(self, uai: str, old: ConsentRecord, new: ConsentRecord) -> bool:
        return self.get(uai, old.phone).changes == old.changes and self.put(uai, new) and self.put(uai, old)

    def suppress(self, uai: str, record: ConsentRecord) -> bool:
        return self.put(uai, replace(record, events=()))


class FakePhoneOccurrences:
    """Over the attempts, pages and refusals of a `FakeSendRequests`."""

    def __init__(self, requests: FakeSendRequests) -> None:
        self.requests = requests

    def occurrences(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[Occurrence]:
        tried = sorted(self.requests.numbered.get((uai, school_year), []), key=lambda each: each.place, reverse=True)
        occurrences = []
        for each in tried:
            request = self.requests.known.get(each.request_id)
            accepted = request if request and request.attempt == each.name else None
            occurrences.append(Occurrence(uai, school_year, each.place, each.request_id, each.name, None, accepted))
        left = [each for each in occurrences if self._names(each, phone) and (before is None or each.place < before)]
        return Slice(left[:TRACES_A_SLICE], left[TRACES_A_SLICE - 1].place if len(left) > TRACES_A_SLICE else None)

    def held(self, request: SendRequest, phone: str) -> PersonalDataOfRequest:
        return PersonalDataOfRequest(
            [line for line in self.requests.all_lines(request) if line.phone == phone],
            [refusal for refusal in self.requests.refusals(request.id) if is_number(refusal.phone, phone)],
        )

    def begin_erasure(self, uai: str, at: datetime) -> None:
        self.requests.erasures[uai] = self.requests.erasures.get(uai, 0) + 1

    def erase(self, occurrence: Occurrence, phone: str) -> int:
        erased = len(self.held(occurrence.request, phone).lines) if occurrence.request else 0
        for place, lines in self._pages(occurrence):
            self.requests.pages[place] = [
                line._replace(phone="", text="") if line.phone == phone else line for line in lines
            ]
        mine = occurrence.request_id, occurrence.attempt
        refusals = self.requests.refused.get(mine, [])
        self.requests.refused[mine] = [
            replace(each, phone="") if is_number(each.phone, phone) else each for each in refusals
        ]
        return erased

    def _names(self, occurrence: Occurrence, phone: str) -> bool:
        refusals = self.requests.refused.get((occurrence.request_id, occurrence.attempt), [])
        return any(line.phone == phone for _, lines in self._pages(occurrence) for line in lines) or any(
            is_number(each.phone, phone) for each in refusals
        )

    def _pages(self, occurrence: Occurrence) -> Sequence[tuple[tuple[str, str, int], Sequence[Line]]]:
        return [
            each for each in self.requests.pages.items() if each[0][:2] == (occurrence.request_id, occurrence.attempt)
        ]


class FakeSchoolFiles:
    """`removed`: of which schools, and before when."""

    def __init__(self) -> None:
        self.removed: list[tuple[str, datetime]] = []

    def delete_older_than(self, uai: str, before: datetime) -> int:
        self.removed.append((uai, before))
        return 1
