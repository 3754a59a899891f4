"""The pack that a school is using: first in, first out, because liability is capped at its price (§6, R18).

Each pack of an order is a lot, also when an order has several of a kind. A debit draws from the oldest lots. A release
goes back to the lots that the debit of its request drew from, the last one first. A forfeiture empties every lot. A
correction adds a lot of its own, or takes from the lots of the order that it names, then from the newest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.schools.stock.ledger_causes import Cause, corrected

CORRECTION = "correction"
"""The pack of SMS that the operator's correction added: no order has it, and it has no price."""


@dataclass(frozen=True)
class Lot:
    """One pack as it was credited. `order_id` is "" for a correction; `price_ht_cents` None where no order has one."""

    order_id: str
    pack: str
    price_ht_cents: int | None
    sms: int


@dataclass(frozen=True)
class LotLeft:
    """A lot, and how many of its SMS are left."""

    lot: Lot
    remaining_sms: int


class PackStock:
    """The lots of a school, oldest first. Their remains sum to the balance after each entry.

    It stays small however many debits there were, because most draw from the lot that the one before drew from: so it
    can be `kept` and gone on from. `debit_number` gives the number of the entry that debited a request, for a release
    whose debit was posted before that.
    """

    def __init__(
        self, kept: Mapping[str, Any] | None = None, debit_number: Callable[[str], int | None] | None = None
    ) -> None:
        kept = kept or {"lots": [], "left": [], "runs": [], "split": {}, "last_drawn": None}
        self._lots: list[Lot] = [Lot(*fields) for fields in kept["lots"]]
        self._left: list[int] = list(kept["left"])
        self._runs: list[tuple[int, int]] = [(number, lot) for number, lot in kept["runs"]]
        """A debit from that entry number on, up to the next run's, drew all of its SMS from that lot, unless split."""
        self._split: dict[str, list[tuple[int, int]]] = {
            request: [(lot, sms) for lot, sms in drawn] for request, drawn in kept["split"].items()
        }
        """By request: the lots that its debit drew from and how many SMS it still has of each, in the order drawn."""
        self._numbers: dict[str, int] = {}
        self._debit_number = debit_number or (lambda _: None)
        self._oldest = 0
        """No lot before this one has anything left."""
        self._last_drawn: int | None = kept["last_drawn"]

    def kept(self) -> Mapping[str, Any]:
        """Return all of it as values that JSON can hold."""
        return {
            "lots": [astuple(lot) for lot in self._lots],
            "left": list(self._left),
            "runs": list(self._runs),
            "split": {request: list(drawn) for request, drawn in self._split.items()},
            "last_drawn": self._last_drawn,
        }

    @property
    def sms(self) -> int:
        """SMS left in all lots: the balance."""
        return sum(self._left)

    @property
    def lots(self) -> list[LotLeft]:
        return [LotLeft(lot, left) for lot, left in zip(self._lots, self._left, strict=True)]

    @property
    def in_use(self) -> LotLeft | None:
        """The oldest lot with anything left, else the last one drawn from.

        None before the first credit, and after a forfeiture until something is credited or released.
        """
        number = self._first_left()
        if number is None:
            number = self._last_drawn
        return None if number is None else LotLeft(self._lots[number], self._left[number])

    def post(self, entry: Entry, orders: Mapping[str, Order]) -> None:
        """Apply the next entry of the ledger."""
        if entry.kind == "credit":
            self._add(lots_of(entry, orders.get(entry.cause.id)))
        elif entry.kind == "correction" and entry.amount > 0:
            self._add([Lot("", CORRECTION, None, entry.amount)])
        elif entry.kind == "release":
            self._put_back(entry)
        elif entry.kind == "correction":
            self._take_back(-entry.amount, corrected(entry))
        else:
            drawn = self._draw(-entry.amount)
            if entry.kind == "debit":
                self._remember(entry, drawn)
            elif entry.kind == "forfeiture":
                self._last_drawn = None

    def _add(self, lots: Iterable[Lot]) -> None:
        for lot in lots:
            self._lots.append(lot)
            self._left.append(lot.sms)

    def _draw(self, sms: int) -> list[tuple[int, int]]:
        drawn: list[tuple[int, int]] = []
        while sms and (number := self._first_left()) is not None:
            taken = min(sms, self._left[number])
            self._left[number] -= taken
            self._last_drawn = number
            drawn.append((number, taken))
            sms -= taken
        return drawn

    def _take_back(self, sms: int, corrects: Cause | None) -> None:
        """Take a correction's SMS: first from the lots of the order it names, then from the newest lots, because the
        school did not use what was credited by mistake."""
        of_order = corrects.id if corrects and corrects.type == "order" else None
        newest_first = range(len(self._lots) - 1, -1, -1)
        for number in sorted(newest_first, key=lambda each: self._lots[each].order_id != of_order):
            taken = min(sms, self._left[number])
            self._left[number] -= taken
            sms -= taken

    def _remember(self, debit: Entry, drawn: list[tuple[int, int]]) -> None:
        """Remember from which lots the releases of a debit may come back."""
        self._numbers[debit.cause.id] = debit.seq
        if len(drawn) != 1 or drawn[0][1] != -debit.amount:
            self._split[debit.cause.id] = drawn
        elif not self._runs or self._runs[-1][1] != drawn[0][0]:
            self._runs.append((debit.seq, drawn[0][0]))

    def _drawn_by(self, request: str, sms: int) -> list[tuple[int, int]]:
        """The lots that the debit of a request drew from, to which at most `sms` go back."""
        if request in self._split:
            return self._split[request]
        number = self._numbers.get(request) or self._debit_number(request)
        run = bisect_right(self._runs, number, key=lambda run: run[0]) - 1 if number else -1
        return [] if run < 0 else [(self._runs[run][1], sms)]

    def _put_back(self, entry: Entry) -> None:
        drawn, sms = self._drawn_by(_request_of(entry), entry.amount), entry.amount
        while sms and drawn:
            number, taken = drawn.pop()
            back = min(sms, taken)
            self._left[number] += back
            self._oldest = min(self._oldest, number)
            if taken > back:
                drawn.append((number, taken - back))
            sms -= back
        if sms:  # never, unless an entry was lost: SMS that no debit took still count in the balance
            self._add([Lot("", "", None, sms)])

    def _first_left(self) -> int | None:
        while self._oldest < len(self._left) and not self._left[self._oldest]:
            self._oldest += 1
        return self._oldest if self._oldest < len(self._left) else None


def lots_of(credit: Entry, order: Order | None) -> list[Lot]:
    """One lot a pack, in the order of the form; one without a price if the packs of `order` do not make the credit."""
    if order:
        lots = [
            Lot(order.id, pack.id, pack.price_ht_cents, pack.sms)
            for pack in order.packs
            for _ in range(order.quantities.get(pack.id, 0))
        ]
        if sum(lot.sms for lot in lots) == credit.amount:
            return lots
    return [Lot(credit.cause.id, "", None, credit.amount)]


def _request_of(release: Entry) -> str:
    """The send request whose SMS `release` gives back; the id of a message begins with that of its request."""
    cause = release.cause
    return cause.id.rpartition("-")[0] if cause.type == "message" else cause.id
