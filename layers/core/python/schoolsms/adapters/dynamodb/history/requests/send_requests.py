"""Send requests and the pages of their lines in the history table (R36): `REQUEST#<id>` holds

- `REQUEST`: the request itself, found by school year in the index;
- `PAGE#<attempt>#<n>`: `PAGE_SIZE` accepted lines each, `REFUSED#<attempt>#<n>` the refused ones;
- `MESSAGE#<index>`: the state of one message, `MESSAGE#<first>#GROUP` of several (see `message_items.py`).

Beside them `RECENT#<uai>` holds what was sent a moment ago (see `recent_sends.py`), `NUMBERS#<uai>#<school year>` is
the phone-number index (see `number_index.py`), and `ERASED#<uai>` is the erasure mark (see `erasure_mark.py`).

Pages are written before the request and count only through it. Their keys name the attempt that wrote them, so that
pages of a failed attempt, or of another one under the same id, are never read as the request's own and can be deleted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.codec import Item, iso
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed, TransactionConditionFailed
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, Table, bounded
from schoolsms.adapters.dynamodb.history.requests.erasure_mark import erasure_mark, no_erasure_since
from schoolsms.adapters.dynamodb.history.requests.message_items import find_message, states_between
from schoolsms.adapters.dynamodb.history.requests.number_index import NumberIndex
from schoolsms.adapters.dynamodb.history.requests.page_items import (
    lines_in,
    page_items,
    page_key,
    refusal_keys,
    refusals_in,
)
from schoolsms.adapters.dynamodb.history.requests.recent_sends import check_recent, recent_item
from schoolsms.adapters.dynamodb.history.requests.request_items import request_item, request_key, request_of
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import DailyLimitReached, IdempotencyKeyReused, InsufficientBalance, TransientError
from schoolsms.domain.schools.stock.ledger import Posting, post
from schoolsms.domain.sending.recent_sends import AlreadySent, Fingerprints
from schoolsms.domain.sending.send_requests import (
    ErasedMeanwhile,
    Line,
    MessageState,
    Refusal,
    RequestToPhone,
    SendRequest,
)

REQUESTS_A_SLICE = 20

_NOT_ACCEPTED = (TransactionConditionFailed, InsufficientBalance, DailyLimitReached, AlreadySent)


def _no_key() -> str:
    raise LookupError("DynamoSendRequests was built without `key`; store_and_debit() and of_phone() need it")


class DynamoSendRequests:
    """Implements the port `SendRequests`. `key` gives the secret of the index of numbers, read when it is needed."""

    def __init__(self, table: Table, ledger: DynamoLedger, key: Callable[[], str] = _no_key) -> None:
        self._table = table
        self._ledger = ledger
        self._numbers = NumberIndex(table, key)

    def store_and_debit(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        refusals: Sequence[Refusal],
        posting: Posting | None,
        prints: Fingerprints | None = None,
        erasure_mark: str = "",
    ) -> SendRequest:
        def check() -> None:
            if prints and prints.since:
                check_recent(self._table, request, prints)

        try:
            if posting:
                # Before anything is written: most refusals end here, and leave no number and no text behind.
                post(self._ledger.balance(request.school), posting)
            written = self._write_pages(request, lines, refusals, prints)
            beside = [
                self._table.to_put(request_item(request), NEW),
                no_erasure_since(self._table, request.school, erasure_mark),
            ]
            try:
                if posting is None:
                    check()
                    self._table.transact(beside)  # test numbers only: they cost nothing, so there is nothing to post
                else:
                    self._ledger.post(request.school, posting, beside, check)
            except _NOT_ACCEPTED:
                self._remove(written)
                raise
        except (*_NOT_ACCEPTED, TransientError) as exc:
            # The same request may have come in twice at once and the other one spent what was left; or it was written
            # and only the answer was lost: then it stands, and saying otherwise would make the caller send it again.
            standing = self.get(request.id)
            if standing:
                return standing
            if isinstance(exc, TransactionConditionFailed):
                raise ErasedMeanwhile from exc
            raise
        standing = self.get(request.id)
        if standing is None:
            # Found debited, but not there: the key was used in a year that was purged. Nothing was debited now.
            self._remove(written)
            raise IdempotencyKeyReused
        if standing.attempt != request.attempt:
            self._remove(written)
        return standing

    def erasure_mark(self, uai: str) -> str:
        return erasure_mark(self._table, uai)

    def get(self, request_id: str) -> SendRequest | None:
        item = self._table.get(request_key(request_id))
        return request_of(item) if item else None

    def start(self, request_id: str) -> bool:
        condition = f"{EXISTS} AND cancelled = :false"
        values = {"true": True, "false": False}
        return self._table.try_update(request_key(request_id), "SET started = :true", condition, values)

    def cancel(self, request: SendRequest, at: datetime, by: str, posting: Posting | None) -> bool:
        change = (
            request_key(request.id),
            "SET cancelled = :true, cancelled_at = :at, cancelled_by = :by",
            "cancelled = :false AND started = :false",
            {"true": True, "false": False, "at": iso(at), "by": by},
        )
        try:
            if posting:
                self._ledger.post(request.school, posting, [self._table.to_update(*change)])
            else:
                self._table.update(*change)
        except (TransactionConditionFailed, ConditionFailed):
            return False
        return True

    def refusals(self, request_id: str) -> Sequence[Refusal]:
        request = self.get(request_id)
        if request is None or not request.refused:
            return []
        items = self._range(request_id, *refusal_keys(request))
        return [refusal for item in items for refusal in refusals_in(item)]

    def lines(self, request: SendRequest, page: int) -> Sequence[Line]:
        item = self._table.get(page_key(request, page))
        if not item:
            raise TransientError("a page of a request is not there")
        return lines_in(request, item)

    def states(self, request_id: str, first: int = 0, last: int = 99_999) -> Mapping[int, MessageState]:
        if first < last:
            return states_between(self._table, request_id, first, last)
        record, group = find_message(self._table, request_id, first)
        state = group.state(first, record) if group else record
        return {first: state} if state else {}

    def of_school_year(
        self, uai: str, school_year: str, before: str | None, most: int | None = None
    ) -> Slice[SendRequest]:
        until = bounded("school_year", f"{uai}#{school_year}", "accepted_key <", before)
        page = self._table.query(*until, most or REQUESTS_A_SLICE, index="by_school_year", descending=True)
        found = self._several(key["pk"].removeprefix("REQUEST#") for key in page.items)
        requests = [found[key["pk"]] for key in page.items if key["pk"] in found]
        return Slice(requests, page.cursor("accepted_key"))

    def of_phone(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[RequestToPhone]:
        piece = self._numbers.places(uai, school_year, phone, before)
        found = self._several(place.request_id for place in piece.items)
        hits = ((found.get(f"REQUEST#{place.request_id}"), place) for place in piece.items)
        return Slice(
            [
                RequestToPhone(request, place.pages, place.refused)
                for request, place in hits
                if request and (request.school, request.attempt) == (uai, place.attempt)
            ],
            piece.cursor.rpartition("#")[0] if piece.cursor else None,
        )

    def _several(self, request_ids: Iterable[str]) -> Mapping[str, SendRequest]:
        """Return the requests that exist, by their partition."""
        keys = [request_key(request_id) for request_id in dict.fromkeys(request_ids)]
        return {item["pk"]: request_of(item) for item in self._table.read_all(keys)}

    def _range(self, request_id: str, first: str, last: str) -> Iterable[Item]:
        values = {"pk": f"REQUEST#{request_id}", "first": first, "last": last}
        return self._table.query_all("pk = :pk AND sk BETWEEN :first AND :last", values)

    def _write_pages(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        refusals: Sequence[Refusal],
        prints: Fingerprints | None,
    ) -> Sequence[Item]:
        """Write the index entry and the pages; return their keys."""
        # The index entry is written before the pages, in a call of its own, because a batch is done in any order or in
        # part: should the process die in between, the purge and an erasure still find the pages (R38, R45).
        index = self._numbers.item(request, lines, refusals)
        pages = page_items(request, lines, refusals)
        if prints:
            pages.append(recent_item(request, prints))
        for items in ([index], pages):
            self._table.put_all(items)
        return [{"pk": item["pk"], "sk": item["sk"]} for item in (index, *pages)]

    def _remove(self, keys: Sequence[Item]) -> None:
        """Delete the pages of an attempt that failed, then their index entry. If that fails, the purge does it."""
        index, *pages = keys
        with suppress(TransientError):
            for some in (pages, [index]):
                self._table.delete_all(some)
