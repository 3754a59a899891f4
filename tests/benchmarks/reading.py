"""Read units of a page of the history: the same for a school that sent a thousand messages and one that sent many."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import boto3
from moto import mock_aws

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.batches import write_all
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.tallies import DynamoTallies
from schoolsms.adapters.dynamodb.history.requests.message_items import message_sk
from schoolsms.adapters.dynamodb.history.requests.number_index import NumberIndex
from schoolsms.adapters.dynamodb.history.requests.page_items import page_items
from schoolsms.adapters.dynamodb.history.requests.request_items import request_item
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.application.history.read_send_requests import ReadSendRequests
from schoolsms.application.sending.delivering.keep_totals import KeepTotals
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.sending.send_requests import Line, SendRequest
from tests.benchmarks.measuring.instructions import in_environment
from tests.benchmarks.measuring.tables import aim, table
from tests.benchmarks.measuring.units import size_of
from tests.fakes.core import ManualClock
from tests.integration.conftest import ACCOUNTS, HISTORY, phones_key
from tests.support.builders import A_MANAGER, NOW, SCHOOL
from tests.support.examples import TEXT, a_request
from tests.support.template import table_arguments

A_REQUEST = 500
SIZES = (1_000, 200_000)
ONCE = "+33699999999"
SEARCHES: Mapping[str, HistorySearch] = {
    "newest first": HistorySearch(),
    "by status": HistorySearch(status="undeliverable"),
    "by author": HistorySearch(author="nobody"),
    "by number": HistorySearch(phone=ONCE),
}
SLICE_OF_NUMBERS = 256
"""Units of a mebibyte, read consistently: what the index of numbers costs a page at most."""


class ReadUnits:
    """Units that the calls of a client read: half of one a started 4 KiB, twice that when consistent."""

    def __init__(self, client: Any) -> None:
        self.units = 0.0
        self._consistent = False
        client.meta.events.register("provide-client-params.dynamodb", self._look)
        client.meta.events.register("after-call.dynamodb", self._count)

    def _look(self, params: Mapping[str, Any], **_: Any) -> None:
        tables = params.get("RequestItems", {}).values()
        self._consistent = bool(params.get("ConsistentRead") or any(each.get("ConsistentRead") for each in tables))

    def _count(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        each = 1.0 if self._consistent else 0.5
        if model.name == "Query":
            self.units += each * _blocks(sum(map(size_of, parsed["Items"])))
        elif model.name == "GetItem":
            self.units += each * _blocks(size_of(parsed.get("Item", {})))
        elif model.name == "BatchGetItem":
            found = [item for items in parsed["Responses"].values() for item in items]
            self.units += each * sum(_blocks(size_of(item)) for item in found)


def run() -> bool:
    """Print the table; whether the aims were held."""
    found = {size: _units(size) for size in SIZES}
    few, many = (found[size] for size in SIZES)
    rows = [(name, *(found[size][name] for size in SIZES)) for name in SEARCHES]
    table("Read units of a page of the history", ("search", *(f"{size:,} messages" for size in SIZES)), rows)
    plain = "newest first"
    most = SLICE_OF_NUMBERS + few["by number"]
    return all(
        [
            aim(
                f"the same read units of a page: {few[plain]:.1f} and {many[plain]:.1f}", held=few[plain] == many[plain]
            ),
            aim(
                f"by number one mebibyte of the index at most: {many['by number']:.1f}", held=many["by number"] <= most
            ),
        ]
    )


def _units(messages: int) -> dict[str, float]:
    with _sent(messages) as (read, counter):
        units = {}
        for name, search in SEARCHES.items():
            before = counter.units
            read.history(A_MANAGER, search, None)
            units[name] = counter.units - before
        return units


@contextmanager
def _sent(messages: int) -> Iterator[tuple[ReadSendRequests, ReadUnits]]:
    """The history of a school that sent so many, `A_REQUEST` each time; those looked at were all delivered."""
    with mock_aws(), in_environment({}):
        client: Any = boto3.client("dynamodb")
        for name in (ACCOUNTS, HISTORY):
            client.create_table(**table_arguments(name))
        DynamoSchools(Table(client, ACCOUNTS)).put(SCHOOL)
        count = messages // A_REQUEST
        index = NumberIndex(Table(client, HISTORY), phones_key)
        for number in range(count):
            _put(client, index, number, delivered=number >= count - 12)
        requests = DynamoSendRequests(Table(client, HISTORY), DynamoLedger(Table(client, ACCOUNTS)), phones_key)
        clock = ManualClock(NOW + timedelta(days=1))
        totals = KeepTotals(requests, DynamoTallies(Table(client, HISTORY)))
        yield ReadSendRequests(requests, DynamoSchools(Table(client, ACCOUNTS)), clock, totals), ReadUnits(client)


def _put(client: Any, index: NumberIndex, number: int, *, delivered: bool) -> None:
    request = a_request(
        id=f"REQUEST{number:07d}", lines=A_REQUEST, accepted_at=NOW + timedelta(seconds=number), cost_sms=A_REQUEST
    )
    lines = [Line(n, f"+3361{n:07d}", TEXT, "gsm", 1, 1, False) for n in range(A_REQUEST)]
    if number == 0:
        lines[7] = lines[7]._replace(phone=ONCE)
    items = [request_item(request), *page_items(request, lines, []), index.item(request, lines, [])]
    if delivered:
        items += map(_delivered(request), lines)
    write_all(client, HISTORY, [{"PutRequest": {"Item": to_wire(item)}} for item in items])


def _delivered(request: SendRequest) -> Callable[[Line], dict[str, Any]]:
    def item(line: Line) -> dict[str, Any]:
        at = "2026-11-23T09:00:03.000Z"
        state = {"status": "delivered", "lease_until": at, "final_at": at, "provider": "ovh", "purge_at": 1_819_000_000}
        return {"pk": f"REQUEST#{request.id}", "sk": message_sk(line.index), **state}

    return item


def _blocks(size: int) -> int:
    return max(1, math.ceil(size / 4096))
