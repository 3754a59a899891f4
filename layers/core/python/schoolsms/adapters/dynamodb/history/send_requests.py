"""Send requests and the pages of their lines in the history table (R36): `REQUEST#<id>` holds

- `REQUEST`: the request itself, found by school year in the index;
- `PAGE#<attempt>#<n>`: `PAGE_SIZE` accepted lines each, `REFUSED#<attempt>#<n>` the refused ones;
- `MESSAGE#<index>`: the state of one message, from its claim on (see `messages.py`).

Beside them `RECENT#<uai>` holds what was sent a moment ago (see `recent_sends.py`), `NUMBERS#<uai>#<school year>` which
requests named a number (see `number_index.py`), and `ERASED#<uai>` that one was erased (see `erasures.py`).

Pages are written before the request and count only through it: they carry a mark of the attempt that wrote them, so
that those of one that failed, or of another under the same id, are never taken for its own, and can be taken away.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.accounts.ledger import BesideRefused, DynamoLedger, transacted
from schoolsms.adapters.dynamodb.client.batches import read_all, write_all
from schoolsms.adapters.dynamodb.client.items import (
    ConditionFailed,
    Item,
    from_wire,
    iso,
    optional_instant,
    to_wire,
    translated,
)
from schoolsms.adapters.dynamodb.history.erasure_mark import erasure_mark, no_erasure_since
from schoolsms.adapters.dynamodb.history.number_index import NumberIndex
from schoolsms.adapters.dynamodb.history.page_items import lines_in, page_items, page_key, refusal_keys, refusals_in
from schoolsms.adapters.dynamodb.history.recent_sends import check_recent, recent_item
from schoolsms.adapters.dynamodb.history.request_items import request_item, request_key, request_of
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import DailyLimitReached, IdempotencyKeyReused, InsufficientBalance, TransientError
from schoolsms.domain.schools.ledger import Posting, post
from schoolsms.domain.sending.recent_sends import AlreadySent, Fingerprints
from schoolsms.domain.sending.send_requests import (
    ErasedMeanwhile,
    Line,
    MessageState,
    Refusal,
    RequestToPhone,
    SendRequest,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

REQUESTS_A_SLICE = 20

_NOT_ACCEPTED = (BesideRefused, InsufficientBalance, DailyLimitReached, AlreadySent)


def _no_key() -> str:
    raise LookupError("whoever accepts requests, or looks for a number, must be told the key of the hashes of numbers")


class DynamoSendRequests:
    """Implements the port `SendRequests`. `key` gives the secret of the index of numbers, read when it is needed."""

    def __init__(
        self, client: "DynamoDBClient", table: str, ledger: DynamoLedger, key: Callable[[], str] = _no_key
    ) -> None:
        self._client = client
        self._table = table
        self._ledger = ledger
        self._numbers = NumberIndex(client, table, key)

    def accept(
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
                check_recent(self._client, self._table, request, prints)

        try:
            if posting:
                # Before anything is written: most refusals end here, and leave no number and no text behind.
                post(self._ledger.balance(request.school), posting)
            written = self._write_pages(request, lines, refusals, prints)
            beside = [self._put(request), no_erasure_since(self._table, request.school, erasure_mark)]
            try:
                if posting is None:
                    check()
                    self._put_alone(beside)
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
            if isinstance(exc, BesideRefused):
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
        return erasure_mark(self._client, self._table, uai)

    def get(self, request_id: str) -> SendRequest | None:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire(request_key(request_id)), ConsistentRead=True
            ).get("Item")
        return request_of(from_wire(found)) if found else None

    def start(self, request_id: str) -> bool:
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=to_wire(request_key(request_id)),
                    UpdateExpression="SET started = :true",
                    ConditionExpression="attribute_exists(pk) AND cancelled = :false",
                    ExpressionAttributeValues=to_wire({":true": True, ":false": False}),
                )
        except ConditionFailed:
            return False
        return True

    def cancel(self, request: SendRequest, at: datetime, posting: Posting | None) -> bool:
        cancelled: TransactWriteItemTypeDef = {
            "Update": {
                "TableName": self._table,
                "Key": to_wire(request_key(request.id)),
                "UpdateExpression": "SET cancelled = :true, cancelled_at = :at",
                "ConditionExpression": "cancelled = :false AND started = :false",
                "ExpressionAttributeValues": to_wire({":true": True, ":false": False, ":at": iso(at)}),
            }
        }
        try:
            if posting:
                self._ledger.post(request.school, posting, [cancelled])
            else:
                with translated():
                    self._client.update_item(**cancelled["Update"])
        except (BesideRefused, ConditionFailed):
            return False
        return True

    def refusals(self, request_id: str) -> Sequence[Refusal]:
        request = self.get(request_id)
        if request is None or not request.refused:
            return []
        items = self._range(request_id, *refusal_keys(request))
        return [refusal for item in items for refusal in refusals_in(item)]

    def lines(self, request: SendRequest, page: int) -> Sequence[Line]:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire(page_key(request, page)), ConsistentRead=True
            ).get("Item")
        if not found:
            raise TransientError("a page of a request is not there")
        return lines_in(request, from_wire(found))

    def states(self, request_id: str, first: int = 0, last: int = 99_999) -> Mapping[int, MessageState]:
        items = self._range(request_id, message_sk(first), message_sk(last))
        return {state.index: state for state in map(message_state, items)}

    def of_school_year(
        self, uai: str, school_year: str, before: str | None, most: int | None = None
    ) -> Slice[SendRequest]:
        with translated():
            answer = self._client.query(
                TableName=self._table,
                IndexName="by_school_year",
                KeyConditionExpression="school_year = :year" + (" AND accepted_key < :before" if before else ""),
                ExpressionAttributeValues=to_wire(
                    {":year": f"{uai}#{school_year}"} | ({":before": before} if before else {})
                ),
                ScanIndexForward=False,
                Limit=most or REQUESTS_A_SLICE,
            )
        keys = [from_wire(wire) for wire in answer["Items"]]
        found = self._several(key["pk"].removeprefix("REQUEST#") for key in keys)
        return Slice(
            [found[key["pk"]] for key in keys if key["pk"] in found],
            keys[-1]["accepted_key"] if "LastEvaluatedKey" in answer else None,
        )

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
        """Those that are there, by their partition."""
        keys = [request_key(request_id) for request_id in dict.fromkeys(request_ids)]
        return {item["pk"]: request_of(item) for item in read_all(self._client, self._table, keys)}

    def _range(self, request_id: str, first: str, last: str) -> Iterable[Item]:
        start: dict[str, Any] = {}
        while True:
            with translated():
                answer = self._client.query(
                    TableName=self._table,
                    KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                    ExpressionAttributeValues=to_wire({":pk": f"REQUEST#{request_id}", ":first": first, ":last": last}),
                    ConsistentRead=True,
                    **start,
                )
            for wire in answer["Items"]:
                yield from_wire(wire)
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _write_pages(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        refusals: Sequence[Refusal],
        prints: Fingerprints | None,
    ) -> Sequence[Item]:
        """The keys of what was written."""
        # What leads to the pages goes before them, in a call of its own, for a batch is done in any order, or in part:
        # should the process die in between, the purge and an erasure still find them (R38, R45).
        index = self._numbers.item(request, lines, refusals)
        pages = page_items(request, lines, refusals)
        if prints:
            pages.append(recent_item(request, prints))
        for items in ([index], pages):
            write_all(self._client, self._table, [{"PutRequest": {"Item": to_wire(item)}} for item in items])
        return [{"pk": item["pk"], "sk": item["sk"]} for item in (index, *pages)]

    def _remove(self, keys: Sequence[Item]) -> None:
        """Take back the pages of an attempt that came to nothing, what leads to them last; else the purge does it."""
        index, *pages = keys
        with suppress(TransientError):
            for some in (pages, [index]):
                write_all(self._client, self._table, [{"DeleteRequest": {"Key": to_wire(key)}} for key in some])

    def _put(self, request: SendRequest) -> "TransactWriteItemTypeDef":
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_wire(request_item(request)),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _put_alone(self, writes: Sequence["TransactWriteItemTypeDef"]) -> None:
        """A request to test numbers only costs nothing, so there is nothing to post. Raises BesideRefused."""
        refused = transacted(self._client, writes)
        if refused is not None:
            raise BesideRefused if any(refused) else TransientError("DynamoDB: conflicting transactions")


def message_sk(index: int) -> str:
    """The sort key of the message at `index`."""
    return f"MESSAGE#{index:05d}"


def message_state(item: Item) -> MessageState:
    """The state a message's record holds."""
    return MessageState(
        index=int(item["sk"].removeprefix("MESSAGE#")),
        status=item["status"],
        lease_until=optional_instant(item.get("lease_until")),
        final_at=optional_instant(item.get("final_at")),
        provider=item.get("provider"),
    )
