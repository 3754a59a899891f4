"""An order whose invoice was cancelled is invoiced anew over HTTP, to the school as registered now (R41)."""

from datetime import timedelta

import pytest

from tests.integration.functions.orders.billing.test_credit_note import FUNCTION, NOTE, NUMBER, invoiced, subjects
from tests.support.builders import ORDER_ID
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, http, sqs

__all__ = ["invoiced"]

NEW = "2026-000003"


@pytest.fixture
def noted(cloud: Cloud, invoiced: str) -> str:
    """A cancelled invoice whose credit note is issued; its number."""
    cloud.call(FUNCTION, event(FUNCTION, "post_credit_note"))
    for message in cloud.queued("CancelledInvoices"):
        cloud.invoke("issue_credit_note", sqs("issue_credit_note", "invoice_cancelled", message))
    cloud.queued("CreditedOrders")
    return invoiced


def deliver(cloud: Cloud) -> int:
    """Issue what is queued; how many messages that were."""
    due = cloud.queued("CreditedOrders")
    for message in due:
        assert failed(cloud.invoke("issue_invoice", sqs("issue_invoice", "order_credited", message))) == []
    return len(due)


@pytest.mark.usefixtures("noted")
def test_a_cancelled_invoice_is_replaced_by_one_however_often_it_is_asked_for(cloud: Cloud) -> None:
    before = len(cloud.mails_sent())
    for _ in range(2):
        status, body = cloud.call(FUNCTION, event(FUNCTION, "post_reissue"))
        assert (status, body["number"], body["reissue_asked_on"]) == (202, NUMBER, "2026-11-23")
        assert "enregistrés aujourd'hui" in body["advice"].replace("\u2019", "'")
    assert deliver(cloud) == 2

    assert subjects(cloud)[before:] == [f"Facture {NEW}"] * 2
    assert cloud.documents.get(f"invoices/{NEW}.pdf").startswith(b"%PDF")
    new, old = cloud.call("school_api", event("school_api", "invoices"))[1]["items"]
    assert (new["number"], new["state"], new["replaces"], new["due_on"]) == (NEW, "due", NUMBER, "2026-12-23")
    assert (old["number"], old["state"], old["replaced_by"], old["credit_note"]) == (NUMBER, "cancelled", NEW, NOTE)
    assert (old["order_id"], new["order_id"]) == (ORDER_ID, ORDER_ID)
    acts = cloud.call("operator_api", event("operator_api", "get_school"))[1]["acts"]
    assert {each["kind"] for each in acts} == {"invoice-cancelled", "invoice-reissued"}

    status, refused = cloud.call(FUNCTION, event(FUNCTION, "post_reissue"))
    assert (status, refused["code"], NEW in refused["detail"]) == (409, "already-reissued", True)
    assert cloud.queued("CreditedOrders") == []


@pytest.mark.usefixtures("invoiced")
def test_an_invoice_that_stands_is_refused_and_one_that_waits_for_its_credit_note(cloud: Cloud) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "post_reissue"))[1]["code"] == "invoice-not-cancelled"
    cloud.call(FUNCTION, event(FUNCTION, "post_credit_note"))
    status, refused = cloud.call(FUNCTION, event(FUNCTION, "post_reissue"))
    assert (status, refused["code"]) == (409, "credit-note-not-issued")


@pytest.mark.usefixtures("noted")
def test_the_watch_queues_a_reissue_that_was_left_out(cloud: Cloud) -> None:
    """As if the function died after it recorded the reissue: the message is not in the queue."""
    cloud.call(FUNCTION, event(FUNCTION, "post_reissue"))
    assert cloud.queued("CreditedOrders") == [{"order_id": ORDER_ID}]

    cloud.clock.advance(timedelta(days=1))
    cloud.invoke("watch_deadlines", event("watch_deadlines", "every_quarter"))
    assert deliver(cloud) == 1
    cloud.invoke("watch_deadlines", event("watch_deadlines", "every_quarter"))
    assert cloud.queued("CreditedOrders") == []


def test_what_was_never_issued_or_is_a_managers_call_is_refused(cloud: Cloud, school: str) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "post_reissue"))[0] == 404
    manager = http(FUNCTION, "post_reissue", claims={"roles": "[sms_manager]", "school": school})
    assert cloud.call(FUNCTION, manager)[0] == 403
