"""A mail to a manager comes back: the operator sees which, and that the address takes none (R10, R46)."""

import json
from typing import Any

import pytest

from tests.support.builders import FORM, MANAGER, UAI, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, http, sqs
from tests.support.functions.log_privacy import Logs

FUNCTION = "record_mail_fates"


@pytest.fixture
def mailed(cloud: Cloud, school: str) -> list[Any]:
    """Mails to both managers about an invoice, as the operator sees them."""
    cloud.forms.put(FORM, b"%PDF issued")
    cloud.orders.record(order())
    cloud.invoke("credit_order", event("credit_order", "order_accepted"))
    cloud.invoke("issue_invoice", event("issue_invoice", "order_credited"))
    return shown(cloud)


def shown(cloud: Cloud) -> list[Any]:
    status, body = cloud.call("activity_api", event("activity_api", "view_mails"))
    assert status == 200
    items: list[Any] = body["items"]
    return items


def about(mail: Any, case: str) -> Any:
    fate = json.loads(event(FUNCTION, case)["Records"][0]["body"])
    fate["mail"]["messageId"] = mail["id"]
    return sqs(FUNCTION, case, fate)


def test_a_bounce_is_shown_with_its_mail_and_marks_the_address(cloud: Cloud, mailed: list[Any], logs: Logs) -> None:
    first = next(each for each in mailed if each["to"] == MANAGER)
    assert (first["subject"], first["state"], first["address_receives"]) == ("Facture 2026-000001", "sent", True)

    for _ in range(2):
        assert failed(cloud.invoke(FUNCTION, about(first, "bounce"))) == []

    seen = {each["to"]: each for each in shown(cloud)}
    bounced, other = seen.pop(MANAGER), seen.popitem()[1]
    assert (bounced["state"], bounced["code"], bounced["address_receives"]) == ("bounced", "5.1.1", False)
    assert "ne reçoit plus" in bounced["explanation"]
    assert (other["state"], other["address_receives"]) == ("sent", True)
    assert len(logs.lines("an address takes no mail any more")) == 1


def test_a_complaint_and_a_later_delivery(cloud: Cloud, mailed: list[Any]) -> None:
    first = next(each for each in mailed if each["to"] == MANAGER)
    for case, state in (("delivery", "delivered"), ("complaint", "complained"), ("delivery", "complained")):
        cloud.invoke(FUNCTION, about(first, case))
        assert next(each for each in shown(cloud) if each["to"] == MANAGER)["state"] == state


def test_a_delivery_after_a_bounce_unmarks_the_address(cloud: Cloud, mailed: list[Any]) -> None:
    first = next(each for each in mailed if each["to"] == MANAGER)
    cloud.invoke(FUNCTION, about(first, "bounce"))
    later = json.loads(about(first, "delivery")["Records"][0]["body"])
    later["mail"]["messageId"], later["delivery"]["timestamp"] = "ANOTHER", "2026-12-01T09:00:00.000Z"
    cloud.invoke(FUNCTION, sqs(FUNCTION, "delivery", later))
    assert all(each["address_receives"] for each in shown(cloud))


def test_what_is_no_event_waits_in_the_dead_letters(cloud: Cloud) -> None:
    assert failed(cloud.invoke(FUNCTION, sqs(FUNCTION, "bounce", "{}"))) == ["message-0"]


@pytest.mark.usefixtures("mailed")
def test_the_look_needs_a_reason_and_is_the_operators(cloud: Cloud) -> None:
    assert cloud.call("activity_api", http("activity_api", "view_mails", query={}))[1]["code"] == "reason-required"
    manager = {"roles": "[sms_manager]", "school": UAI}
    assert cloud.call("activity_api", http("activity_api", "view_mails", claims=manager))[0] == 403
