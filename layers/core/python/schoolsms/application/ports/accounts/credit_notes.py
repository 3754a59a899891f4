"""Ports of credit notes and of the queue of cancelled invoices. Every method may raise TransientError."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School


class CreditNotes(Protocol):
    """Credit notes, numbered in the unbroken sequence of the invoices (R41)."""

    def cancel(self, invoice: Invoice, cancelled: Invoice, school: School, act: Act) -> bool:
        """Write `cancelled`, which is `invoice` with its cancellation, and the school's act that records it, in one
        transaction; False if it is in another state by now, or another act of the school came since they were read.
        """

    def number(self, invoice: Invoice, today: Callable[[], date]) -> CreditNote:
        """Give the cancelled invoice's credit note the next number and store it, in one transaction.

        An invoice has one; if it was numbered before, returns that one. Dates follow the numbers.
        """

    def of_invoice(self, invoice_number: str) -> CreditNote | None: ...

    def get(self, number: str) -> CreditNote | None: ...

    def issued(self, number: str) -> CreditNote:
        """Numbered → issued; the stored credit note."""


class CancelledInvoiceQueue(Protocol):
    """Cancelled invoices, whose credit notes are to be issued."""

    def invoice_cancelled(self, invoice_number: str) -> None: ...
