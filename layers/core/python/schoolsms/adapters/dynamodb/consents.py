"""Consents in a table of their own, without backup: an erased number must not live on in one (R24, R44, R45).

`PHONE#<keyed hash of the number>` / `SCHOOL#<uai>` holds number, state and every consent and withdrawal, so that each
change is one conditional write, spread over the whole table, and the answer STOP finds all schools of a number. Of a
number that was erased, or corrected away, the item stays, and says that: the hash is all there is of the number.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from schoolsms.adapters.dynamodb.client.items import (
    ConditionFailed,
    Item,
    Wire,
    from_wire,
    instant,
    iso,
    optional_instant,
    own_cursor,
    to_wire,
    translated,
)
from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.consents import ConsentEvent, ConsentRecord, Proof
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 100
"""Keys in one BatchGetItem, DynamoDB's limit."""

AT_ONCE = 10
ROUNDS = 8
PAGE = 50

_cursor = re.compile(r"PHONE#[0-9a-f]{32}")

A = TypeVar("A")
B = TypeVar("B")


class DynamoConsents:
    """Implements the ports `Consents` and `ConsentRecords`. `key` gives the secret of the hashes, read when needed."""

    def __init__(self, client: "DynamoDBClient", table: str, key: Callable[[], str], at_once: int = AT_ONCE) -> None:
        self._client = client
        self._table = table
        self._key = key
        self._at_once = at_once

    def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        """A read unit a number, consistent: who withdrew a moment ago is not written to."""
        by_pk, wires = self._read(uai, phones, "pk, granted")
        return frozenset([by_pk[wire["pk"]["S"]] for wire in wires if wire["granted"]["BOOL"]])

    def forgotten(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        return frozenset([phone for phone, record in self.get_all(uai, phones).items() if record.forgotten])

    def get(self, uai: str, phone: str) -> ConsentRecord:
        return self.get_all(uai, [phone])[phone]

    def get_all(self, uai: str, phones: Iterable[str]) -> Mapping[str, ConsentRecord]:
        wanted = list(dict.fromkeys(phones))
        items = self._items(uai, wanted)
        return {phone: _record(phone, items[phone]) if phone in items else ConsentRecord(phone) for phone in wanted}

    def put(self, uai: str, record: ConsentRecord) -> bool:
        try:
            with translated():
                self._client.put_item(**self._put(uai, record))
        except ConditionFailed:
            return False
        return True

    def put_all(self, uai: str, records: Sequence[ConsentRecord]) -> Sequence[ConsentRecord]:
        written = self._several(lambda record: self.put(uai, record), records)
        return [record for record, done in zip(records, written, strict=True) if not done]

    def of_school(self, uai: str, cursor: str | None) -> Slice[ConsentRecord]:
        after = own_cursor(cursor, _cursor)
        with translated():
            answer = self._client.query(
                TableName=self._table,
                IndexName="by_school",
                KeyConditionExpression="school = :school" + (" AND pk > :after" if after else ""),
                ExpressionAttributeValues=to_wire({":school": uai} | ({":after": after} if after else {})),
                Limit=PAGE,
            )
        keys = [from_wire(wire)["pk"] for wire in answer["Items"]]
        found = self._batch_get([to_wire({"pk": pk, "sk": _sk(uai)}) for pk in keys], None) if keys else []
        # One that was erased or corrected since stands in the index a moment longer.
        records = {item["pk"]: _record(item["phone"], item) for item in map(from_wire, found) if "phone" in item}
        return Slice([records[pk] for pk in keys if pk in records], keys[-1] if "LastEvaluatedKey" in answer else None)

    def schools_of(self, phone: str) -> Sequence[str]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=to_wire({":pk": self._pk(phone)}),
            ProjectionExpression="sk",
            ConsistentRead=True,
        )
        with translated():
            return [from_wire(wire)["sk"].removeprefix("SCHOOL#") for page in pages for wire in page["Items"]]

    def move(self, uai: str, old: ConsentRecord, new: ConsentRecord) -> bool:
        try:
            with translated():
                self._client.transact_write_items(TransactItems=[{"Put": self._put(uai, each)} for each in (old, new)])
        except TransientError:
            # A condition that failed, a conflict, or an answer that was lost: only reading again tells.
            return False
        return True

    def suppress(self, uai: str, record: ConsentRecord) -> bool:
        assert record.suppressed_at is not None
        return self.put(uai, record)

    def _put(self, uai: str, record: ConsentRecord) -> Any:
        unchanged = "changes = :changes" if record.changes else "attribute_not_exists(pk)"
        values = {"ExpressionAttributeValues": to_wire({":changes": record.changes})} if record.changes else {}
        item = {**self._at(uai, record.phone), "changes": record.changes + 1, **_content(uai, record)}
        return {"TableName": self._table, "Item": to_wire(item), "ConditionExpression": unchanged, **values}

    def _items(self, uai: str, phones: Iterable[str]) -> Mapping[str, Item]:
        """What is kept of each of `phones`, by number."""
        by_pk, wires = self._read(uai, phones)
        return {by_pk[wire["pk"]["S"]]: from_wire(wire) for wire in wires}

    def _read(self, uai: str, phones: Iterable[str], only: str | None = None) -> tuple[Mapping[str, str], list[Wire]]:
        """Numbers by their key, and what is kept of them, of ten thousand in as few steps a number as can be."""
        begun = self._begun()
        by_pk = {_hashed(begun, phone): phone for phone in phones}
        pks, sk = list(by_pk), {"S": _sk(uai)}
        batches = [[{"pk": {"S": pk}, "sk": sk} for pk in pks[at : at + BATCH]] for at in range(0, len(pks), BATCH)]
        found = self._several(lambda batch: self._batch_get(batch, only), batches)
        return by_pk, [wire for some in found for wire in some]

    def _batch_get(self, keys: Sequence[Wire], only: str | None) -> list[Wire]:
        asked: Any = {"Keys": keys, "ConsistentRead": True}
        left: Any = {self._table: asked | ({"ProjectionExpression": only} if only else {})}
        found: list[Wire] = []
        for _ in range(ROUNDS):
            with translated():
                answer = self._client.batch_get_item(RequestItems=left)
            found += answer["Responses"].get(self._table, ())
            left = answer.get("UnprocessedKeys")
            if not left:
                return found
        raise TransientError("DynamoDB: consents stay unread")

    def _several(self, work: Callable[[A], B], items: Sequence[A]) -> Sequence[B]:
        if len(items) < 2 or self._at_once < 2:
            return [work(item) for item in items]
        with ThreadPoolExecutor(self._at_once) as pool:
            return list(pool.map(work, items))

    def _at(self, uai: str, phone: str) -> Item:
        return {"pk": self._pk(phone), "sk": _sk(uai)}

    def _pk(self, phone: str) -> str:
        return _hashed(self._begun(), phone)

    def _begun(self) -> hashlib.blake2b:
        """Keyed BLAKE2 that only wants the number: a plain hash of a number is found out in seconds."""
        key = self._key().encode()[: hashlib.blake2b.MAX_KEY_SIZE]
        return hashlib.blake2b(key=key, digest_size=16, person=b"consents")


