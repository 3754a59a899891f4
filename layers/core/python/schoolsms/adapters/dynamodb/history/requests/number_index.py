"""The phone-number index: requests by keyed hashes of their numbers, `NUMBERS#<uai>#<school year>` in the history table
(R36).

One item a request, `<its order>#<attempt>`, written before it and counting only through it, as its pages do. A keyed
hash of `PRINT_BYTES` bytes replaces each number: `accepted_prints` in the order of the lines, so that the place of a
hash tells the page; `refused_prints` in no order that matters. Readers must look at the page that a hash leads to,
because once in some hundred million searches of a million messages it belongs to another number.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from schoolsms.adapters.dynamodb.client.codec import Item, epoch, iso, optional_instant
from schoolsms.adapters.dynamodb.client.table import Table, bounded
from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.send_requests import PAGE_SIZE, Line, Refusal, SendRequest
from schoolsms.domain.texts.phone_numbers import ANYWHERE, Mobile, parse_mobile

PRINT_BYTES = 6
REQUESTS_A_SLICE = 1_000
"""Most entries that one search reads, whatever the school sent. A mebibyte is the other limit."""


@dataclass(frozen=True)
class Place:
    """An attempt at a request, accepted or not, the pages that hold the number, and whether refusals do.

    `due_at` is the request's; attempts do not keep it elsewhere.
    """

    sk: str
    request_id: str
    attempt: str
    due_at: datetime | None
    pages: Sequence[int]
    refused: bool


class NumberIndex:
    """`key` gives the secret of the hashes; it is read when a number is first hashed."""

    def __init__(self, table: Table, key: Callable[[], str]) -> None:
        self._table = table
        self._key = key

    def item(self, request: SendRequest, lines: Sequence[Line], refusals: Sequence[Refusal]) -> Item:
        """Return the entry of a request: 6 bytes a recipient, for 30,000 of them well under the 400 KB of an item."""
        begun = self._keyed_hash()
        home = territory(request.school)
        found = (parse_mobile(each.phone, ANYWHERE, home) for each in refusals)
        refused = {_print(begun, mobile.e164) for mobile in found if isinstance(mobile, Mobile)}
        return {
            **index_key(request.school, request.school_year, index_place(request)),
            "purge_at": epoch(request.purge_at),
            "due_at": iso(request.due_at),
            "accepted_prints": _prints(begun, lines),
            **({"refused_prints": b"".join(sorted(refused))} if refused else {}),
        }

    def places(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[Place]:
        """Entries that mention `phone`, newest first. The cursor is the last entry scanned, matching or not."""
        wanted = _print(self._keyed_hash(), phone)
        until = bounded("pk", index_partition(uai, school_year), "sk <", before)
        page = self._table.query(*until, REQUESTS_A_SLICE, descending=True)
        places = (_place(item, wanted) for item in page.items)
        return Slice([place for place in places if place], page.cursor("sk"))

    def forget(self, key: Item, phone: str) -> None:
        """Blank the hash of `phone` in the item of `key`; the other hashes keep their places. Safe to repeat."""
        wanted = _print(self._keyed_hash(), phone)
        while True:
            item = self._table.get(key) or {}
            blank = {
                name: _without(item[name], wanted)
                for name in ("accepted_prints", "refused_prints")
                if list(_positions(item.get(name, b""), wanted))
            }
            as_read = " AND ".join(f"{name} = :{name}" for name in blank)
            if not blank or self._table.try_put(item | blank, as_read, {name: item[name] for name in blank}):
                return

    def _keyed_hash(self) -> hashlib.blake2b:
        """Return a keyed BLAKE2b, ready for one `update(number)`."""
        key = hashlib.sha256(self._key().encode()).digest()
        return hashlib.blake2b(key=key, digest_size=PRINT_BYTES, person=b"history")


def index_partition(uai: str, school_year: str) -> str:
    """Return the partition of the numbers of a school's year; they sort as its requests do."""
    return f"NUMBERS#{uai}#{school_year}"


def index_place(request: SendRequest) -> str:
    """Return the sort key of the attempt that `request` is."""
    return f"{request.order_key}#{request.attempt}"


def index_key(uai: str, school_year: str, place: str) -> Item:
    """Return the primary key of one attempt's entry in the phone-number index."""
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


def _prints(begun: hashlib.blake2b, lines: Sequence[Line]) -> bytes:
    """The hashes of all `lines`, without a call of `_print` for each of ten thousand."""
    made = []
    for line in lines:
        each = begun.copy()
        each.update(line.phone.encode())
        made.append(each.digest())
    return b"".join(made)


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
