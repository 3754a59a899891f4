"""The store of consents in memory, with the conditions of its adapter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from schoolsms.application.ports import Slice
from schoolsms.domain.consents import ConsentRecord

A_SLICE = 50


class FakeConsentRecords:
    """Also a `Consents`: whoever consented is granted."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], ConsentRecord] = {}

    def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        return frozenset(phone for phone in phones if self.get(uai, phone).granted)

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
            (each for (school, _), each in self.known.items() if school == uai and not each.suppressed_at),
            key=lambda each: each.phone,
        )
        left = [each for each in every if cursor is None or each.phone > cursor]
        return Slice(left[:A_SLICE], left[A_SLICE - 1].phone if len(left) > A_SLICE else None)

    def schools_of(self, phone: str) -> Sequence[str]:
        return [uai for uai, known in self.known if known == phone]

    def move(self, uai: str, old: ConsentRecord, new: ConsentRecord) -> bool:
        if self.get(uai, old.phone).changes != old.changes or not self.put(uai, new):
            return False
        del self.known[uai, old.phone]
        return True

    def suppress(self, uai: str, record: ConsentRecord) -> bool:
        return self.put(uai, replace(record, events=()))
