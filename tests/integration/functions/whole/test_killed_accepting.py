"""A function killed before a delivery starts is run again: one debit, one delivery (R16, R29, R48)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.sending.send_requests import SendRequest
from tests.integration.conftest import HISTORY, dynamodb_client
from tests.support.builders import NOW, UAI
from tests.support.examples import a_request, keys, lines_of
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.crash_injection import deaths
from tests.support.functions.events import Event, event, failed, http
from tests.support.servers.phone_network_server import RECEIPT_SECRET

STOCK = 1_000


@pytest.fixture
def funded(cloud: Cloud, school: str) -> Cloud:
    cloud.ledger.post(school, credit("BC1", STOCK, NOW))
    return cloud


def a_post(number: int, key: str = "", range_of: str = "+3361000") -> Event:
    """A send request; each `number` has its own text and phone."""
    body = {"text": f"Le car {number} part à 8 h", "recipients": [{"phone": f"{range_of}{number:02d}10"}]}
    asked = http("accept_send_request", "one_recipient", body=body)
    asked["headers"].pop("idempotency-key", None)
    return http("accept_send_request", "one_recipient", body=body, headers={"idempotency-key": key}) if key else asked


def accepted_requests(cloud: Cloud) -> list[SendRequest]:
    """Every accepted request, its page being there."""
    ids = [pk.removeprefix("REQUEST#") for pk, sk in keys(dynamodb_client(), HISTORY) if sk == "REQUEST"]
    found = [request for request in map(cloud.requests.get, ids) if request]
    assert all(len(cloud.requests.lines(request, 0)) == 1 for request in found)
    return found


def refusals(answer: Any) -> list[str]:
    return [each["code"] for each in answer["refused"]]


ORDINARY, FICTION = "+3361000", "+3363998"
"""Phones that cost, and those kept for tests, for which nothing is posted."""


@pytest.mark.parametrize(("range_of", "cost"), [(ORDINARY, 1), (FICTION, 0)], ids=["debited", "free"])
def test_a_request_asked_for_again_by_its_key_is_accepted_and_debited_once(
    funded: Cloud, monkeypatch: pytest.MonkeyPatch, range_of: str, cost: int
) -> None:
    for number, death in enumerate(deaths()):
        asked = a_post(number, f"key-{number}", range_of)
        with death.befalling(monkeypatch):
            funded.invoke("accept_send_request", asked)
        answers = [funded.call("accept_send_request", asked) for _ in range(2)]

        assert [status for status, _ in answers] == [202, 202], death
        assert answers[0] == answers[1], death
        # Without the key, the duplicate check refuses the recipients.
        status, answer = funded.call("accept_send_request", a_post(number, range_of=range_of))
        assert (status, refusals(answer)) == (422, ["duplicate"]), death

        assert len(accepted_requests(funded)) == number + 1, death
        assert funded.ledger.balance(UAI).sms == STOCK - cost * (number + 1), death


@pytest.mark.parametrize(("range_of", "cost"), [(ORDINARY, 1), (FICTION, 0)], ids=["debited", "free"])
def test_a_request_asked_for_again_without_a_key_is_accepted_once_or_found_sent_already(
    funded: Cloud, monkeypatch: pytest.MonkeyPatch, range_of: str, cost: int
) -> None:
    """R25: what protects those who give no key."""
    for number, death in enumerate(deaths()):
        asked = a_post(number, range_of=range_of)
        with death.befalling(monkeypatch):
            funded.invoke("accept_send_request", asked)
        accepted = len(accepted_requests(funded)) == number + 1
        status, answer = funded.call("accept_send_request", asked)

        assert (status, refusals(answer)) == ((422, ["duplicate"]) if accepted else (202, [])), death
        assert len(accepted_requests(funded)) == number + 1, death
        assert funded.ledger.balance(UAI).sms == STOCK - cost * (number + 1), death


def test_a_list_sent_to_again_by_its_key_is_debited_once_and_gone(
    funded: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, death in enumerate(deaths()):
        opened = funded.call("school_api", event("school_api", "open_recipient_list"))[1]["id"]
        file = {"Bucket": funded.reference("RecipientListsBucket"), "Key": f"{UAI}/{opened}.csv"}
        client("s3").put_object(**file, Body=b"portable\r\n06 10 00 00 10\r\n06 10 00 01 10")
        body = {"text": f"Le car {number} part à 8 h", "recipient_list": opened}
        key = {"idempotency-key": f"key-{number}"}
        asked = http("accept_send_request", "one_recipient", body=body, headers=key)
        with death.befalling(monkeypatch):
            funded.invoke("accept_send_request", asked)
        answers = [funded.call("accept_send_request", asked) for _ in range(2)]

        assert [(status, answer["accepted"]) for status, answer in answers] == [(202, 2)] * 2, death
        assert answers[0] == answers[1], death
        assert funded.ledger.balance(UAI).sms == STOCK - 2 * (number + 1), death
        assert client("s3").list_objects_v2(Bucket=file["Bucket"])["KeyCount"] == 0, death


def test_a_request_cancelled_again_is_released_once(funded: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """R29."""
    for number, death in enumerate(deaths()):
        request = a_request(id=f"REQUESTAAAAA{number:02d}", due_at=NOW + timedelta(hours=1))
        funded.requests.store_and_debit(request, lines_of(1), [], debit(request.id, 1, NOW))
        cancellation = http("cancel_send_request", "scheduled_request", path={"id": request.id})
        with death.befalling(monkeypatch):
            funded.invoke("cancel_send_request", cancellation)

        status, answer = funded.call("cancel_send_request", cancellation)
        assert (status, answer["state"]) == (200, "cancelled"), death
        assert (funded.ledger.balance(UAI).sms, funded.ledger.balance(UAI).seq) == (STOCK, 3 + 2 * number), death


def test_a_delivery_streamed_again_is_started_once(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, death in enumerate(deaths()):
        request = a_request(id=f"REQUESTAAAAA{number:02d}", cost_sms=0)
        cloud.requests.store_and_debit(request, lines_of(1), [], None)
        inserted = event("start_delivery", "request_inserted")
        inserted["Records"][0]["dynamodb"]["Keys"]["pk"]["S"] = f"REQUEST#{request.id}"
        with death.befalling(monkeypatch):
            cloud.invoke("start_delivery", inserted)

        assert failed(cloud.invoke("start_delivery", inserted)) == [], death
        assert sorted(cloud.executions()) == [f"REQUESTAAAAA{each:02d}" for each in range(number + 1)], death


def test_pages_queued_again_are_queued_at_least_once(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that came twice are found done."""
    for number, death in enumerate(deaths()):
        request = a_request(lines=60, id=f"REQUESTAAAAA{number:02d}", cost_sms=0)
        cloud.requests.store_and_debit(request, lines_of(60), [], None)
        with death.befalling(monkeypatch):
            cloud.invoke("queue_messages", {"request_id": request.id})
        cloud.invoke("queue_messages", {"request_id": request.id})

        queued = cloud.queued("QueuedMessages")
        assert {(each["request_id"], each["page"]) for each in queued} == {(request.id, 0), (request.id, 1)}, death


def test_a_receipt_its_provider_brings_again_is_queued_at_least_once(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = {"provider": "ovh", "secret": RECEIPT_SECRET}
    for number, death in enumerate(deaths()):
        query = {"id": str(number), "ptt": "4", "description": "1"}
        receipt = http("accept_receipts", "delivered", path=path, query=query)
        with death.befalling(monkeypatch):
            cloud.invoke("accept_receipts", receipt)

        assert cloud.invoke("accept_receipts", receipt)["statusCode"] == 204, death
        queued = {(each["provider_message_id"], each["status"]) for each in cloud.queued("Receipts")}
        assert queued == {(str(number), "delivered")}, death
