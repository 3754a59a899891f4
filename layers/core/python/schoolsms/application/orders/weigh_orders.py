"""Compare an order with what its school ordered before, and record it if nothing changed meanwhile (R13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.orders.mails import InboundMail
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.packs import euros_fr
from schoolsms.domain.orders.review.order_mails import state_of
from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.orders.review.unusual_orders import MADE, LatelyMade, is_unusual


@dataclass(frozen=True)
class Weighed:
    """An order with the doubt `amount-unusual` where it is due, and what was made `lately` when it was weighed."""

    order: Order
    lately: LatelyMade | None = None


@dataclass(frozen=True)
class WeighOrders:
    """Forms of one school in one mail count together: `due` are all orders of the mail that lack nothing."""

    orders: Orders
    limit_cents: int

    def weigh(self, order: Order, due: Sequence[Order], mail: InboundMail) -> Weighed:
        """`order` as its amount lets it be."""
        if order not in due:
            return Weighed(order)
        # Read before the list of orders, so that an order that is recorded in between makes the write fail.
        lately = self.orders.lately_made(order.school)
        earlier = self._earlier(due, order.school)
        made = {each.id for each in earlier if each.state in MADE}  # a form that came before orders nothing
        ht_cents = sum(each.ht_cents for each in due if each.school == order.school and each.id not in made)
        own = {each.id for each in due}
        if is_unusual(ht_cents, order.received_at, earlier, self.limit_cents, lately, own):
            reasons = (*order.reasons, Reason("amount-unusual", f"{euros_fr(ht_cents)} HT"))
            order = replace(order, state=state_of(reasons, mail), reasons=reasons)
        return Weighed(order, lately)

    def _earlier(self, due: Sequence[Order], uai: str) -> list[Order]:
        """The orders of the school that this mail did not bring: a mail that comes twice is judged the same twice."""
        mails = {each.mail_id for each in due}
        return [each for each in every_item(partial(self.orders.of_school, uai)) if each.mail_id not in mails]
