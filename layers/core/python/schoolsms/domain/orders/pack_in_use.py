"""The pack that a school is using: first in, first out, because liability is capped at its price (§6, R18).

Each pack of an order is a lot, also when an order has several of a kind. A debit draws from the oldest lots. A release
goes back to the lots that the debit of its request drew from, the last one first. A forfeiture empties every lot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.ledger import Entry

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


def stock_of(entries: Iterable[Entry], orders: Mapping[str, Order]) -> "PackStock":
    """The lots of a school after its `entries`, oldest first. `orders` are those that were credited, by id."""
    stock = PackStock()
    for entry in entries:
        stock.post(entry, orders)
    return stock


class PackStock:
    """The lots of a school, oldest first. Their remains sum to the balance after each entry."""

    def __init__(self) -> None:
        self._lots: list[Lot] = []
        self._left: list[int] = []
        self._drawn: dict[str, list[tuple[int, int]]] = {}
        """By request: the lots that its debit drew from and how many SMS it still has of each, in the order drawn."""
        self._oldest = 0
        """No lot before this one has anything left."""
        self._last_drawn: int | None = None

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
        else:
            drawn = self._draw(-entry.amount)
            if entry.kind == "debit":
                self._drawn[entry.cause.id] = drawn
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

    def _put_back(self, entry: Entry) -> None:
        drawn, sms = self._drawn.get(_request_of(entry), []), entry.amount
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
