"""The life of one message: accepted, handed over, receipt, final status (R35, R36)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schoolsms.domain.history.history_messages import Message, message_of
from schoolsms.domain.sending.delivering.handoffs import LEASE
from schoolsms.domain.sending.delivering.statuses import RELEASED, Status
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest

EventKind = Literal["accepted", "scheduled", "handed-over", "receipt", "final"]


@dataclass(frozen=True)
class LifeEvent:
    """`provider` of a handoff or a receipt; `status` that a receipt or the end gave the message."""

    kind: EventKind
    at: datetime
    provider: str | None = None
    status: Status | None = None


@dataclass(frozen=True)
class MessageLife:
    """A message, and what happened to it, oldest first."""

    message: Message
    events: Sequence[LifeEvent]


def life_of(request: SendRequest, line: Line, state: MessageState | None) -> MessageLife:
    """Read the life of the message of `line` from its record.

    A claim is made a moment before the handoff, so that its start dates the handoff.
    """
    message = message_of(request, line, state)
    events = [LifeEvent("accepted", request.accepted_at)]
    if request.scheduled:
        events.append(LifeEvent("scheduled", request.due_at))
    if state and state.lease_until and state.status not in ("claimed", "queued", *RELEASED):
        events.append(LifeEvent("handed-over", state.lease_until - LEASE, state.provider))
        # `expired` without a reason is the end of the window, and no receipt.
        if state.final_at and (state.status != "expired" or state.reason):
            events.append(LifeEvent("receipt", state.final_at, state.provider, message.status))
    if message.final_at:
        events.append(LifeEvent("final", message.final_at, status=message.status))
    return MessageLife(message, events)
