"""Decide whether the amount of an order is unusual, so that a person looks first (R13)."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schoolsms.domain.orders.orders import Order

DEFAULT_LIMIT_CENTS = 500_000
"""5,000 € before VAT."""

ALWAYS_USUAL_CENTS = 100_000
"""Up to 1,000 € before VAT an order is compared with no other."""

MADE = frozenset(("accepted", "credited"))
"""States of the orders that a school made; the others may never become one."""

TIMES_THE_LARGEST = 3
A_DAY = timedelta(hours=24)

MOST_KEPT = 50
"""Orders in `LatelyMade`: more than a school makes while the list of its orders is a moment behind."""


class OrderedMeanwhile(Exception):
    """The school made another order since `LatelyMade` was read. Nothing was written; weigh this order again."""


@dataclass(frozen=True)
class MadeOrder:
    """The figures of a school's earlier order that are compared."""

    id: str
    received_at: datetime
    ht_cents: int


@dataclass(frozen=True)
class LatelyMade:
    """The last orders that a school made, none missing; `version` grows with each.

    An order is accepted on the condition that the version is the one by which it was weighed: of two that are judged at
    once, one is weighed again.
    """

    version: int = 0
    orders: tuple[MadeOrder, ...] = ()

    def after(self, order: Order) -> LatelyMade:
        """As it is once `order` is made."""
        made = MadeOrder(order.id, order.received_at, order.ht_cents)
        return LatelyMade(self.version + 1, (*self.orders, made)[-MOST_KEPT:])


def is_unusual(
    ht_cents: int,
    at: datetime,
    earlier: Iterable[Order],
    limit_cents: int,
    lately: LatelyMade = LatelyMade(),
    own: Container[str] = (),
) -> bool:
    """Whether a mail received `at` with orders of `ht_cents` together, before VAT, is unusual for its school.

    `earlier` are other orders of the school, in any state. Those accepted or credited within a day count towards the
    limit, so that it is not passed in pieces. `lately` has those that `earlier` lacks because they were accepted a
    moment ago; the mail's `own` among them, by id, do not count twice. A school's first order is compared with nothing:
    above 1,000 € it is unusual.
    """
    made = {
        order.id: MadeOrder(order.id, order.received_at, order.ht_cents) for order in earlier if order.state in MADE
    }
    made = {order.id: order for order in lately.orders if order.id not in own} | made
    of_the_day = sum(order.ht_cents for order in made.values() if abs(order.received_at - at) < A_DAY)
    largest = max((order.ht_cents for order in made.values()), default=0)
    above_the_largest = ht_cents > ALWAYS_USUAL_CENTS and ht_cents > TIMES_THE_LARGEST * largest
    return ht_cents + of_the_day > limit_cents or above_the_largest
