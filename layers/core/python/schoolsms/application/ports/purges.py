"""What the purge of ended school years asks of the outside. Every method may raise TransientError."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.history.purges import Attempt, Certificate, Purge, PurgeableRequest, Remains
from schoolsms.domain.schools.subscription_ends import Warned


class PurgeableHistory(Protocol):
    """What the history table still holds of a school's year. The lists may be a moment behind, the rest is not."""

    def anything_left(self, uai: str, school_year: str) -> bool:
        """Whether a request, or an attempt that came to none, or an answer of a recipient still is there."""

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        """Ids, oldest first."""

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[Attempt]:
        """All attempts at requests, whether accepted or not: what the index of numbers holds."""

    def look(self, request_id: str) -> Remains: ...

    def count(self, request_id: str, request: PurgeableRequest) -> None:
        """Add its counts to those of the purge, once for this request, whoever does; not once it is certified.

        From then on it is `counted` in either case.
        """

    def remove(self, request_id: str, remains: Remains) -> None:
        """Take away all of it, the request itself last: until then it is found again.

        One that has come to stand under the same id meanwhile stays.
        """

    def remove_pages(self, attempt: Attempt) -> int:
        """Take away the pages that this attempt wrote, and no other's; how many there were."""

    def remove_number(self, uai: str, school_year: str, attempt: Attempt) -> None:
        """Take it out of the index of numbers: nothing leads to its pages any more."""

    def remove_replies(self, uai: str, school_year: str) -> int:
        """Take away some of the answers of recipients, and count them, each once; 0 when none is left."""

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
