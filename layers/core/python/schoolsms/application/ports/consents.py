"""Ports of the store of consents and of files of them; `core.Consents` is the part of it that sending uses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.consents import ConsentRecord


class ConsentRecords(Protocol):
    """The consents of each school by number, in E.164."""

    def get(self, uai: str, phone: str) -> ConsentRecord:
        """The record of a number, empty if nothing is known."""

    def get_all(self, uai: str, phones: Iterable[str]) -> Mapping[str, ConsentRecord]:
        """The record of each of `phones`."""

    def put(self, uai: str, record: ConsentRecord) -> bool:
        """Write it if it is unchanged since it was read; False, nothing written, if it is not."""

    def put_all(self, uai: str, records: Sequence[ConsentRecord]) -> Sequence[ConsentRecord]:
        """As `put`, each alone; returns those that were not written."""

    def of_school(self, uai: str, cursor: str | None) -> Slice[ConsentRecord]:
        """All records in the order of their hashes, without numbers that were erased or corrected away."""

    def all_of_school(self, uai: str) -> Iterator[ConsentRecord]:
        """As `of_school`, all of them."""

    def schools_of(self, phone: str) -> Sequence[str]:
        """The schools that know the number, by UAI."""

    def move(self, uai: str, old: ConsentRecord, new: ConsentRecord) -> bool:
        """Write what is left of `old`, and `new`, at once. False means read again: another write came first, or this
        one was made and its answer was lost."""

    def suppress(self, uai: str, record: ConsentRecord) -> bool:
        """Remove number and proofs, and remember the keyed hash of a number not to write to; False as in `put`."""


class ConsentFiles(Protocol):
    """Files of consents that are too long to be answered at once, for a day."""

    def keep(self, uai: str, content: bytes, content_type: str, filename: str) -> str:
        """Keep one; an address from which anybody who knows it can download it, for five minutes."""
