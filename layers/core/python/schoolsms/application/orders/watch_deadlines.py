"""Compare orders in review with their 24 working hours (R9, R12)."""

from dataclasses import dataclass
from datetime import datetime

from schoolsms.application.ports.core import Clock, NoticeQueue
from schoolsms.application.ports.orders import Orders
from schoolsms.domain.orders.orders import Order

NEAR = 0.75
"""The share of the time from reception to deadline after which an order is near its deadline."""


@dataclass(frozen=True)
class Waiting:
    """The ids of the orders in review, by how late they are."""

    in_time: tuple[str, ...]
    near: tuple[str, ...]
    past: tuple[str, ...]


@dataclass(frozen=True)
class WatchDeadlines:
    orders: Orders
    notices: NoticeQueue
    clock: Clock

    def watch(self) -> Waiting:
        """Look at every order in review; the operator gets one mail when it is near, one when it is past."""
        now = self.clock.now()
        found: dict[str, list[str]] = {"in_time": [], "near": [], "past": []}
        cursor: str | None = None
        while True:
            piece = self.orders.in_state("review", cursor)
            for order in piece.items:
                lateness = _lateness(order, now)
                found[lateness].append(order.id)
                if lateness != "in_time":
                    self.notices.notice_due(f"deadline_{lateness}", order_id=order.id)
            cursor = piece.cursor
            if cursor is None:
                return Waiting(*(tuple(found[name]) for name in ("in_time", "near", "past")))


def _lateness(order: Order, now: datetime) -> str:
    if now >= order.deadline:
        return "past"
    return "near" if now >= order.received_at + NEAR * (order.deadline - order.received_at) else "in_time"
