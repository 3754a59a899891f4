"""One DynamoDB table in plain Python values: reads, conditional writes, pages of a query, transactions.

In every expression `#name` stands for the attribute `name` (many names are reserved words) and `:name` for
`values["name"]`. Writes raise ConditionFailed, and every method TransientError (see `errors.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from botocore.exceptions import ClientError

from schoolsms.adapters.dynamodb.client.batches import read_all, write_all
from schoolsms.adapters.dynamodb.client.codec import Item, from_wire, to_wire
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed, TransactionConditionFailed, dynamodb_errors
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError, not_of_this_list

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

Write = dict[str, Any]
"""One write of a transaction, as the client takes it: `{"Put": {...}}`."""

Returned = Literal["ALL_OLD", "ALL_NEW"]

NEW = "attribute_not_exists(pk)"
"""Condition: there is no item of that key."""

EXISTS = "attribute_exists(pk)"
"""Condition: there is an item of that key."""

_NAMES = re.compile(r"#(\w+)")


class Page:
    """Items that one query found, and whether there are more."""

    def __init__(self, items: Sequence[Item], more: bool) -> None:
        self.items = items
        self.more = more

    def slice(self, make: Callable[[Item], T], cursor: str) -> Slice[T]:
        """Return the items made by `make`; the cursor is the attribute `cursor` of the last one."""
        return Slice([make(item) for item in self.items], self.cursor(cursor))

    def cursor(self, attribute: str) -> str | None:
        """Return `attribute` of the last item if there are more, as text."""
        return str(self.items[-1][attribute]) if self.more else None


class Table:
    """One table."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self.client = client
        self.name = name

    # ------------------------------------------------------------------ reads

    def get(self, key: Item, only: str = "") -> Item | None:
        """Return the item, read consistently; `only` lists attributes."""
        asked: Any = {"ProjectionExpression": only} if only else {}
        with dynamodb_errors():
            found = self.client.get_item(TableName=self.name, Key=to_wire(key), ConsistentRead=True, **asked)
        return from_wire(found["Item"]) if "Item" in found else None

    def read_all(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Yield the items of `keys` that exist, in any order. No key may occur twice; reads are consistent."""
        return read_all(self.client, self.name, keys)

    def query(self, condition: str, values: Mapping[str, object], limit: int | None = None, **options: Any) -> Page:
        """Return the first page of a query; its options are those of `_query`."""
        answer = self._query(condition, values, Limit=limit, **options)
        return Page([from_wire(wire) for wire in answer["Items"]], "LastEvaluatedKey" in answer)

    def query_all(self, condition: str, values: Mapping[str, object], **options: Any) -> Iterator[Item]:
        """Yield what all pages of a query hold; its options are those of `_query`."""
        for answer in self._answers(condition, values, **options):
            yield from map(from_wire, answer["Items"])

    def count(self, condition: str, values: Mapping[str, object]) -> int:
        """Return how many items there are. The count may be a moment behind."""
        return sum(answer["Count"] for answer in self._answers(condition, values, consistent=False, Select="COUNT"))

    def _answers(self, condition: str, values: Mapping[str, object], **options: Any) -> Iterator[Any]:
        answer = self._query(condition, values, **options)
        yield answer
        while "LastEvaluatedKey" in answer:
            answer = self._query(condition, values, ExclusiveStartKey=answer["LastEvaluatedKey"], **options)
            yield answer

    def _query(
        self,
        condition: str,
        values: Mapping[str, object],
        *,
        index: str = "",
        descending: bool = False,
        consistent: bool | None = None,
        where: str = "",
        only: str = "",
        **more: Any,
    ) -> Any:
        """Ask for one page. Reads of the table are consistent by default, those of an `index` are not.

        `where` filters what was read, `only` lists attributes.
        """
        asked = {
            "IndexName": index,
            "ConsistentRead": not index if consistent is None else consistent,
            "KeyConditionExpression": condition,
            "FilterExpression": where,
            "ProjectionExpression": only,
            **more,
        }
        call: Any = {name: value for name, value in asked.items() if value}
        if descending:
            call["ScanIndexForward"] = False
        with dynamodb_errors():
            return self.client.query(TableName=self.name, **call, **_names(condition, where, only), **_values(values))

    # ------------------------------------------------------------------ writes

    def put(self, item: Item, condition: str = "", values: Mapping[str, object] = {}) -> None:
        """Write `item`."""
        with dynamodb_errors():
            self.client.put_item(**self.to_put(item, condition, values)["Put"])

    def replace(self, item: Item) -> Item | None:
        """Write `item`; return the one that it replaced."""
        with dynamodb_errors():
            before = self.client.put_item(**self.to_put(item)["Put"], ReturnValues="ALL_OLD")
        return _attributes(before)

    def update(self, key: Item, change: str, condition: str = "", values: Mapping[str, object] = {}) -> None:
        """Change an item by an update expression."""
        with dynamodb_errors():
            self.client.update_item(**self.to_update(key, change, condition, values)["Update"])

    def update_returning(
        self, returned: Returned, key: Item, change: str, condition: str = "", values: Mapping[str, object] = {}
    ) -> Item | None:
        """Change an item; return what it was or what it is, None for an item that was not there."""
        with dynamodb_errors():
            written = self.client.update_item(
                **self.to_update(key, change, condition, values)["Update"], ReturnValues=returned
            )
        return _attributes(written)

    def delete(self, key: Item, condition: str = "", values: Mapping[str, object] = {}) -> None:
        """Delete an item."""
        with dynamodb_errors():
            self.client.delete_item(**self.to_delete(key, condition, values)["Delete"])

    def take(self, key: Item) -> Item | None:
        """Delete an item and return it."""
        with dynamodb_errors():
            before = self.client.delete_item(**self.to_delete(key)["Delete"], ReturnValues="ALL_OLD")
        return _attributes(before)

    def try_put(self, item: Item, condition: str, values: Mapping[str, object] = {}) -> bool:
        """Write `item`; return False, with nothing written, if the condition fails."""
        try:
            self.put(item, condition, values)
        except ConditionFailed:
            return False
        return True

    def try_update(self, key: Item, change: str, condition: str, values: Mapping[str, object] = {}) -> bool:
        """Change an item; return False, with nothing written, if the condition fails."""
        try:
            self.update(key, change, condition, values)
        except ConditionFailed:
            return False
        return True

    def put_all(self, items: Sequence[Item]) -> None:
        """Write `items` in any order. After a TransientError some may be written."""
        write_all(self.client, self.name, [{"PutRequest": {"Item": to_wire(item)}} for item in items])

    def delete_all(self, items: Sequence[Item]) -> int:
        """Delete the items that have the keys of `items`, in any order; return how many keys there were."""
        keys = [to_wire({"pk": item["pk"], "sk": item["sk"]}) for item in items]
        write_all(self.client, self.name, [{"DeleteRequest": {"Key": key}} for key in keys])
        return len(keys)

    # ------------------------------------------------------------------ transactions

    def to_put(self, item: Item, condition: str = "", values: Mapping[str, object] = {}) -> Write:
        """Return a Put for a transaction."""
        return {"Put": {"TableName": self.name, "Item": to_wire(item), **_condition(condition, values)}}

    def to_update(self, key: Item, change: str, condition: str = "", values: Mapping[str, object] = {}) -> Write:
        """Return an Update for a transaction."""
        place = {"TableName": self.name, "Key": to_wire(key), "UpdateExpression": change}
        return {"Update": {**place, **_condition(condition, values, change)}}

    def to_delete(self, key: Item, condition: str = "", values: Mapping[str, object] = {}) -> Write:
        """Return a Delete for a transaction."""
        return {"Delete": {"TableName": self.name, "Key": to_wire(key), **_condition(condition, values)}}

    def to_check(self, key: Item, condition: str, values: Mapping[str, object] = {}) -> Write:
        """Return a condition on an item that the transaction does not write."""
        return {"ConditionCheck": {"TableName": self.name, "Key": to_wire(key), **_condition(condition, values)}}

    def transact(self, writes: Sequence[Write]) -> None:
        """Do all `writes`, also of other tables, or none. Raises TransactionConditionFailed."""
        failed = self.try_transaction(writes)
        if failed is not None:
            raise TransactionConditionFailed if any(failed) else TransientError("DynamoDB: conflicting transactions")

    def try_transaction(self, writes: Sequence[Write]) -> list[bool] | None:
        """Do all `writes` and return None; or do none, and return for each whether its condition failed."""
        with dynamodb_errors():
            try:
                self.client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]
            except ClientError as exc:
                if exc.response["Error"]["Code"] != "TransactionCanceledException":
                    raise
                reasons: list[Any] = exc.response.get("CancellationReasons", [])
                return [reason.get("Code") == "ConditionalCheckFailed" for reason in reasons]
        return None


class TableStore:
    """A store that keeps all its items in one table."""

    def __init__(self, table: Table) -> None:
        self._table = table


def bounded(key: str, partition: str, bound: str, value: str | int | None) -> tuple[str, Item]:
    """Return condition and values of a query of the `partition` of `key`.

    A `value` bounds it (`bound` as in `"sk <"`); None or "" is no bound.
    """
    if value in (None, ""):
        return f"{key} = :partition", {"partition": partition}
    return f"{key} = :partition AND {bound} :bound", {"partition": partition, "bound": value}


def assignments(values: Mapping[str, object]) -> str:
    """Return the update expression that sets each attribute to the value of its name."""
    return "SET " + ", ".join(f"#{name} = :{name}" for name in values)


def validated_cursor(cursor: str | None, shape: re.Pattern[str]) -> str | None:
    """Return the cursor if it has the shape of this list's cursors; None for none. Raises RefusedError."""
    if cursor and not shape.fullmatch(cursor):
        raise not_of_this_list()
    return cursor or None


def _attributes(answer: Any) -> Item | None:
    """Return the item that a write returned, if there was one."""
    return from_wire(answer["Attributes"]) if "Attributes" in answer else None


def _condition(condition: str, values: Mapping[str, object], change: str = "") -> dict[str, Any]:
    named = {"ConditionExpression": condition} if condition else {}
    return {**named, **_names(condition, change), **_values(values)}


def _names(*expressions: str) -> dict[str, Any]:
    names = {name for expression in expressions for name in _NAMES.findall(expression)}
    return {"ExpressionAttributeNames": {f"#{name}": name for name in sorted(names)}} if names else {}


def _values(values: Mapping[str, object]) -> dict[str, Any]:
    named = {f":{name}": value for name, value in values.items()}
    return {"ExpressionAttributeValues": to_wire(named)} if named else {}
