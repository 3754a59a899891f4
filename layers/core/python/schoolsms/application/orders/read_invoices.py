"""List and read invoices (R2, R41, R42)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schoolsms.application.ports.core import Clock, Schools, Slice
from schoolsms.application.ports.invoices import InvoicePapers, Invoices
from schoolsms.application.schools.callers_school import school_to_read
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.orders.invoices import Invoice, paris_day
from schoolsms.domain.schools.access import Caller

ListedStanding = Literal["due", "overdue", "paid"]

_NO_SUCH_INVOICE = "Cette facture n'existe pas."


@dataclass(frozen=True)
class ReadInvoices:
    """Managers read those of their own school; the operator those of all."""

    schools: Schools
    invoices: Invoices
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
        if known is None:
            return self.invoices.of_school(school.uai, cursor)
        return self._of_school_standing(school.uai, known, cursor)

    def _of_school_standing(self, uai: str, standing: ListedStanding, cursor: str | None) -> Slice[Invoice]:
        """Filter here, because a school has few invoices, and skip slices without any."""
        today = self.today
        while True:
            piece = self.invoices.of_school(uai, cursor)
            found = [invoice for invoice in piece.items if invoice.standing(today) == standing]
            if found or piece.cursor is None:
                return Slice(found, piece.cursor)
            cursor = piece.cursor

    def document(self, caller: Caller, number: str) -> bytes:
        """The PDF; another school's is not found, nor is one that is still being made."""
        own = caller.require_operator_or_school("sms_manager")
        invoice = self.invoices.get(number)
        if invoice is None or invoice.state == "numbered" or own not in (None, invoice.content.buyer.uai):
            raise NotFoundError(_NO_SUCH_INVOICE)
        return self.papers.get(number)


def _standing(written: str | None) -> ListedStanding | None:
    match written or None:
        case None | "due" | "overdue" | "paid" as known:
            return known
        case _:
            raise RefusedError("L'état d'une facture est due, overdue ou paid.", "unknown-state")
