"""Many writes or reads in as few calls as DynamoDB allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.client.codec import Item, Wire, from_wire, to_wire
from schoolsms.adapters.dynamodb.client.errors import dynamodb_errors
from schoolsms.adapters.dynamodb.client.raw_json import Written
from schoolsms.adapters.dynamodb.client.retries import tries
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WRITE_BATCH = 25
"""Items in one BatchWriteItem, DynamoDB's limit. Its other limit is 16 MB, far above 25 pages of recipients."""

READ_BATCH = 100
"""Keys in one BatchGetItem, DynamoDB's limit."""

TRIES = 10
PAUSE_SECONDS = 0.005
LONGEST_PAUSE_SECONDS = 0.4
"""DynamoDB hands back the throttled part of a batch: pauses begin short, double, and add up to some 1.5 s."""


def write_all(client: DynamoDBClient, table: str, writes: Sequence[Any]) -> None:
    """Do all `writes` (PutRequest, DeleteRequest), in any order. After a TransientError some may be done."""
    for start in range(0, len(writes), WRITE_BATCH):
        left: Any = {table: writes[start : start + WRITE_BATCH]}
        for _ in tries(TRIES, PAUSE_SECONDS, LONGEST_PAUSE_SECONDS):
            with dynamodb_errors():
                left = client.batch_write_item(RequestItems=left).get("UnprocessedItems")
            if not left:
                break
        else:
            raise TransientError("DynamoDB: some writes of a batch stay unprocessed")


def read_all(client: DynamoDBClient, table: str, keys: Sequence[Item]) -> Iterator[Item]:
    """Yield the items of `keys` that exist, in any order. No key may occur twice; reads are consistent."""
    for start in range(0, len(keys), READ_BATCH):
        wires = [to_wire(key) for key in keys[start : start + READ_BATCH]]
        yield from map(from_wire, read_batch(client, table, wires))


def read_batch(client: DynamoDBClient, table: str, keys: Sequence[Wire], only: str = "") -> list[Wire]:
    """Return the items of `keys` (`READ_BATCH` at most) that exist; `only` lists attributes. Reads are consistent."""
    asked: Any = {"Keys": keys, "ConsistentRead": True}
    return _read_batch(client, table, {table: asked | ({"ProjectionExpression": only} if only else {})})


def read_partitions(client: DynamoDBClient, table: str, pks: Sequence[str], sk: str, only: str = "") -> list[Wire]:
    """The same for keys that share their `sk`, on a client of `raw_json.py`: written at once, because writing ten
    thousand keys one by one takes longer than hashing their numbers. No key may have a sign that JSON escapes."""
    behind = f'"}},"sk":{{"S":"{sk}"}}}}'
    keys = f'{behind},{{"pk":{{"S":"'.join(pks)
    asked = f'"ProjectionExpression":"{only}",' if only else ""
    written = f'{{"{table}":{{{asked}"ConsistentRead":true,"Keys":[{{"pk":{{"S":"{keys}{behind}]}}}}'
    return _read_batch(client, table, Written(written))


def _read_batch(client: DynamoDBClient, table: str, left: Any) -> list[Wire]:
    found: list[Wire] = []
    for _ in tries(TRIES, PAUSE_SECONDS, LONGEST_PAUSE_SECONDS):
        with dynamodb_errors():
            answer = client.batch_get_item(RequestItems=left)
        found += answer["Responses"].get(table, ())
        left = answer.get("UnprocessedKeys")
        if not left:
            return found
    raise TransientError("DynamoDB: some reads of a batch stay unprocessed")
