"""A credit note (« avoir ») that cancels an invoice issued wrongly, in full (R41).

numbered ──mailed──▶ issued

Its number is the next one of the invoices' own sequence: CGI, art. 289, I, 5 treats it as an invoice, and art. 242
nonies A of annexe II wants a sequence unbroken. It names number and date of the invoice. The stock stays as it is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schoolsms.domain.orders.billing.invoices import Invoice, InvoiceContent

CreditNoteState = Literal["numbered", "issued"]


@dataclass(frozen=True)
class CreditNote:
    """All that the paper says; `content` is the invoice's, and its amounts are what the credit note gives back."""

    number: str
    issued_on: date
    invoice_number: str
    invoice_issued_on: date
    content: InvoiceContent
    reason: str
    state: CreditNoteState = "numbered"


def credit_note_of(invoice: Invoice, number: str, issued_on: date) -> CreditNote:
    """The credit note of a cancelled invoice. Raises ValueError for one that is not cancelled."""
    if invoice.cancellation is None:
        raise ValueError("only a cancelled invoice has a credit note")
    reason = invoice.cancellation.reason
    return CreditNote(number, issued_on, invoice.number, invoice.issued_on, invoice.content, reason)
