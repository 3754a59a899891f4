"""Ports of the purge of ended school years. Every method may raise TransientError."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.history.purges import Attempt, Certificate, Purge, PurgeableRequest, Remains
from schoolsms.domain.schools.stock.subscription_ends import Warned


class PurgeableHistory(Protocol):
    """The remaining history of a school's year. Only the lists may be a moment old."""

    def anything_left(self, uai: str, school_year: str) -> bool:
        """Whether a request, an attempt at one, or an answer of a recipient is still there."""

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        """Ids, oldest first."""

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[Attempt]:
        """All attempts at requests, whether accepted or not: what the index of numbers holds."""

    def look(self, request_id: str) -> Remains: ...

    def count(self, request_id: str, request: PurgeableRequest) -> None:
        """Add its counts to those of the purge, once a request, and not after the certificate.

        From then on it is `counted` in either case.
        """

    def delete_request(self, request_id: str, remains: Remains) -> None:
        """Remove all of it, the request itself last, so that an interrupted removal finds it again.

        A newer request under the same id stays.
        """

    def remove_pages(self, attempt: Attempt) -> int:
        """Remove the pages that this attempt wrote, and no other's; how many there were."""

    def remove_number(self, uai: str, school_year: str, attempt: Attempt) -> None:
        """Remove it from the index of numbers, after which nothing leads to its pages."""

    def remove_replies(self, uai: str, school_year: str) -> int:
        """Remove some of the answers of recipients, and count each once; 0 if none is left."""

    def forget_recent(self, uai: str, before: datetime) -> int:
        """Remove the fingerprints of what was sent before; how many there were."""


class SchoolFiles(Protocol):
    """Files with recipients that a school uploaded or exported, in a bucket."""

    def delete_older_than(self, uai: str, before: datetime) -> int:
        """Remove those last written before; how many there were."""


class Purges(Protocol):
    """The purges of each school and year, and their certificates: kept ten years."""

    def get(self, uai: str, school_year: str) -> Purge: ...

    def announced(self, uai: str, school_year: str, warned: Warned) -> None: ...

    def started(self, uai: str, school_year: str, at: datetime) -> None:
        """Record the start; the first one counts."""

    def certify(self, certificate: Certificate) -> Certificate:
        """Keep it unless there is one; the stored one."""

    def of_school(self, uai: str) -> Sequence[Certificate]:
        """Newest first."""

    def all(self, cursor: str | None) -> Slice[Certificate]:
        """Of every school, newest first."""


class PurgeMachine(Protocol):
    """The state machine that repeats the steps of a purge until it is done."""

    def start(self, uai: str, school_year: str, attempt: int, begin_at: datetime) -> None:
        """Start it, once an attempt; its first step is done at `begin_at`."""
