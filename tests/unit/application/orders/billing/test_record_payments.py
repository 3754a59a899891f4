"""A payment is recorded once, a rest is left to pay, and a reception moves the due date (§7, R41, R42)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schoolsms.application.orders.billing.record_payments import NewPayment, RecordPayments
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, TransientError
from schoolsms.domain.orders.billing.invoices import Cancellation, Invoice
from schoolsms.domain.orders.billing.payments import MOST_PAYMENTS, Payment, Reception
from schoolsms.domain.schools.access import Caller, Forbidden
from tests.fakes.core import ManualClock
from tests.fakes.orders.invoices import TODAY, FakeInvoices, invoice
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR
from tests.support.faults.fault_injection import interrupted

NUMBER = "2026-000001"
"""Of 204.00 €."""
DAY = date(2026, 12, 10)


def desk(*invoices: Invoice, days: int = 20) -> RecordPayments:
    """The use case, `days` after the invoice."""
    return RecordPayments(FakeInvoices(*(invoices or [invoice()])), ManualClock(NOW + timedelta(days=days)))


def pay(
    record: RecordPayments,
    amount: int | None = None,
    reference: str = "VIR-1",
    day: date = DAY,
    *,
    confirm: bool = False,
) -> Invoice:
    return record.pay(OPERATOR, NUMBER, NewPayment(day, reference, amount, confirm))


def give_back(record: RecordPayments, amount: int | None = None, reference: str = "RET-1", day: date = DAY) -> Invoice:
    return record.pay(OPERATOR, NUMBER, NewPayment(day, reference, amount, given_back=True))


def test_a_payment_without_an_amount_pays_what_is_left() -> None:
    """R42: said again, nothing changes; another one is a conflict."""
    record = desk()
    paid = pay(record)
    assert (paid.state, paid.payments) == ("paid", (Payment(DAY, "VIR-1", 20_400),))
    assert pay(record) == paid
    with pytest.raises(ConflictError) as conflict:
        pay(record, reference="VIR-2")
    assert conflict.value.code == "invoice-already-paid"
    assert record.invoices.get(NUMBER) == paid


def test_a_partial_payment_leaves_a_rest() -> None:
    record = desk()
    part = pay(record, 10_000)
    assert (part.state, part.paid_cents, part.rest_cents, part.settled_by) == ("issued", 10_000, 10_400, None)
    assert part.standing(date(2026, 12, 24)) == "overdue"
    rest = pay(record, reference="VIR-2", day=date(2026, 12, 12))
    assert (rest.state, rest.rest_cents, rest.overpaid_cents) == ("paid", 0, 0)
    assert rest.settled_by == Payment(date(2026, 12, 12), "VIR-2", 10_400)


@pytest.mark.parametrize(
    ("amounts", "rest", "overpaid", "state"),
    [
        ((20_399,), 1, 0, "issued"),
        ((20_400,), 0, 0, "paid"),
        ((20_401,), 0, 1, "paid"),
        ((1, 20_399), 0, 0, "paid"),
        ((20_000, 500), 0, 100, "paid"),
        ((20_400, 20_400), 0, 20_400, "paid"),  # a school that paid twice
    ],
)
def test_what_is_paid_too_much_is_shown(amounts: tuple[int, ...], rest: int, overpaid: int, state: str) -> None:
    record = desk()
    for number, amount in enumerate(amounts):
        pay(record, amount, f"VIR-{number}")
    stored = record.invoices.get(NUMBER)
    assert stored
    assert (stored.rest_cents, stored.overpaid_cents, stored.state) == (rest, overpaid, state)


def test_the_same_reference_twice_is_one_payment() -> None:
    record = desk()
    part = pay(record, 10_000)
    assert pay(record, 10_000) == pay(record) == part
    for other in ({"amount": 10_001}, {"day": date(2026, 12, 11)}):
        with pytest.raises(ConflictError) as conflict:
            pay(record, **other)
        assert conflict.value.code == "payment-differs"
    assert record.invoices.get(NUMBER) == part


def test_of_two_payments_at_once_both_count_and_the_second_knows_what_is_left() -> None:
    record = desk()
    meanwhile = interrupted(record.invoices, after={"get": lambda: pay(record, 10_000, "VIR-1")})
    paid = pay(replace(record, invoices=meanwhile), None, "VIR-2")
    assert [each.amount_cents for each in paid.payments] == [10_000, 10_400]


def test_the_same_payment_entered_twice_at_once_is_recorded_once() -> None:
    record = desk()
    meanwhile = interrupted(record.invoices, after={"get": lambda: pay(record, 10_000)})
    assert pay(replace(record, invoices=meanwhile), 10_000).paid_cents == 10_000


def test_a_payment_that_never_gets_a_turn_is_tried_again_later() -> None:
    class Busy(FakeInvoices):
        def paid(self, invoice: Invoice, paid: Invoice) -> bool:
            return False

    with pytest.raises(TransientError):
        pay(replace(desk(), invoices=Busy(invoice())))


def test_a_late_payment_is_a_payment() -> None:
    assert pay(desk(days=90), day=date(2027, 2, 1)).state == "paid"


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER])
def test_only_the_operator_records_payments_and_receptions(caller: Caller) -> None:
    with pytest.raises(Forbidden):
        desk().pay(caller, NUMBER, NewPayment(TODAY, "VIR-1"))
    with pytest.raises(Forbidden):
        desk().receive(caller, NUMBER, Reception(TODAY, "CPP-1"))


def test_payments_of_tomorrow_of_nothing_and_of_what_is_not_issued_are_refused() -> None:
    record = desk(invoice(), invoice("2026-000002", state="numbered"), days=0)
    with pytest.raises(RefusedError) as future:
        pay(record, day=TODAY + timedelta(days=1), confirm=True)
    assert future.value.code == "payment-in-future"
    with pytest.raises(NotFoundError):
        record.pay(OPERATOR, "2026-000009", NewPayment(TODAY, "VIR-1"))
    with pytest.raises(ConflictError):
        record.pay(OPERATOR, "2026-000002", NewPayment(TODAY, "VIR-1"))


@pytest.mark.parametrize("days_before", [1, 30, 9_000])
def test_a_payment_from_before_the_invoice_must_be_confirmed(days_before: int) -> None:
    """A recorded payment is final, so a slip in the year would mark an invoice as paid for good."""
    record = desk(days=0)
    day = invoice().issued_on - timedelta(days=days_before)
    with pytest.raises(RefusedError) as refused:
        pay(record, day=day)
    assert (refused.value.code, refused.value.field) == ("payment-before-invoice", "paid_on")
    assert "confirm_before_invoice" in refused.value.detail
    assert record.invoices.get(NUMBER) == invoice()

    paid = pay(record, day=day, confirm=True)

    assert paid.payments == (Payment(day, "VIR-1", 20_400),)
    assert pay(record, day=day) == paid, "the same again changes nothing"


def test_a_payment_of_the_day_of_the_invoice_needs_no_confirmation() -> None:
    assert pay(desk(days=0), day=invoice().issued_on).state == "paid"


def test_an_invoice_takes_no_endless_list_of_payments() -> None:
    many = tuple(Payment(TODAY, f"VIR-{number}", 1) for number in range(MOST_PAYMENTS))
    with pytest.raises(ConflictError) as refused:
        pay(desk(invoice(payments=many)), 1, "VIR-ONE-MORE")
    assert refused.value.code == "too-many-payments"


# ------------------------------------------------------------------ given back

CANCELLED = Cancellation(date(2026, 12, 5), "Mauvais établissement")


def test_what_was_paid_of_a_cancelled_invoice_is_given_back_in_parts_until_nothing_is_left() -> None:
    record = desk(invoice(payments=(Payment(DAY, "VIR-1", 20_400),)).cancelled(CANCELLED))
    part = give_back(record, 400)
    assert (part.refund_due_cents, part.to_give_back_cents) == (20_000, 20_000)
    whole = give_back(record, reference="RET-2")
    assert (whole.refund_due_cents, whole.paid_cents, whole.state) == (0, 0, "cancelled")
    assert [each.amount_cents for each in whole.payments] == [20_400, -400, -20_000]


def test_what_was_paid_too_much_is_given_back_and_the_invoice_stays_paid() -> None:
    record = desk()
    pay(record, 20_500)
    given_back = give_back(record)
    assert (given_back.overpaid_cents, given_back.rest_cents, given_back.state) == (0, 0, "paid")
    assert given_back.settled_by == Payment(DAY, "VIR-1", 20_500)


@pytest.mark.parametrize("amount", [None, 1])
def test_nothing_is_given_back_of_what_was_owed(amount: int | None) -> None:
    record = desk()
    pay(record)
    with pytest.raises(ConflictError) as refused:
        give_back(record, amount)
    assert refused.value.code == "nothing-to-give-back"
    assert record.invoices.get(NUMBER) == replace(invoice(), payments=(Payment(DAY, "VIR-1", 20_400),), state="paid")


def test_no_more_is_given_back_than_is_left() -> None:
    record = desk()
    pay(record, 20_500)
    with pytest.raises(RefusedError) as refused:
        give_back(record, 101)
    assert (refused.value.code, refused.value.field) == ("too-much-given-back", "amount")
    assert "1,00\u00a0€" in refused.value.detail


def test_money_given_back_is_recorded_once_by_its_reference() -> None:
    record = desk()
    pay(record, 20_500)
    once = give_back(record, 50)
    assert give_back(record, 50) == give_back(record) == once
    for given_back, amount in ((True, 49), (False, 50), (False, None)):
        with pytest.raises(ConflictError) as conflict:
            record.pay(OPERATOR, NUMBER, NewPayment(DAY, "RET-1", amount, given_back=given_back))
        assert conflict.value.code == "payment-differs"
    assert record.invoices.get(NUMBER) == once


def test_the_same_rest_given_back_by_two_people_at_once_goes_back_once() -> None:
    record = desk()
    pay(record, 20_500)
    meanwhile = interrupted(record.invoices, after={"get": lambda: give_back(record, 100, "RET-1")})
    with pytest.raises(ConflictError) as refused:
        give_back(replace(record, invoices=meanwhile), 100, "RET-2")
    assert refused.value.code == "nothing-to-give-back"
    stored = record.invoices.get(NUMBER)
    assert stored
    assert stored.paid_cents == 20_400


# ------------------------------------------------------------------ reception


def test_a_reception_recorded_later_moves_the_due_date() -> None:
    """§7: 30 days from the school's reception of the invoice, a deposit on Chorus Pro."""
    record = desk(invoice(reminded_days=7), days=40)
    assert invoice().due_on == date(2026, 12, 23)
    received = record.receive(OPERATOR, NUMBER, Reception(date(2026, 12, 8), "CPP-42"))
    assert (received.due_on, received.reminded_days) == (date(2027, 1, 7), 0)
    assert received.standing(date(2027, 1, 7)) == "due"
    assert received.reminder_due(date(2027, 1, 14)) == 7


