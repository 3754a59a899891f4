"""What the items of a request hold of one number, and its erasure, item by item (R45).

The index of numbers leads to the pages of every attempt at a request, also to those of attempts that came to nothing.
Each rewritten page is a write on the condition that it still is as it was read: of two erasures at once one begins
again, and dying in between leaves the rest to the next. Fingerprints (`RECENT#…`) are blanked in their place, the
request's own text goes with its last recipient, and last of all goes the hash of the number (`NUMBERS#…`).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.client.batches import read_all
from schoolsms.adapters.dynamodb.client.items import ConditionFailed, Item, from_wire, to_wire, translated
from schoolsms.adapters.dynamodb.history.erasure_mark import mark_erasure
from schoolsms.adapters.dynamodb.history.number_index import NumberIndex, Place, index_key
from schoolsms.adapters.dynamodb.history.page_items import page_key
from schoolsms.adapters.dynamodb.history.recent_sends import recent_key
from schoolsms.adapters.dynamodb.history.request_items import request_key, request_of
from schoolsms.application.ports.core import Clock, Slice
from schoolsms.application.ports.personal_data import HeldByRequest, Trace
from schoolsms.domain.consents.consents import is_number
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.recent_sends import FINGERPRINT_BYTES
from schoolsms.domain.sending.send_requests import PAGE_SIZE, Line, Refusal, SendRequest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FINGERPRINTS_KEPT = timedelta(days=4)
"""After an hour they are to go, and the table may take two days more about it."""

ROUNDS = 10

Row = list[Any]
"""A line or a refusal as `send_requests` keeps it: index, phone, text or code, …"""


class DynamoPersonalHistory:
    """Implements the port `PersonalHistory`."""

    def __init__(self, client: "DynamoDBClient", table: str, key: Callable[[], str], clock: Clock) -> None:
        self._client = client
        self._table = table
        self._numbers = NumberIndex(client, table, key)
        self._clock = clock

    def traces(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[Trace]:
        piece = self._numbers.places(uai, school_year, phone, before)
        keys = [request_key(request_id) for request_id in dict.fromkeys(place.request_id for place in piece.items)]
        standing = {item["pk"]: request_of(item) for item in read_all(self._client, self._table, keys)}
        return Slice([_trace(uai, school_year, place, standing) for place in piece.items], piece.cursor)

    def held(self, request: SendRequest, phone: str) -> HeldByRequest:
        lines: list[Line] = []
        refusals: list[Refusal] = []
        home = territory(request.school)
        for item in self._items(request.id, request.attempt, phone):
            lines += [_line(request, row) for row in _rows(item, "lines") if row[1] == phone]
            refusals += [Refusal(*row) for row in _rows(item, "refusals") if is_number(row[1], phone, home)]
        return HeldByRequest(lines, refusals)

    def begin_erasure(self, uai: str, at: datetime) -> None:
        mark_erasure(self._client, self._table, uai, at)

    def erase(self, trace: Trace, phone: str) -> int:
        for _ in range(ROUNDS):
            try:
                erased = self._erase(trace, phone)
            except ConditionFailed:
                continue
            if trace.request:
                self._blank_text(trace.request)
            # Last: by it all this is found again until it is done.
            self._numbers.forget(index_key(trace.school, trace.school_year, trace.place), phone)
            return erased if trace.request else 0
        raise TransientError("too many erasures in one request at once")

    def _erase(self, trace: Trace, phone: str) -> int:
        erased, home = 0, territory(trace.school)
        for item in self._items(trace.request_id, trace.attempt, phone):
            kind = "lines" if "lines" in item else "refusals"
            rows = _rows(item, kind)
            mine = [at for at, row in enumerate(rows) if row[1] == phone or is_number(row[1], phone, home)]
            if not mine:
                continue
            if kind == "lines":
                # First: once the lines are gone, nobody could tell which fingerprints were theirs.
                page = int(item["sk"].rpartition("#")[2])
                self._blank_fingerprints(trace, [page * PAGE_SIZE + at for at in mine])
                erased += len(mine)
            for at in mine:
                rows[at][1] = ""
                if kind == "lines":
                    rows[at][2] = ""
            self._rewrite(item, kind, rows)
        return erased

    def _items(self, request_id: str, attempt: str, phone: str) -> Iterable[Item]:
        """The attempt's pages that hold the number, and those of all refusals, whose numbers are spelled in any way."""
        for kind in ("PAGE", "REFUSED"):
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :attempt)",
                FilterExpression="contains(#lines, :phone) OR attribute_exists(refusals)",
                ExpressionAttributeNames={"#lines": "lines"},
                ExpressionAttributeValues=to_wire(
                    {":pk": request_key(request_id)["pk"], ":attempt": f"{kind}#{attempt}#", ":phone": f'"{phone}"'}
                ),
                ConsistentRead=True,
            )
            with translated():
                for page in pages:
                    yield from map(from_wire, page["Items"])

    def _rewrite(self, item: Item, kind: str, rows: Sequence[Row]) -> None:
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=to_wire({"pk": item["pk"], "sk": item["sk"]}),
                UpdateExpression="SET #rows = :after",
                ConditionExpression="#rows = :before",
                ExpressionAttributeNames={"#rows": kind},
                ExpressionAttributeValues=to_wire(
                    {":before": item[kind], ":after": json.dumps(rows, ensure_ascii=False, separators=(",", ":"))}
                ),
            )

    def _blank_text(self, request: SendRequest) -> None:
        """Once nobody is left to whom it went, it is content of the messages that were erased, names and all."""
        if any(row[1] for page in range(request.pages) for row in self._page(request, page)):
            return
        # Gone, if it was purged meanwhile.
        with suppress(ConditionFailed), translated():
            self._client.update_item(
                TableName=self._table,
                Key=to_wire(request_key(request.id)),
                UpdateExpression="SET #text = :none",
                ConditionExpression="attempt = :attempt",
                ExpressionAttributeNames={"#text": "text"},
                ExpressionAttributeValues=to_wire({":none": "", ":attempt": request.attempt}),
            )

    def _page(self, request: SendRequest, page: int) -> Sequence[Row]:
        key = to_wire(page_key(request, page))
        with translated():
            found = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return _rows(from_wire(found or {}), "lines")

    def _blank_fingerprints(self, trace: Trace, places: Sequence[int]) -> None:
        """Those at `places`, counted over the lines of the attempt."""
        if trace.due_at is None or self._clock.now() - trace.due_at > FINGERPRINTS_KEPT:
            return
        key = to_wire(recent_key(trace.school, trace.due_at, trace.request_id, trace.attempt))
        with translated():
            found = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if not found:
            return
        before: bytes = from_wire(found)["prints"]
        after = bytearray(before)
        for place in places:
            after[place * FINGERPRINT_BYTES : (place + 1) * FINGERPRINT_BYTES] = bytes(FINGERPRINT_BYTES)
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="SET prints = :after",
                ConditionExpression="prints = :before",
                ExpressionAttributeValues=to_wire({":before": before, ":after": bytes(after)}),
            )


def _trace(uai: str, school_year: str, place: Place, standing: Mapping[str, SendRequest]) -> Trace:
    request = standing.get(request_key(place.request_id)["pk"])
    accepted = request is not None and (request.school, request.attempt) == (uai, place.attempt)
    return Trace(
        school=uai,
        school_year=school_year,
        place=place.sk,
        request_id=place.request_id,
        attempt=place.attempt,
        due_at=place.due_at,
        request=request if accepted else None,
    )


def _rows(item: Item, kind: str) -> list[Row]:
    return list(json.loads(item.get(kind, "[]")))


def _line(request: SendRequest, row: Row) -> Line:
    index, phone, text, coding, sms_count, cost, is_test = row
    return Line(index, phone, request.text if text is None else text, coding, sms_count, cost, bool(is_test))
