"""The simulated phone network: what it shows, what it remembers, how it brings receipts."""

import hashlib
import json
import queue
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from aiohttp import web
from botocore.config import Config
from botocore.exceptions import ClientError

from local.phone_network.network import PhoneNetwork
from local.phone_network.rules import count
from local.players.client import eventually
from schoolsms.adapters.providers.ovh import OvhCredentials, OvhProvider
from schoolsms.domain.sending.delivering.handoffs import Accepted, HandoffAnswer, OutgoingSms, Unavailable
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, ReceiptSink, serving

QUICK = (0.01, 0.01, 0.01)


@contextmanager
def network(
    state_dir: Path, receipts_url: str, retry_delays: Sequence[float] = QUICK, **settings: Any
) -> Iterator[tuple[PhoneNetwork, str]]:
    made = PhoneNetwork(
        state_dir,
        receipts_url,
        **({"receipt_secret": lambda: RECEIPT_SECRET, "ovh_keys": lambda: KEYS} | settings),
        retry_delays=retry_delays,
    )
    with serving(made.application()) as url:
        yield made, url


@contextmanager
def receipts(statuses: Sequence[int] = ()) -> Iterator[tuple[ReceiptSink, str]]:
    sink = ReceiptSink(statuses)
    with serving(sink.application()) as url:
        yield sink, url


def hand_off(url: str, phone: str, text: str = "Réunion", message_id: str = "M-1") -> HandoffAnswer:
    provider = OvhProvider(lambda: OvhCredentials(**KEYS), f"{url}/ovh/1.0", "sms-1", timeout_seconds=5)
    return provider.hand_off(OutgoingSms(message_id, phone, text, "gsm", "COLLEGE", 3600))


def test_a_phone_shows_what_reached_it(tmp_path: Path) -> None:
    with receipts() as (sink, receipts_url), network(tmp_path, receipts_url) as (phones, url):
        answer = hand_off(url, "+33639980010")
        receipt = sink.next()

        assert isinstance(answer, Accepted)
        date = receipt.pop("date")
        assert len(date) == 19
        assert receipt == {
            "id": answer.provider_message_id,
            "ptt": "4",
            "description": "1",
            "descriptionDlr": "Success",
        }
        (shown,) = phones.phones("+33639980010")
        received_at = shown.pop("received_at")
        assert received_at.endswith("Z")
        assert shown == {
            "text": "Réunion",
            "sender": "COLLEGE",
            "provider": "ovh",
            "encoding": "gsm",
            "parts": 1,
        }
        assert phones.phones("33639980010")
        assert phones.phones("+33639980011") == []


def test_the_network_may_be_mounted_under_a_prefix(tmp_path: Path) -> None:
    with receipts() as (sink, receipts_url):
        mounted = PhoneNetwork(tmp_path, receipts_url, lambda: RECEIPT_SECRET, lambda: KEYS)
        front = web.Application()
        front.add_subapp("/local/network/", mounted.application())
        with serving(front) as url:
            answer = hand_off(f"{url}/local/network", "+33639980010")

            assert isinstance(answer, Accepted)
            assert sink.next()["id"] == answer.provider_message_id


@pytest.mark.parametrize(("suffix", "arrived"), [("01", 0), ("02", 1), ("04", 0), ("05", 1), ("06", 1), ("08", 0)])
def test_an_sms_arrives_or_not_by_its_number(tmp_path: Path, suffix: str, arrived: int) -> None:
    with receipts() as (_, receipts_url), network(tmp_path, receipts_url, hold_seconds=0.05) as (phones, url):
        hand_off(url, f"+336399800{suffix}")

        assert len(phones.phones(f"+336399800{suffix}")) == arrived


def test_the_first_attempt_of_each_message_is_turned_away_at_03(tmp_path: Path) -> None:
    with receipts() as (_, receipts_url), network(tmp_path, receipts_url) as (phones, url):
        answers = [type(hand_off(url, "+33639980003", message_id=tag)) for tag in ("M-1", "M-2", "M-1", "M-2")]

        assert answers == [Unavailable, Unavailable, Accepted, Accepted]
        assert len(phones.phones("+33639980003")) == 2


def test_a_slow_sms_arrives_before_its_receipt(tmp_path: Path) -> None:
    with receipts() as (sink, receipts_url), network(tmp_path, receipts_url, slow_seconds=0.2) as (phones, url):
        hand_off(url, "+33639980009")
        assert phones.phones("+33639980009") == []

        sink.next()

        assert len(phones.phones("+33639980009")) == 1


