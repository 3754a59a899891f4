"""An accepted order is credited, once, and the managers are told, and it is invoiced (R9-R11, R18, R41)."""

from dataclasses import dataclass

from schoolsms.application.ports.core import Clock, Ledger, NoticeQueue
from schoolsms.application.ports.invoices import CreditedOrderQueue
from schoolsms.application.ports.orders import Orders
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools import ledger
from schoolsms.domain.schools.ledger import Entry


@dataclass(frozen=True)
class CreditOrder:
    """Entry, balance and the order's state change in one transaction; told again and again, nothing more happens."""

    orders: Orders
    ledger: Ledger
    notices: NoticeQueue
    invoices: CreditedOrderQueue
    clock: Clock

    def credit(self, order_id: str) -> Entry | None:
        """The entry that credits the order; None for an order that a later mail or a person took out of the line."""
        order = self.orders.get(order_id)
        if order is None:
            raise TransientError("the order to credit is not there")
        if order.state not in ("accepted", "credited"):
            return None
        entry = self.ledger.credit(order, ledger.credit(order.id, order.sms, self.clock.now()))
        # After the transaction: dying before this line, the order is delivered again and told then.
        self.notices.notice_due("credit_activated", order_id=order.id)
        self.invoices.order_credited(order.id)
        return entry
