"""In-memory stand-in for the checkpoints of packs."""

import json
from collections.abc import Mapping
from typing import Any

from schoolsms.application.schools.stock.find_packs import FindPacks
from tests.fakes.core import FakeLedger
from tests.fakes.orders.orders import FakeOrders


class FakePackCheckpoints:
    """Keeps JSON, as the adapter does."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], str] = {}

    def latest(self, uai: str, seq: int) -> tuple[int, Mapping[str, Any]] | None:
        last = max((number for school, number in self.known if school == uai and number <= seq), default=0)
        return (last, json.loads(self.known[uai, last])) if last else None

    def keep(self, uai: str, seq: int, stock: Mapping[str, Any]) -> None:
        self.known.setdefault((uai, seq), json.dumps(stock))


def packs_of(ledger: FakeLedger, orders: FakeOrders) -> FindPacks:
    """Find packs without any checkpoint yet."""
    return FindPacks(ledger, orders, FakePackCheckpoints())
