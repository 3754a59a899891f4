"""An order credited becomes an invoice that is mailed, listed, downloaded, paid (R41, R42)."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.adapters.dynamodb.accounts.billing.invoices import DynamoInvoices
from schoolsms.adapters.dynamodb.client.table import Table
from tests.fakes.core import ManualClock
from tests.integration.conftest import ACCOUNTS, dynamodb_client
from tests.support.builders import FORM, NOW, ORDER_ID, OTHER_UAI, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, http, sqs
from tests.support.functions.log_privacy import Logs

NUMBER = "2026-000001"
OPERATOR = {"roles": "[operator]", "school": None}


@pytest.fixture
def credited(cloud: Cloud, school: str) -> str:
    """A credited order; its id."""
    cloud.forms.put(FORM, b"%PDF issued")
    cloud.orders.record(order())
    cloud.invoke("credit_order", event("credit_order", "order_accepted"))
    return ORDER_ID


def issue(cloud: Cloud) -> None:
    assert failed(cloud.invoke("issue_invoice", event("issue_invoice", "order_credited"))) == []


def test_a_credit_queues_its_invoice(cloud: Cloud, credited: str) -> None:
    assert cloud.queued("CreditedOrders") == [{"order_id": credited}]


def test_a_credited_order_queued_twice_is_invoiced_by_mail_once(
    cloud: Cloud,
    credited: str,
    logs: Logs,
) -> None:
    issue(cloud)
    issue(cloud)
    assert cloud.documents.get(f"invoices/{NUMBER}.pdf").startswith(b"%PDF")
    mails = [mail.raw_data for mail in cloud.mails_sent()]
    assert len(mails) == 2
    assert all(f"facture-{NUMBER}.pdf" in mail for mail in mails)
    (first, second) = logs.lines("invoice issued")
    assert (first["order"], first["invoice"], first["refused_addresses"]) == (ORDER_ID, NUMBER, 0)
    assert second["invoice"] == NUMBER


def test_a_poisoned_message_leaves_the_others(cloud: Cloud, credited: str) -> None:
    answer = cloud.invoke(
        "issue_invoice",
        sqs("issue_invoice", "order_credited", '{"order_id": ', {"order_id": "UNKNOWN"}, {"order_id": credited}),
    )
    assert failed(answer) == ["message-0", "message-1"]
    assert DynamoInvoices(Table(dynamodb_client(), ACCOUNTS)).get(NUMBER) is not None


def test_a_manager_lists_and_downloads_the_invoice(cloud: Cloud, credited: str) -> None:
    issue(cloud)
    assert cloud.call("school_api", event("school_api", "invoices")) == (
        200,
        {
            "items": [
                {
                    "number": NUMBER,
                    "order_id": credited,
                    "school": "0750655E",
                    "issued_on": "2026-11-23",
                    "due_on": "2026-12-23",
                    "total_ht": "170.00",
                    "vat": "34.00",
                    "total_ttc": "204.00",
                    "state": "due",
                    "state_text": "À régler",
                    "paid_on": None,
                    "payment_reference": None,
                    "paid": "0.00",
                    "rest_due": "204.00",
                    "overpaid": "0.00",
                    "payments": [],
                    "received_on": None,
                    "reception_reference": None,
                    "cancelled_on": None,
                    "cancellation_reason": None,
                    "credit_note": None,
                    "refund_due": "0.00",
                    "reissue_asked_on": None,
                    "replaced_by": None,
                    "replaces": None,
                }
            ],
            "next_cursor": None,
        },
    )
    answer = cloud.invoke("school_api", event("school_api", "invoice"))
    assert answer["headers"]["content-type"] == "application/pdf"
    assert base64.b64decode(answer["body"]) == cloud.documents.get(f"invoices/{NUMBER}.pdf")
    stranger = http("school_api", "invoice", claims={"school": OTHER_UAI})
    assert cloud.call("school_api", stranger)[0] == 404


def test_the_operator_records_a_payment_once(cloud: Cloud, credited: str) -> None:
    issue(cloud)
    pay = event("operator_api", "post_payment")
    status, paid = cloud.call("operator_api", pay)
    assert (status, paid["state"], paid["paid_on"]) == (200, "paid", "2026-11-23")
    assert paid["payment_reference"] == "VIR-2026-118"
    assert cloud.call("operator_api", pay) == (200, paid)
    other = http("operator_api", "post_payment", body={"paid_on": "2026-11-23", "reference": "autre"})
    assert cloud.call("operator_api", other)[1]["code"] == "invoice-already-paid"


def test_a_partial_payment_leaves_a_rest_and_a_reception_moves_the_due_date(
    cloud: Cloud,
    credited: str,
    clock: ManualClock,
) -> None:
    issue(cloud)
    body = {"paid_on": "2026-11-23", "reference": "VIR-1", "amount": "100.00"}
    for _ in range(2):
        status, part = cloud.call("operator_api", http("operator_api", "post_payment", body=body))
        assert (status, part["state"], part["paid"], part["rest_due"]) == (200, "due", "100.00", "104.00")
    assert part["payments"] == [{"paid_on": "2026-11-23", "reference": "VIR-1", "amount": "100.00"}]

    clock.time = NOW + timedelta(days=10)
    body = {"received_on": "2026-11-30", "reference": "CPP-2026-42"}
    status, received = cloud.call("operator_api", http("operator_api", "post_reception", body=body))
    assert (status, received["due_on"], received["rest_due"]) == (200, "2026-12-30", "104.00")
    assert (received["received_on"], received["reception_reference"]) == ("2026-11-30", "CPP-2026-42")
    mended = event("operator_api", "post_reception")
    assert cloud.call("operator_api", mended)[1]["due_on"] == "2026-12-23"


@pytest.mark.parametrize("amount", ["0", "0.00", "-1", "1.001", "100,00", True])
def test_an_amount_that_is_none_is_refused(cloud: Cloud, credited: str, amount: Any) -> None:
    issue(cloud)
    body = {"paid_on": "2026-11-23", "reference": "VIR-1", "amount": amount}
    assert cloud.call("operator_api", http("operator_api", "post_payment", body=body))[0] == 422


@pytest.mark.parametrize(
    "body", [{}, {"paid_on": "hier", "reference": "x"}, {"paid_on": "2026-11-23", "reference": " "}]
)
def test_a_payment_without_day_or_reference_is_refused(cloud: Cloud, credited: str, body: Any) -> None:
    issue(cloud)
    assert cloud.call("operator_api", http("operator_api", "post_payment", body=body))[0] == 422


def test_late_invoices_are_listed_and_reminded_of(cloud: Cloud, credited: str, clock: ManualClock) -> None:
    issue(cloud)
    cloud.queued("Notices")
    clock.time = NOW + timedelta(days=37)
    cloud.invoke("watch_deadlines", event("watch_deadlines", "every_quarter"))
    cloud.invoke("watch_deadlines", event("watch_deadlines", "every_quarter"))
    due = cloud.queued("Notices")
    assert due == [{"kind": "invoice_late", "ids": {"number": NUMBER, "stage": "7"}}]
    sent = len(cloud.mails_sent())
    cloud.invoke("notify_managers", sqs("notify_managers", "credit_activated", *due))
    assert len(cloud.mails_sent()) == sent + 2
    listed = cloud.call("school_api", http("school_api", "invoices_overdue", claims=OPERATOR))[1]
    assert [(each["number"], each["state"]) for each in listed["items"]] == [(NUMBER, "overdue")]
