"""What is asked of the store of consents; see `ports.py` for the rest, and for `Consents`, what sending asks of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.consents import ConsentRecord


class ConsentRecords(Protocol):
    """The consents of each school by number, in E.164."""

    def get(self, uai: str, phone: str) -> ConsentRecord:
        """An empty one of a number nothing is known of."""

    def get_all(self, uai: str, phones: Iterable[str]) -> Mapping[str, ConsentRecord]:
        """Of each of `phones`."""

    def put(self, uai: str, record: ConsentRecord) -> bool:
        """Write it, if it is still as it was read; False, nothing written, when another write came first."""

    def put_all(self, uai: str, records: Sequence[ConsentRecord]) -> Sequence[ConsentRecord]:
        """As `put`, each alone; those before which another write came."""

    def of_school(self, uai: str, cursor: str | None) -> Slice[ConsentRecord]:
        """In no order a person would know; numbers that were erased or corrected away are not among them."""

    def schools_of(self, phone: str) -> Sequence[str]:
        """The schools that know the number, by UAI."""

    def move(self, uai: str, old: ConsentRecord, new: ConsentRecord) -> bool:
        """Write what is left of `old`, and `new`, at once. False: read again, whether another write came first or this
        one was made and its answer was lost."""

    def suppress(self, uai: str, record: ConsentRecord) -> bool:
        """Forget number and proofs, and remember by a keyed hash not to write to it again; False as in `put`."""
