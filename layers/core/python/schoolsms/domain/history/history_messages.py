"""Messages as the history shows them, and what a manager may search for (R26, R36)."""

from dataclasses import dataclass
from datetime import date, datetime

from schoolsms.domain.sending.delivering.failure_reasons import FailureReason, ReasonCode, failure_of
from schoolsms.domain.sending.delivering.statuses import Status
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest, id_of


@dataclass(frozen=True)
class Message:
    """One message of the history: `sms_count` is what was debited for it. An erased one has no text and no number."""

    id: str
    request_id: str
    text: str | None
    phone: str | None
    sms_count: int
    status: Status
    author: str
    accepted_at: datetime
    final_at: datetime | None
    client_id: str = ""
    author_id: str = ""
    """The `sub` of the author's tokens, by which a manager stops them (R25)."""
    failure: FailureReason | None = None
    """Why it did not arrive, and what to do; None if it did, or still may."""
    send_at: datetime | None = None
    """When a scheduled one is due; None for one that was to go at once."""


@dataclass(frozen=True)
class HistorySearch:
    """A search; None means any. `since` and `until` bound the acceptance, both inclusive.

    A day is the whole day of the school. `author` is part of a name or of an address.
    """

    since: date | datetime | None = None
    until: date | datetime | None = None
    phone: str | None = None
    status: str | None = None
    author: str | None = None
    request_id: str | None = None


def message_of(request: SendRequest, line: Line, state: MessageState | None) -> Message:
    """The message of `line`, with the status of its record."""
    unclaimed: Status = "cancelled" if request.cancelled else "queued"
    status = state.shown() if state else unclaimed
    reason = state.reason if state else _why_cancelled(request)
    return Message(
        id=id_of(request, line),
        request_id=request.id,
        text=None if line.erased else line.text,
        phone=None if line.erased else line.phone,
        sms_count=line.cost_sms,
        status=status,
        author=request.shown_author,
        author_id=request.author,
        client_id=request.client_id,
        accepted_at=request.accepted_at,
        final_at=state.final_at if state else request.cancelled_at,
        failure=failure_of(status, reason),
        send_at=request.due_at if request.scheduled else None,
    )


def _why_cancelled(request: SendRequest) -> ReasonCode | None:
    """By whom a request was cancelled before it started, which cancelled all its messages."""
    if not request.cancelled_by:
        return None
    return "cancelled-by-author" if request.cancelled_by == request.author else "cancelled-by-manager"