def test_a_receipt_is_brought_until_it_is_taken(tmp_path: Path) -> None:
    with receipts([500, 404, 503]) as (sink, receipts_url), network(tmp_path, receipts_url) as (_, url):
        hand_off(url, "+33639980010")

        assert len({sink.next()["id"] for _ in range(4)}) == 1


def test_a_receipt_that_is_forbidden_is_not_brought_again(tmp_path: Path) -> None:
    with receipts([403]) as (sink, receipts_url), network(tmp_path, receipts_url) as (_, url):
        hand_off(url, "+33639980010", message_id="M-1")
        first = sink.next()["id"]
        hand_off(url, "+33639980010", message_id="M-2")

        assert sink.next()["id"] != first


def test_a_restart_keeps_phones_ids_and_pending_receipts(tmp_path: Path) -> None:
    def not_known_yet() -> str:
        raise LookupError

    with network(tmp_path, "http://127.0.0.1:9", (30.0,), receipt_secret=not_known_yet) as (phones, url):
        answers = [hand_off(url, "+33639980010"), hand_off(url, "+33639980009", message_id="M-2")]
        shown = phones.phones("+33639980010")
    ids = {answer.provider_message_id for answer in answers if isinstance(answer, Accepted)}

    with receipts() as (sink, receipts_url):
        with network(tmp_path, receipts_url, slow_seconds=0.01) as (phones, url):
            assert phones.phones("+33639980010") == shown
            assert {sink.next()["id"], sink.next()["id"]} == ids
            assert len(phones.phones("+33639980009")) == 1
            # A receipt whose answer the network had no time to note is brought again by the next one, as it should.
            eventually(lambda: (tmp_path / "network.jsonl").read_text("utf-8").count('"receipts_sent": 1') == 2)
            later = hand_off(url, "+33639980002")
        with network(tmp_path, receipts_url) as (phones, _):
            assert isinstance(later, Accepted)
            assert int(later.provider_message_id) > max(map(int, ids))
            assert len(phones.phones("+33639980002")) == 1
        assert sink.is_empty


def test_a_line_torn_by_a_kill_is_passed_over(tmp_path: Path) -> None:
    with receipts() as (sink, receipts_url):
        with network(tmp_path, receipts_url) as (_, url):
            hand_off(url, "+33639980010")
            sink.next()
        for file in ("network.jsonl", "phones.jsonl"):
            with (tmp_path / file).open("a") as lines:
                lines.write('{"id": 5, "te')
        with network(tmp_path, receipts_url) as (_, url):
            hand_off(url, "+33639980010")
            sink.next()
        with network(tmp_path, receipts_url) as (phones, _):
            assert len(phones.phones("+33639980010")) == 2


def test_a_held_answer_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with receipts() as (_, receipts_url), network(tmp_path, receipts_url, hold_seconds=3600.0) as (_, url):
        provider = OvhProvider(lambda: OvhCredentials(**KEYS), f"{url}/ovh/1.0", "sms-1", timeout_seconds=0.1)
        provider.hand_off(OutgoingSms("M-1", "+33639980005", "Réunion", "gsm", None, 3600))


def test_requests_wait_for_keys_that_are_not_known_yet(tmp_path: Path) -> None:
    with network(tmp_path, "http://127.0.0.1:9", ovh_keys=dict) as (_, url):
        assert hand_off(url, "+33639980010") == Unavailable("Server::ServiceUnavailable")


@pytest.mark.parametrize(
    "change",
    [
        {"message": ""},
        {"receivers": []},
        {"receivers": "+33639980010"},
        {"coding": "ucs2"},
        {"tag": "M" * 21},
        {"validityPeriod": 0},
        {"sender": None},
        {"priority": "urgent"},
    ],
)
def test_a_wrong_job_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    job: dict[str, object] = {"message": "Réunion", "receivers": ["+33639980010"], "sender": "COLLEGE"}

    with network(tmp_path, "http://127.0.0.1:9") as (_, url):
        status, body = signed_post(f"{url}/ovh/1.0/sms/sms-1/jobs", json.dumps(job | change))

    assert status == 400
    assert body["errorCode"] == "Client::BadRequest"


