"""Ports of the audit, which reads what others wrote. Every method may raise TransientError."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.orders.billing.audits import Paper
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.sending.request_audits import RequestFigures


class AuditedRequests(Protocol):
    """Send requests by their figures, without numbers and texts."""

    def ids(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        """Requests of a school's year, oldest first."""

    def schools_of(self, request_ids: Sequence[str]) -> dict[str, str]:
        """The school of each request that exists, by id."""

    def figures(self, request_id: str) -> RequestFigures | None: ...

    def entries(self, uai: str, request_id: str) -> tuple[Entry | None, Sequence[Entry]]:
        """The debit of the request and the releases of its messages."""

    def purge_began(self, uai: str, school_year: str) -> bool:
        """Whether the school's year is being purged, or was: its requests may be gone in part."""

    def purged_at(self, uai: str) -> datetime | None:
        """The start of the school's latest purge: requests that were debited before may be gone."""


class AuditedNumbers(Protocol):
    """The sequences of invoices and credit notes."""

    def last_rank(self, year: int) -> int:
        """The last rank given in a year, 0 before the first."""

    def papers(self, year: int, last_rank: int) -> Iterator[tuple[int, Paper | None]]:
        """Each rank from 1 to `last_rank` with each paper of that number, in order, None where there is none."""


@dataclass(frozen=True)
class AuditRun:
    """How far the audit of a night has come: `after` is the last school before the step that runs.

    `looking_at`: the school that is looked at; "" between steps. `given_up`: those at which a step died.
    """

    night: date
    after: str = ""
    done: bool = False
    looking_at: str = ""
    given_up: tuple[str, ...] = ()


class AuditRuns(Protocol):
    """The progress of the night's audit."""

    def latest(self) -> AuditRun | None: ...

    def keep(self, run: AuditRun) -> None: ...
