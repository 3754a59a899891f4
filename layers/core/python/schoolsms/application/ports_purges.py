"""What the purge of ended school years asks of the outside. Every method may raise TransientError."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schoolsms.application.ports import Slice
from schoolsms.domain.purges import Certificate, Counts, Purge, Remains
from schoolsms.domain.subscription_ends import Warned


class PurgeableHistory(Protocol):
    """What the history table still holds of a school's year. The lists may be a moment behind, the rest is not."""

    def any_request(self, uai: str, school_year: str) -> bool: ...

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        """Ids, oldest first."""

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[tuple[str, str]]:
        """What the index of numbers holds: a request id, whether accepted or not, and the place in the index."""

    def look(self, request_id: str) -> Remains: ...

    def count(self, uai: str, school_year: str, request_id: str, counts: Counts) -> None:
        """Add `counts` to those of the purge, once for this request, whoever does; not once it is certified."""

    def remove(self, request_id: str, remains: Remains) -> None:
        """Take away all of it, the request itself last: until then it is found again."""

    def remove_number(self, uai: str, school_year: str, place: str) -> None: ...

    def forget_recent(self, uai: str, before: datetime) -> int:
        """Take away the fingerprints of what was sent before; how many there were."""


class SchoolFiles(Protocol):
    """Files with recipients that a school uploaded or exported, in a bucket."""

    def remove(self, uai: str, before: datetime) -> int:
        """Take away those last written before; how many there were."""


class Purges(Protocol):
    """The purges of each school and year, and their certificates: kept ten years."""

    def get(self, uai: str, school_year: str) -> Purge: ...

    def announced(self, uai: str, school_year: str, warned: Warned) -> None: ...

    def started(self, uai: str, school_year: str, at: datetime) -> None:
        """The first start stands."""

    def certify(self, certificate: Certificate) -> Certificate:
        """Keep it unless there is one; the one that stands."""

    def of_school(self, uai: str) -> Sequence[Certificate]:
        """Newest first."""

    def all(self, cursor: str | None) -> Slice[Certificate]:
        """Of every school, newest first."""


class PurgeMachine(Protocol):
    """The state machine that repeats the steps of a purge until it is done."""

    def start(self, uai: str, school_year: str, attempt: int) -> None:
        """Start it, once an attempt."""
