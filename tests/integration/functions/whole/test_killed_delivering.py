"""A function killed during a delivery is run again: the phone gets the SMS once at most, and it ends in one status,
paid for or given back by that (R30, R31, R33, R34, R48)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.phone_network.network import PhoneNetwork
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.tallies import DynamoTallies
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.sending import send_requests
from schoolsms.domain.sending.delivering.handoffs import LEASE, SHORTEST_VALIDITY
from schoolsms.domain.sending.delivering.statuses import FINAL, Status
from schoolsms.domain.sending.send_requests import SendRequest
from tests.integration.conftest import HISTORY, dynamodb_client
from tests.support.builders import NOW, SCHOOL, UAI
from tests.support.examples import a_line, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.crash_injection import Death, deaths
from tests.support.functions.events import event, failed, sqs
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, ReceiptSink, serving

STOCK = 1_000
WINDOW = timedelta(hours=72)


class Line:
    """A school with `STOCK` SMS whose messages go through OVHcloud to the phone network, a request a message."""

    def __init__(self, cloud: Cloud, network: PhoneNetwork) -> None:
        self.cloud, self.network = cloud, network
        self._phones: dict[str, str] = {}
        self._tallies = DynamoTallies(Table(dynamodb_client(), HISTORY))
        self._given_back = 0

    def accept(self, number: int, ending: str) -> SendRequest:
        """A request to another phone for each `number`, which behaves by its `ending`."""
        request = a_request(id=f"REQUESTAAAAA{number:02d}", expires_at=self.cloud.clock.now() + WINDOW)
        self._phones[request.id] = f"+33612{number:05d}{ending}"
        line = a_line(phone=self._phones[request.id])
        self.cloud.requests.store_and_debit(request, [line], [], debit(request.id, 1, NOW))
        return request

    def dispatch(self, request: SendRequest) -> list[str]:
        page = {"request_id": request.id, "page": 0, "attempt": 0}
        return failed(self.cloud.invoke("dispatch_messages", sqs("dispatch_messages", "page_due", page)))

    def receipt(self, request: SendRequest, index: int = 0) -> list[str]:
        """OVHcloud's, by its own id."""
        [sms] = self.network.find_by_tag(f"{request.id}-{index}")
        confirmed = {"provider": "ovh", "provider_message_id": str(sms.id), "status": "delivered", "code": "1/4"}
        body = {**confirmed, "message_id": None}
        return failed(self.cloud.invoke("record_receipts", sqs("record_receipts", "delivered", body)))

    def close(self, request: SendRequest) -> Any:
        return self.cloud.invoke("expire_messages", {"request_id": request.id})

    def status(self, request: SendRequest) -> str:
        state = self.cloud.requests.states(request.id).get(0)
        return state.status if state else ""

    def claimed_for(self, request: SendRequest) -> str:
        """The provider of a claim that was left behind."""
        state = self.cloud.requests.states(request.id).get(0)
        return state.provider or "" if state and state.status == "claimed" else ""

    def totals(self, request: SendRequest) -> Mapping[Status, int]:
        """As a poll shows them, without counting anything anew."""
        return self._tallies.of([request.id])[request.id].totals(request.accepted)

    def received(self, request: SendRequest) -> int:
        return len(self.network.phones(self._phones[request.id]))

    def holds(self, request: SendRequest, death: Death) -> None:
        """Once its window was closed: one final status, one SMS at most, debited or given back by it, once."""
        status, received = self.status(request), self.received(request)
        assert status in FINAL, death
        assert received <= (status != "failed"), death
        assert self.totals(request) == {status: 1}, death
        released = self.cloud.ledger.entry(UAI, f"release:{request.id}-0")
        assert (released is not None) == (status == "failed"), death
        self._given_back += status == "failed"
        requests, balance = len(self._phones), self.cloud.ledger.balance(UAI)
        assert balance.sms == STOCK - requests + self._given_back, death
        assert balance.seq == 1 + requests + self._given_back, death


@pytest.fixture
def line(cloud: Cloud, school: str, tmp_path: Path) -> Iterator[Line]:
    cloud.ledger.post(school, credit("BC1", STOCK, NOW))
    with serving(ReceiptSink().application()) as callback:
        network = PhoneNetwork(tmp_path, callback, lambda: RECEIPT_SECRET, lambda: KEYS, retry_delays=())
        with serving(network.application()) as url:
            cloud.parameters |= {"OvhEndpoint": f"{url}/ovh/1.0", "SimulatedNetworkUrl": ""}
            yield Line(cloud, network)


@pytest.mark.parametrize(
    ("ending", "ends"),
    [("10", "delivered"), ("04", "failed"), ("08", "failed")],
    ids=["taken", "refused", "unavailable"],
)
def test_a_page_given_again_hands_no_message_over_twice(
    line: Line, monkeypatch: pytest.MonkeyPatch, ending: str, ends: str
) -> None:
    for number, death in enumerate(deaths()):
        request = line.accept(number, ending)
        with death.befalling(monkeypatch):
            line.dispatch(request)
        claimed = line.claimed_for(request)
        for _ in range(2):
            line.cloud.clock.advance(LEASE)
            assert line.dispatch(request) == [], death
        if line.received(request):
            assert line.receipt(request) == [], death
        line.cloud.clock.time = request.expires_at
        line.close(request)

        line.holds(request, death)
        # A claim left behind may have been taken. OVHcloud says at the end that it was not; AWS cannot be asked (R30).
        left = "" if line.received(request) else claimed
        assert line.status(request) == {"": ends, "ovh": "failed", "aws": "expired"}[left], death