def signed_post(url: str, body: str) -> tuple[int, Any]:
    timestamp = str(int(time.time()))
    signed = "+".join(("app-secret", "consumer", "POST", url, body, timestamp))
    headers = {
        "X-Ovh-Application": "app-key",
        "X-Ovh-Consumer": "consumer",
        "X-Ovh-Timestamp": timestamp,
        "X-Ovh-Signature": "$1$" + hashlib.sha1(signed.encode()).hexdigest(),  # noqa: S324
    }
    answer = urllib3.request("POST", url, body=body, headers=headers, timeout=5)
    return answer.status, answer.json()


def test_unsigned_requests_are_refused(tmp_path: Path) -> None:
    with network(tmp_path, "http://127.0.0.1:9") as (_, url):
        assert urllib3.request("POST", f"{url}/ovh/1.0/sms/sms-1/jobs", body=b"{}", timeout=5).status == 401
        assert urllib3.request("GET", f"{url}/ovh/1.0/sms/sms-1/outgoing/5", timeout=5).status == 401


def aws_client(url: str) -> Any:
    return boto3.client(
        "pinpoint-sms-voice-v2",
        region_name="eu-west-3",
        endpoint_url=f"{url}/aws",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


class Topic:
    """Topic for events of AWS End User Messaging, whose first publication fails."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.failures = 1

    async def publish(self, event: dict[str, Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.events.put(event)


def send_by_aws(client: Any, phone: str, **settings: Any) -> str:
    sent = {
        "DestinationPhoneNumber": phone,
        "OriginationIdentity": "COLLEGE",
        "MessageBody": "Réunion à 18 h",
        "MessageType": "TRANSACTIONAL",
        "Context": {"message_id": "M-1"},
        "TimeToLive": 259200,
    }
    message_id: str = client.send_text_message(**(sent | settings))["MessageId"]
    return message_id


def test_aws_end_user_messaging_is_spoken_too(tmp_path: Path) -> None:
    topic = Topic()
    with network(tmp_path, "http://127.0.0.1:9", publish_event=topic.publish) as (phones, url):
        client = aws_client(url)
        message_ids = [send_by_aws(client, f"+336399800{suffix}") for suffix in ("07", "06", "01")]
        events = [topic.events.get(timeout=10) for _ in range(6)]

        assert [shown["provider"] for shown in phones.phones("+33639980007")] == ["aws"]
        by_message = [
            [(event["eventType"], event["isFinal"]) for event in events if event["messageId"] == one]
            for one in message_ids
        ]
        delivered, pending = ("TEXT_DELIVERED", True), ("TEXT_PENDING", False)
        assert by_message == [[delivered], [delivered, pending, delivered, delivered], [("TEXT_UNREACHABLE", True)]]
        assert {event["context"]["message_id"] for event in events} == {"M-1"}
        assert {event["totalMessageParts"] for event in events} == {1}


def test_aws_refusals_have_their_codes(tmp_path: Path) -> None:
    with network(tmp_path, "http://127.0.0.1:9") as (_, url):
        client = aws_client(url)
        for phone, settings, status in (
            ("+33639980008", {}, 503),
            ("+33639980004", {}, 400),
            ("+33639980010", {"TimeToLive": 259201}, 400),
        ):
            with pytest.raises(ClientError) as refused:
                send_by_aws(client, phone, **settings)
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", "gsm", 1),
        ("a" * 160, "gsm", 1),
        ("a" * 161, "gsm", 2),
        ("a" * 306, "gsm", 2),
        ("a" * 307, "gsm", 3),
        ("€" * 80, "gsm", 1),
        ("€" * 81, "gsm", 2),
        ("a" * 152 + "€" + "a" * 151, "gsm", 2),
        ("a" * 152 + "€" + "a" * 152, "gsm", 3),
        ("ê" * 70, "unicode", 1),
        ("ê" * 71, "unicode", 2),
        ("ê" * 134, "unicode", 2),
        ("ê" * 135, "unicode", 3),
        ("😀" * 35, "unicode", 1),
        ("😀" * 66, "unicode", 2),
        ("😀" * 67, "unicode", 3),
        ("ç", "unicode", 1),
        ("Ç", "gsm", 1),
    ],
)
def test_the_network_counts_by_the_standard(text: str, encoding: str, parts: int) -> None:
    assert count(text, "7bit") == (encoding, parts)


def test_eight_bits_are_counted_as_unicode() -> None:
    assert count("a" * 71, "8bit") == ("unicode", 2)
