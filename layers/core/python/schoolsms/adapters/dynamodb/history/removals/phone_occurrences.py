"""Finds the requests that mention one phone number, and erases it item by item (R45).

The phone-number index leads to the pages of every attempt at a request, also of attempts that were never accepted. Each
page is rewritten on the condition that it is still as read: of two erasures at once one starts again, and if the
process dies in between, the next erasure does the rest. Fingerprints (`RECENT#…`) are blanked in their place, the
request's own text is blanked with its last recipient, and the hash of the number (`NUMBERS#…`) is blanked last.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.requests.erasure_mark import mark_erasure
from schoolsms.adapters.dynamodb.history.requests.number_index import NumberIndex, Place, index_key
from schoolsms.adapters.dynamodb.history.requests.page_items import page_key
from schoolsms.adapters.dynamodb.history.requests.recent_sends import recent_key
from schoolsms.adapters.dynamodb.history.requests.request_items import request_key, request_of
from schoolsms.application.ports.core import Clock, Slice
from schoolsms.application.ports.history.personal_data import Occurrence, PersonalDataOfRequest
from schoolsms.domain.consents.consents import is_number
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.recent_sends import FINGERPRINT_BYTES
from schoolsms.domain.sending.send_requests import PAGE_SIZE, Line, Refusal, SendRequest

FINGERPRINTS_KEPT = timedelta(days=4)
"""They expire after an hour, and DynamoDB may take two days more to delete them."""

ROUNDS = 10

Row = list[Any]
"""A line or a refusal as `send_requests` keeps it: index, phone, text or code, …"""


class DynamoPhoneOccurrences:
    """Implements the port `PhoneOccurrences`."""

    def __init__(self, table: Table, key: Callable[[], str], clock: Clock) -> None:
        self._table = table
        self._numbers = NumberIndex(table, key)
        self._clock = clock

    def occurrences(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[Occurrence]:
        piece = self._numbers.places(uai, school_year, phone, before)
        keys = [request_key(request_id) for request_id in dict.fromkeys(place.request_id for place in piece.items)]
        standing = {item["pk"]: request_of(item) for item in self._table.read_all(keys)}
        return Slice([_occurrence(uai, school_year, place, standing) for place in piece.items], piece.cursor)

    def held(self, request: SendRequest, phone: str) -> PersonalDataOfRequest:
        lines: list[Line] = []
        refusals: list[Refusal] = []
        home = territory(request.school)
        for item in self._items(request.id, request.attempt, phone):
            lines += [_line(request, row) for row in _rows(item, "lines") if row[1] == phone]
            refusals += [Refusal(*row) for row in _rows(item, "refusals") if is_number(row[1], phone, home)]
        return PersonalDataOfRequest(lines, refusals)

    def begin_erasure(self, uai: str, at: datetime) -> None:
        mark_erasure(self._table, uai, at)

    def erase(self, occurrence: Occurrence, phone: str) -> int:
        for _ in range(ROUNDS):
            try:
                erased = self._erase(occurrence, phone)
            except ConditionFailed:
                continue
            if occurrence.request:
                self._blank_text(occurrence.request)
            # Last, because the hash leads a repeated erasure back here until all of this is done.
            self._numbers.forget(index_key(occurrence.school, occurrence.school_year, occurrence.place), phone)
            return erased if occurrence.request else 0
        raise TransientError("too many erasures in one request at once")

    def _erase(self, occurrence: Occurrence, phone: str) -> int:
        erased, home = 0, territory(occurrence.school)
        for item in self._items(occurrence.request_id, occurrence.attempt, phone):
            kind = "lines" if "lines" in item else "refusals"
            rows = _rows(item, kind)
            mine = [at for at, row in enumerate(rows) if row[1] == phone or is_number(row[1], phone, home)]
            if not mine:
                continue
            if kind == "lines":
                # First, because without the lines their fingerprints could not be found any more.
                page = int(item["sk"].rpartition("#")[2])
                self._blank_fingerprints(occurrence, [page * PAGE_SIZE + at for at in mine])
                erased += len(mine)
            for at in mine:
                rows[at][1] = ""
                if kind == "lines":
                    rows[at][2] = ""
            self._rewrite(item, kind, rows)
        return erased

    def _items(self, request_id: str, attempt: str, phone: str) -> Iterable[Item]:
        """Yield the attempt's pages that hold the number, and all its refusals, which spell numbers in any way."""
        for kind in ("PAGE", "REFUSED"):
            values = {"pk": request_key(request_id)["pk"], "attempt": f"{kind}#{attempt}#", "phone": f'"{phone}"'}
            yield from self._table.query_all(
                "pk = :pk AND begins_with(sk, :attempt)",
                values,
                where="contains(#lines, :phone) OR attribute_exists(refusals)",
            )

    def _rewrite(self, item: Item, kind: str, rows: Sequence[Row]) -> None:
        after = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        key, values = {"pk": item["pk"], "sk": item["sk"]}, {"before": item[kind], "after": after}
        self._table.update(key, f"SET #{kind} = :after", f"#{kind} = :before", values)

    def _blank_text(self, request: SendRequest) -> None:
        """Blank the request's text once no recipient is left: it is content of the erased messages, names included."""
        if any(row[1] for page in range(request.pages) for row in self._page(request, page)):
            return
        # A failed condition means that the request was purged meanwhile.
        values = {"none": "", "attempt": request.attempt}
        self._table.try_update(request_key(request.id), "SET #text = :none", "attempt = :attempt", values)

    def _page(self, request: SendRequest, page: int) -> Sequence[Row]:
        return _rows(self._table.get(page_key(request, page)) or {}, "lines")

    def _blank_fingerprints(self, occurrence: Occurrence, places: Sequence[int]) -> None:
        """Blank the fingerprints at `places`, counted over the lines of the attempt."""
        if occurrence.due_at is None or self._clock.now() - occurrence.due_at > FINGERPRINTS_KEPT:
            return
        key = recent_key(occurrence.school, occurrence.due_at, occurrence.request_id, occurrence.attempt)
        item = self._table.get(key)
        if not item:
            return
        before: bytes = item["prints"]
        after = bytearray(before)
        for place in places:
            after[place * FINGERPRINT_BYTES : (place + 1) * FINGERPRINT_BYTES] = bytes(FINGERPRINT_BYTES)
        values = {"before": before, "after": bytes(after)}
        self._table.update(key, "SET prints = :after", "prints = :before", values)


def _occurrence(uai: str, school_year: str, place: Place, standing: Mapping[str, SendRequest]) -> Occurrence:
    request = standing.get(request_key(place.request_id)["pk"])
    accepted = request is not None and (request.school, request.attempt) == (uai, place.attempt)
    return Occurrence(
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
