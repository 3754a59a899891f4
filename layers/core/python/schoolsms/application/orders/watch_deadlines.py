"""Compare orders in review, and accepted ones that are not credited, with their 24 working hours (R9, R12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import Clock, NoticeQueue
from schoolsms.application.ports.notice_kinds import NoticeKind
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.orders.orders import Order, OrderState

NEAR = 0.75
"""The share of the time from reception to deadline after which an order is near its deadline."""

CREDITING = timedelta(minutes=15)
"""An order that was accepted so recently is being credited, however late it was accepted."""


Lateness = Literal["in_time", "near", "past"]

_REVIEW_NOTICES: Mapping[Lateness, NoticeKind] = {"near": "deadline_near", "past": "deadline_past"}
_CREDIT_NOTICES: Mapping[Lateness, NoticeKind] = {"near": "credit_near", "past": "credit_past"}


@dataclass(frozen=True)
class Waiting:
    """The ids of some orders, by how late they are."""

    in_time: tuple[str, ...]
    near: tuple[str, ...]
    past: tuple[str, ...]


@dataclass(frozen=True)
class Watched:
    """`reviews` wait for a person's decision; `credits` are accepted and not credited."""

    reviews: Waiting
    credits: Waiting


@dataclass(frozen=True)
class WatchDeadlines:
    orders: Orders
    notices: NoticeQueue
    clock: Clock

    def watch(self) -> Watched:
        """Check every waiting order; queue one mail to the operator near its deadline, and one past it."""
        now = self.clock.now()
        return Watched(self._of("review", _REVIEW_NOTICES, now), self._of("accepted", _CREDIT_NOTICES, now))

    def _of(self, state: OrderState, notices: Mapping[Lateness, NoticeKind], now: datetime) -> Waiting:
        found: dict[Lateness, list[str]] = {"in_time": [], "near": [], "past": []}
        for order in every_item(partial(self.orders.in_state, state)):
            late = lateness(order, now)
            found[late].append(order.id)
            if late in notices:
                self.notices.notice_due(notices[late], order_id=order.id)
        return Waiting(*map(tuple, found.values()))


def _just_accepted(order: Order, now: datetime) -> bool:
    """Return whether a person accepted it less than CREDITING ago."""
    return order.state == "accepted" and order.decision is not None and now < order.decision.at + CREDITING


def lateness(order: Order, now: datetime) -> Lateness:
    """Return how near its deadline an order is that waits to be decided or credited."""
    if _just_accepted(order, now):
        return "in_time"
    if now >= order.deadline:
        return "past"
    return "near" if now >= order.received_at + NEAR * (order.deadline - order.received_at) else "in_time"
