"""View of what waits for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc
from schoolsms.domain.orders.packs import euros

if TYPE_CHECKING:
    from typing import Annotated, TypedDict

    from schoolsms.api.views.values import Euros, Instant
    from schoolsms.application.orders.reading.read_overview import OrdersWaiting, Overview
    from schoolsms.application.ports.history.provider_rates import HourOfProvider
    from schoolsms.application.schools.find_unreachable import Unreachable
    from schoolsms.domain.schools.sent_mails import FateKind

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

    class ProviderHourView(TypedDict):
        """A provider's answers to handoffs in an hour, and the results of receipts recorded in it."""

        provider: str
        hour: Annotated[Instant, "its beginning"]
        accepted: int
        refused: Annotated[int, "messages that it will never take"]
        unavailable: Annotated[int, "not taken this time"]
        uncertain: Annotated[int, "no answer came"]
        delivered: int
        undeliverable: int
        expired: int

    class DeadLettersView(TypedDict):
        """Work given up after its last attempt, which waits for a person: see docs/operations.md."""

        queue: str
        count: int

    class UnreachableView(TypedDict):
        """An address that a school uses and that takes no mail any more: ask for another, and register it."""

        school: str
        address: str
        since: Instant
        state: Annotated[FateKind, "it bounced for good, or its owner complained of a mail"]
        code: Annotated[str | None, "SMTP's status, or SES's kind of bounce or complaint"]

    class UnreachablesView(TypedDict):
        items: Annotated[list[UnreachableView], "at most 50, the first marked first"]
        more: Annotated[bool, "whether more are marked than were looked at"]

    class OverviewView(TypedDict):
        reviews: Annotated[OrdersWaitingView, "orders that a person decides"]
        uncredited: Annotated[OrdersWaitingView, "orders accepted and not credited"]
        questions: Annotated[OrdersWaitingView, "mails to the order inbox that a person answers"]
        overdue_invoices: InvoicesOverdueView
        pages_waiting: Annotated[int, "about how many pages of fifty messages wait to be handed over"]
        dead_letters: Annotated[list[DeadLettersView], "the queues with any"]
        providers: Annotated[list[ProviderHourView], "the last hours, oldest first, those with anything"]
        unreachable_addresses: UnreachablesView


def overview_view(overview: Overview) -> OverviewView:
    overdue = overview.overdue
    return {
        "reviews": _waiting_view(overview.reviews),
        "uncredited": _waiting_view(overview.credits),
        "questions": _waiting_view(overview.questions),
        "overdue_invoices": {"count": overdue.count, "more": overdue.more, "rest_due": euros(overdue.rest_cents)},
        "pages_waiting": overview.pages_waiting,
        "dead_letters": [{"queue": queue, "count": count} for queue, count in overview.dead_letters.items()],
        "providers": [_provider_view(each) for each in overview.providers],
        "unreachable_addresses": {
            "items": [_unreachable_view(each) for each in overview.unreachable],
            "more": overview.more_unreachable,
        },
    }


def _unreachable_view(found: Unreachable) -> UnreachableView:
    mark = found.mark
    return {
        "school": found.school,
        "address": found.address,
        "since": utc(mark.since),
        "state": mark.state,
        "code": mark.code or None,
    }


def _provider_view(hour: HourOfProvider) -> ProviderHourView:
    return {
        "provider": hour.provider,
        "hour": utc(hour.began),
        "accepted": hour.counts.get("accepted", 0),
        "refused": hour.counts.get("refused", 0),
        "unavailable": hour.counts.get("unavailable", 0),
        "uncertain": hour.counts.get("uncertain", 0),
        "delivered": hour.counts.get("delivered", 0),
        "undeliverable": hour.counts.get("undeliverable", 0),
        "expired": hour.counts.get("expired", 0),
    }


def _waiting_view(waiting: OrdersWaiting) -> OrdersWaitingView:
    return {
        "count": waiting.count,
        "more": waiting.more,
        "near_deadline": waiting.near,
        "past_deadline": waiting.past,
        "nearest_deadline": utc(waiting.nearest_deadline) if waiting.nearest_deadline else None,
    }
