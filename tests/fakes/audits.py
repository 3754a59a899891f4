"""In-memory stand-ins for what the audit reads, over the other fakes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schoolsms.application.ports.audits import AuditRun
from schoolsms.application.ports.core import Slice
from schoolsms.domain.orders.billing.audits import Paper
from schoolsms.domain.orders.billing.invoices import invoice_number
from schoolsms.domain.schools.stock.ledger import Entry, debit_id
from schoolsms.domain.sending.request_audits import RequestFigures
from tests.fakes.history.history import FakeSendRequests
from tests.fakes.orders.invoices import FakeInvoices
from tests.fakes.slices import sliced


@dataclass
class FakeAuditedRequests:
    requests: FakeSendRequests
    purged: datetime | None = None
    began: set[str] = field(default_factory=set)

    def ids(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        of_year = [
            each for each in self.requests.known.values() if (each.school, each.school_year) == (uai, school_year)
        ]
        return sliced(sorted(each.id for each in of_year), str, after)

    def schools_of(self, request_ids: Sequence[str]) -> dict[str, str]:
        found = (self.requests.get(request_id) for request_id in request_ids)
        return {request.id: request.school for request in found if request}

    def figures(self, request_id: str) -> RequestFigures | None:
        request = self.requests.get(request_id)
        if request is None:
            return None
        pages = {
            number: self.requests.pages.get((request.id, request.attempt, number)) for number in range(request.pages)
        }
        return RequestFigures(
            id=request.id,
            school=request.school,
            accepted=request.accepted,
            cost_sms=request.cost_sms,
            cancelled=request.cancelled,
            costs={line.index: line.cost_sms for lines in pages.values() for line in lines or ()},
            missing_pages=[number for number, lines in pages.items() if lines is None],
            statuses=self.requests.statuses(request.id),
        )

    def entries(self, uai: str, request_id: str) -> tuple[Entry | None, Sequence[Entry]]:
        made = self.requests.ledger.of.get(uai, [])
        releases = [entry for entry in made if entry.id.startswith(f"release:{request_id}")]
        return self.requests.ledger.entry(uai, debit_id(request_id)), releases

    def purge_began(self, uai: str, school_year: str) -> bool:
        return school_year in self.began

    def purged_at(self, uai: str) -> datetime | None:
        return self.purged


@dataclass
class FakeAuditedNumbers:
    invoices: FakeInvoices
    given: int = 0
    """The last rank of this year; as many as there are papers, if 0."""

    def last_rank(self, year: int) -> int:
        numbers = [*self.invoices.known, *self.invoices.credit_notes]
        of_year = [number for number in numbers if number.startswith(f"{year}-")]
        return self.given if self.given and of_year else len(of_year)

    def papers(self, year: int, last_rank: int) -> Iterator[tuple[int, Paper | None]]:
        for rank in range(1, last_rank + 1):
            number = invoice_number(year, rank)
            found: list[Paper | None] = list(self._of(number))
            yield from ((rank, paper) for paper in found or [None])

    def _of(self, number: str) -> Iterator[Paper]:
        if invoice := self.invoices.known.get(number):
            order_id = invoice.content.order_id
            known = self.invoices.of_order(order_id)
            known_as = number if invoice.replaced_by else known.number if known else ""
            yield Paper("invoice", number, invoice.issued_on, order_id, known_as)
        if note := self.invoices.credit_notes.get(number):
            of = self.invoices.known.get(note.invoice_number)
            yield Paper("credit_note", number, note.issued_on, note.invoice_number, of.credit_note if of else "")


@dataclass
class FakeAuditRuns:
    run: AuditRun | None = None

    def latest(self) -> AuditRun | None:
        return self.run

    def keep(self, run: AuditRun) -> None:
        self.run = run
