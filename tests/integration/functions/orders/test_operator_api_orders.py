"""The operator's HTTP: an order in review is looked at and decided (R5, R12, R41)."""

import base64
from typing import Any

import pytest

from local.players import paper
from schoolsms.domain.orders.documents import LARGEST_ANSWERED
from tests.support.builders import ORDER_ID, UAI
from tests.support.cloud_copies import made_once
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http
from tests.support.functions.inbox import ingest, mail, signed

FUNCTION = "operator_api"
AS_OPERATOR = {"roles": "[operator]", "school": None}


@pytest.fixture
def in_review(inbox: Cloud) -> Cloud:
    """A form on which terms were added has arrived."""
    added = paper.annotate(signed(), "/FreeText", (60, 465, 260, 478), b"0.2 g 62 468 90 6 re f", {})
    arrived = made_once("an order in review", lambda: ingest(inbox, mail(added)), after="a form handed out")
    assert arrived.record.outcome == "review"
    return inbox


def detail(cloud: Cloud, **claims: Any) -> Any:
    return cloud.call("school_api", http("school_api", "order", claims=claims or AS_OPERATOR))[1]


def test_what_differs_is_shown_with_a_picture(in_review: Cloud) -> None:
    (alteration,) = detail(in_review)["alterations"]

    assert alteration == {
        "detail": "annotation ajoutée hors du cadre de signature",
        "page": 1,
        "picture": f"/v1/orders/{ORDER_ID}/alterations/1",
    }
    answer = in_review.invoke(FUNCTION, event(FUNCTION, "get_alteration"))
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "image/png")
    assert base64.b64decode(answer["body"]).startswith(b"\x89PNG")


def test_the_mail_that_brought_the_form_is_shown(in_review: Cloud) -> None:
    assert detail(in_review)["mail"] == f"/v1/orders/{ORDER_ID}/mail"

    answer = in_review.invoke(FUNCTION, event(FUNCTION, "get_mail"))

    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "message/rfc822")
    assert b"\r\nSubject: " in base64.b64decode(answer["body"])


def test_a_form_too_large_for_an_answer_is_downloaded_from_where_it_lies(in_review: Cloud) -> None:
    order = in_review.orders.get(ORDER_ID)
    assert order is not None
    received = in_review.documents.get(order.form_key)
    in_review.documents.put(order.form_key, received + bytes(LARGEST_ANSWERED), "application/octet-stream")

    answer = in_review.invoke(FUNCTION, event(FUNCTION, "get_form"))

    assert (answer["statusCode"], answer.get("body")) == (303, None)
    assert f"/{order.form_key}?" in answer["headers"]["location"]


@pytest.mark.parametrize("number", ["0", "2", "x", "²"])
def test_a_picture_that_there_is_not_is_not_found(in_review: Cloud, number: str) -> None:
    path = {"id": ORDER_ID, "n": number}

    assert in_review.call(FUNCTION, http(FUNCTION, "get_alteration", path=path))[0] == 404


@pytest.mark.parametrize("case", ["get_form", "get_alteration", "get_mail", "accept_order"])
def test_nobody_but_the_operator_sees_or_decides(in_review: Cloud, case: str) -> None:
    """R2."""
    as_manager = http(FUNCTION, case, claims={"roles": "[sms_manager]", "school": UAI})

    assert in_review.call(FUNCTION, as_manager)[0] == 403


def test_the_school_sees_no_picture_of_its_order(in_review: Cloud) -> None:
    shown = detail(in_review, roles="[sms_manager]", school=UAI)

    assert shown["state"] == "review"
    assert {"alterations", "read", "issued", "decisions", "advice"}.isdisjoint(shown)


def test_what_a_form_was_issued_with_is_beside_what_was_read(in_review: Cloud) -> None:
    shown = detail(in_review)

    assert shown["issued"]["order_id"] == ORDER_ID
    assert shown["issued"]["uai"] == shown["read"]["uai"] == UAI
    assert shown["issued"].keys() >= {"siret", "school_name", "address", "contact_name", "contact_email"}


def test_an_order_is_accepted_with_what_the_operator_read_for_the_invoice(in_review: Cloud) -> None:
    status, body = in_review.call(FUNCTION, event(FUNCTION, "accept_order"))

    assert (status, body["state"], body["packs"]) == (200, "accepted", {"P1000": 2})
    read = detail(in_review)["read"]
    assert (read["service_code"], read["engagement_number"]) == ("COMPTA", "EJ-2026-42")
    assert in_review.queued("AcceptedOrders") == [{"order_id": ORDER_ID}]


@pytest.mark.parametrize("reference", ["", " ", "x" * 101, "A\nB", 5])
def test_a_reference_that_is_none_is_refused(in_review: Cloud, reference: object) -> None:
    body = {"decision": "accept", "packs": {"P1000": 2}, "service_code": reference}

    status, problem = in_review.call(FUNCTION, http(FUNCTION, "accept_order", body=body))
    assert (status, problem["code"]) == (422, "invalid-request")


def test_without_a_form_an_order_can_only_be_rejected_and_says_so(inbox: Cloud) -> None:
    document = paper.scan(signed(), dpi=40)  # its QR cannot be read
    order_id = ingest(inbox, mail(document)).order.id
    path = {"id": order_id}

    shown = inbox.call("school_api", http("school_api", "order", claims=AS_OPERATOR, path=path))[1]
    assert (shown["decisions"], shown["school"]) == (["reject"], None)
    assert "ne peut qu’être refusée" in shown["advice"]
    status, problem = inbox.call(FUNCTION, http(FUNCTION, "accept_order", path=path))
    assert (status, problem["code"]) == (409, "order-without-form")
    rejection = {"decision": "reject", "reason": "Renvoyez le bon de commande en PDF."}
    assert inbox.call(FUNCTION, http(FUNCTION, "accept_order", path=path, body=rejection))[0] == 200


def test_who_opened_an_order_is_shown_to_the_operator_alone(in_review: Cloud) -> None:
    status, answer = in_review.call(FUNCTION, event(FUNCTION, "post_opening"))
    assert status == 200
    (opening,) = answer["openings"]
    assert (opening["by"], opening["by_email"]) == ("kosmos-1", "operateur@kosmos.test")
    assert detail(in_review)["openings"] == [opening]
    assert "openings" not in detail(in_review, roles="[sms_manager]", school=UAI)
