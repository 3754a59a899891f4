"""The AWS adapter: what it writes, and against the simulated phone network over real HTTP."""

from __future__ import annotations

import dataclasses
import json
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from local.phone_network.network import PhoneNetwork
from schoolsms.adapters.providers.aws import AwsProvider
from schoolsms.adapters.providers.aws_codes import parse_event
from schoolsms.application.ports.core import SmsProvider
from schoolsms.domain.sending.delivering.handoffs import (
    Accepted,
    HandoffAnswer,
    OutgoingSms,
    Receipt,
    Refused,
    Unavailable,
    Uncertain,
)
from tests.integration.adapters.providers.test_aws_failures import session
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, serving

PROVIDERS: tuple[type[SmsProvider], ...] = (AwsProvider,)  # mypy checks it against the port


def sms_to(suffix: str, **changes: Any) -> OutgoingSms:
    sms = OutgoingSms("ABCDEFGHIJKLMN-1", f"+336123400{suffix}", "Réunion à 18 h", "gsm", None, 72 * 3600)
    return dataclasses.replace(sms, **changes)


def client_of(url: str) -> Any:
    """One that would try again by itself, were it let."""
    return session().create_client("pinpoint-sms-voice-v2", region_name="eu-west-3", endpoint_url=url)


class RecordingPool(urllib3.PoolManager):
    """Keeps what would be sent; answers `answers` in turn, then takes everything."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        super().__init__()
        self.requests: list[tuple[str, str, dict[str, Any], dict[str, str]]] = []
        self._answers = list(answers)

    def request(self, method: str, url: str, **sent: Any) -> urllib3.HTTPResponse:  # type: ignore[override]
        self.requests.append((method, url, json.loads(sent["body"].getvalue()), sent["headers"]))
        status, body = self._answers.pop(0) if self._answers else (200, {"MessageId": "862a8790"})
        return urllib3.HTTPResponse(json.dumps(body).encode(), status=status)


def recording(pool: RecordingPool, **settings: Any) -> AwsProvider:
    return AwsProvider(lambda: client_of("https://sms-voice.eu-west-3.amazonaws.com"), **settings, pool=pool)


def test_a_message_is_written_and_signed_as_aws_asks() -> None:
    pool = RecordingPool()
    provider = recording(pool, configuration_set="skolengo-sms", identity="ECOLES")

    assert provider.hand_off(sms_to("10", sender="COLLEGE")) == Accepted("862a8790")

    [(method, url, body, headers)] = pool.requests
    assert (method, url) == ("POST", "https://sms-voice.eu-west-3.amazonaws.com/")
    assert body == {
        "DestinationPhoneNumber": "+33612340010",
        "OriginationIdentity": "COLLEGE",
        "MessageBody": "Réunion à 18 h",
        "MessageType": "TRANSACTIONAL",
        "ConfigurationSetName": "skolengo-sms",
        "TimeToLive": 259200,
        "Context": {"message_id": "ABCDEFGHIJKLMN-1"},
    }
    assert headers["X-Amz-Target"] == "PinpointSMSVoiceV2.SendTextMessage"
    assert headers["Content-Type"] == "application/x-amz-json-1.0"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=testing/")


@pytest.mark.parametrize(("seconds", "life"), [(-5, 5), (0, 5), (60, 60), (259_200, 259_200), (259_201, 259_200)])
def test_the_network_stops_trying_when_we_do_within_what_aws_allows(seconds: int, life: int) -> None:
    """R31."""
    pool = RecordingPool()
    recording(pool).hand_off(sms_to("10", validity_seconds=seconds))

    assert pool.requests[0][2]["TimeToLive"] == life


def test_without_a_sender_name_our_own_identity_sends_or_aws_chooses() -> None:
    named, unnamed = RecordingPool(), RecordingPool()
    recording(named, identity="ECOLES").hand_off(sms_to("10"))
    recording(unnamed).hand_off(sms_to("10"))

    assert named.requests[0][2]["OriginationIdentity"] == "ECOLES"
    assert not {"OriginationIdentity", "ConfigurationSetName"} & set(unnamed.requests[0][2])


UNKNOWN_SENDER = [
    {"__type": "ResourceNotFoundException", "ResourceType": "sender-id", "ResourceId": "COLLEGE"},
    {"__type": "ValidationException", "Reason": "SENDER_ID_NOT_REGISTERED"},
    {"__type": "ConflictException", "Reason": "NO_ORIGINATION_IDENTITIES_FOUND"},
]


@pytest.mark.parametrize("answer", UNKNOWN_SENDER)
def test_a_sender_name_that_aws_does_not_know_gives_way_to_our_own(answer: dict[str, Any]) -> None:
    """It was refused before anything was sent."""
    pool = RecordingPool((400, answer))

    assert recording(pool, identity="ECOLES").hand_off(sms_to("10", sender="COLLEGE")) == Accepted("862a8790")
    assert [sent[2]["OriginationIdentity"] for sent in pool.requests] == ["COLLEGE", "ECOLES"]


@pytest.mark.parametrize("sender", ["COLLEGE", None])
def test_a_sender_that_stays_unknown_is_for_another_provider(sender: str | None) -> None:
    pool = RecordingPool(*[(400, UNKNOWN_SENDER[1])] * 3)

    answer = recording(pool, identity="ECOLES").hand_off(sms_to("10", sender=sender))

    assert answer == Unavailable("ValidationException:SENDER_ID_NOT_REGISTERED")
    assert len(pool.requests) == (2 if sender else 1)


# ------------------------------------------------------------------ against the phone network


class World:
    """A phone network that serves, and what it published."""

    def __init__(self, network: PhoneNetwork, events: queue.SimpleQueue[str], url: str) -> None:
        self.network = network
        self._events = events
        self._url = f"{url}/aws"

    def provider(self, timeout_seconds: float = 10.0) -> AwsProvider:
        return AwsProvider(lambda: client_of(self._url), "skolengo-sms", timeout_seconds=timeout_seconds)

    def next_receipt(self) -> Receipt | None:
        return parse_event(self._events.get(timeout=10))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    events: queue.SimpleQueue[str] = queue.SimpleQueue()

    async def publish(event: dict[str, Any]) -> None:
        events.put(json.dumps(event))

    network = PhoneNetwork(
        tmp_path,
        "http://127.0.0.1:9",
        lambda: RECEIPT_SECRET,
        lambda: KEYS,
        publish,
        hold_seconds=1.4,
        slow_seconds=0.1,
    )
    with serving(network.application()) as url:
        yield World(network, events, url)


TABLE: list[tuple[str, list[type[HandoffAnswer]], list[str | None]]] = [
    ("01", [Accepted], ["undeliverable"]),
    ("02", [Accepted], []),
    ("03", [Unavailable, Accepted], ["delivered"]),
    ("04", [Refused], []),
    ("05", [Uncertain], ["delivered"]),
    ("06", [Accepted], ["delivered", None, "delivered", "delivered"]),
    ("07", [Accepted], ["delivered"]),
    ("08", [Unavailable, Unavailable], []),
    ("09", [Accepted], ["delivered"]),
    ("10", [Accepted], ["delivered"]),
]


@pytest.mark.parametrize(("suffix", "answers", "statuses"), TABLE, ids=[row[0] for row in TABLE])
def test_each_behaviour_of_the_network_is_understood(
    world: World, suffix: str, answers: list[type[HandoffAnswer]], statuses: list[str | None]
) -> None:
    provider = world.provider(0.7 if suffix == "05" else 10.0)

    got = [provider.hand_off(sms_to(suffix)) for _ in answers]

    assert [type(answer) for answer in got] == answers
    receipts = [world.next_receipt() for _ in statuses]
    assert [receipt.status if receipt else "malformed" for receipt in receipts] == statuses
    assert {receipt.message_id for receipt in receipts if receipt} <= {"ABCDEFGHIJKLMN-1"}
    if isinstance(got[-1], Accepted):
        assert {receipt.provider_message_id for receipt in receipts if receipt} <= {got[-1].provider_message_id}


@pytest.mark.parametrize(
    ("text", "encoding", "parts"), [("é" * 161, "gsm", 2), ("ê" * 71, "unicode", 2), ("ê" * 70, "unicode", 1)]
)
def test_a_text_reaches_the_phone_in_the_coding_its_characters_ask_for(
    world: World, text: str, encoding: str, parts: int
) -> None:
    assert isinstance(world.provider().hand_off(sms_to("10", text=text)), Accepted)

    [shown] = world.network.phones("+33612340010")
    assert (shown["provider"], shown["encoding"], shown["parts"]) == ("aws", encoding, parts)


def test_aws_cannot_be_asked(world: World) -> None:
    provider = world.provider()
    answer = provider.hand_off(sms_to("10"))

    assert isinstance(answer, Accepted)
    assert not provider.can_be_asked
    assert provider.find(answer.provider_message_id) is None
    assert provider.find_by_message_id("ABCDEFGHIJKLMN-1") is None
