"""Which requests named a number, without saying which number: `NUMBERS#<uai>#<school year>` in the history table (R36).

One item a request, `<its order>#<attempt>`, written before it and counting only through it, as its pages do. A keyed
hash stands for each number, of `PRINT_BYTES` bytes: `accepted_prints` in the order of the lines, so that the place of a
hash tells the page; `refused_prints` in no order that matters. What a hash leads to is to be looked at: once in some
hundred million searches of a million messages it stands for another number.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schoolsms.adapters.dynamodb.client.items import (
    ConditionFailed,
    Item,
    epoch,
    from_wire,
    iso,
    optional_instant,
    to_wire,
    translated,
)
from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.send_requests import PAGE_SIZE, Line, Refusal, SendRequest
from schoolsms.domain.texts.phone_numbers import ANYWHERE, Mobile, parse_mobile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PRINT_BYTES = 6
REQUESTS_A_SLICE = 1_000
"""At most, and a mebibyte: what one search reads, whatever the school sent."""


@dataclass(frozen=True)
class Place:
    """An attempt at a request, accepted or not, the pages that hold the number, and whether refusals do.

    `due_at`: of the request; attempts do not keep it elsewhere.
    """

    sk: str
    request_id: str
    attempt: str
    due_at: datetime | None
    pages: Sequence[int]
    refused: bool


class NumberIndex:
    """`key` gives the secret of the hashes; it is read when a number is first hashed."""

    def __init__(self, client: "DynamoDBClient", table: str, key: Callable[[], str]) -> None:
        self._client = client
        self._table = table
        self._key = key

    def item(self, request: SendRequest, lines: Sequence[Line], refusals: Sequence[Refusal]) -> Item:
        """What is kept of a request: 6 bytes a recipient, for 30,000 of them well under the 400 KB of an item."""
        begun = self._begun()
        home = territory(request.school)
        found = (parse_mobile(each.phone, ANYWHERE, home) for each in refusals)
        refused = {_print(begun, mobile.e164) for mobile in found if isinstance(mobile, Mobile)}
        return {
            **index_key(request.school, request.school_year, index_place(request)),
            "purge_at": epoch(request.purge_at),
            "due_at": iso(request.due_at),
            "accepted_prints": b"".join([_print(begun, line.phone) for line in lines]),
            **({"refused_prints": b"".join(sorted(refused))} if refused else {}),
        }

    def places(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[Place]:
        """Newest first; the cursor is where the last one stands that was looked at, found or not."""
        wanted = _print(self._begun(), phone)
        with translated():
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk" + (" AND sk < :before" if before else ""),
                ExpressionAttributeValues=to_wire(
                    {":pk": index_partition(uai, school_year)} | ({":before": before} if before else {})
                ),
                ConsistentRead=True,
                ScanIndexForward=False,
                Limit=REQUESTS_A_SLICE,
            )
        items = [from_wire(wire) for wire in answer["Items"]]
        places = [place for item in items if (place := _place(item, wanted))]
        return Slice(places, items[-1]["sk"] if "LastEvaluatedKey" in answer else None)

    def forget(self, key: Item, phone: str) -> None:
        """Take the hash of `phone` out of what is kept at `key`; the places of the others stay. Twice is once."""
        wanted = _print(self._begun(), phone)
        while True:
            with translated():
                found = self._client.get_item(TableName=self._table, Key=to_wire(key), ConsistentRead=True).get("Item")
            item = from_wire(found) if found else {}
            blank = {
                name: _without(item[name], wanted)
                for name in ("accepted_prints", "refused_prints")
                if list(_positions(item.get(name, b""), wanted))
            }
            if not blank:
                return
            try:
                with translated():
                    self._client.put_item(
                        TableName=self._table,
                        Item=to_wire(item | blank),
                        ConditionExpression=" AND ".join(f"{name} = :{name}" for name in blank),
                        ExpressionAttributeValues=to_wire({f":{name}": item[name] for name in blank}),
                    )
            except ConditionFailed:
                continue
            return

    def _begun(self) -> hashlib.blake2b:
        """A keyed hash (a MAC by itself, RFC 7693) that only wants the number."""
        key = hashlib.sha256(self._key().encode()).digest()
        return hashlib.blake2b(key=key, digest_size=PRINT_BYTES, person=b"history")


def index_partition(uai: str, school_year: str) -> str:
    """Where the numbers of a school's year are; they sort as its requests do."""
    return f"NUMBERS#{uai}#{school_year}"


def index_place(request: SendRequest) -> str:
    """The sort key of the attempt that `request` is."""
    return f"{request.order_key}#{request.attempt}"


def index_key(uai: str, school_year: str, place: str) -> Item:
    """Where what is kept of the numbers of an attempt at a request is."""
    return {"pk": index_partition(uai, school_year), "sk": place}


def _place(item: Item, wanted: bytes) -> Place | None:
    pages = sorted({position // PAGE_SIZE for position in _positions(item["accepted_prints"], wanted)})
    refused = any(True for _ in _positions(item.get("refused_prints", b""), wanted))
    if not (pages or refused):
        return None
    _, request_id, attempt = item["sk"].split("#")
    return Place(item["sk"], request_id, attempt, optional_instant(item.get("due_at")), pages, refused)


def _print(begun: hashlib.blake2b, phone: str) -> bytes:
    each = begun.copy()
    each.update(phone.encode())
    return each.digest()


def _positions(prints: bytes, wanted: bytes) -> Iterator[int]:
    at = prints.find(wanted)
    while at >= 0:
        if at % PRINT_BYTES == 0:
            yield at // PRINT_BYTES
        at = prints.find(wanted, at + 1)


def _without(prints: bytes, wanted: bytes) -> bytes:
    blanked = bytearray(prints)
    for position in _positions(prints, wanted):
        blanked[position * PRINT_BYTES : (position + 1) * PRINT_BYTES] = bytes(PRINT_BYTES)
    return bytes(blanked)
