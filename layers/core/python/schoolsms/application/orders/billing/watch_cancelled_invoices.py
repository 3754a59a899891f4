"""Queue again the credit notes and the reissues of cancelled invoices that were left out (R41)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from schoolsms.application.ports.accounts.credit_notes import CancelledInvoiceQueue
from schoolsms.application.ports.accounts.invoices import CreditedOrderQueue, Invoices
from schoolsms.application.ports.core import Clock
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.orders.billing.invoices import paris_day


@dataclass(frozen=True)
class LeftOut:
    """Papers queued again: `credit_notes` by the numbers of their invoices, `reissues` by their orders."""

    credit_notes: Sequence[str]
    reissues: Sequence[str]


@dataclass(frozen=True)
class WatchCancelledInvoices:
    """Finds what a process left that died between recording an act and queueing what follows.

    All cancelled invoices are read each time, because there are a few in a year.
    """

    invoices: Invoices
    queue: CancelledInvoiceQueue
    orders: CreditedOrderQueue
    clock: Clock

    def watch(self) -> LeftOut:
        """Queue what was asked for before today, because a younger paper may be about to be issued."""
        today = paris_day(self.clock.now())
        cancelled = list(every_item(partial(self.invoices.standing, "cancelled", today)))
        left_out = LeftOut(
            credit_notes=[
                invoice.number
                for invoice in cancelled
                if not invoice.credit_note and invoice.cancellation and invoice.cancellation.on < today
            ],
            reissues=[
                invoice.content.order_id
                for invoice in cancelled
                if invoice.awaits_reissue and invoice.reissue_asked_on and invoice.reissue_asked_on < today
            ],
        )
        for number in left_out.credit_notes:
            self.queue.invoice_cancelled(number)
        for order_id in left_out.reissues:
            self.orders.order_credited(order_id)
        return left_out
