"""Credit an accepted order once, then have the managers notified and the order invoiced (R9-R11, R18, R41)."""

from dataclasses import dataclass

from schoolsms.application.ports.accounts.invoices import CreditedOrderQueue
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import Clock, Ledger, NoticeQueue
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Entry


@dataclass(frozen=True)
class CreditOrder:
    """Entry, balance and the order's state change in one transaction; a repeated call changes nothing."""

    orders: Orders
    ledger: Ledger
    notices: NoticeQueue
    invoices: CreditedOrderQueue
    clock: Clock

    def credit(self, order_id: str) -> Entry | None:
        """The entry that credits the order; None if a later mail or the operator took its acceptance back."""
        order = self.orders.get(order_id)
        if order is None:
            raise TransientError("the order to credit is not there")
        if order.state not in ("accepted", "credited"):
            return None
        entry = self.ledger.credit(order, ledger.credit(order.id, order.sms, self.clock.now()))
        # After the transaction: if we die before this line, the order is delivered again and both are queued then.
        self.notices.notice_due("credit_activated", order_id=order.id)
        self.invoices.order_credited(order.id)
        return entry
