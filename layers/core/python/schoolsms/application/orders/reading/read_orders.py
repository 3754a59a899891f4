"""Show managers the orders of their school, and the operator all orders (R2, R4, R12)."""

from dataclasses import dataclass
from functools import partial
from typing import get_args

from schoolsms.application.orders.reading.operators_order import NO_SUCH_ORDER
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import Schools, Slice
from schoolsms.application.ports.walks import next_matching
from schoolsms.application.schools.callers_school import school_to_read
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.orders.contract import Contract, contract_of
from schoolsms.domain.orders.orders import Order, OrderState
from schoolsms.domain.schools.access import Caller


@dataclass(frozen=True)
class ReadOrders:
    """Managers read the orders of their school, the operator those of every school. Senders read none."""

    schools: Schools
    orders: Orders

    def list_orders(
        self, caller: Caller, state: str | None, cursor: str | None, named: str | None = None
    ) -> Slice[Order]:
        """The orders of the caller's school, or of the one that the operator `named`, newest first, in `state` if it is
        given; for the operator without a school, all those in `state` ("review" unless given). Raises RefusedError.
        """
        school, wanted = school_to_read(self.schools, caller, named), _state(state)
        if school is None:
            return self.orders.in_state(wanted or "review", cursor)
        # A school has few orders, so filter here.
        of_school = partial(self.orders.of_school, school.uai)
        return next_matching(of_school, cursor, lambda order: wanted in (None, order.state))

    def order(self, caller: Caller, order_id: str) -> Order:
        """One order; another school's is not found (R2)."""
        own = caller.require_operator_or_school("sms_manager")
        order = self.orders.get(order_id)
        if order is None or own not in (None, order.school):
            raise NotFoundError(NO_SUCH_ORDER)
        return order

    def contract(self, order: Order) -> Contract | None:
        """The contract that `order` made, once it is accepted (R4)."""
        school = self.schools.get(order.school) if order.school else None
        return contract_of(order, school) if school else None


def _state(written: str | None) -> OrderState | None:
    match written or None:
        case None | "incomplete" | "review" | "accepted" | "credited" | "rejected" | "question" | "answered" as known:
            return known
        case _:
            existing = ", ".join(get_args(OrderState))
            raise RefusedError(f"Cet état de commande n'existe pas. Ceux qui existent : {existing}.", "unknown-state")
