"""What the items of a request hold of one number, and its erasure, item by item (R45).

Read are the pages of every attempt, also of those that came to nothing. Each rewritten page is a write on the condition
that it still is as it was read: of two erasures at once one begins again, and dying in between leaves the rest to the
next. The request's own text goes with its last recipient; fingerprints (`RECENT#…`) are blanked in their place, and
last of all the hash of the number (`NUMBERS#…`).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.items import ConditionFailed, Item, from_wire, to_wire, translated
from schoolsms.adapters.dynamodb.number_index import NumberIndex
from schoolsms.adapters.dynamodb.recent_sends import recent_key
from schoolsms.adapters.dynamodb.send_request_items import request_key
from schoolsms.application.ports import Clock
from schoolsms.application.ports_rights import HeldByRequest
from schoolsms.domain.consents import is_number
from schoolsms.domain.errors import TransientError
from schoolsms.domain.recent_sends import FINGERPRINT_BYTES, fingerprints
from schoolsms.domain.send_requests import Line, Refusal, SendRequest

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

    def held(self, request: SendRequest, phone: str) -> HeldByRequest:
        lines: list[Line] = []
        refusals: list[Refusal] = []
        for item in self._items(request, phone):
            if item["sk"].split("#")[1] != request.attempt:
                continue
            lines += [_line(request, row) for row in _rows(item, "lines") if row[1] == phone]
            refusals += [Refusal(*row) for row in _rows(item, "refusals") if is_number(row[1], phone)]
        return HeldByRequest(lines, refusals)

    def erase(self, request: SendRequest, phone: str) -> int:
        for _ in range(ROUNDS):
            try:
                erased = self._erase(request, phone)
            except ConditionFailed:
                continue
            # Last: by it the request is found again until all is done.
            self._numbers.forget(request, phone)
            return erased
        raise TransientError("too many erasures in one request at once")

    def _erase(self, request: SendRequest, phone: str) -> int:
        erased = 0
        for item in self._items(request, phone):
            kind = "lines" if "lines" in item else "refusals"
            rows = _rows(item, kind)
            mine = [row for row in rows if (row[1] == phone if kind == "lines" else is_number(row[1], phone))]
            if not mine:
                continue
            if kind == "lines":
                # First: once the lines are gone, nobody could tell which fingerprints were theirs.
                self._blank_fingerprints(request, item, [_line(request, row) for row in mine])
                self._blank_text(request, rows, mine)
                erased += len(mine) if item["sk"].split("#")[1] == request.attempt else 0
            for row in mine:
                row[1] = ""
                if kind == "lines":
                    row[2] = ""
            self._rewrite(item, kind, rows)
        return erased

    def _items(self, request: SendRequest, phone: str) -> Iterable[Item]:
        """The pages that hold the number, and those of all refusals, whose numbers are spelled in any way."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            FilterExpression="contains(#lines, :phone) OR attribute_exists(refusals)",
            ExpressionAttributeNames={"#lines": "lines"},
            ExpressionAttributeValues=to_wire(
                {":pk": request_key(request.id)["pk"], ":first": "PAGE#", ":last": "REFUSED#~", ":phone": f'"{phone}"'}
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

    def _blank_text(self, request: SendRequest, rows: Sequence[Row], mine: Sequence[Row]) -> None:
        """The text of a request to nobody else is content of this person's message, names and all."""
        if request.accepted > len(rows) or any(row[1] for row in rows if row not in mine):
            return
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=to_wire(request_key(request.id)),
                UpdateExpression="SET #text = :none",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeNames={"#text": "text"},
                ExpressionAttributeValues=to_wire({":none": ""}),
            )

    def _blank_fingerprints(self, request: SendRequest, item: Item, lines: Sequence[Line]) -> None:
        if self._clock.now() - request.due_at > FINGERPRINTS_KEPT:
            return
        attempt = item["sk"].split("#")[1]
        key = recent_key(request, attempt)
        with translated():
            found = self._client.get_item(TableName=self._table, Key=to_wire(key), ConsistentRead=True).get("Item")
        if not found:
            return
        before: bytes = from_wire(found)["prints"]
        theirs = set(fingerprints(lines))
        pieces = [before[at : at + FINGERPRINT_BYTES] for at in range(0, len(before), FINGERPRINT_BYTES)]
        after = b"".join(bytes(FINGERPRINT_BYTES) if piece in theirs else piece for piece in pieces)
        if after == before:
            return
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=to_wire(key),
                UpdateExpression="SET prints = :after",
                ConditionExpression="prints = :before",
                ExpressionAttributeValues=to_wire({":before": before, ":after": after}),
            )


def _rows(item: Item, kind: str) -> list[Row]:
    return list(json.loads(item.get(kind, "[]")))


def _line(request: SendRequest, row: Row) -> Line:
    index, phone, text, coding, sms_count, cost, is_test = row
    return Line(index, phone, request.text if text is None else text, coding, sms_count, cost, bool(is_test))