def test_a_reception_is_recorded_once_and_mended_by_another() -> None:
    record = desk(days=40)
    first = record.receive(OPERATOR, NUMBER, Reception(date(2026, 12, 8), "CPP-42"))
    assert record.receive(OPERATOR, NUMBER, Reception(date(2026, 12, 8), "CPP-42")) == first
    corrected = record.receive(OPERATOR, NUMBER, Reception(date(2026, 11, 28), "CPP-42"))
    assert corrected.due_on == date(2026, 12, 28)


def test_a_reception_on_the_day_of_the_invoice_leaves_the_printed_due_date() -> None:
    received = desk().receive(OPERATOR, NUMBER, Reception(TODAY, "CPP-42"))
    assert received.due_on == received.printed_due_on == date(2026, 12, 23)


@pytest.mark.parametrize(
    ("day", "code"),
    [(TODAY + timedelta(days=21), "reception-in-future"), (TODAY - timedelta(days=1), "reception-before-invoice")],
)
def test_a_reception_that_cannot_be_is_refused(day: date, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        desk().receive(OPERATOR, NUMBER, Reception(day, "CPP-42"))
    assert (refused.value.code, refused.value.field) == (code, "received_on")


def test_a_reception_leaves_payments_alone() -> None:
    record = desk(days=40)
    pay(record, 10_000)
    received = record.receive(OPERATOR, NUMBER, Reception(date(2026, 12, 8), "CPP-42"))
    assert received.paid_cents == 10_000
