"""Answers of recipients in the history table (R24, R36, R38, R45).

- `INCOMING#<hash of the number>` / `<id>` holds an answer from the provider's call until it is heeded, seconds later;
  then the id alone is left, which tells the same answer brought again. The id is a keyed hash, which begins with the
  number's, so that an erasure finds what waits among the dead letters.
- `REPLIES#<uai>#<school year>` / `<received at>#<id>`: an answer for the managers of a school, until the purge.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from schoolsms.adapters.dynamodb.accounts.ledger import transacted
from schoolsms.adapters.dynamodb.client.batches import write_all
from schoolsms.adapters.dynamodb.client.items import (
    ConditionFailed,
    Item,
    epoch,
    from_wire,
    instant,
    iso,
    own_cursor,
    to_wire,
    translated,
)
from schoolsms.adapters.dynamodb.history.erasure_mark import no_erasure_since
from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.replies import LONGEST_TEXT, HeldReply, KeptReply, Reply, asks_to_stop
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.send_requests import moment_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAGE = 50
ID_LENGTH = 20
NUMBER_LENGTH = 10
"""Signs at the beginning of an id that are the number's; a stranger's that has the same ones is told by its number."""

_cursor = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}#[A-Z2-7]{20}")


class DynamoIncomingReplies:
    """Implements the port `IncomingReplies`. `key` gives the secret of the ids, read when one is made."""

    def __init__(self, client: "DynamoDBClient", table: str, key: Callable[[], str]) -> None:
        self._client = client
        self._table = table
        self._key = key

    def hold(self, reply: Reply, phone: str, at: datetime, until: datetime) -> str:
        # Half a surrogate pair, which JSON may hold and UTF-8 may not, becomes a question mark.
        text = reply.text[:LONGEST_TEXT].encode(errors="replace").decode()
        reply_id = self._id(reply, phone, text, at)
        item = {
            **_incoming_key(reply_id),
            "provider": reply.provider,
            "phone": phone,
            "text": text,
            "received_at": iso(at),
            "purge_at": epoch(until),
        }
        with suppress(ConditionFailed), translated():
            self._client.put_item(
                TableName=self._table, Item=to_wire(item), ConditionExpression="attribute_not_exists(pk)"
            )
        return reply_id

    def held(self, reply_id: str) -> HeldReply | None:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire(_incoming_key(reply_id)), ConsistentRead=True
            ).get("Item")
        item = from_wire(found) if found else {}
        if "phone" not in item:
            return None
        return HeldReply(reply_id, item["provider"], item["phone"], item["text"], instant(item["received_at"]))

    def forget(self, reply_id: str) -> None:
        with suppress(ConditionFailed), translated():
            self._client.update_item(
                TableName=self._table,
                Key=to_wire(_incoming_key(reply_id)),
                UpdateExpression="REMOVE phone, #text",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeNames={"#text": "text"},
            )

    def forget_of(self, phone: str) -> int:
        held = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            FilterExpression="phone = :phone",
            ExpressionAttributeValues=to_wire({":pk": _incoming_key(self._hash(phone))["pk"], ":phone": phone}),
            ConsistentRead=True,
        )
        with translated():
            ids = [from_wire(wire)["sk"] for page in held for wire in page["Items"]]
        for reply_id in ids:
            self.forget(reply_id)
        return len(ids)

    def _id(self, reply: Reply, phone: str, text: str, at: datetime) -> str:
        """The same answer brought again has the same id: by the provider's own id, or within a day.

        But not a STOP: one that is said again after a new consent must count, and withdrawn twice is withdrawn once.
        """
        told = moment_key(at) if asks_to_stop(text) else reply.provider_reply_id or at.date().isoformat()
        return self._hash(phone)[:NUMBER_LENGTH] + self._hash(reply.provider, told, phone, text)[NUMBER_LENGTH:]

    def _hash(self, *parts: str) -> str:
        key = hashlib.sha256(self._key().encode()).digest()
        hashed = hashlib.blake2b(key=key, digest_size=16, person=b"replies")
        for part in parts:
            said = part.encode(errors="replace")
            hashed.update(len(said).to_bytes(4) + said)
        return base64.b32encode(hashed.digest()).decode()[:ID_LENGTH]


class DynamoReplies:
    """Implements the port `Replies`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def keep(self, uai: str, school_year: str, reply: KeptReply, purge_at: datetime, erasure_mark: str) -> bool:
        item = {
            "pk": replies_partition(uai, school_year),
            "sk": f"{moment_key(reply.received_at)}#{reply.id}",
            "phone": reply.phone,
            "text": reply.text,
            "received_at": iso(reply.received_at),
            "purge_at": epoch(purge_at),
        }
        refused = transacted(
            self._client,
            [
                {"Put": {"TableName": self._table, "Item": to_wire(item)}},
                no_erasure_since(self._table, uai, erasure_mark),
            ],
        )
        if refused is not None and not any(refused):
            raise TransientError("DynamoDB: conflicting transactions")
        return refused is None

    def of_school_year(self, uai: str, school_year: str, cursor: str | None) -> Slice[KeptReply]:
        before = own_cursor(cursor, _cursor) or "~"
        with translated():
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk < :before",
                ExpressionAttributeValues=to_wire({":pk": replies_partition(uai, school_year), ":before": before}),
                ConsistentRead=True,
                ScanIndexForward=False,
                Limit=PAGE,
            )
        items = [from_wire(wire) for wire in answer["Items"]]
        return Slice([_reply(item) for item in items], items[-1]["sk"] if "LastEvaluatedKey" in answer else None)

    def of_phone(self, uai: str, school_year: str, phone: str) -> Sequence[KeptReply]:
        return [_reply(item) for item in self._of_phone(uai, school_year, phone)]

    def erase(self, uai: str, school_year: str, phone: str) -> int:
        keys = [to_wire({"pk": item["pk"], "sk": item["sk"]}) for item in self._of_phone(uai, school_year, phone)]
        write_all(self._client, self._table, [{"DeleteRequest": {"Key": key}} for key in keys])
        return len(keys)

    def _of_phone(self, uai: str, school_year: str, phone: str) -> Iterator[Item]:
        """All of the year are looked through: people rarely answer, and exercise rights far more rarely."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            FilterExpression="phone = :phone",
            ExpressionAttributeValues=to_wire({":pk": replies_partition(uai, school_year), ":phone": phone}),
            ConsistentRead=True,
        )
        with translated():
            for page in pages:
                yield from map(from_wire, page["Items"])


def replies_partition(uai: str, school_year: str) -> str:
    """Where the answers for a school's year are; they sort as they were received."""
    return f"REPLIES#{uai}#{school_year}"


def _incoming_key(reply_id: str) -> Item:
    return {"pk": f"INCOMING#{reply_id[:NUMBER_LENGTH]}", "sk": reply_id}


def _reply(item: Item) -> KeptReply:
    return KeptReply(item["sk"].rpartition("#")[2], item["phone"], item["text"], instant(item["received_at"]))
