"""Port of what the stock of packs was after some entries of a ledger."""

from collections.abc import Mapping
from typing import Any, Protocol


class PackCheckpoints(Protocol):
    """Derived from the ledger, and made anew from it at any time: the ledger alone is the truth."""

    def latest(self, uai: str, seq: int) -> tuple[int, Mapping[str, Any]] | None:
        """The last one that was kept after entry `seq` or one before; with the number of its entry."""

    def keep(self, uai: str, seq: int, stock: Mapping[str, Any]) -> None:
        """Keep the stock as it was after entry `seq`, unless it is kept."""
