"""Many writes, in as few calls as DynamoDB allows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.items import translated
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 25
"""Items in one BatchWriteItem, DynamoDB's limit; beside it 16 MB, far above 25 pages of recipients."""

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
