"""List and read invoices (R2, R41, R42)."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from schoolsms.application.ports.accounts.credit_notes import CreditNotes
from schoolsms.application.ports.accounts.invoices import InvoicePapers, Invoices
from schoolsms.application.ports.core import Clock, Schools, Slice
from schoolsms.application.ports.walks import next_matching
from schoolsms.application.schools.callers_school import school_to_read
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.orders.billing.invoices import Invoice, paris_day
from schoolsms.domain.schools.access import Caller

ListedStanding = Literal["due", "overdue", "paid", "cancelled"]

_NO_SUCH_INVOICE = "Cette facture n'existe pas."


@dataclass(frozen=True)
class ReadInvoices:
    """Managers read those of their own school; the operator those of all."""

    schools: Schools
    invoices: Invoices
    credit_notes: CreditNotes
    papers: InvoicePapers
    clock: Clock

    @property
    def today(self) -> date:
        """Today in Paris, which decides whether an invoice is overdue."""
        return paris_day(self.clock.now())

    def list_invoices(
        self, caller: Caller, standing: str | None, cursor: str | None, named: str | None = None
    ) -> Slice[Invoice]:
        """Those of the caller's school, or of the one that the operator `named`, newest first; for the operator without
        a school those of all, "due" unless given. Raises RefusedError.
        """
        known = _standing(standing)
        school = school_to_read(self.schools, caller, named)
        if school is None:
            return self.invoices.standing(known or "due", self.today, cursor)
        of_school, today = partial(self.invoices.of_school, school.uai), self.today
        if known is None:
            return of_school(cursor)
        # A school has few invoices, so filter here.
        return next_matching(of_school, cursor, lambda invoice: invoice.standing(today) == known)

    def document(self, caller: Caller, number: str) -> bytes:
        """The PDF of an invoice or credit note; another school's is not found, nor is one that is still being made."""
        own = caller.require_operator_or_school("sms_manager")
        paper = self.invoices.get(number) or self.credit_notes.get(number)
        if paper is None or paper.state == "numbered" or own not in (None, paper.content.buyer.uai):
            raise NotFoundError(_NO_SUCH_INVOICE)
        return self.papers.get(number)


def _standing(written: str | None) -> ListedStanding | None:
    match written or None:
        case None | "due" | "overdue" | "paid" | "cancelled" as known:
            return known
        case _:
            raise RefusedError("L'état d'une facture est due, overdue, paid ou cancelled.", "unknown-state")
