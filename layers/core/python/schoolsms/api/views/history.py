"""Views of the history: its messages, exports of it, and the certificates of its purges."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from schoolsms.api.support import shown
from schoolsms.api.views.values import slice_view, utc
from schoolsms.domain.french import MESSAGE_STATUSES
from schoolsms.domain.texts.masked_numbers import masked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Annotated, NotRequired, TypedDict

    from schoolsms.api.views.values import Day, Instant
    from schoolsms.application.ports.core import Slice
    from schoolsms.application.ports.history.exports import Export, ExportState
    from schoolsms.domain.history.history_messages import Message
    from schoolsms.domain.history.message_lives import EventKind, MessageLife
    from schoolsms.domain.history.purges import Certificate
    from schoolsms.domain.schools.school_years import SchoolYear
    from schoolsms.domain.sending.delivering.failure_reasons import FailureReason, ReasonCode
    from schoolsms.domain.sending.delivering.statuses import Status

    class FailureReasonView(TypedDict):
        """Why a message did not arrive, and what to do, in French."""

        code: ReasonCode
        text: str
        advice: str

    class MessageView(TypedDict):
        message_id: str
        request_id: str
        text: str | None
        phone: str | None
        sms_count: int
        status: Status
        status_text: Annotated[str, "in French"]
        reason: Annotated[FailureReasonView | None, "why it did not arrive"]
        author: str
        author_id: Annotated[str, "the `sub` of the author: `PUT /v1/blocked-senders/{sub}` stops them"]
        client_id: Annotated[str | None, "the machine client that asked for the author"]
        accepted_at: Instant
        send_at: Annotated[Instant | None, "when a scheduled one is due"]
        final_at: Instant | None

    class LifeEventView(TypedDict):
        event: EventKind
        at: Instant
        provider: str | None
        status: Status | None

    class MessageLifeView(MessageView):
        events: list[LifeEventView]

    class ExportView(TypedDict):
        id: str
        state: ExportState
        rows: int
        url: str | None

    class SchoolYearView(TypedDict):
        school_year: str
        first_day: Day
        last_day: Day
        purge_on: Day

    class PurgeCountsView(TypedDict):
        requests: int
        recipients_refused: int
        sms_debited: int
        messages: int
        messages_by_status: Annotated[Mapping[Status, int], "those there are"]
        replies: NotRequired[Annotated[int, "of recipients; left out where there were none before"]]

    class PurgeCertificateView(TypedDict):
        school: str
        school_year: str
        first_day: Day
        last_day: Day
        started_at: Instant
        certified_at: Instant
        before: PurgeCountsView
        after: PurgeCountsView
        digest: Annotated[str, "SHA-256 of all the rest as canonical JSON"]

    class PurgesView(TypedDict):
        items: list[PurgeCertificateView]
        next_cursor: str | None
        running: SchoolYearView | None


def message_view(message: Message) -> MessageView:
    return {
        "message_id": message.id,
        "request_id": message.request_id,
        "text": message.text,
        "phone": message.phone,
        "sms_count": message.sms_count,
        "status": message.status,
        "status_text": MESSAGE_STATUSES[message.status],
        "reason": _failure_view(message.failure) if message.failure else None,
        "author": message.author,
        "author_id": message.author_id,
        "client_id": message.client_id or None,
        "accepted_at": utc(message.accepted_at),
        "send_at": utc(message.send_at) if message.send_at else None,
        "final_at": utc(message.final_at) if message.final_at else None,
    }


def masked_message_view(message: Message) -> MessageView:
    """For the operator: the number is not theirs to know."""
    return {**message_view(message), "phone": masked(message.phone) if message.phone else None}


def _failure_view(failure: FailureReason) -> FailureReasonView:
    return {"code": failure.code, "text": shown(failure.text), "advice": shown(failure.advice)}


def message_life_view(life: MessageLife) -> MessageLifeView:
    """The message as the history shows it, and what happened to it, oldest first."""
    events: list[LifeEventView] = [
        {"event": each.kind, "at": utc(each.at), "provider": each.provider, "status": each.status}
        for each in life.events
    ]
    return {**message_view(life.message), "events": events}


def export_view(export: Export, url: str | None = None) -> ExportView:
    """`url` serves for five minutes: ask again for another."""
    return {"id": export.id, "state": export.state, "rows": export.rows, "url": url}


def purges_view(certificates: Slice[Certificate], running: SchoolYear | None) -> PurgesView:
    return {**slice_view(certificates, _certificate_view), "running": _school_year_view(running)}


def _certificate_view(certificate: Certificate) -> PurgeCertificateView:
    """Its digest is over all the rest, which is therefore shown as the domain made it."""
    return cast("PurgeCertificateView", {**certificate.content(), "digest": certificate.digest})


def _school_year_view(year: SchoolYear | None) -> SchoolYearView | None:
    """The year that runs, and the day whose first second begins the next one: then its history goes (R37)."""
    if year is None:
        return None
    return {
        "school_year": year.label,
        "first_day": year.start.isoformat(),
        "last_day": year.last_day.isoformat(),
        "purge_on": year.end_exclusive.isoformat(),
    }
