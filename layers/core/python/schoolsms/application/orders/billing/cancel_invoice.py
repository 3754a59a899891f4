"""Cancel an invoice that was issued wrongly: the operator says why, a credit note follows (R41)."""

from dataclasses import dataclass, replace

from schoolsms.application.ports.accounts.credit_notes import CancelledInvoiceQueue, CreditNotes
from schoolsms.application.ports.accounts.invoices import Invoices
from schoolsms.application.ports.core import Clock, Schools
from schoolsms.domain.errors import ConflictError, NotFoundError, TransientError
from schoolsms.domain.orders.billing.invoices import Cancellation, Invoice, paris_day
from schoolsms.domain.orders.packs import euros
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import Act

TRIES = 5
"""Attempts before giving up. Two acts about one school, or a payment of the invoice, at the same moment are rare."""


@dataclass(frozen=True)
class CancelInvoice:
    """Safe to retry: an invoice is cancelled and recorded once. The credit note is asked for each time until it has a
    number, because a first try may have died before it was."""

    schools: Schools
    invoices: Invoices
    credit_notes: CreditNotes
    queue: CancelledInvoiceQueue
    clock: Clock

    def cancel(self, caller: Caller, number: str, reason: str) -> Invoice:
        """The cancelled invoice. Nothing is reminded of from now on; SMS and payments stay as they are.

        Raises NotFoundError, ConflictError for an invoice that is not issued yet.
        """
        caller.require("operator")
        for _ in range(TRIES):
            invoice = self._issued(number)
            cancelled = invoice if invoice.cancellation else self._cancelled(caller, invoice, reason)
            if cancelled:
                if not cancelled.credit_note:
                    self.queue.invoice_cancelled(number)
                return cancelled
        raise TransientError("too many acts about this school at once")

    def _cancelled(self, caller: Caller, invoice: Invoice, reason: str) -> Invoice | None:
        school = self.schools.get(invoice.content.buyer.uai)
        if school is None:
            raise TransientError("the school of the invoice is not there")
        now = self.clock.now()
        cancelled = invoice.cancelled(Cancellation(paris_day(now), reason))
        detail = {
            "invoice": invoice.number,
            "total_ttc": euros(invoice.content.ttc_cents),
            "refund_due": euros(cancelled.refund_due_cents),
        }
        act = Act(school.acts + 1, "invoice-cancelled", now, caller.subject, caller.email, reason, detail)
        done = self.credit_notes.cancel(invoice, cancelled, replace(school, acts=act.number), act)
        return cancelled if done else None

    def _issued(self, number: str) -> Invoice:
        invoice = self.invoices.get(number)
        if invoice is None:
            raise NotFoundError("Cette facture n'existe pas.")
        if invoice.state == "numbered":
            raise ConflictError("Cette facture n'est pas encore émise.", "invoice-not-issued")
        return invoice
