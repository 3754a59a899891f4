"""Reminders, once a stage (R42)."""

from dataclasses import replace
from datetime import date

import pytest

from schoolsms.application.orders.billing.remind_invoices import RemindInvoices
from schoolsms.domain.orders.billing.invoices import Invoice
from tests.fakes.core import FakeQueues, ManualClock
from tests.fakes.orders.invoices import TODAY, FakeInvoices, invoice
from tests.support.builders import NOW
from tests.support.faults.fault_injection import Died, dies, interrupted

NUMBER = "2026-000001"


class Watch:
    def __init__(self, *invoices: Invoice) -> None:
        self.invoices = FakeInvoices(*invoices)
        self.queues = FakeQueues()
        self.clock = ManualClock(NOW)
        self.use_case = RemindInvoices(self.invoices, self.queues, self.clock)

    def on(self, day: date) -> tuple[int, int]:
        self.clock.time = NOW + (day - TODAY)
        return self.use_case.remind()


def test_a_late_invoice_is_reminded_of_once_a_stage() -> None:
    """R42: due 23 December; 7 and 30 days later."""
    watch = Watch(invoice())
    assert watch.on(date(2026, 12, 23)) == (0, 0)
    assert watch.on(date(2026, 12, 29)) == (1, 0)
    assert watch.on(date(2026, 12, 30)) == (1, 1)
    assert watch.on(date(2026, 12, 30)) == (1, 0)
    assert watch.on(date(2027, 1, 22)) == (1, 1)
    assert watch.on(date(2027, 3, 1)) == (1, 0)
    assert watch.queues.notices == [
        ("invoice_late", {"number": NUMBER, "stage": "7"}),
        ("invoice_late", {"number": NUMBER, "stage": "30"}),
    ]


def test_a_paid_invoice_is_reminded_of_no_more() -> None:
    watch = Watch(invoice(state="paid"))
    assert watch.on(date(2027, 3, 1)) == (0, 0)


def test_all_late_invoices_are_seen_page_after_page() -> None:
    watch = Watch(*(invoice(f"2026-{rank:06d}") for rank in range(1, 9)))
    assert watch.on(date(2026, 12, 31)) == (8, 8)


def test_dying_after_the_reminder_was_queued_it_is_queued_again() -> None:
    """R48: the mail goes out once all the same, by its claim."""
    watch = Watch(invoice())
    watch.use_case = replace(watch.use_case, invoices=interrupted(watch.invoices, before={"reminded": dies}))
    with pytest.raises(Died):
        watch.on(date(2026, 12, 30))
    assert watch.on(date(2026, 12, 30)) == (1, 1)
    assert len(watch.queues.notices) == 2
