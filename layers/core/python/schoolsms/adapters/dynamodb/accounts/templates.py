"""Templates in the accounts table: texts of the school, without personal data, that outlive the purges of history."""

import re
from typing import TYPE_CHECKING

from schoolsms.adapters.dynamodb.client.items import Item, from_wire, instant, iso, own_cursor, to_wire, translated
from schoolsms.application.ports.core import Slice
from schoolsms.domain.sending.templates import StoredTemplate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAGE = 50
"""Templates in a slice: with texts as long as they may be still far under the megabyte DynamoDB answers with."""

LONGEST_KEY_BYTES = 1024

_CURSOR = re.compile("TEMPLATE#(.+)", re.DOTALL)
_FIRST = " "
"""Before every key, which begins with a letter or a digit."""


class DynamoTemplates:
    """Implements the port `Templates`: `TEMPLATES#<uai>` / the key of each."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, uai: str, key: str) -> StoredTemplate | None:
        if not _is_key(key):
            return None
        with translated():
            found = self._client.get_item(TableName=self._table, Key=to_wire(_key(uai, key)), ConsistentRead=True).get(
                "Item"
            )
        return _template(from_wire(found)) if found else None

    def put(self, uai: str, template: StoredTemplate) -> bool:
        item = {
            **_key(uai, template.key),
            "name": template.name,
            "text": template.text,
            "updated_at": iso(template.updated_at),
        }
        with translated():
            before = self._client.put_item(TableName=self._table, Item=to_wire(item), ReturnValues="ALL_OLD")
        return "Attributes" not in before

    def delete(self, uai: str, key: str) -> bool:
        if not _is_key(key):
            return False
        with translated():
            before = self._client.delete_item(
                TableName=self._table, Key=to_wire(_key(uai, key)), ReturnValues="ALL_OLD"
            )
        return "Attributes" in before

    def of_school(self, uai: str, cursor: str | None) -> Slice[StoredTemplate]:
        after = (own_cursor(cursor, _CURSOR) or "").removeprefix("TEMPLATE#") or _FIRST
        with translated():
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk > :after",
                ExpressionAttributeValues=to_wire({":pk": _partition(uai), ":after": after}),
                ConsistentRead=True,
                Limit=PAGE,
            )
        found = [_template(from_wire(wire)) for wire in answer["Items"]]
        return Slice(found, f"TEMPLATE#{found[-1].key}" if "LastEvaluatedKey" in answer else None)

    def count(self, uai: str) -> int:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=to_wire({":pk": _partition(uai)}),
            Select="COUNT",
        )
        with translated():
            return sum(page["Count"] for page in pages)


def _is_key(key: str) -> bool:
    """Whether a table takes it: a name in a path may be anything."""
    return 0 < len(key.encode(errors="replace")) <= LONGEST_KEY_BYTES


def _partition(uai: str) -> str:
    return f"TEMPLATES#{uai}"


def _key(uai: str, key: str) -> Item:
    return {"pk": _partition(uai), "sk": key}


def _template(item: Item) -> StoredTemplate:
    return StoredTemplate(item["name"], item["text"], instant(item["updated_at"]))
