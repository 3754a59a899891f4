"""The order that the operator asks for."""

from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.access import Caller

NO_SUCH_ORDER = "Cette commande n'existe pas."


def operators_order(orders: Orders, caller: Caller, order_id: str) -> Order:
    """Return the order. Raises Forbidden for anybody but the operator, NotFoundError."""
    caller.require("operator")
    order = orders.get(order_id)
    if order is None:
        raise NotFoundError(NO_SUCH_ORDER)
    return order
