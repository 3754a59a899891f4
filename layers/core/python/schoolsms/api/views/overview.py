"""View of what waits for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc
from schoolsms.domain.orders.packs import euros

if TYPE_CHECKING:
    from typing import Annotated, TypedDict

    from schoolsms.api.views.values import Euros, Instant
    from schoolsms.application.orders.read_overview import OrdersWaiting, Overview

    class OrdersWaitingView(TypedDict):
        count: int
        more: Annotated[bool, "whether more wait than were counted"]
        near_deadline: int
        past_deadline: int
        nearest_deadline: Instant | None

    class InvoicesOverdueView(TypedDict):
        count: int
        more: Annotated[bool, "whether more are overdue than were counted"]
        rest_due: Euros

    class OverviewView(TypedDict):
        reviews: Annotated[OrdersWaitingView, "orders that a person decides"]
        uncredited: Annotated[OrdersWaitingView, "orders accepted and not credited"]
        overdue_invoices: InvoicesOverdueView
        pages_waiting: Annotated[int, "about how many pages of fifty messages wait to be handed over"]


def overview_view(overview: Overview) -> OverviewView:
    overdue = overview.overdue
    return {
        "reviews": _waiting_view(overview.reviews),
        "uncredited": _waiting_view(overview.credits),
        "overdue_invoices": {"count": overdue.count, "more": overdue.more, "rest_due": euros(overdue.rest_cents)},
        "pages_waiting": overview.pages_waiting,
    }


def _waiting_view(waiting: OrdersWaiting) -> OrdersWaitingView:
    return {
        "count": waiting.count,
        "more": waiting.more,
        "near_deadline": waiting.near,
        "past_deadline": waiting.past,
        "nearest_deadline": utc(waiting.nearest_deadline) if waiting.nearest_deadline else None,
    }
