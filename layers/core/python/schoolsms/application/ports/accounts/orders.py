"""Port of stored orders and the mails that brought them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schoolsms.application.ports.core import Slice
    from schoolsms.domain.orders.orders import Delivery, MailRecord, Order, OrderState
    from schoolsms.domain.orders.review.openings import Opening
    from schoolsms.domain.orders.review.unusual_orders import LatelyMade


class Orders(Protocol):
    """The orders and the mails that brought them."""

    def get(self, order_id: str) -> Order | None: ...

    def record(self, order: Order, seen: str = "", lately: LatelyMade | None = None) -> Order:
        """Write `order` if its state may follow (`REPLACEABLE`); a review only over `seen`'s. What is stored then.

        An accepted order joins its school's `LatelyMade`. Raises OrderedMeanwhile if that is not `lately` any more.
        """

    def lately_made(self, uai: str) -> LatelyMade:
        """With every order whose `record` ended before."""

    def of_school(self, uai: str, cursor: str | None) -> Slice[Order]:
        """Newest first."""

    def in_state(self, state: OrderState, cursor: str | None) -> Slice[Order]:
        """Oldest first."""

    def record_opening(self, order_id: str, opening: Opening) -> None:
        """Keep that somebody opened the order, in place of the last time that they did."""

    def openings(self, order_id: str) -> Sequence[Opening]:
        """The last opening of each person, newest first."""

    def first_delivery(self, content_id: str, delivery: Delivery) -> Delivery:
        """The first delivery of the mail with this content: `delivery`, unless another was named before."""

    def record_mail(self, mail: MailRecord) -> None: ...

    def mail(self, mail_id: str) -> MailRecord | None: ...
