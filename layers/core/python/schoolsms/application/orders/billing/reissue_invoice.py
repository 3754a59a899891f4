"""Invoice an order anew whose invoice was cancelled by a credit note: once, to the school as registered now (R41)."""

from dataclasses import dataclass, replace

from schoolsms.application.ports.accounts.credit_notes import CreditNotes
from schoolsms.application.ports.accounts.invoices import CreditedOrderQueue, Invoices
from schoolsms.application.ports.accounts.reissues import Reissues
from schoolsms.application.ports.core import Clock, Schools
from schoolsms.domain.errors import ConflictError, NotFoundError, TransientError
from schoolsms.domain.orders.billing.invoices import Invoice, paris_day
from schoolsms.domain.orders.packs import euros
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import Act

TRIES = 5
"""Attempts before giving up. Two acts about one school at the same moment are rare."""


@dataclass(frozen=True)
class ReissueInvoice:
    """Safe to retry: a reissue is recorded once, and the order queued each time until the new invoice has a number,
    because a first try may have died before it was. `IssueInvoice` gives the number, once."""

    schools: Schools
    invoices: Invoices
    credit_notes: CreditNotes
    reissues: Reissues
    orders: CreditedOrderQueue
    clock: Clock

    def reissue(self, caller: Caller, number: str) -> Invoice:
        """The cancelled invoice, for which another one is asked now.

        Raises NotFoundError, ConflictError for one that stands, that has no credit note yet, or that is replaced.
        """
        caller.require("operator")
        for _ in range(TRIES):
            invoice = self._replaceable(number)
            asked = invoice if invoice.reissue_asked_on else self._asked(caller, invoice)
            if asked:
                self.orders.order_credited(asked.content.order_id)
                return asked
        raise TransientError("too many acts about this school at once")

    def _asked(self, caller: Caller, invoice: Invoice) -> Invoice | None:
        school = self.schools.get(invoice.content.buyer.uai)
        if school is None:
            raise TransientError("the school of the invoice is not there")
        now = self.clock.now()
        asked = replace(invoice, reissue_asked_on=paris_day(now))
        detail = {
            "invoice": invoice.number,
            "total_ttc": euros(invoice.content.ttc_cents),
            "siret_before": invoice.content.buyer.siret,
            "siret": school.siret,
        }
        act = Act(school.acts + 1, "invoice-reissued", now, caller.subject, caller.email, detail=detail)
        done = self.reissues.ask(invoice, asked, replace(school, acts=act.number), act)
        return asked if done else None

    def _replaceable(self, number: str) -> Invoice:
        invoice = self.invoices.get(number)
        if invoice is None:
            raise NotFoundError("Cette facture n'existe pas.")
        if invoice.cancellation is None:
            raise ConflictError(
                "Cette facture n'est pas annulée. Annulez-la d'abord par un avoir, puis émettez la nouvelle.",
                "invoice-not-cancelled",
            )
        if invoice.replaced_by:
            raise ConflictError(
                f"Cette facture est déjà remplacée par la facture {invoice.replaced_by}. Si celle-ci est fausse aussi, "
                "annulez-la par un avoir, puis émettez-en une nouvelle à sa place.",
                "already-reissued",
            )
        note = self.credit_notes.get(invoice.credit_note) if invoice.credit_note else None
        if note is None or note.state != "issued":
            raise ConflictError(
                "L'avoir sur cette facture n'est pas encore émis. Réessayez dans quelques minutes.",
                "credit-note-not-issued",
            )
        return invoice
