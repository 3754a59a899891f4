"""Issue a cancelled invoice's credit note: take a number, make the paper, keep it, mail it, in this order (R41)."""

from dataclasses import dataclass

from schoolsms.application.mails.kinds.send_invoices import MailInvoices
from schoolsms.application.ports.accounts.credit_notes import CreditNotes
from schoolsms.application.ports.accounts.invoices import InvoicePapers, Invoices
from schoolsms.application.ports.core import Clock
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.credit_notes import CreditNote, credit_note_of
from schoolsms.domain.orders.billing.invoices import Invoice, invoice_number, paris_day


@dataclass(frozen=True)
class IssueCreditNote:
    """If the process dies, the next delivery goes on with the number that was taken, so that each number is issued."""

    invoices: Invoices
    credit_notes: CreditNotes
    papers: InvoicePapers
    mails: MailInvoices
    clock: Clock

    def issue(self, of_invoice: str) -> tuple[CreditNote, int]:
        """The credit note, and how many addresses could not be mailed. A repeated call changes nothing."""
        invoice = self.invoices.get(of_invoice)
        if invoice is None or invoice.cancellation is None:
            raise TransientError("the invoice to give a credit note for is not cancelled")
        note = self.credit_notes.of_invoice(of_invoice) or self._number(invoice)
        if note.state != "numbered":
            return note, 0
        document = self.papers.keep(note.number, self.papers.make(note))
        refused = self.mails.cancelled(invoice, note, document)
        return self.credit_notes.issued(note.number), refused

    def _number(self, invoice: Invoice) -> CreditNote:
        today = paris_day(self.clock.now())
        # A paper that cannot be drawn must not take a number, because the sequence would have a gap for ever.
        self.papers.make(credit_note_of(invoice, invoice_number(today.year, 0), today))
        return self.credit_notes.number(invoice, lambda: paris_day(self.clock.now()))
