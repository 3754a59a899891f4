"""Messages as the history shows them, and what a manager may search for (R26, R36)."""

from dataclasses import dataclass
from datetime import date, datetime

from schoolsms.domain.sending.failure_reasons import FailureReason, failure_of
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest, id_of
from schoolsms.domain.sending.statuses import Status


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
    failure: FailureReason | None = None
    """Why it did not arrive, and what to do; None if it did, or still may."""


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
    return Message(
        id=id_of(request, line),
        request_id=request.id,
        text=None if line.erased else line.text,
        phone=None if line.erased else line.phone,
        sms_count=line.cost_sms,
        status=status,
        author=author_of(request),
        client_id=request.client_id,
        accepted_at=request.accepted_at,
        final_at=state.final_at if state else request.cancelled_at,
        failure=failure_of(status, state.reason if state else None),
    )


def author_of(request: SendRequest) -> str:
    """The author as the history shows and searches them."""
    return request.shown_author
