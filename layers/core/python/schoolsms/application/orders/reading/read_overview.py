"""Show the operator what waits: orders to decide, orders to credit, questions, late invoices, pages of messages, what
was given up, addresses of schools that take no mail; and how the providers did lately (R9, R10, R12, R42, R48).

Each figure is counted on at most `MOST_SLICES` pages of a listing that holds only what waits, whatever the tables hold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from schoolsms.application.orders.watch_deadlines import lateness
from schoolsms.application.ports.accounts.invoices import Invoices
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.backlogs import DeadLetters, MessageBacklog
from schoolsms.application.ports.core import Clock, Slice
from schoolsms.application.ports.history.provider_rates import HourOfProvider, ProviderRates
from schoolsms.application.schools.find_unreachable import FindUnreachable, Unreachable
from schoolsms.domain.orders.billing.invoices import paris_day
from schoolsms.domain.orders.orders import Order, OrderState
from schoolsms.domain.schools.access import Caller

T = TypeVar("T")

MOST_SLICES = 5
"""Pages of fifty that are counted. More than that waiting is an alarm already."""

LATELY = timedelta(hours=6)
"""The last hours that providers are judged by; the first of them only in part."""


@dataclass(frozen=True)
class OrdersWaiting:
    """`more` wait than `count`; `near` and `past` their deadline are those that an alarm is about."""

    count: int
    more: bool
    near: int
    past: int
    nearest_deadline: datetime | None


@dataclass(frozen=True)
class InvoicesOverdue:
    """`more` are overdue than `count`, of which `rest_cents` are left to pay."""

    count: int
    more: bool
    rest_cents: int


@dataclass(frozen=True)
class Overview:
    reviews: OrdersWaiting
    credits: OrdersWaiting
    questions: OrdersWaiting
    overdue: InvoicesOverdue
    pages_waiting: int
    dead_letters: Mapping[str, int]
    """Work given up, by the queue that it was in."""
    providers: Sequence[HourOfProvider]
    unreachable: Sequence[Unreachable]
    more_unreachable: bool


@dataclass(frozen=True)
class ReadOverview:
    """For the operator alone."""

    orders: Orders
    invoices: Invoices
    backlog: MessageBacklog
    letters: DeadLetters
    rates: ProviderRates
    addresses: FindUnreachable
    clock: Clock

    def show(self, caller: Caller) -> Overview:
        """Orders accepted a moment ago are being credited, and count as in time."""
        caller.require("operator")
        today = paris_day(self.clock.now())
        invoices, more = _some(lambda cursor: self.invoices.standing("overdue", today, cursor))
        overdue = InvoicesOverdue(len(invoices), more, sum(invoice.rest_cents for invoice in invoices))
        waiting = self.backlog.pages_waiting()
        lately = self.rates.since(self.clock.now() - LATELY)
        unreachable, more_unreachable = self.addresses.first()
        return Overview(
            self._waiting("review"),
            self._waiting("accepted"),
            self._waiting("question"),
            overdue,
            waiting,
            self.letters.waiting(),
            lately,
            unreachable,
            more_unreachable,
        )

    def _waiting(self, state: OrderState) -> OrdersWaiting:
        orders, more = _some(lambda cursor: self.orders.in_state(state, cursor))
        return _counted(orders, self.clock.now(), more=more)


def _counted(orders: Iterable[Order], now: datetime, *, more: bool) -> OrdersWaiting:
    late = [lateness(order, now) for order in orders]
    nearest = min((order.deadline for order in orders), default=None)
    return OrdersWaiting(len(late), more, late.count("near"), late.count("past"), nearest)


def _some(read: Callable[[str | None], Slice[T]]) -> tuple[list[T], bool]:
    """Return the content of the first slices, and whether there are more."""
    found: list[T] = []
    cursor: str | None = None
    for _ in range(MOST_SLICES):
        piece = read(cursor)
        found += piece.items
        cursor = piece.cursor
        if cursor is None:
            return found, False
    return found, True
