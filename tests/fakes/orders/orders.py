"""The stand-in for stored orders."""

from collections.abc import Sequence

from schoolsms.application.ports.core import Slice
from schoolsms.domain.orders.orders import REPLACEABLE, Delivery, MailRecord, Order, OrderState
from schoolsms.domain.orders.review.openings import Opening
from schoolsms.domain.orders.review.unusual_orders import LatelyMade, OrderedMeanwhile
from tests.fakes.slices import sliced


class FakeOrders:
    def __init__(self, *orders: Order) -> None:
        self.known = {order.id: order for order in orders}
        self.mails: dict[str, MailRecord] = {}
        self.lately: dict[str, LatelyMade] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.opened: dict[str, dict[str, Opening]] = {}

    def get(self, order_id: str) -> Order | None:
        return self.known.get(order_id)

    def record(self, order: Order, seen: str = "", lately: LatelyMade | None = None) -> Order:
        stored = self.known.get(order.id)
        came_since = (
            stored is not None
            and stored.state == order.state == "review"
            and stored.mail_id not in (order.mail_id, seen)
        )
        if stored is None or (stored.state in REPLACEABLE[order.state] and not came_since):
            if order.state == "accepted":
                now = self.lately_made(order.school)
                if lately not in (None, now):
                    raise OrderedMeanwhile
                self.lately[order.school] = now.after(order)
            self.known[order.id] = order
        return self.known[order.id]

    def lately_made(self, uai: str) -> LatelyMade:
        return self.lately.get(uai, LatelyMade())

    def of_school(self, uai: str, cursor: str | None) -> Slice[Order]:
        newest_first = sorted(self.known.values(), key=_order_key, reverse=True)
        return sliced([order for order in newest_first if order.school == uai], _order_key, cursor)

    def in_state(self, state: OrderState, cursor: str | None) -> Slice[Order]:
        oldest_first = sorted(self.known.values(), key=_order_key)
        return sliced([order for order in oldest_first if order.state == state], _order_key, cursor)

    def record_opening(self, order_id: str, opening: Opening) -> None:
        self.opened.setdefault(order_id, {})[opening.by] = opening

    def openings(self, order_id: str) -> Sequence[Opening]:
        return sorted(self.opened.get(order_id, {}).values(), key=lambda each: each.at, reverse=True)

    def first_delivery(self, content_id: str, delivery: Delivery) -> Delivery:
        return self.deliveries.setdefault(content_id, delivery)

    def record_mail(self, mail: MailRecord) -> None:
        self.mails[mail.id] = mail

    def mail(self, mail_id: str) -> MailRecord | None:
        return self.mails.get(mail_id)


def _order_key(order: Order) -> str:
    return f"{order.received_at.isoformat()}#{order.id}"
