"""The OVHcloud adapter: what it writes, and against the simulated phone network over real HTTP."""

import dataclasses
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import urllib3

from local.phone_network.network import PhoneNetwork
from schoolsms.adapters.providers.ovh import OvhCredentials, OvhProvider, parse_receipt
from schoolsms.adapters.providers.simulated import SimulatedProvider
from schoolsms.application.ports.core import SmsProvider
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import (
    Accepted,
    HandoffAnswer,
    OutgoingSms,
    Receipt,
    Refused,
    Unavailable,
    Uncertain,
)
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, ReceiptSink, serving

CREDENTIALS = OvhCredentials(**KEYS)
UNKNOWN_KEYS = OvhCredentials("app-key", "app-secret", "withdrawn")
PROVIDERS: tuple[type[SmsProvider], ...] = (OvhProvider, SimulatedProvider)  # mypy checks them against the port
BUSY = Unavailable("Server::ServiceUnavailable")


def sms_to(suffix: str, message_id: str = "M-1") -> OutgoingSms:
    return OutgoingSms(message_id, f"+336399800{suffix}", "Réunion à 18 h", "gsm", "COLLEGE", 72 * 3600)


class World:
    """A phone network that serves, and providers that speak to it."""

    def __init__(self, network: PhoneNetwork, sink: ReceiptSink, url: str) -> None:
        self.network = network
        self.sink = sink
        self.endpoint = f"{url}/ovh/1.0"

    def provider(self, **settings: Any) -> OvhProvider:
        given: dict[str, Any] = {"credentials": lambda: CREDENTIALS, "service_name": "sms-ab1234-1"}
        return OvhProvider(endpoint=self.endpoint, **(given | settings))

    def impatient_provider(self) -> OvhProvider:
        """Waits less long than the network holds answers back."""
        return self.provider(timeout_seconds=0.7)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    sink = ReceiptSink()
    with serving(sink.application()) as receipts_url:
        network = PhoneNetwork(
            tmp_path, receipts_url, lambda: RECEIPT_SECRET, lambda: KEYS, hold_seconds=1.4, slow_seconds=0.1
        )
        with serving(network.application()) as url:
            yield World(network, sink, url)


