"""What managers and the operator do with invoices: list, read, record a payment (R2, R41, R42)."""

from dataclasses import dataclass
from datetime import date

from schoolsms.application.ports import Clock, Slice
from schoolsms.application.ports_invoices import InvoicePapers, Invoices
from schoolsms.domain.access import Caller
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError
from schoolsms.domain.invoices import Invoice, paris_day

_NO_SUCH_INVOICE = "Cette facture n'existe pas."


@dataclass(frozen=True)
class ReadInvoices:
    """Managers read those of their own school; the operator those of all, and records payments."""

    invoices: Invoices
    papers: InvoicePapers
    clock: Clock

    @property
    def today(self) -> date:
        """The day by which an invoice is overdue or not."""
        return paris_day(self.clock.now())

    def list_invoices(self, caller: Caller, standing: str | None, cursor: str | None) -> Slice[Invoice]:
        """Those of the caller's school, newest first; for the operator, all that are "due" unless told otherwise."""
        if "operator" not in caller.roles:
            return self.invoices.of_school(caller.require_school("sms_manager"), cursor)
        match standing or "due":
            case ("due" | "overdue" | "paid") as known:
                return self.invoices.standing(known, self.today, cursor)
            case _:
                raise RefusedError("L'état d'une facture est due, overdue ou paid.", "unknown-state")

    def document(self, caller: Caller, number: str) -> bytes:
        """The PDF; another school's is not found, nor is one that is still being made."""
        caller.require("operator", "sms_manager")
        invoice = self.invoices.get(number)
        if invoice is None or invoice.state == "numbered":
            raise NotFoundError(_NO_SUCH_INVOICE)
        if "operator" not in caller.roles and invoice.content.buyer.uai != caller.require_school("sms_manager"):
            raise NotFoundError(_NO_SUCH_INVOICE)
        return self.papers.get(number)

    def record_payment(self, caller: Caller, number: str, paid_on: date, reference: str) -> Invoice:
        """Once: the same again changes nothing, another payment is a conflict. It takes or gives no SMS."""
        caller.require("operator")
        invoice = self.invoices.get(number)
        if invoice is None:
            raise NotFoundError(_NO_SUCH_INVOICE)
        if paid_on > self.today:
            raise RefusedError("La date du paiement est dans le futur.", "payment-in-future")
        if invoice.state == "numbered":
            raise ConflictError("Cette facture n'est pas encore émise.", "invoice-not-issued")
        standing = self.invoices.paid(number, paid_on, reference)
        if (standing.paid_on, standing.payment_reference) != (paid_on, reference):
            raise ConflictError("Un autre paiement de cette facture est déjà enregistré.", "invoice-already-paid")
        return standing
