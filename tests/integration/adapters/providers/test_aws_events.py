"""AWS's events, from its published examples and table of types."""

import json
from typing import Any

import pytest

from schoolsms.adapters.providers.aws_codes import EVENT_REASONS, EVENT_STATUSES, is_known, parse_event
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.delivering.statuses import Final

# The example of AWS's guide, with a status of its own.
EVENT: dict[str, Any] = {
    "eventType": "TEXT_DELIVERED",
    "eventVersion": "1.0",
    "eventTimestamp": 1686975103470,
    "isFinal": True,
    "originationPhoneNumber": "+12065550152",
    "destinationPhoneNumber": "+33639980010",
    "isInternationalSend": False,
    "mcc": "208",
    "mnc": "01",
    "messageId": "862a8790-60c0-4430-9b2b-658bd0000000",
    "messageRequestTimestamp": 1686975103170,
    "messageEncoding": "GSM",
    "messageType": "TRANSACTIONAL",
    "messageStatus": "DELIVERED",
    "messageStatusDescription": "Message has been accepted by phone",
    "context": {"message_id": "ABCDEFGHIJKLMN-1"},
    "totalMessageParts": 1,
    "totalMessagePrice": 0.09582,
    "totalCarrierFee": 0.0,
}


def parsed(**changes: Any) -> Receipt | None:
    return parse_event(json.dumps({**EVENT, **changes}))


def status_of(status: str, is_final: object = True) -> Final | None:
    receipt = parsed(eventType=f"TEXT_{status}", messageStatus=status, isFinal=is_final)
    assert receipt is not None
    return receipt.status


def test_an_event_is_a_receipt_that_names_our_message() -> None:
    assert parsed() == Receipt("aws", EVENT["messageId"], "delivered", "DELIVERED", "ABCDEFGHIJKLMN-1")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("DELIVERED", "delivered"),
        ("TTL_EXPIRED", "expired"),
        ("INVALID", "undeliverable"),
        ("INVALID_MESSAGE", "undeliverable"),
        ("UNREACHABLE", "undeliverable"),
        ("CARRIER_UNREACHABLE", "undeliverable"),
        ("BLOCKED", "undeliverable"),
        ("CARRIER_BLOCKED", "undeliverable"),
        ("SPAM", "undeliverable"),
        ("PROTECT_BLOCKED", "undeliverable"),
        ("QUEUED", None),
        ("PENDING", None),
        ("SENT", None),
        ("SUCCESSFUL", None),
        ("UNKNOWN", None),
    ],
)
def test_a_final_event_tells_its_status(status: str, expected: Final | None) -> None:
    assert status_of(status) == expected
    assert is_known(status)


@pytest.mark.parametrize("status", sorted(EVENT_STATUSES))
@pytest.mark.parametrize("is_final", [False, None, "true", 1])
def test_what_is_not_final_settles_nothing(status: str, is_final: object) -> None:
    assert status_of(status, is_final) is None


def test_an_unknown_status_is_kept_and_not_final() -> None:
    receipt = parsed(eventType="TEXT_LOST", messageStatus="LOST")

    assert receipt is not None
    assert (receipt.status, receipt.code) == (None, "LOST")
    assert not is_known(receipt.code)


@pytest.mark.parametrize("status", ["+33639980010", "Réunion", "x" * 50, ""])
def test_a_status_that_is_no_code_is_not_kept(status: str) -> None:
    receipt = parsed(messageStatus=status)

    assert receipt is not None
    assert (receipt.status, receipt.code) == (None, "unreadable")
    assert not is_known(receipt.code)


@pytest.mark.parametrize("context", [None, {}, [], "x", {"message_id": ""}, {"message_id": 5}, {"other": "x"}])
def test_an_event_without_our_id_still_names_its_own(context: object) -> None:
    receipt = parsed(context=context)

    assert receipt is not None
    assert (receipt.message_id, receipt.provider_message_id) == (None, EVENT["messageId"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps({**EVENT, "eventType": "VOICE_COMPLETED"}),
        json.dumps({**EVENT, "messageId": ""}),
        json.dumps({**EVENT, "messageId": "x" * 101}),
        json.dumps({**EVENT, "messageId": 5}),
        json.dumps({**EVENT, "messageStatus": None}),
    ],
)
def test_what_is_no_event_of_an_sms_is_none(text: str) -> None:
    assert parse_event(text) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("TTL_EXPIRED", "expired"),
        ("INVALID", "wrong-number"),
        ("INVALID_MESSAGE", "content"),
        ("UNREACHABLE", "phone-off"),
        ("CARRIER_UNREACHABLE", "network"),
        ("BLOCKED", "blocked"),
        ("CARRIER_BLOCKED", "blocked"),
        ("SPAM", "content"),
        ("PROTECT_BLOCKED", "blocked"),
        ("DELIVERED", None),
        ("QUEUED", None),
    ],
)
def test_an_event_says_why_a_message_did_not_arrive(status: str, reason: str | None) -> None:
    receipt = parsed(eventType=f"TEXT_{status}", messageStatus=status)
    assert receipt is not None
    assert receipt.reason == reason
    early = parsed(eventType=f"TEXT_{status}", messageStatus=status, isFinal=False)
    assert early is not None
    assert early.reason is None


def test_every_final_event_of_a_message_that_did_not_arrive_has_a_reason() -> None:
    assert set(EVENT_REASONS) == {
        status for status, final in EVENT_STATUSES.items() if final not in (None, "delivered")
    }
