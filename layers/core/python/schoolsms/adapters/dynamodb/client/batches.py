"""Many writes, or reads, in as few calls as DynamoDB allows."""

import random
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.client.items import Item, from_wire, to_wire, translated
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 25
"""Items in one BatchWriteItem, DynamoDB's limit; beside it 16 MB, far above 25 pages of recipients."""

READ_BATCH = 100
"""Keys in one BatchGetItem, DynamoDB's limit."""

TRIES = 10
PAUSE_SECONDS = 0.005
LONGEST_PAUSE_SECONDS = 0.4
"""What is left of a batch was throttled: pauses between tries begin short, double, and make some 1.5 s in all."""


def write_all(client: "DynamoDBClient", table: str, writes: Sequence[Any]) -> None:
    """Do all of `writes` (PutRequest, DeleteRequest), in any order. Raises TransientError; then some may be done."""
    for start in range(0, len(writes), BATCH):
        left: Any = {table: writes[start : start + BATCH]}
        for _ in _tries():
            with translated():
                left = client.batch_write_item(RequestItems=left).get("UnprocessedItems")
            if not left:
                break
        else:
            raise TransientError("DynamoDB: some writes of a batch stay unprocessed")


def read_all(client: "DynamoDBClient", table: str, keys: Sequence[Item]) -> Iterator[Item]:
    """Those items of `keys`, no key twice, that are there, consistent, in any order. Raises TransientError."""
    for start in range(0, len(keys), READ_BATCH):
        left: Any = {
            table: {"Keys": [to_wire(key) for key in keys[start : start + READ_BATCH]], "ConsistentRead": True}
        }
        for _ in _tries():
            with translated():
                answer = client.batch_get_item(RequestItems=left)
            yield from map(from_wire, answer["Responses"].get(table, []))
            left = answer.get("UnprocessedKeys")
            if not left:
                break
        else:
            raise TransientError("DynamoDB: some reads of a batch stay unprocessed")


def _tries() -> Iterator[None]:
    pause = PAUSE_SECONDS
    for number in range(TRIES):
        if number:
            time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads rivals, guards nothing
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        yield