def _hashed(begun: hashlib.blake2b, phone: str) -> str:
    each = begun.copy()
    each.update(phone.encode())
    return f"PHONE#{each.hexdigest()}"


def _sk(uai: str) -> str:
    return f"SCHOOL#{uai}"


def _content(uai: str, record: ConsentRecord) -> Item:
    """What an item holds beside its key. Without `school` it leaves the index."""
    if record.suppressed_at:
        return {"granted": False, "suppressed_at": iso(record.suppressed_at)}
    events = [
        {"kind": event.kind, "at": iso(event.at), "by": event.by} | (_proof(event.proof) if event.proof else {})
        for event in record.events
    ]
    named = {"school": uai, "phone": record.phone} if record.proof else {}
    return {**named, "granted": record.granted, "events": events}


def _proof(proof: Proof) -> Item:
    return {
        "wording": proof.wording,
        "version": proof.version,
        "channel": proof.channel,
        "collected_by": proof.collected_by,
        "collected_at": iso(proof.collected_at),
    }


def _record(phone: str, item: Item) -> ConsentRecord:
    return ConsentRecord(
        phone=phone,
        events=tuple(map(_event, item.get("events", ()))),
        suppressed_at=optional_instant(item.get("suppressed_at")),
        changes=item["changes"],
    )


def _event(kept: Item) -> ConsentEvent:
    proof = None
    if "wording" in kept:
        fields = (kept["wording"], kept["version"], kept["channel"], kept["collected_by"])
        proof = Proof(*fields, instant(kept["collected_at"]))
    return ConsentEvent(kept["kind"], instant(kept["at"]), kept["by"], proof)
