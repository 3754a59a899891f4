"""That a number was erased from a school's history a moment ago: `ERASED#<uai>` in the history table (R45).

A request being accepted while a number is erased could write that number after all was looked through. So the erasure
changes a mark, once the number has lost its consent and before its pages are looked for; acceptance reads the mark
before it looks at consents, and writes the request on the condition that it is still the same. Pages come before the
request: what was written in time is found, what comes too late is never accepted.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from schoolsms.adapters.dynamodb.client.items import Item, epoch, from_wire, to_wire, translated
from schoolsms.domain.ids import random_id

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

KEPT = timedelta(days=1)
"""Longer than any acceptance takes; one that saw the mark before it went begins again."""


def mark_erasure(client: "DynamoDBClient", table: str, uai: str, at: datetime) -> None:
    """From now on whoever read the mark before accepts nothing."""
    item = {**_key(uai), "mark": random_id(), "purge_at": epoch(at + KEPT)}
    with translated():
        client.put_item(TableName=table, Item=to_wire(item))


def erasure_mark(client: "DynamoDBClient", table: str, uai: str) -> str:
    """The mark as it is; empty while nothing was erased of late."""
    with translated():
        found = client.get_item(TableName=table, Key=to_wire(_key(uai)), ConsistentRead=True).get("Item")
    return str(from_wire(found)["mark"]) if found else ""


def no_erasure_since(table: str, uai: str, mark: str) -> "TransactWriteItemTypeDef":
    """For a transaction: it fails unless the mark still is `mark`."""
    if not mark:
        return {
            "ConditionCheck": {
                "TableName": table,
                "Key": to_wire(_key(uai)),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
    return {
        "ConditionCheck": {
            "TableName": table,
            "Key": to_wire(_key(uai)),
            "ConditionExpression": "mark = :mark",
            "ExpressionAttributeValues": to_wire({":mark": mark}),
        }
    }


def _key(uai: str) -> Item:
    return {"pk": f"ERASED#{uai}", "sk": "ERASED"}
