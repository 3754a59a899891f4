"""A mark that changes when a number is erased from a school's history: `ERASED#<uai>` in the history table (R45).

A request that is being accepted while a number is erased could write that number after everything was searched. So an
erasure changes the mark, after the number lost its consent and before its pages are searched. Acceptance reads the mark
before it looks at consents, and writes the request on the condition that the mark is still the same. Pages are written
before the request: pages written in time are found by the erasure, and a request written too late is never accepted.
"""

from datetime import datetime, timedelta

from schoolsms.adapters.dynamodb.client.codec import Item, epoch
from schoolsms.adapters.dynamodb.client.table import NEW, Table, Write
from schoolsms.domain.ids import random_id

KEPT = timedelta(days=1)
"""Longer than any acceptance takes. An acceptance that read a mark which then expired starts again."""


def mark_erasure(table: Table, uai: str, at: datetime) -> None:
    """Change the school's erasure mark. An acceptance in progress that read the old mark fails and starts again."""
    table.put({**_key(uai), "mark": random_id(), "purge_at": epoch(at + KEPT)})


def erasure_mark(table: Table, uai: str) -> str:
    """Return the mark; empty if no number was erased for `KEPT`."""
    item = table.get(_key(uai))
    return str(item["mark"]) if item else ""


def no_erasure_since(table: Table, uai: str, mark: str) -> Write:
    """Return a condition for a transaction: it fails unless the mark still is `mark`."""
    return table.to_check(_key(uai), "mark = :mark", {"mark": mark}) if mark else table.to_check(_key(uai), NEW)


def _key(uai: str) -> Item:
    return {"pk": f"ERASED#{uai}", "sk": "ERASED"}
