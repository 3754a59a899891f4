"""Templates in the accounts table: texts of a school without personal data, which outlive the purges of history."""

import re

from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso
from schoolsms.adapters.dynamodb.client.table import TableStore, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.sending.templates import StoredTemplate

PAGE = 50
"""Templates in a slice. Even with the longest texts they stay far under the megabyte of one DynamoDB answer."""

LONGEST_KEY_BYTES = 1024

_CURSOR = re.compile("TEMPLATE#(.+)", re.DOTALL)
_FIRST = " "
"""Sorts before every key, because keys begin with a letter or a digit."""


class DynamoTemplates(TableStore):
    """Implements the port `Templates`: `TEMPLATES#<uai>` / the key of each."""

    def get(self, uai: str, key: str) -> StoredTemplate | None:
        item = self._table.get(_key(uai, key)) if _is_key(key) else None
        return _template(item) if item else None

    def put(self, uai: str, template: StoredTemplate) -> bool:
        item = {"name": template.name, "text": template.text, "updated_at": iso(template.updated_at)}
        return self._table.replace({**_key(uai, template.key), **item}) is None

    def delete(self, uai: str, key: str) -> bool:
        return _is_key(key) and self._table.take(_key(uai, key)) is not None

    def of_school(self, uai: str, cursor: str | None) -> Slice[StoredTemplate]:
        after = (validated_cursor(cursor, _CURSOR) or "").removeprefix("TEMPLATE#") or _FIRST
        values = {"pk": _partition(uai), "after": after}
        page = self._table.query("pk = :pk AND sk > :after", values, PAGE)
        found = page.slice(_template, "sk")
        return Slice(found.items, f"TEMPLATE#{found.cursor}" if found.cursor else None)

    def count(self, uai: str) -> int:
        return self._table.count("pk = :pk", {"pk": _partition(uai)})


def _is_key(key: str) -> bool:
    """Return whether DynamoDB takes `key`; a name in a path may be anything."""
    return 0 < len(key.encode(errors="replace")) <= LONGEST_KEY_BYTES


def _partition(uai: str) -> str:
    return f"TEMPLATES#{uai}"


def _key(uai: str, key: str) -> Item:
    return {"pk": _partition(uai), "sk": key}


def _template(item: Item) -> StoredTemplate:
    return StoredTemplate(item["name"], item["text"], instant(item["updated_at"]))
