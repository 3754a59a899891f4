"""Corrections of a stock over HTTP, by two operators (R8, R18)."""

import email
from email.policy import default
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit
from tests.support.builders import NOW, ORDER_ID, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http, sqs

FUNCTION = "corrections_api"
SECOND = {"sub": "kosmos-2", "email": "collegue@kosmos.test"}


@pytest.fixture
def proposed(cloud: Cloud, school: str) -> Any:
    """A correction of an order that was credited by mistake."""
    cloud.ledger.post(UAI, credit(ORDER_ID, 2_000, NOW))
    status, body = cloud.call(FUNCTION, event(FUNCTION, "post_correction"))
    assert (status, body["state"], body["applied_sms"], body["entry"]) == (201, "proposed", None, None)
    return body


def decided(cloud: Cloud, proposed: Any, **changes: Any) -> tuple[int, Any]:
    path = {"uai": UAI, "id": proposed["id"]}
    return cloud.call(FUNCTION, http(FUNCTION, "put_decision", path=path, **changes))


def test_a_correction_is_confirmed_by_a_second_person_and_mailed(cloud: Cloud, proposed: Any) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "post_correction")) == (200, proposed)
    assert cloud.call(FUNCTION, event(FUNCTION, "list_waiting"))[1]["items"] == [proposed]
    status, refused = decided(cloud, proposed)
    assert (status, refused["code"]) == (403, "second-person-required")

    status, body = decided(cloud, proposed, claims=SECOND)

    assert (status, body["state"], body["applied_sms"], body["missing_sms"]) == (200, "confirmed", -1_000, 0)
    assert (body["proposed"]["by"], body["decided"]["by"]) == ("kosmos-1", "kosmos-2")
    assert cloud.ledger.balance(UAI).sms == 1_000
    assert cloud.call(FUNCTION, event(FUNCTION, "list_waiting"))[1]["items"] == []
    assert cloud.call(FUNCTION, event(FUNCTION, "list_corrections"))[1]["items"] == [body]
    acts = cloud.call("operator_api", event("operator_api", "get_school"))[1]["acts"]
    assert [each["kind"] for each in acts] == ["correction-confirmed", "correction-proposed"]

    due = cloud.queued("Notices")
    assert [each["kind"] for each in due] == ["correction_proposed", "correction_proposed", "stock_corrected"]
    cloud.invoke("notify_managers", sqs("notify_managers", "credit_activated", *due))
    assert [
        str(email.message_from_string(mail.raw_data, policy=default)["subject"]) for mail in cloud.mails_sent()
    ] == [
        "Correction de stock à confirmer : Lycée Paul Valéry",
        "Stock de SMS corrigé",
        "Stock de SMS corrigé",
    ]


def test_a_refusal_needs_a_reason(cloud: Cloud, proposed: Any) -> None:
    assert decided(cloud, proposed, claims=SECOND, body={"decision": "refuse"})[0] == 422
    status, body = decided(cloud, proposed, claims=SECOND, body={"decision": "refuse", "reason": "Une seule"})
    assert (status, body["state"], body["decided"]["reason"]) == (200, "refused", "Une seule")
    status, body = decided(cloud, proposed, claims=SECOND)
    assert (status, body["code"]) == (409, "correction-decided")


@pytest.mark.parametrize(
    "body",
    [
        {"sms": 0, "reason": "Rien"},
        {"sms": 1.5, "reason": "Demi"},
        {"sms": True, "reason": "Vrai"},
        {"sms": 2_000_000, "reason": "Trop"},
        {"sms": 1},
        {"sms": 1, "reason": "M", "corrects": {"type": "school", "id": "0750654D"}},
        {"sms": 1, "reason": "M", "to": "0750654D"},
    ],
)
@pytest.mark.usefixtures("school")
def test_a_body_that_cannot_be_is_refused(cloud: Cloud, body: Any) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "post_correction", body=body))[0] == 422
