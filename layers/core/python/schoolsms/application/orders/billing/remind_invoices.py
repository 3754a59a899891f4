"""Remind schools of late invoices, once a stage (R42)."""

from dataclasses import dataclass
from functools import partial

from schoolsms.application.ports.accounts.invoices import Invoices
from schoolsms.application.ports.core import Clock, NoticeQueue
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.orders.billing.invoices import paris_day


@dataclass(frozen=True)
class RemindInvoices:
    """Queues the reminders; `mails/kinds/send_invoices.py` sends them."""

    invoices: Invoices
    notices: NoticeQueue
    clock: Clock

    def remind(self) -> tuple[int, int]:
        """Queue the due reminders; return how many invoices are overdue, and how many reminders were queued."""
        today = paris_day(self.clock.now())
        overdue = reminded = 0
        for invoice in every_item(partial(self.invoices.standing, "overdue", today)):
            overdue += 1
            stage = invoice.reminder_due(today)
            if stage is not None:
                # Queue first: if we die in between, it is queued again, and still mailed once.
                self.notices.notice_due("invoice_late", number=invoice.number, stage=str(stage))
                self.invoices.reminded(invoice.number, stage)
                reminded += 1
        return overdue, reminded