class RecordingPool(urllib3.PoolManager):
    """Keeps what would be sent; knows the provider's time."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[tuple[str, str, bytes, dict[str, str]]] = []

    def request(self, method: str, url: str, **sent: Any) -> urllib3.HTTPResponse:  # type: ignore[override]
        body = sent["body"].getvalue() if sent["body"] else b""
        self.requests.append((method, url, body, sent["headers"]))
        answer = 1_700_000_100 if url.endswith("/auth/time") else {"ids": [26929925], "invalidReceivers": []}
        return urllib3.HTTPResponse(json.dumps(answer).encode(), status=200)


def recording_provider(pool: RecordingPool) -> OvhProvider:
    endpoint = "https://eu.api.ovh.com/1.0/"
    return OvhProvider(lambda: CREDENTIALS, endpoint, "sms-ab1234-1", pool=pool, clock=lambda: 1_700_000_000.9)


def test_a_job_is_written_and_signed_as_ovhcloud_asks() -> None:
    pool = RecordingPool()
    sms = OutgoingSms("M-1", "+33639980010", "Réunion", "gsm", "COLLEGE", 72 * 3600)

    assert recording_provider(pool).hand_off(sms) == Accepted("26929925")

    assert [request[:2] for request in pool.requests] == [
        ("GET", "https://eu.api.ovh.com/1.0/auth/time"),
        ("POST", "https://eu.api.ovh.com/1.0/sms/sms-ab1234-1/jobs"),
    ]
    _, _, body, headers = pool.requests[1]
    assert json.loads(body) == {
        "message": "Réunion",
        "receivers": ["+33639980010"],
        "noStopClause": True,
        "priority": "high",
        "coding": "7bit",
        "charset": "UTF-8",
        "tag": "M-1",
        "validityPeriod": 4320,
        "sender": "COLLEGE",
    }
    assert headers == {
        "X-Ovh-Application": "app-key",
        "X-Ovh-Consumer": "consumer",
        "X-Ovh-Timestamp": "1700000100",
        # sha1sum of app-secret+consumer+POST+<url>+<body>+1700000100
        "X-Ovh-Signature": "$1$58c8cc4ab6cdc126605d80feb377b2552ec7f40d",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"coding": "unicode"}, {"coding": "8bit"}),
        ({"sender": None}, {"senderForResponse": True}),
        ({"validity_seconds": 59}, {"validityPeriod": 1}),
        ({"validity_seconds": 0}, {"validityPeriod": 1}),
        ({"validity_seconds": 3599}, {"validityPeriod": 59}),
        ({"text": "\ud83d"}, {"message": "\ud83d"}),
    ],
)
def test_a_job_follows_its_message(change: dict[str, Any], expected: dict[str, Any]) -> None:
    pool = RecordingPool()

    recording_provider(pool).hand_off(dataclasses.replace(sms_to("10"), **change))

    job = json.loads(pool.requests[1][2])
    assert job | expected == job
    assert ("sender" in job) != ("senderForResponse" in job)


def test_the_providers_time_is_asked_once() -> None:
    pool = RecordingPool()
    provider = recording_provider(pool)

    for _ in range(3):
        provider.hand_off(sms_to("10"))

    assert [request[0] for request in pool.requests] == ["GET", "POST", "POST", "POST"]


TABLE: list[tuple[str, list[type[HandoffAnswer]], list[str | None]]] = [
    ("01", [Accepted], ["undeliverable"]),
    ("02", [Accepted], []),
    ("03", [Unavailable, Accepted], ["delivered"]),
    ("04", [Refused], []),
    ("05", [Uncertain], ["delivered"]),
    ("06", [Accepted], ["delivered", None, "delivered", "delivered"]),
    ("07", [Unavailable, Unavailable], []),
    ("08", [Unavailable, Unavailable], []),
    ("09", [Accepted], ["delivered"]),
    ("10", [Accepted], ["delivered"]),
]


@pytest.mark.parametrize(("suffix", "answers", "statuses"), TABLE, ids=[row[0] for row in TABLE])
def test_each_behaviour_of_the_network_is_understood(
    world: World, suffix: str, answers: list[type[HandoffAnswer]], statuses: list[str | None]
) -> None:
    provider = world.impatient_provider() if suffix == "05" else world.provider()

    got = [provider.hand_off(sms_to(suffix)) for _ in answers]

    assert [type(answer) for answer in got] == answers
    receipts = [parse_receipt(world.sink.next()) for _ in statuses]
    assert [receipt.status if receipt else "malformed" for receipt in receipts] == statuses
    if isinstance(got[-1], Accepted):
        assert {receipt.provider_message_id for receipt in receipts if receipt} <= {got[-1].provider_message_id}
    assert world.sink.is_empty


def test_codes_tell_why_a_handoff_failed(world: World) -> None:
    provider = world.provider()

    assert provider.hand_off(sms_to("04")) == Refused("invalid-receiver")
    assert world.impatient_provider().hand_off(sms_to("05")) == Uncertain("ReadTimeoutError")
    assert provider.hand_off(sms_to("08")) == BUSY


def test_a_message_is_found_by_its_ids(world: World) -> None:
    provider = world.provider()
    answer = provider.hand_off(sms_to("10", "M-FOUND"))
    assert isinstance(answer, Accepted)

    expected = Receipt("ovh", answer.provider_message_id, "delivered", "1/4", "M-FOUND")
    assert provider.find(answer.provider_message_id) == expected
    assert provider.find_by_message_id("M-FOUND") == expected


@pytest.mark.parametrize(
    ("suffix", "status", "code"), [("01", "undeliverable", "2/24"), ("02", None, "0/3"), ("06", "delivered", "1/4")]
)
def test_what_is_found_has_the_status_the_network_knows(
    world: World, suffix: str, status: str | None, code: str
) -> None:
    world.provider().hand_off(sms_to(suffix))

    receipt = world.provider().find_by_message_id("M-1")

    assert receipt is not None
    assert (receipt.status, receipt.code) == (status, code)


def test_an_uncertain_message_is_settled_by_our_own_id(world: World) -> None:
    provider = world.impatient_provider()
    assert isinstance(provider.hand_off(sms_to("05", "M-LOST")), Uncertain)

    receipt = provider.find_by_message_id("M-LOST")

    assert receipt is not None
    assert (receipt.status, receipt.message_id) == ("delivered", "M-LOST")
    assert len(world.network.phones("+33639980005")) == 1


def test_what_the_provider_does_not_know_is_none(world: World) -> None:
    provider = world.provider()

    assert provider.find("12345") is None
    assert provider.find("../jobs?x=1") is None
    assert provider.find_by_message_id("M-NEVER") is None


def test_keys_that_were_replaced_are_read_again(world: World) -> None:
    stored = iter([UNKNOWN_KEYS, CREDENTIALS])
    provider = world.provider(credentials=lambda: next(stored))

    assert isinstance(provider.hand_off(sms_to("10")), Accepted)
    assert len(world.network.phones("+33639980010")) == 1


def test_keys_that_stay_wrong_are_read_again_once_a_minute_at_most(world: World) -> None:
    reads: list[None] = []
    now = 1_700_000_000.0

    def read() -> OvhCredentials:
        reads.append(None)
        return UNKNOWN_KEYS

    provider = world.provider(credentials=read, clock=lambda: now)

    answers = [provider.hand_off(sms_to("10")) for _ in range(3)]
    assert answers == [Unavailable("INVALID_CREDENTIAL")] * 3
    assert len(reads) == 2

    now += 61
    provider.hand_off(sms_to("10"))
    assert len(reads) == 3


def test_a_wrong_signature_is_unavailable_for_now(world: World) -> None:
    wrong = OvhCredentials("app-key", "another-secret", "consumer")

    assert world.provider(credentials=lambda: wrong).hand_off(sms_to("10")) == Unavailable("INVALID_SIGNATURE")


def test_a_clock_that_is_wrong_from_the_start_does_not_matter(world: World) -> None:
    assert isinstance(world.provider(clock=lambda: 86_400.0).hand_off(sms_to("10")), Accepted)


def test_a_clock_that_jumps_is_compared_with_the_providers_again(world: World) -> None:
    now = 1_700_000_000.0
    provider = world.provider(clock=lambda: now)
    assert isinstance(provider.hand_off(sms_to("10", "M-1")), Accepted)

    now += 3600  # the provider's clock has not moved: "Query out of time"

    assert isinstance(provider.hand_off(sms_to("10", "M-2")), Accepted)


def test_keys_that_cannot_be_read_leave_the_message_untouched(world: World) -> None:
    def fail() -> OvhCredentials:
        raise TransientError("secrets are away")

    provider = world.provider(credentials=fail)

    assert provider.hand_off(sms_to("10")) == Unavailable("no-credentials")
    with pytest.raises(TransientError, match="no-credentials"):
        provider.find("1")


def test_a_key_with_a_line_end_is_unavailable_and_never_shown(world: World) -> None:
    wrong = OvhCredentials("app-key\n", "app-secret", "consumer")
    provider = world.provider(credentials=lambda: wrong)

    assert provider.hand_off(sms_to("10")) == Unavailable("ValueError")
    assert "app-secret" not in repr(wrong)
    assert "consumer" not in repr(wrong).replace("consumer_key", "")


def test_one_provider_serves_many_threads(world: World) -> None:
    provider = world.provider()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(provider.hand_off, [sms_to("10", f"M-{n}") for n in range(64)]))

    assert len({answer.provider_message_id for answer in answers if isinstance(answer, Accepted)}) == 64
    assert len(world.network.phones("+33639980010")) == 64


def test_a_test_number_reaches_the_simulated_network_under_that_name(world: World) -> None:
    provider = SimulatedProvider(world.provider(service_name="simulated", name="simulated"))

    answer = provider.hand_off(sms_to("07"))  # its primary provider is always busy: the secondary takes it

    assert isinstance(answer, Accepted)
    assert not answer.delivered
    assert provider.find(answer.provider_message_id) == provider.find_by_message_id("M-1")
    assert [shown["provider"] for shown in world.network.phones("+33639980007")] == ["simulated"]


def test_without_a_network_a_test_number_is_delivered_at_once() -> None:
    provider = SimulatedProvider()

    assert provider.name == "simulated"
    assert provider.hand_off(sms_to("08", "M-9")) == Accepted("sim-M-9", delivered=True)
    assert provider.find("sim-M-9") == Receipt("simulated", "sim-M-9", "delivered", "simulated", "M-9")
    assert provider.find("26929925") is None
    assert provider.find_by_message_id("M-9") is None
