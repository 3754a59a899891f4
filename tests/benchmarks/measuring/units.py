"""Write units of DynamoDB from the sizes of items: one a started KiB, twice in a transaction, indexes included.

A client says nothing true of this over moto, so a hook on it looks at every item before and after each write.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
KIB = 1024

Wire = Mapping[str, Mapping[str, Any]]


class UnitCounter:
    """`units` by table while `watching` a client; `reader` is another client, so that its look-ups are not seen."""

    def __init__(self, client: Any, reader: Any) -> None:
        self.units: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._client, self._reader = client, reader
        self._before: list[tuple[str, Wire, Wire | None]] = []
        self._indexes = cache(self._described)

    @contextmanager
    def watching(self) -> Iterator[UnitCounter]:
        events = self._client.meta.events
        events.register("provide-client-params.dynamodb", self._look_before)
        events.register("after-call.dynamodb", self._count)
        try:
            yield self
        finally:
            events.unregister("provide-client-params.dynamodb", self._look_before)
            events.unregister("after-call.dynamodb", self._count)

    @property
    def total(self) -> int:
        return self.units.total()

    def _look_before(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        self._before = []
        if model.name in WRITES:
            self._before = [(table, key, self._item(table, key)) for table, key in self._written(model.name, params)]

    def _count(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        self.calls[model.name] += 1
        times = 2 if model.name == "TransactWriteItems" else 1
        if parsed["ResponseMetadata"]["HTTPStatusCode"] != 200:
            return  # moto wrote nothing; AWS would charge a failed condition, which none of the benchmarks meets
        for table, key, before in self._before:
            self.units[table] += times * self._of(table, before, self._item(table, key))
        self._before = []

    def _written(self, operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, Wire]]:
        """Table and key of each item that the call writes, or in a transaction looks at: that costs the same."""
        if operation == "TransactWriteItems":
            for part in params["TransactItems"]:
                ((_, write),) = part.items()
                yield write["TableName"], self._key_of(write)
        elif operation == "BatchWriteItem":
            for table, requests in params["RequestItems"].items():
                for request in requests:
                    ((_, write),) = request.items()
                    yield table, self._key_of({**write, "TableName": table})
        else:
            yield params["TableName"], self._key_of(params)

    def _key_of(self, write: Mapping[str, Any]) -> Wire:
        if "Key" in write:
            key: Wire = write["Key"]
            return key
        return {name: write["Item"][name] for name in self._indexes(write["TableName"])[0]}

    def _item(self, table: str, key: Wire) -> Wire | None:
        found: Wire | None = self._reader.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _of(self, table: str, before: Wire | None, after: Wire | None) -> int:
        """One write of an item: the table's own units, and those of each index that it changes."""
        keys, indexes = self._indexes(table)
        units = _kibibytes(max(size_of(before or {}), size_of(after or {})))
        for own, attributes in indexes:
            was, now = (_projected(item, own, keys, attributes) for item in (before, after))
            if was and now and any(was[name] != now[name] for name in own):
                units += _kibibytes(size_of(was)) + _kibibytes(size_of(now))
            elif was != now:
                units += _kibibytes(max(size_of(was or {}), size_of(now or {})))
        return units

    def _described(self, table: str) -> tuple[list[str], list[tuple[list[str], list[str] | None]]]:
        """The names of the table's key; and of each index its key and what else it holds, None for everything."""
        described = self._reader.describe_table(TableName=table)["Table"]
        indexes = []
        for index in (*described.get("GlobalSecondaryIndexes", ()), *described.get("LocalSecondaryIndexes", ())):
            projection = index["Projection"]
            others = None if projection["ProjectionType"] == "ALL" else projection.get("NonKeyAttributes", [])
            indexes.append(([key["AttributeName"] for key in index["KeySchema"]], others))
        return [key["AttributeName"] for key in described["KeySchema"]], indexes


def _projected(item: Wire | None, own: list[str], keys: list[str], others: list[str] | None) -> Wire | None:
    """Project an item onto an index; None if the item lacks the index's key."""
    if item is None or not all(name in item for name in own):
        return None
    held = item if others is None else {*own, *keys, *others}
    return {name: value for name, value in item.items() if name in held}


def _kibibytes(size: int) -> int:
    return max(1, math.ceil(size / KIB))


def size_of(item: Wire) -> int:
    """Bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(str(content).encode())
    if kind == "N":
        digits = str(content).lstrip("-").replace(".", "").strip("0")
        return math.ceil(len(digits) / 2) + 1 + str(content).startswith("-")
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "B":
        return len(content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_size(each) for name, each in content.items())
    if kind == "L":
        return 3 + sum(1 + _value_size(each) for each in content)
    raise ValueError(f"the size of a {kind} is not known")
