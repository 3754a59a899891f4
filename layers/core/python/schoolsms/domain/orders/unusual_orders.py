"""Whether an order is of an amount that a person looks at first (R13)."""

from collections.abc import Iterable
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


def is_unusual(ht_cents: int, at: datetime, earlier: Iterable[Order], limit_cents: int) -> bool:
    """Whether a mail received `at` with orders of `ht_cents` together, before VAT, is unusual for its school.

    `earlier` are other orders of the school, in any state. Those accepted or credited within a day count towards the
    limit, so that it is not passed in pieces; two that are judged in the same second do not see each other. A school's
    first order is compared with nothing: above 1,000 € it is unusual. An order that `earlier` lacks, because it was
    accepted a moment ago, only makes the largest smaller.
    """
    made = [order for order in earlier if order.state in MADE]
    of_the_day = sum(order.ht_cents for order in made if abs(order.received_at - at) < A_DAY)
    largest = max((order.ht_cents for order in made), default=0)
    above_the_largest = ht_cents > ALWAYS_USUAL_CENTS and ht_cents > TIMES_THE_LARGEST * largest
    return ht_cents + of_the_day > limit_cents or above_the_largest
