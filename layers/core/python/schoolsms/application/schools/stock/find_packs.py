"""Find the pack that a school was using after an entry of its ledger (R18, §6): liability is capped at its price.

The ledger is folded from the last checkpoint on, so that a long ledger costs as little as a short one. A checkpoint is
kept after each `EVERY` entries at most once: what it holds depends on nothing but the entries before it, so that it
does not matter who writes it, nor how often. One whose SMS do not sum to the ledger's balance is not believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.accounts.pack_checkpoints import PackCheckpoints
from schoolsms.application.ports.core import Ledger
from schoolsms.domain.orders.pack_in_use import PackStock
from schoolsms.domain.schools.stock.ledger import debit_id

EVERY = 200
"""Entries from one checkpoint to the next, where somebody asked in between."""

LONG = 10 * EVERY
"""Entries from one checkpoint to the next in a ledger that nobody asked about for long."""


@dataclass(frozen=True)
class FindPacks:
    ledger: Ledger
    orders: Orders
    checkpoints: PackCheckpoints

    def after(self, uai: str, seq: int, balance_sms: int) -> PackStock:
        """The stock of packs after entry `seq`, which left `balance_sms`."""
        kept = self.checkpoints.latest(uai, seq)
        if kept:
            stock = self._folded(uai, seq, *kept)
            if stock.sms == balance_sms:
                return stock
        return self._folded(uai, seq, 0, None)

    def _folded(self, uai: str, seq: int, done: int, kept: Mapping[str, Any] | None) -> PackStock:
        stock = PackStock(kept, lambda request: self._debit_number(uai, request))
        last = seq // EVERY * EVERY
        for entry in self.ledger.entries_between(uai, done + 1, seq):
            order = self.orders.get(entry.cause.id) if entry.kind == "credit" else None
            stock.post(entry, {order.id: order} if order else {})
            if entry.seq == last or not entry.seq % LONG:
                self.checkpoints.keep(uai, entry.seq, stock.kept())
        return stock

    def _debit_number(self, uai: str, request: str) -> int | None:
        debit = self.ledger.entry(uai, debit_id(request))
        return debit.seq if debit else None
