"""Who sees which invoice, payments recorded once, reminders sent once a stage (R2, R42)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schoolsms.application.read_invoices import ReadInvoices, RemindInvoices
from schoolsms.domain.access import Caller, Forbidden
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError
from schoolsms.domain.invoices import Invoice
from tests.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, STRANGER
from tests.fakes import FakeQueues, ManualClock
from tests.fakes_invoices import TODAY, FakeInvoices, FakePapers, invoice
from tests.interruptions import Died, dies, interrupted

NUMBER = "2026-000001"


def reader(*invoices: Invoice, days: int = 0) -> ReadInvoices:
    """The use case, `days` after today."""
    papers = FakePapers({each.number: b"%PDF" for each in invoices if each.state != "numbered"})
    return ReadInvoices(FakeInvoices(*invoices), papers, ManualClock(NOW + timedelta(days=days)))


def numbers(found: Any) -> list[str]:
    return [each.number for each in found.items]


def test_a_manager_lists_the_invoices_of_their_own_school_only() -> None:
    """R2: and none that is still being made."""
    read = reader(invoice(), invoice("2026-000002", state="numbered", deposited_on=None))
    assert numbers(read.list_invoices(A_MANAGER, None, None)) == [NUMBER]
    assert numbers(read.list_invoices(STRANGER, None, None)) == []


def test_the_operator_lists_invoices_by_how_they_stand() -> None:
    """R42."""
    read = reader(
        invoice(),
        invoice("2026-000002", state="paid"),
        invoice("2026-000003", deposited_on=TODAY + timedelta(days=5)),
        days=31,
    )
    assert numbers(read.list_invoices(OPERATOR, "overdue", None)) == [NUMBER]
    assert numbers(read.list_invoices(OPERATOR, "due", None)) == ["2026-000003"]
    assert numbers(read.list_invoices(OPERATOR, None, None)) == ["2026-000003"]
    assert numbers(read.list_invoices(OPERATOR, "paid", None)) == ["2026-000002"]
    with pytest.raises(RefusedError):
        read.list_invoices(OPERATOR, "lost", None)


@pytest.mark.parametrize("caller", [A_MANAGER, OPERATOR])
def test_a_manager_and_the_operator_read_the_pdf(caller: Caller) -> None:
    assert reader(invoice()).document(caller, NUMBER) == b"%PDF"


@pytest.mark.parametrize("number", [NUMBER, "2026-000002", "2026-000009"])
def test_another_schools_invoice_does_not_exist(number: str) -> None:
    """R2."""
    read = reader(invoice(), invoice("2026-000002", state="numbered"))
    with pytest.raises(NotFoundError):
        read.document(STRANGER, number)


def test_senders_see_no_invoice() -> None:
    """R14."""
    read = reader(invoice())
    with pytest.raises(Forbidden):
        read.document(A_SENDER, NUMBER)
    with pytest.raises(Forbidden):
        read.list_invoices(A_SENDER, None, None)


def test_a_payment_is_recorded_once() -> None:
    """R42: told again the same, nothing changes; another one is a conflict."""
    read = reader(invoice(), days=20)
    paid = read.record_payment(OPERATOR, NUMBER, date(2026, 12, 10), "VIR-1")
    assert (paid.state, paid.paid_on, paid.payment_reference) == ("paid", date(2026, 12, 10), "VIR-1")
    assert read.record_payment(OPERATOR, NUMBER, date(2026, 12, 10), "VIR-1") == paid
    with pytest.raises(ConflictError):
        read.record_payment(OPERATOR, NUMBER, date(2026, 12, 11), "VIR-2")
    assert read.invoices.get(NUMBER) == paid


def test_a_late_payment_is_a_payment() -> None:
    read = reader(invoice(), days=90)
    assert read.record_payment(OPERATOR, NUMBER, date(2027, 2, 1), "VIR-1").state == "paid"
    assert numbers(read.list_invoices(OPERATOR, "overdue", None)) == []


def test_only_the_operator_records_payments() -> None:
    with pytest.raises(Forbidden):
        reader(invoice()).record_payment(A_MANAGER, NUMBER, TODAY, "VIR-1")


def test_payments_of_tomorrow_of_nothing_and_of_what_is_not_issued_are_refused() -> None:
    read = reader(invoice(), invoice("2026-000002", state="numbered"))
    with pytest.raises(RefusedError) as future:
        read.record_payment(OPERATOR, NUMBER, TODAY + timedelta(days=1), "VIR-1")
    assert future.value.code == "payment-in-future"
    with pytest.raises(NotFoundError):
        read.record_payment(OPERATOR, "2026-000009", TODAY, "VIR-1")
    with pytest.raises(ConflictError):
        read.record_payment(OPERATOR, "2026-000002", TODAY, "VIR-1")


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
    watch = Watch(invoice(state="paid", paid_on=TODAY))
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
