"""Ports of invoices, their papers and their queue."""

from collections.abc import Callable
from datetime import date
from typing import Literal, Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Invoice, InvoiceContent


class Invoices(Protocol):
    """The invoices, and the unbroken sequence of their numbers (R41)."""

    def number(self, content: InvoiceContent, today: Callable[[], date], replaced: Invoice | None = None) -> Invoice:
        """Give the content the next number of its year and store both, in one transaction.

        An order has one invoice; if it was numbered before, returns that one. Dates follow the numbers. `replaced` is
        the cancelled invoice of the order whose reissue is asked for: the same transaction says at each of the two
        which the other is, and moves the order to the new one.
        """

    def of_order(self, order_id: str) -> Invoice | None: ...

    def get(self, number: str) -> Invoice | None: ...

    def issued(self, number: str, deposited_on: date) -> Invoice:
        """Numbered → issued, and listed from now on; the stored invoice."""

    def paid(self, invoice: Invoice, paid: Invoice) -> bool:
        """Write `paid`, which is `invoice` with one payment more; False, with nothing written, if another payment or a
        cancellation came since it was read."""

    def received(self, invoice: Invoice) -> Invoice:
        """Write the reception of `invoice`, its due date and that no reminder of it went out; the stored invoice."""

    def reminded(self, number: str, days: int) -> None:
        """Remember that the reminder of that stage is on its way."""

    def of_school(self, uai: str, cursor: str | None) -> Slice[Invoice]:
        """Those issued, newest first."""

    def standing(
        self, standing: Literal["due", "overdue", "paid", "cancelled"], today: date, cursor: str | None
    ) -> Slice[Invoice]:
        """Of all schools, by due date."""


class InvoicePapers(Protocol):
    """Invoices and credit notes as PDF: made, kept, read."""

    def make(self, paper: Invoice | CreditNote) -> bytes:
        """The Factur-X of `paper`: a PDF/A-3B with its EN 16931 XML."""

    def keep(self, number: str, document: bytes) -> bytes:
        """Keep `document` for good; if there was one already, returns that one."""

    def get(self, number: str) -> bytes: ...


class CreditedOrderQueue(Protocol):
    """Credited orders, to invoice."""

    def order_credited(self, order_id: str) -> None: ...
