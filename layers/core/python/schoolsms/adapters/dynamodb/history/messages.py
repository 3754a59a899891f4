"""The transitions of one message, each a conditional write on `REQUEST#<id>` / `MESSAGE#<index>` (R30-R35).

(none) ─claim→ claimed ─sent→ sent ─settle→ delivered | undeliverable
   ↑             │  └─uncertain→ uncertain ─settle, known_sent→ …
   └──unclaim────┘──────────┘─never_taken→ failed, released
(none), queued ─never_handed_over→ failed | cancelled, released        handed over or maybe ─expired→ expired
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.accounts.ledger import BesideRefused, DynamoLedger
from schoolsms.adapters.dynamodb.client.items import ConditionFailed, Item, epoch, from_wire, iso, to_wire, translated
from schoolsms.adapters.dynamodb.history.send_requests import message_sk
from schoolsms.domain.ids import message_id, random_id, split_message_id
from schoolsms.domain.schools.ledger import Posting
from schoolsms.domain.sending.handoffs import Receipt
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest
from schoolsms.domain.sending.statuses import Final

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

HANDED_OVER = ("claimed", "sent", "uncertain")
"""Statuses in which a provider has the message, or may have it."""


class DynamoMessages:
    """Implements the port `Messages`."""

    def __init__(self, client: "DynamoDBClient", table: str, ledger: DynamoLedger) -> None:
        self._client = client
        self._table = table
        self._ledger = ledger

    def claim(self, request: SendRequest, line: Line, provider: str, lease_until: datetime) -> bool:
        key, mark = _key(request.id, line.index), random_id()
        claimed = self._moved(
            key,
            "SET #status = :to, claimed_by = :mark, provider = :provider, lease_until = :lease, purge_at = :purge_at",
            "attribute_not_exists(pk) OR #status IN (:f0)",
            {
                ":to": "claimed",
                ":mark": mark,
                ":f0": "queued",
                ":provider": provider,
                ":lease": iso(lease_until),
                ":purge_at": epoch(request.purge_at),
            },
        )
        return claimed or self._is_ours(key, mark)

    def _is_ours(self, key: Item, mark: str) -> bool:
        """Whether the claim that stands is our own: written, and its answer lost, so that the client tried again."""
        with translated():
            found = self._client.get_item(TableName=self._table, Key=to_wire(key), ConsistentRead=True).get("Item")
        item = from_wire(found) if found else {}
        return item.get("status") == "claimed" and item.get("claimed_by") == mark

    def unclaim(self, request: SendRequest, line: Line, lease_until: datetime) -> None:
        # `uncertain` too: another worker may have found our claim outdated, but there was no other handoff than ours.
        # Our own claim only: written a second time because its answer was lost, this must not undo the next one.
        self._moved(
            _key(request.id, line.index),
            "SET #status = :to",
            "#status IN (:f0, :f1) AND lease_until = :lease",
            {":to": "queued", ":f0": "claimed", ":f1": "uncertain", ":lease": iso(lease_until)},
        )

    def sent(self, request: SendRequest, line: Line, provider: str, provider_message_id: str) -> None:
        # The provider's id first: once it is known, a receipt finds its message even if we die here.
        with translated():
            written = self._client.update_item(
                TableName=self._table,
                Key=to_wire(_handoff_key(provider, provider_message_id)),
                UpdateExpression="SET message_id = :message_id, purge_at = :purge_at",
                ExpressionAttributeValues=to_wire(
                    {":message_id": message_id(request.id, line.index), ":purge_at": epoch(request.purge_at)}
                ),
                ReturnValues="ALL_NEW",
            )
        # `uncertain` too: another worker may have found our claim outdated just before this answer came.
        key = _key(request.id, line.index)
        self._move(key, "sent", ["claimed", "uncertain"], provider)
        came_first = from_wire(written["Attributes"])
        if "status" in came_first:
            self._move(key, came_first["status"], HANDED_OVER, provider, final_at=came_first["at"])

    def uncertain(self, request: SendRequest, line: Line) -> None:
        self._move(_key(request.id, line.index), "uncertain", ["claimed"])

    def settle(self, message_id: str, provider: str, status: Final, at: datetime) -> bool:
        key = _key_of(message_id)
        return key is not None and self._move(key, status, HANDED_OVER, provider, final_at=iso(at))

    def known_sent(self, message_id: str, provider: str) -> None:
        key = _key_of(message_id)
        if key is not None:
            self._move(key, "sent", ["uncertain"], provider)

    def never_handed_over(
        self, request: SendRequest, line: Line, status: Final, at: datetime, posting: Posting | None
    ) -> bool:
        closing = _closing(request, status, at)
        if posting is None:
            return self._moved(_key(request.id, line.index), *closing)
        return self._released(request, [line], closing, posting)

    def none_handed_over(self, request: SendRequest, lines: Sequence[Line], status: Final, posting: Posting) -> bool:
        return self._released(request, lines, _closing(request, status, posting.at), posting)

    def never_taken(
        self, request: SendRequest, line: Line, state: MessageState, at: datetime, posting: Posting | None
    ) -> bool:
        if state.lease_until is None:
            return False
        values = {
            ":to": "failed",
            ":at": iso(at),
            ":f0": "claimed",
            ":f1": "uncertain",
            ":provider": state.provider,
            ":lease": iso(state.lease_until),
        }
        closing = (
            "SET #status = :to, final_at = :at",
            "#status IN (:f0, :f1) AND provider = :provider AND lease_until = :lease",
            values,
        )
        if posting is None:
            return self._moved(_key(request.id, line.index), *closing)
        return self._released(request, [line], closing, posting)

    def _released(
        self, request: SendRequest, lines: Sequence[Line], closing: tuple[str, str, Item], posting: Posting
    ) -> bool:
        expression, condition, values = closing
        updates: list[TransactWriteItemTypeDef] = [
            {
                "Update": {
                    "TableName": self._table,
                    "Key": to_wire(_key(request.id, line.index)),
                    "UpdateExpression": expression,
                    "ConditionExpression": condition,
                    "ExpressionAttributeNames": {"#status": "status"},
                    "ExpressionAttributeValues": to_wire(values),
                }
            }
            for line in lines
        ]
        try:
            self._ledger.post(request.school, posting, updates)
        except BesideRefused:
            return False
        return True

    def expired(self, request: SendRequest, line: Line, at: datetime) -> bool:
        return self._move(_key(request.id, line.index), "expired", HANDED_OVER, final_at=iso(at))

    def by_provider_id(self, provider: str, provider_message_id: str) -> str | None:
        with translated():
            found = self._client.get_item(
                TableName=self._table,
                Key=to_wire(_handoff_key(provider, provider_message_id)),
                ConsistentRead=True,
            ).get("Item")
        known = from_wire(found).get("message_id") if found else None
        return str(known) if known else None

    def keep_receipt(self, receipt: Receipt, at: datetime, until: datetime) -> bool:
        return self._moved(
            _handoff_key(receipt.provider, receipt.provider_message_id),
            "SET #status = :status, #at = :at, purge_at = :purge_at",
            "attribute_not_exists(pk)",
            {":status": receipt.status, ":at": iso(at), ":purge_at": epoch(until)},
            {"#at": "at"},
        )

    def _move(
        self, key: Item, to: str, after: Sequence[str], provider: str | None = None, final_at: str | None = None
    ) -> bool:
        """`provider`: only while that one was offered the message last."""
        names = {f":f{number}": status for number, status in enumerate(after)}
        expression = "SET #status = :to" + (", final_at = :at" if final_at else "")
        condition = f"#status IN ({', '.join(names)})" + (" AND provider = :provider" if provider is not None else "")
        values: Item = {":to": to, **names, **({":at": final_at} if final_at else {})}
        return self._moved(key, expression, condition, values | ({} if provider is None else {":provider": provider}))

    def _moved(
        self, key: Item, expression: str, condition: str, values: dict[str, Any], names: Mapping[str, str] = {}
    ) -> bool:
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=to_wire(key),
                    UpdateExpression=expression,
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#status": "status", **names},
                    ExpressionAttributeValues=to_wire(values),
                )
        except ConditionFailed:
            return False
        return True


def _closing(request: SendRequest, status: Final, at: datetime) -> tuple[str, str, Item]:
    """Expression, condition and values that close a message which nobody took."""
    values = {":to": status, ":at": iso(at), ":purge_at": epoch(request.purge_at), ":from": "queued"}
    return (
        "SET #status = :to, final_at = :at, purge_at = :purge_at",
        "attribute_not_exists(pk) OR #status = :from",
        values,
    )


def _key(request_id: str, index: int) -> Item:
    return {"pk": f"REQUEST#{request_id}", "sk": message_sk(index)}


def _key_of(message_id: str) -> Item | None:
    parts = split_message_id(message_id)
    return _key(*parts) if parts else None


def _handoff_key(provider: str, provider_message_id: str) -> Item:
    return {"pk": f"HANDOFF#{provider}#{provider_message_id}", "sk": "HANDOFF"}
