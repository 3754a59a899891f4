"""What the HTTP API shows of consents and of the rights of those who gave them (R44, R45)."""

from schoolsms.api.cursors import seal
from schoolsms.api.views.accounts import View, message_view, refusal_view, utc
from schoolsms.application.consents.exercise_rights import Erasure, Held
from schoolsms.application.consents.import_consents import Imported
from schoolsms.domain.consents.consents import ConsentEvent, ConsentRecord, Proof
from schoolsms.domain.consents.replies import KeptReply

_EVENT_KINDS = {
    **{"granted": "consent", "withdrawn": "withdrawal"},
    **{"rectified": "rectification", "corrected": "correction"},
}


def consent_view(record: ConsentRecord) -> View:
    """As it stands, and how it came to."""
    withdrawn_at = record.withdrawn_at
    return {
        "phone": record.phone,
        "state": "granted" if record.granted else "withdrawn" if withdrawn_at else "corrected",
        **_proof_view(record.proof),
        "withdrawn_at": utc(withdrawn_at) if withdrawn_at else None,
        "events": [event_view(event) for event in record.events],
    }


def event_view(event: ConsentEvent) -> View:
    proof = _proof_view(event.proof) if event.proof else {}
    return {"kind": _EVENT_KINDS[event.kind], "at": utc(event.at), "by": event.by, **proof}


def held_view(held: Held) -> View:
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


def reply_view(reply: KeptReply) -> View:
    return {"id": reply.id, "phone": reply.phone, "text": reply.text, "received_at": utc(reply.received_at)}


def erasure_view(erasure: Erasure) -> View:
    assert erasure.record.suppressed_at is not None
    return {
        "erased_at": utc(erasure.record.suppressed_at),
        "messages": erasure.messages,
        "complete": erasure.cursor is None,
        "next_cursor": seal(erasure.cursor),
    }


def imported_view(imported: Imported) -> View:
    return {
        "recorded": imported.recorded,
        "unchanged": imported.unchanged,
        "errors": [
            {"row": error.row, "phone": error.phone, "code": error.code, "detail": error.detail}
            for error in imported.errors
        ],
    }


def _proof_view(proof: Proof | None) -> View:
    if proof is None:
        return {}
    return {
        "wording": proof.wording,
        "version": proof.version,
        "channel": proof.channel,
        "collected_by": proof.collected_by,
        "collected_at": utc(proof.collected_at),
    }
