"""The life of a message, the history of a request, and whom a sender asks, over HTTP (R35, R36, §5)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.sending.delivering.handoffs import LEASE
from tests.support.builders import MANAGER, NOW, OTHER_UAI, SCHOOL, SECOND_MANAGER
from tests.support.examples import REQUEST_ID, TEXT, a_line, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "school_api"
AT, LATER = "2026-11-23T09:00:00.000Z", "2026-11-23T09:00:03.000Z"


@pytest.fixture
def sent(cloud: Cloud, school: str) -> None:
    """A message to a wrong number, and one that waits."""
    cloud.ledger.post(school, credit("BC1", 1_000, NOW))
    request = a_request(lines=2)
    cloud.requests.store_and_debit(request, lines_of(2), [], debit(REQUEST_ID, 2, NOW))
    cloud.messages.claim(request, a_line(0), "ovh", NOW + LEASE)
    cloud.messages.sent(request, a_line(0), "ovh", "1")
    cloud.messages.settle(f"{REQUEST_ID}-0", "ovh", "undeliverable", NOW + timedelta(seconds=3), "wrong-number")


WHY = {
    "code": "wrong-number",
    "text": "Numéro incorrect ou non attribué",
    "advice": "Vérifiez le numéro auprès de la famille, corrigez-le dans votre fichier, puis renvoyez le message.",
}


@pytest.mark.usefixtures("sent")
def test_a_message_that_did_not_arrive_says_why_and_shows_its_life(cloud: Cloud) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, "message"))

    assert status == 200
    assert body == {
        "message_id": f"{REQUEST_ID}-0",
        "request_id": REQUEST_ID,
        "text": TEXT,
        "phone": a_line(0).phone,
        "sms_count": 1,
        "status": "undeliverable",
        "status_text": "Injoignable\u00a0: décompté",
        "reason": WHY,
        "author": "lea.petit@lycee.test",
        "author_id": "user-2",
        "client_id": None,
        "accepted_at": AT,
        "send_at": None,
        "final_at": LATER,
        "events": [
            {"event": "accepted", "at": AT, "provider": None, "status": None},
            {"event": "handed-over", "at": AT, "provider": "ovh", "status": None},
            {"event": "receipt", "at": LATER, "provider": "ovh", "status": "undeliverable"},
            {"event": "final", "at": LATER, "provider": None, "status": "undeliverable"},
        ],
    }


@pytest.mark.usefixtures("sent")
def test_the_history_of_a_request_is_searched_by_its_id(cloud: Cloud) -> None:
    def found(request_id: str) -> list[tuple[str, Any]]:
        status, body = cloud.call(FUNCTION, http(FUNCTION, "history", query={"request_id": request_id}))
        assert status == 200
        return [(each["message_id"], each["reason"]) for each in body["items"]]

    assert found(REQUEST_ID) == [(f"{REQUEST_ID}-0", WHY), (f"{REQUEST_ID}-1", None)]
    assert found("REQUESTBBBBBBB") == []


@pytest.mark.usefixtures("sent")
def test_a_message_of_another_school_is_not_found(cloud: Cloud) -> None:
    """R2."""
    stranger = http(FUNCTION, "message", claims={"school": OTHER_UAI})
    assert cloud.call(FUNCTION, stranger)[0] == 404


@pytest.mark.parametrize("roles", ["[sms_sender]", "[sms_manager]"])
def test_a_sender_sees_who_the_managers_are(cloud: Cloud, school: str, roles: str) -> None:
    """§5."""
    status, body = cloud.call(FUNCTION, http(FUNCTION, "managers", claims={"roles": roles}))

    assert status == 200
    assert body == [{"name": each.name, "email": each.email} for each in SCHOOL.managers]
    assert [each["email"] for each in body] == [MANAGER, SECOND_MANAGER]
