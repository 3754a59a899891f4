"""Views of consents, and of the rights of those who gave them (R44, R45)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.cursors import seal
from schoolsms.api.support import shown
from schoolsms.api.views.history import message_view
from schoolsms.api.views.sending.sending import refusal_view
from schoolsms.api.views.values import utc
from schoolsms.domain.texts.masked_numbers import masked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Annotated, Literal, TypedDict

    from schoolsms.api.views.history import MessageView
    from schoolsms.api.views.sending.sending import RefusalView
    from schoolsms.api.views.values import Instant
    from schoolsms.application.consents.exercise_rights import Erasure, PersonalData
    from schoolsms.application.consents.import_consents import Imported
    from schoolsms.domain.consents.consents import ConsentEvent, ConsentRecord, EventKind, Proof
    from schoolsms.domain.consents.replies import KeptReply

    class ProofView(TypedDict, total=False):
        wording: str
        version: str
        channel: str
        collected_by: str
        collected_at: Instant

    ShownKind = Literal["consent", "withdrawal", "rectification", "correction", "new-holder"]

    class ConsentEventView(ProofView):
        kind: ShownKind
        at: Instant
        by: str

    class ConsentView(ProofView):
        phone: str
        state: Literal["granted", "withdrawn", "corrected"]
        withdrawn_at: Instant | None
        events: list[ConsentEventView]

    class HeldRefusalView(RefusalView):
        request_id: str
        at: Instant

    class ReplyView(TypedDict):
        id: str
        phone: str
        text: str
        received_at: Instant

    class HeldView(TypedDict):
        phone: str
        consent: ConsentView | None
        erased_at: Instant | None
        messages: list[MessageView]
        refusals: list[HeldRefusalView]
        replies: Annotated[list[ReplyView], "with the first page alone"]
        next_cursor: str | None

    class ErasureView(TypedDict):
        erased_at: Instant
        messages: int
        complete: bool
        next_cursor: str | None

    class ConsentErrorView(TypedDict):
        row: int
        phone: str
        code: str
        detail: str

    class ImportedConsentsView(TypedDict):
        recorded: int
        unchanged: int
        errors: list[ConsentErrorView]


_EVENT_KINDS: Mapping[EventKind, ShownKind] = {
    "granted": "consent",
    "withdrawn": "withdrawal",
    "rectified": "rectification",
    "corrected": "correction",
    "reassigned": "new-holder",
}


def consent_view(record: ConsentRecord) -> ConsentView:
    """As it stands, and how it came to."""
    withdrawn_at = record.withdrawn_at
    return {
        "phone": record.phone,
        "state": "granted" if record.granted else "withdrawn" if withdrawn_at else "corrected",
        **_proof_view(record.proof),
        "withdrawn_at": utc(withdrawn_at) if withdrawn_at else None,
        "events": [event_view(event) for event in record.events],
    }


def masked_consent_view(record: ConsentRecord) -> ConsentView:
    """For the operator: the number is not theirs to know."""
    return {**consent_view(record), "phone": masked(record.phone)}


def event_view(event: ConsentEvent) -> ConsentEventView:
    return {"kind": _EVENT_KINDS[event.kind], "at": utc(event.at), "by": event.by, **_proof_view(event.proof)}


def held_view(held: PersonalData) -> HeldView:
    """All that is held of a number."""
    suppressed_at = held.record.suppressed_at
    return {
        "phone": held.phone,
        "consent": consent_view(held.record) if held.record.events else None,
        "erased_at": utc(suppressed_at) if suppressed_at else None,
        "messages": [message_view(message) for message in held.messages],
        "refusals": [
            {"request_id": request.id, "at": utc(request.accepted_at), **refusal_view(refusal)}
            for request, refusal in held.refusals
        ],
        "replies": [reply_view(reply) for reply in held.replies],
        "next_cursor": seal(held.cursor),
    }


def reply_view(reply: KeptReply) -> ReplyView:
    return {"id": reply.id, "phone": reply.phone, "text": reply.text, "received_at": utc(reply.received_at)}


def erasure_view(erasure: Erasure) -> ErasureView:
    assert erasure.record.suppressed_at is not None
    return {
        "erased_at": utc(erasure.record.suppressed_at),
        "messages": erasure.messages,
        "complete": erasure.cursor is None,
        "next_cursor": seal(erasure.cursor),
    }


def imported_view(imported: Imported) -> ImportedConsentsView:
    return {
        "recorded": imported.recorded,
        "unchanged": imported.unchanged,
        "errors": [
            {"row": error.row, "phone": error.phone, "code": error.code, "detail": shown(error.detail)}
            for error in imported.errors
        ],
    }


def _proof_view(proof: Proof | None) -> ProofView:
    if proof is None:
        return {}
    return {
        "wording": proof.wording,
        "version": proof.version,
        "channel": proof.channel,
        "collected_by": proof.collected_by,
        "collected_at": utc(proof.collected_at),
    }
