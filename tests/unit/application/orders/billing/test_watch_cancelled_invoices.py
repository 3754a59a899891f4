"""A cancelled invoice whose credit note nobody was asked for is found, and asked for again (R41)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.orders.billing.watch_cancelled_invoices import WatchCancelledInvoices
from schoolsms.domain.orders.billing.invoices import Invoice, missing_ranks
from tests.fakes.orders.invoices import invoice
from tests.support.builders import OPERATOR
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.unit.application.orders.billing.test_cancel_invoice import NOTE, NUMBER, REASON, Office
from tests.unit.application.orders.billing.test_reissue_invoice import Queue as CreditedOrders


def watch(office: Office) -> list[str]:
    orders = CreditedOrders()
    left_out = WatchCancelledInvoices(office.invoices, office.queue, orders, office.clock).watch()
    assert orders.credited == left_out.reissues == []
    return list(left_out.credit_notes)


def died_before_queueing(first: Invoice | None = None) -> Office:
    office = Office(first)
    cancelling = replace(office.cancelling, queue=interrupted(office.queue, before={"invoice_cancelled": dies}))
    with pytest.raises(Died):
        cancelling.cancel(OPERATOR, NUMBER, REASON)
    assert office.queue.cancelled == []
    office.clock.advance(timedelta(days=1))
    return office


def test_one_of_today_is_left_to_the_usual_delivery() -> None:
    office = Office()
    office.cancelling.cancel(OPERATOR, NUMBER, REASON)
    assert watch(office) == []


def test_the_credit_note_comes_though_the_process_died_before_it_was_asked_for() -> None:
    office = died_before_queueing()
    assert watch(office) == [NUMBER]
    office.issue()
    assert office.credit_notes.of_invoice(NUMBER) == office.credit_notes.get(NOTE)
    assert [mail.subject for mail in office.mailer.sent] == [f"Avoir {NOTE} : facture {NUMBER} annulée"] * 2


def test_a_credit_note_that_is_there_is_not_asked_for_again() -> None:
    office = died_before_queueing()
    watch(office)
    office.issue()
    assert watch(office) == []


def test_watching_twice_before_it_is_issued_makes_one_credit_note() -> None:
    office = died_before_queueing()
    assert watch(office) + watch(office) == [NUMBER, NUMBER]
    for number in office.queue.cancelled:
        office.issuing.issue(number)
    assert list(office.invoices.credit_notes) == [NOTE]
    assert missing_ranks([*office.invoices.known, *office.invoices.credit_notes]) == []


def test_an_invoice_that_stands_is_left_alone() -> None:
    office = Office(invoice(NUMBER))
    assert watch(office) == []
    assert office.queue.cancelled == []