def test_of_a_page_of_several_groups_each_message_is_handed_over_once_at_most(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two messages a group: taken and refused, unavailable and taken, refused. Those under way when the process died
    may be `uncertain`; the others end as if it had not died."""
    monkeypatch.setattr(send_requests, "GROUP_SIZE", 2)
    endings = ["10", "04", "08", "10", "04"]
    cloud, given_back = line.cloud, 0
    for number, death in enumerate(deaths()):
        expires_at = cloud.clock.now() + WINDOW
        request = a_request(len(endings), id=f"REQUESTAAAAA{number:02d}", expires_at=expires_at)
        phones = [f"+33613{number:03d}{index:02d}{ending}" for index, ending in enumerate(endings)]
        lines = [a_line(index)._replace(phone=phone) for index, phone in enumerate(phones)]
        cloud.requests.store_and_debit(request, lines, [], debit(request.id, len(endings), NOW))
        with death.befalling(monkeypatch):
            line.dispatch(request)
        states = cloud.requests.states(request.id)
        left = {index for index, state in states.items() if state.status == "claimed"}
        assert len(left) <= 2, death
        for _ in range(2):
            cloud.clock.advance(LEASE)
            assert line.dispatch(request) == [], death
        received = {index for index, phone in enumerate(phones) if line.network.phones(phone)}
        for index in received:
            assert line.receipt(request, index) == [], death
        cloud.clock.time = request.expires_at
        line.close(request)

        ends = {index: state.status for index, state in cloud.requests.states(request.id).items()}
        taken = {index for index, ending in enumerate(endings) if ending == "10"}
        assert {index for index, status in ends.items() if status == "delivered"} == received, death
        assert taken - received <= left, death
        assert all(len(line.network.phones(phone)) <= 1 for phone in phones), death
        failed_ones = [index for index, status in ends.items() if status == "failed"]
        assert {*ends.values()} <= {"delivered", "failed", "expired"}, death
        assert {index for index, status in ends.items() if status == "expired"} <= left, death
        assert line.totals(request) == Counter(ends.values()), death
        given_back += len(failed_ones)
        assert cloud.ledger.balance(UAI).sms == STOCK - len(endings) * (number + 1) + given_back, death


@pytest.mark.parametrize("messages", [1, 3])
def test_a_page_that_was_stopped_is_given_back_once(line: Line, monkeypatch: pytest.MonkeyPatch, messages: int) -> None:
    """R27: its school is suspended; one message, or a page in one entry."""
    cloud = line.cloud
    cloud.replace_school(replace(SCHOOL, state="suspended"))
    for number, death in enumerate(deaths()):
        request = a_request(messages, id=f"REQUESTAAAAA{number:02d}")
        cloud.requests.store_and_debit(request, lines_of(messages), [], debit(request.id, messages, NOW))
        with death.befalling(monkeypatch):
            line.dispatch(request)
        assert line.dispatch(request) == [], death
        statuses = [state.status for state in cloud.requests.states(request.id).values()]
        assert statuses == ["cancelled"] * messages, death
        assert line.totals(request) == {"cancelled": messages}, death
        balance = cloud.ledger.balance(UAI)
        assert (balance.sms, balance.seq) == (STOCK, 3 + 2 * number), death


def test_a_receipt_given_again_settles_its_message_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """OVHcloud's, which is asked; killed before and after that, and before and after it is settled."""
    for number, death in enumerate(deaths()):
        request = line.accept(number, "10")
        line.dispatch(request)
        with death.befalling(monkeypatch):
            line.receipt(request)
        assert line.receipt(request) == [], death
        assert line.status(request) == "delivered", death
        line.holds(request, death)


def test_an_event_of_aws_given_again_settles_its_message_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, death in enumerate(deaths()):
        request = line.accept(number, "10")
        line.cloud.messages.claim(request, a_line(), "aws", NOW + LEASE)
        line.cloud.messages.uncertain(request, a_line())
        body = json.loads(event("record_receipts", "aws_delivered")["Records"][0]["body"])
        receipt = sqs("record_receipts", "aws_delivered", {**body, "context": {"message_id": f"{request.id}-0"}})
        with death.befalling(monkeypatch):
            line.cloud.invoke("record_receipts", receipt)
        assert failed(line.cloud.invoke("record_receipts", receipt)) == [], death
        assert line.status(request) == "delivered", death
        line.holds(request, death)


@pytest.mark.parametrize(
    ("ending", "handed_over", "ends"),
    [("10", True, "delivered"), ("02", True, "expired"), ("10", False, "failed")],
    ids=["its receipt being lost", "no receipt ever", "never handed over"],
)
def test_a_window_closed_again_closes_each_message_once(
    line: Line, monkeypatch: pytest.MonkeyPatch, ending: str, ends: str, *, handed_over: bool
) -> None:
    for number, death in enumerate(deaths()):
        request = line.accept(number, ending)
        if handed_over:
            line.dispatch(request)
        line.cloud.clock.time = request.expires_at
        with death.befalling(monkeypatch):
            line.close(request)
        for _ in range(2):
            line.close(request)
        assert line.status(request) == ends, death
        line.holds(request, death)


def test_a_claim_left_behind_at_the_very_end_is_waited_for_then_settled_or_released(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its provider may have it, and is asked once the validity there has ended (R30, R34)."""
    for number, death in enumerate(deaths()):
        request = line.accept(number, "10")
        line.cloud.clock.time = request.expires_at - timedelta(seconds=1)
        with death.befalling(monkeypatch):
            line.dispatch(request)
        claimed = line.status(request) == "claimed"
        line.cloud.clock.time = request.expires_at
        if claimed:
            with pytest.raises(TransientError):
                line.close(request)
            line.cloud.clock.advance(LEASE + SHORTEST_VALIDITY)
        line.close(request)
        line.holds(request, death)
        assert (line.status(request) == "failed") == (line.received(request) == 0), death
