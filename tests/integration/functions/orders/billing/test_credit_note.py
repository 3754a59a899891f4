"""An invoice is cancelled over HTTP, its credit note issued and mailed; an invoice is mailed again (R41)."""

import email
from datetime import timedelta
from email.policy import default

import pytest

from tests.support.builders import FORM, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, http, sqs

FUNCTION = "corrections_api"
NUMBER, NOTE = "2026-000001", "2026-000002"


@pytest.fixture
def invoiced(cloud: Cloud, school: str) -> str:
    """An issued invoice; its number."""
    cloud.forms.put(FORM, b"%PDF issued")
    cloud.orders.record(order())
    cloud.invoke("credit_order", event("credit_order", "order_accepted"))
    cloud.invoke("issue_invoice", event("issue_invoice", "order_credited"))
    return NUMBER


def subjects(cloud: Cloud) -> list[str]:
    return [str(email.message_from_string(mail.raw_data, policy=default)["subject"]) for mail in cloud.mails_sent()]


@pytest.mark.usefixtures("invoiced")
def test_a_cancelled_invoice_has_one_credit_note_however_often_it_is_asked_for(cloud: Cloud) -> None:
    before = len(cloud.mails_sent())
    status, body = cloud.call(FUNCTION, event(FUNCTION, "post_credit_note"))
    assert (status, body["state"], body["credit_note"], body["refund_due"]) == (202, "cancelled", None, "0.00")
    assert "restent au stock" in body["advice"]
    assert cloud.call(FUNCTION, event(FUNCTION, "post_credit_note"))[0] == 202

    due = cloud.queued("CancelledInvoices")
    assert due == [{"invoice_number": NUMBER}] * 2
    for message in due:
        assert failed(cloud.invoke("issue_credit_note", sqs("issue_credit_note", "invoice_cancelled", message))) == []

    assert subjects(cloud)[before:] == [f"Avoir {NOTE} : facture {NUMBER} annulée"] * 2
    assert cloud.documents.get(f"invoices/{NOTE}.pdf").startswith(b"%PDF")
    [listed] = cloud.call("school_api", event("school_api", "invoices"))[1]["items"]
    assert (listed["state"], listed["credit_note"], listed["cancellation_reason"]) == (
        "cancelled",
        NOTE,
        "SIRET erroné",
    )
    downloaded = cloud.invoke("school_api", http("school_api", "invoice", path={"number": NOTE}))
    assert downloaded["headers"]["content-type"] == "application/pdf"
    acts = cloud.call("operator_api", event("operator_api", "get_school"))[1]["acts"]
    assert [each["kind"] for each in acts] == ["invoice-cancelled"]


@pytest.mark.usefixtures("invoiced")
def test_an_invoice_is_mailed_again_to_one_address(cloud: Cloud) -> None:
    cloud.queued("Notices")
    before = len(cloud.mails_sent())
    status, body = cloud.call(FUNCTION, event(FUNCTION, "post_mail"))
    assert (status, body) == (202, {"to": ["paul.martin@lycee.test"]})
    cloud.invoke("notify_managers", sqs("notify_managers", "credit_activated", *cloud.queued("Notices")))
    assert subjects(cloud)[before:] == [f"Facture {NUMBER} (nouvel envoi)"]


def test_what_was_never_issued_is_not_found(cloud: Cloud) -> None:
    for case in ("post_credit_note", "post_mail"):
        assert cloud.call(FUNCTION, event(FUNCTION, case))[0] == 404


@pytest.mark.usefixtures("invoiced")
def test_the_watch_asks_for_a_credit_note_that_was_left_out(cloud: Cloud) -> None:
    """As if the function died after it cancelled the invoice: the message is not in the queue."""
    cloud.call(FUNCTION, event(FUNCTION, "post_credit_note"))
    assert cloud.queued("CancelledInvoices") == [{"invoice_number": NUMBER}]

    cloud.clock.advance(timedelta(days=1))
    cloud.invoke("watch_deadlines", event("watch_deadlines", "every_quarter"))
    [due] = cloud.queued("CancelledInvoices")
    assert failed(cloud.invoke("issue_credit_note", sqs("issue_credit_note", "invoice_cancelled", due))) == []
    cloud.invoke("watch_deadlines", event("watch_deadlines", "every_quarter"))
    assert cloud.queued("CancelledInvoices") == []
