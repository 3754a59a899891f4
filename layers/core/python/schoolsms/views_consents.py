"""What the HTTP API shows of consents and of the rights of those who gave them (R44, R45)."""

from schoolsms.application.import_consents import Imported
from schoolsms.domain.consents import ConsentEvent, ConsentRecord, Proof
from schoolsms.views import View, utc

_EVENT_KINDS = {"granted": "consent", "withdrawn": "withdrawal", "rectified": "rectification"}


def consent_view(record: ConsentRecord) -> View:
    """As it stands, and how it came to."""
    withdrawn_at = record.withdrawn_at
    return {
        "phone": record.phone,
        "state": "granted" if record.granted else "withdrawn",
        **_proof_view(record.proof),
        "withdrawn_at": utc(withdrawn_at) if withdrawn_at else None,
        "events": [event_view(event) for event in record.events],
    }


def event_view(event: ConsentEvent) -> View:
    proof = _proof_view(event.proof) if event.proof else {}
    return {"kind": _EVENT_KINDS[event.kind], "at": utc(event.at), "by": event.by, **proof}


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
