"""Consents in a table of their own, without backup: an erased number must not live on in one (R24, R44, R45).

`PHONE#<keyed hash of the number>` / `SCHOOL#<uai>` holds number, state and every consent and withdrawal, so that each
change is one conditional write, spread over the whole table, and the answer STOP finds all schools of a number. When a
number is erased or corrected away, its item stays and says so; nothing but the hash is left of the number.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from schoolsms.adapters.dynamodb.client.batches import READ_BATCH, read_partitions
from schoolsms.adapters.dynamodb.client.codec import Item, Wire, from_wire, instant, iso, optional_instant
from schoolsms.adapters.dynamodb.client.errors import TransactionConditionFailed
from schoolsms.adapters.dynamodb.client.table import NEW, Table, bounded, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.consents import ConsentEvent, ConsentRecord, Proof
from schoolsms.domain.errors import TransientError

AT_ONCE = 10
PAGE = 50

_cursor = re.compile(r"PHONE#[0-9a-f]{32}")

A = TypeVar("A")
B = TypeVar("B")


class DynamoConsents:
    """Implements the ports `Consents` and `ConsentRecords`. `key` gives the secret of the hashes, read when needed."""

    def __init__(self, table: Table, key: Callable[[], str], at_once: int = AT_ONCE) -> None:
        self._table = table
        self._key = key
        self._at_once = at_once

    def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        """Read consistently, one read unit a number, because a consent may have been withdrawn a moment ago."""
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
        return self._table.try_put(*self._write(uai, record))

    def put_all(self, uai: str, records: Sequence[ConsentRecord]) -> Sequence[ConsentRecord]:
        written = self._several(lambda record: self.put(uai, record), records)
        return [record for record, done in zip(records, written, strict=True) if not done]

    def of_school(self, uai: str, cursor: str | None) -> Slice[ConsentRecord]:
        since = bounded("school", uai, "pk >", validated_cursor(cursor, _cursor))
        page = self._table.query(*since, PAGE, index="by_school")
        return Slice(self._named(uai, [item["pk"] for item in page.items]), page.cursor("pk"))

    def all_of_school(self, uai: str) -> Iterator[ConsentRecord]:
        listed = self._table.query_all("school = :school", {"school": uai}, index="by_school")
        pks = [item["pk"] for item in listed]
        for start in range(0, len(pks), READ_BATCH * self._at_once):
            some = pks[start : start + READ_BATCH * self._at_once]
            batches = [some[first : first + READ_BATCH] for first in range(0, len(some), READ_BATCH)]
            found = self._several(lambda batch: self._named(uai, batch), batches)
            yield from (record for records in found for record in records)

    def _named(self, uai: str, pks: Sequence[str]) -> Sequence[ConsentRecord]:
        """Return the records of `pks`, in that order, that still have a number."""
        found = self._table.read_all([{"pk": pk, "sk": _sk(uai)} for pk in pks])
        # A number that was erased or corrected since is in the index a moment longer.
        records = {item["pk"]: _record(item["phone"], item) for item in found if "phone" in item}
        return [records[pk] for pk in pks if pk in records]

    def schools_of(self, phone: str) -> Sequence[str]:
        items = self._table.query_all("pk = :pk", {"pk": self._pk(phone)}, only="sk")
        return [item["sk"].removeprefix("SCHOOL#") for item in items]

    def move(self, uai: str, old: ConsentRecord, new: ConsentRecord) -> bool:
        try:
            self._table.transact([self._table.to_put(*self._write(uai, each)) for each in (old, new)])
        except (TransactionConditionFailed, TransientError):
            # A condition that failed, a conflict, or a lost answer: only reading again shows which.
            return False
        return True

    def suppress(self, uai: str, record: ConsentRecord) -> bool:
        assert record.suppressed_at is not None
        return self.put(uai, record)

    def _write(self, uai: str, record: ConsentRecord) -> tuple[Item, str, Item]:
        """Return the item of a record, and the condition that the stored one is as read, with its values."""
        item = {**self._at(uai, record.phone), "changes": record.changes + 1, **_content(uai, record)}
        if record.changes:
            return item, "changes = :changes", {"changes": record.changes}
        return item, NEW, {}

    def _items(self, uai: str, phones: Iterable[str]) -> Mapping[str, Item]:
        """Return the items of `phones`, by number."""
        by_pk, wires = self._read(uai, phones)
        return {by_pk[wire["pk"]["S"]]: from_wire(wire) for wire in wires}

    def _read(self, uai: str, phones: Iterable[str], only: str = "") -> tuple[Mapping[str, str], list[Wire]]:
        """Return the numbers by their key, and their items, of ten thousand with as few steps a number as possible."""
        by_pk = self._by_pk(phones)
        pks, sk, table = list(by_pk), _sk(uai), self._table
        batches = [pks[start : start + READ_BATCH] for start in range(0, len(pks), READ_BATCH)]
        found = self._several(lambda batch: read_partitions(table.client, table.name, batch, sk, only), batches)
        return by_pk, [wire for some in found for wire in some]

    def _several(self, work: Callable[[A], B], items: Sequence[A]) -> Sequence[B]:
        if len(items) < 2 or self._at_once < 2:
            return [work(item) for item in items]
        with ThreadPoolExecutor(self._at_once) as pool:
            return list(pool.map(work, items))

    def _at(self, uai: str, phone: str) -> Item:
        return {"pk": self._pk(phone), "sk": _sk(uai)}

    def _pk(self, phone: str) -> str:
        [pk] = self._by_pk([phone])
        return pk

    def _by_pk(self, phones: Iterable[str]) -> Mapping[str, str]:
        """Return the numbers by their key, a keyed BLAKE2b. A plain hash of a number is reversed in seconds."""
        key = self._key().encode()[: hashlib.blake2b.MAX_KEY_SIZE]
        blank = hashlib.blake2b(key=key, digest_size=16, person=b"consents")
        by_pk = {}
        for phone in phones:
            each = blank.copy()
            each.update(phone.encode())
            by_pk[f"PHONE#{each.hexdigest()}"] = phone
        return by_pk


def _sk(uai: str) -> str:
    return f"SCHOOL#{uai}"


def _content(uai: str, record: ConsentRecord) -> Item:
    """Return the attributes of an item beside its key. Without `school` the item leaves the index."""
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
