"""Checkpoints of the stock of packs in the accounts table: `PACKS#<uai>` / `<version>#<number of the entry>`.

A partition apart from the ledger, so that a role that only reads the ledger may write them (R47).
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from schoolsms.adapters.dynamodb.client.table import NEW, TableStore

VERSION = "1"
"""Of the rules by which packs are used and of what is kept of them: whoever changes those counts up, and all is folded
anew."""


class DynamoPackCheckpoints(TableStore):
    """Implements the port `PackCheckpoints`."""

    def latest(self, uai: str, seq: int) -> tuple[int, Mapping[str, Any]] | None:
        values = {"pk": f"PACKS#{uai}", "first": f"{VERSION}#", "last": _sk(seq)}
        page = self._table.query("pk = :pk AND sk BETWEEN :first AND :last", values, 1, descending=True)
        if not page.items:
            return None
        [item] = page.items
        return int(item["sk"].partition("#")[2]), json.loads(zlib.decompress(item["stock"]))

    def keep(self, uai: str, seq: int, stock: Mapping[str, Any]) -> None:
        packed = zlib.compress(json.dumps(stock, separators=(",", ":")).encode())
        self._table.try_put({"pk": f"PACKS#{uai}", "sk": _sk(seq), "stock": packed}, NEW)


def _sk(seq: int) -> str:
    return f"{VERSION}#{seq:012d}"
