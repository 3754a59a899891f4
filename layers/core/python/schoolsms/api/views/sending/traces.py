"""View of what became of the SMS to one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.cursors import seal
from schoolsms.api.support import shown
from schoolsms.api.views.consents import consent_view, masked_consent_view
from schoolsms.api.views.history import message_life_view
from schoolsms.api.views.values import utc
from schoolsms.domain.texts.masked_numbers import masked

if TYPE_CHECKING:
    from typing import Annotated, TypedDict

    from schoolsms.api.views.consents import ConsentView
    from schoolsms.api.views.history import MessageLifeView
    from schoolsms.api.views.values import Instant
    from schoolsms.application.history.trace_number import Trace
    from schoolsms.domain.sending.send_requests import RefusalCode

    class TracedRefusalView(TypedDict):
        request_id: str
        accepted_at: Annotated[Instant, "of the request that refused the number"]
        code: RefusalCode
        detail: str

    class TraceView(TypedDict):
        phone: str
        consent: Annotated[ConsentView | None, "null where none was ever recorded: nothing is sent to it"]
        messages: Annotated[list[MessageLifeView], "with their lives, newest request first"]
        refused: list[TracedRefusalView]
        next_cursor: Annotated[str | None, "leads to earlier requests"]


def trace_view(trace: Trace) -> TraceView:
    return {
        "phone": trace.record.phone,
        "consent": consent_view(trace.record) if trace.record.events else None,
        "messages": [message_life_view(life) for life in trace.lives],
        "refused": [
            {
                "request_id": request.id,
                "accepted_at": utc(request.accepted_at),
                "code": each.code,
                "detail": shown(each.detail),
            }
            for request, each in trace.refusals
        ],
        "next_cursor": seal(trace.cursor),
    }


def masked_trace_view(trace: Trace) -> TraceView:
    """For the operator, who typed the number and sees it masked, as everywhere."""
    view, phone = trace_view(trace), masked(trace.record.phone)
    return {
        **view,
        "phone": phone,
        "consent": masked_consent_view(trace.record) if view["consent"] else None,
        "messages": [{**message, "phone": phone} for message in view["messages"]],
    }
