"""Answers of recipients in the history table (R24, R36, R38, R45).

- `INCOMING#<hash of the number>` / `<id>` holds an answer from the provider's call until it is processed, seconds
  later. Then only the id is left, so that the same answer delivered again is recognised. The id is a keyed hash that
  begins with the number's, so that an erasure finds answers that wait among the dead letters.
- `REPLIES#<uai>#<school year>` / `<received at>#<id>`: an answer for the managers of a school, until the purge.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from schoolsms.adapters.dynamodb.client.codec import Item, epoch, instant, iso
from schoolsms.adapters.dynamodb.client.errors import TransactionConditionFailed
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, Table, TableStore, validated_cursor
from schoolsms.adapters.dynamodb.history.requests.erasure_mark import no_erasure_since
from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.replies import LONGEST_TEXT, HeldReply, KeptReply, Reply, asks_to_stop
from schoolsms.domain.sending.send_requests import MOMENT_KEY, moment_key

PAGE = 50
ID_LENGTH = 20
NUMBER_LENGTH = 10
"""Characters at the beginning of an id that are the number's hash. Another number may have the same ones."""

_cursor = re.compile(MOMENT_KEY + "#[A-Z2-7]{20}")


class DynamoIncomingReplies:
    """Implements the port `IncomingReplies`. `key` gives the secret of the ids, read when one is made."""

    def __init__(self, table: Table, key: Callable[[], str]) -> None:
        self._table = table
        self._key = key

    def hold(self, reply: Reply, phone: str, at: datetime, until: datetime) -> str:
        # Half a surrogate pair becomes a question mark, because JSON may hold one and UTF-8 may not.
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
        self._table.try_put(item, NEW)  # else it is held already
        return reply_id

    def held(self, reply_id: str) -> HeldReply | None:
        item = self._table.get(_incoming_key(reply_id)) or {}
        if "phone" not in item:
            return None
        return HeldReply(reply_id, item["provider"], item["phone"], item["text"], instant(item["received_at"]))

    def forget(self, reply_id: str) -> None:
        self._table.try_update(_incoming_key(reply_id), "REMOVE phone, #text", EXISTS)

    def forget_of(self, phone: str) -> int:
        values = {"pk": _incoming_key(self._hash(phone))["pk"], "phone": phone}
        held = list(self._table.query_all("pk = :pk", values, where="phone = :phone"))
        for item in held:
            self.forget(item["sk"])
        return len(held)

    def _id(self, reply: Reply, phone: str, text: str, at: datetime) -> str:
        """Return the same id for the same answer delivered again: by the provider's own id, or within a day.

        A STOP gets a new id each time, because a STOP repeated after a new consent must count, and a consent withdrawn
        twice is withdrawn once.
        """
        distinct = moment_key(at) if asks_to_stop(text) else reply.provider_reply_id or at.date().isoformat()
        return self._hash(phone)[:NUMBER_LENGTH] + self._hash(reply.provider, distinct, phone, text)[NUMBER_LENGTH:]

    def _hash(self, *parts: str) -> str:
        key = hashlib.sha256(self._key().encode()).digest()
        hashed = hashlib.blake2b(key=key, digest_size=16, person=b"replies")
        for part in parts:
            encoded = part.encode(errors="replace")
            hashed.update(len(encoded).to_bytes(4) + encoded)
        return base64.b32encode(hashed.digest()).decode()[:ID_LENGTH]


class DynamoReplies(TableStore):
    """Implements the port `Replies`."""

    def keep(self, uai: str, school_year: str, reply: KeptReply, purge_at: datetime, erasure_mark: str) -> bool:
        item = {
            "pk": replies_partition(uai, school_year),
            "sk": f"{moment_key(reply.received_at)}#{reply.id}",
            "phone": reply.phone,
            "text": reply.text,
            "received_at": iso(reply.received_at),
            "purge_at": epoch(purge_at),
        }
        try:
            self._table.transact([self._table.to_put(item), no_erasure_since(self._table, uai, erasure_mark)])
        except TransactionConditionFailed:
            return False
        return True

    def of_school_year(self, uai: str, school_year: str, cursor: str | None) -> Slice[KeptReply]:
        before = validated_cursor(cursor, _cursor) or "~"
        values = {"pk": replies_partition(uai, school_year), "before": before}
        return self._table.query("pk = :pk AND sk < :before", values, PAGE, descending=True).slice(_reply, "sk")

    def of_phone(self, uai: str, school_year: str, phone: str) -> Sequence[KeptReply]:
        return [_reply(item) for item in self._of_phone(uai, school_year, phone)]

    def erase(self, uai: str, school_year: str, phone: str) -> int:
        return self._table.delete_all(list(self._of_phone(uai, school_year, phone)))

    def _of_phone(self, uai: str, school_year: str, phone: str) -> Iterator[Item]:
        """Search all answers of the year: people rarely answer, and exercise their rights far more rarely."""
        values = {"pk": replies_partition(uai, school_year), "phone": phone}
        return self._table.query_all("pk = :pk", values, where="phone = :phone")


def replies_partition(uai: str, school_year: str) -> str:
    """Return the partition of the answers of a school's year; they sort as they were received."""
    return f"REPLIES#{uai}#{school_year}"


def _incoming_key(reply_id: str) -> Item:
    return {"pk": f"INCOMING#{reply_id[:NUMBER_LENGTH]}", "sk": reply_id}


def _reply(item: Item) -> KeptReply:
    return KeptReply(item["sk"].rpartition("#")[2], item["phone"], item["text"], instant(item["received_at"]))
