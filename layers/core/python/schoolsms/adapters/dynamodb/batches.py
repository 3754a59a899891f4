"""Many writes, or reads, in as few calls as DynamoDB allows."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.items import Item, from_wire, to_wire, translated
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 25
"""Items in one BatchWriteItem, DynamoDB's limit; beside it 16 MB, far above 25 pages of recipients."""

READ_BATCH = 100
"""Keys in one BatchGetItem, DynamoDB's limit."""

TRIES = 10


def write_all(client: "DynamoDBClient", table: str, writes: Sequence[Any]) -> None:
    """Do all of `writes` (PutRequest, DeleteRequest), in any order. Raises TransientError; then some may be done."""
    for start in range(0, len(writes), BATCH):
        left: Any = {table: writes[start : start + BATCH]}
        for _ in range(TRIES):
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
        for _ in range(TRIES):
            with translated():
                answer = client.batch_get_item(RequestItems=left)
            yield from map(from_wire, answer["Responses"].get(table, []))
            left = answer.get("UnprocessedKeys")
            if not left:
                break
        else:
            raise TransientError("DynamoDB: some reads of a batch stay unprocessed")
