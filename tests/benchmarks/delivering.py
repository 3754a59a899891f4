"""Units of 1,000 SMS from the request to the last receipt and the end of the window, counted on the real handlers.

Over moto, where every item may be looked at before and after each write. The provider answers in this process; what
it sends back is receipted as it would, ten receipts a batch.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from moto import mock_aws

from local.phone_network.network import PhoneNetwork
from schoolsms.domain.schools.stock import ledger
from tests.benchmarks.measuring.accept_once import body
from tests.benchmarks.measuring.instructions import in_environment
from tests.benchmarks.measuring.tables import aim, table
from tests.benchmarks.measuring.units import UnitCounter
from tests.fakes.core import ManualClock
from tests.integration.conftest import dynamodb_client
from tests.support.builders import NOW, SCHOOL, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http, sqs
from tests.support.functions.permissions import watch
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, ReceiptSink, serving
from tests.support.template import resources

SMS = 1_000
A_REQUEST = 500
RECEIPTS_A_BATCH = 10
POLLS = 2
"""SQS requests an invocation: it is received and deleted."""

MOST_WRITE_UNITS = 2_400
MOST_CALLS = 400
"""Of DynamoDB, by the functions that hand over."""

MOST_SQS_REQUESTS = 150
MOST_INVOCATIONS = 150
MOST_TRANSITIONS = 8


class Tally:
    """Resources used, by step."""

    def __init__(self, cloud: Cloud) -> None:
        from schoolsms.bootstrap.shared.clients import client

        self._cloud = cloud
        self._counter = UnitCounter(client("dynamodb"), dynamodb_client())
        self._queues = client("sqs")
        self.units: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.invocations: Counter[str] = Counter()

    @contextmanager
    def watching(self) -> Iterator[None]:
        self._queues.meta.events.register("after-call.sqs", self._sqs_called)
        try:
            with self._counter.watching():
                yield
        finally:
            self._queues.meta.events.unregister("after-call.sqs", self._sqs_called)

    def invoke(self, step: str, function: str, payload: Any) -> Any:
        self._step, before, called = step, self._counter.total, self._counter.calls.total()
        answer = self._cloud.invoke(function, payload)
        self.units[step] += self._counter.total - before
        self.calls[step] += self._counter.calls.total() - called
        self.invocations[step] += 1
        return answer

    def _sqs_called(self, **_: object) -> None:
        self.requests[self._step] += 1


def run() -> bool:
    """Print the table; whether the aims were held."""
    tally = _counted()
    steps = ("accepted", "started", "queued", "handed over", "receipts", "closed")
    transitions = SMS // A_REQUEST * len(_states())
    rows: list[tuple[object, ...]] = [
        (step, tally.units[step], tally.calls[step], tally.requests[step], tally.invocations[step]) for step in steps
    ]
    others = [step for step in steps if step != "receipts"]
    requests = sum(tally.requests[step] for step in others)
    invocations = sum(tally.invocations[step] for step in others)
    units, calls = tally.units.total(), tally.calls.total()
    rows.append(
        ("besides receipts", units - tally.units["receipts"], calls - tally.calls["receipts"], requests, invocations)
    )
    rows.append(("together", units, calls, tally.requests.total(), tally.invocations.total()))
    header = ("step", "write units", "DynamoDB calls", "SQS requests", "invocations")
    table(f"{SMS:,} SMS in requests of {A_REQUEST}, a receipt each", header, rows)
    handing_over = tally.calls["handed over"]
    return all(
        [
            aim(f"≤ {MOST_WRITE_UNITS:,} write units: {units:,}", held=units <= MOST_WRITE_UNITS),
            aim(f"≤ {MOST_CALLS} calls of DynamoDB handing over: {handing_over}", held=handing_over <= MOST_CALLS),
            aim(f"≤ {MOST_SQS_REQUESTS} SQS requests besides receipts: {requests}", held=requests <= MOST_SQS_REQUESTS),
            aim(f"≤ {MOST_INVOCATIONS} invocations besides: {invocations}", held=invocations <= MOST_INVOCATIONS),
            aim(f"≤ {MOST_TRANSITIONS} state transitions: {transitions}", held=transitions <= MOST_TRANSITIONS),
        ]
    )


def _states() -> Mapping[str, Any]:
    """Those of a delivery: each is entered once."""
    states: Mapping[str, Any] = resources("AWS::Serverless::StateMachine")["Delivery"]["Definition"]["States"]
    return states


def _counted() -> Tally:
    clock = ManualClock(NOW)
    with (
        TemporaryDirectory() as folder,
        mock_aws(),
        in_environment({}),
        pytest.MonkeyPatch.context() as patch,
        _network(Path(folder)) as url,
    ):
        watch()  # before the clients that are counted are made: it makes the session's clients anew
        cloud = Cloud(patch, clock)
        cloud.parameters |= {"OvhEndpoint": f"{url}/ovh/1.0", "SimulatedNetworkUrl": ""}
        cloud.schools.put(replace(SCHOOL, low_balance_threshold=0))
        cloud.ledger.post(UAI, ledger.credit("BENCH", 10 * SMS, NOW))
        tally = Tally(cloud)
        logging.disable(logging.INFO)
        with tally.watching():
            for number in range(SMS // A_REQUEST):
                _deliver(cloud, tally, clock, number, Path(folder))
        logging.disable(logging.NOTSET)
        return tally


def _deliver(cloud: Cloud, tally: Tally, clock: ManualClock, number: int, folder: Path) -> None:
    """One request, from its acceptance to its end."""
    posted = json.loads(body(A_REQUEST))
    for n, recipient in enumerate(posted["recipients"]):  # all to phones that behave
        recipient["phone"] = f"06 {20 + number} {n // 100:02d} {n % 100:02d} 10"
    answer = tally.invoke(
        "accepted",
        "accept_send_request",
        http("accept_send_request", "one_recipient", body=posted, headers={"idempotency-key": f"bench-{number}"}),
    )
    assert answer["statusCode"] == 202, answer["body"]
    request = json.loads(answer["body"])["id"]
    for function in ("start_delivery", "warn_low_balance"):  # both read the table's stream
        inserted = event(function, "request_inserted")
        inserted["Records"][0]["dynamodb"]["Keys"]["pk"]["S"] = f"REQUEST#{request}"
        tally.invoke("started", function, inserted)
    tally.invoke("queued", "queue_messages", event("queue_messages", "request_due") | {"request_id": request})
    for due in cloud.queued("QueuedMessages"):
        tally.requests["handed over"] += POLLS
        tally.invoke("handed over", "dispatch_messages", sqs("dispatch_messages", "page_due", due))
    taken = _provider_ids(request, folder)
    assert len(taken) == A_REQUEST
    for start in range(0, A_REQUEST, RECEIPTS_A_BATCH):
        due_receipts = [_receipt(each) for each in taken[start : start + RECEIPTS_A_BATCH]]
        tally.requests["receipts"] += POLLS
        tally.invoke("receipts", "record_receipts", sqs("record_receipts", "delivered", *due_receipts))
    tally.requests["receipts"] += A_REQUEST  # each queued by itself as it comes
    tally.invocations["receipts"] += A_REQUEST
    clock.advance(timedelta(hours=72))
    closed = tally.invoke("closed", "expire_messages", {"request_id": request})
    assert closed == {"final": A_REQUEST}


@contextmanager
def _network(folder: Path) -> Iterator[str]:
    with serving(ReceiptSink().application()) as callback:
        network = PhoneNetwork(folder, callback, lambda: RECEIPT_SECRET, lambda: KEYS, retry_delays=())
        with serving(network.application()) as url:
            yield url


def _provider_ids(request: str, folder: Path) -> list[str]:
    """The provider's ids for the messages of a request, from its record of what it took."""
    lines = map(json.loads, (folder / "network.jsonl").read_text().splitlines())
    return [str(each["id"]) for each in lines if str(each.get("tag", "")).startswith(f"{request}-")]


def _receipt(provider_id: str) -> dict[str, Any]:
    return {
        "provider": "ovh",
        "provider_message_id": provider_id,
        "status": "delivered",
        "code": "4",
        "message_id": None,
    }
