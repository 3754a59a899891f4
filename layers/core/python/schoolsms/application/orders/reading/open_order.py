"""Tell each person of the operator who else has an order before them, so that no two of them decide it (R12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.orders.reading.operators_order import operators_order
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import Clock
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.review.openings import Opening
from schoolsms.domain.schools.access import Caller


@dataclass(frozen=True)
class OpenOrder:
    """Opening locks nothing: the first decision counts, whoever opened the order."""

    orders: Orders
    clock: Clock

    def open(self, caller: Caller, order_id: str) -> Sequence[Opening]:
        """Record that the caller opened the order, if it is to be decided; then as `openings`."""
        order = operators_order(self.orders, caller, order_id)
        if order.decisions:
            self.orders.record_opening(order.id, Opening(caller.subject, caller.email, self.clock.now()))
        return self.openings(order)

    def openings(self, order: Order) -> Sequence[Opening]:
        """The last opening of each person, newest first."""
        return self.orders.openings(order.id)
