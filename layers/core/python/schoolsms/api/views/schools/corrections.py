"""Views of corrections of stocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc

if TYPE_CHECKING:
    from typing import Annotated, TypedDict

    from schoolsms.api.views.values import Instant
    from schoolsms.domain.schools.stock.corrections import CorrectedType, Correction, CorrectionState, Step

    class CorrectedView(TypedDict):
        type: CorrectedType
        id: str

    class StepView(TypedDict):
        by: str
        by_email: str | None
        at: Instant
        reason: str | None

    class CorrectionView(TypedDict):
        id: str
        school: str
        state: CorrectionState
        sms: Annotated[int, "asked for, signed"]
        applied_sms: Annotated[int | None, "what the ledger entry changed, signed; null unless confirmed"]
        missing_sms: Annotated[int, "that were to be taken back and were used already"]
        reason: str
        corrects: CorrectedView | None
        proposed: StepView
        decided: StepView | None
        entry: Annotated[str | None, "the id of the ledger entry"]


def correction_view(correction: Correction) -> CorrectionView:
    proposal, confirmed = correction.proposal, correction.state == "confirmed"
    corrects = proposal.corrects
    return {
        "id": correction.id,
        "school": correction.school,
        "state": correction.state,
        "sms": proposal.sms,
        "applied_sms": correction.applied_sms if confirmed else None,
        "missing_sms": correction.missing_sms,
        "reason": proposal.reason,
        "corrects": {"type": _type(corrects.type), "id": corrects.id} if corrects else None,
        "proposed": _step(correction.proposed),
        "decided": _step(correction.decided) if correction.decided else None,
        "entry": correction.entry_id if confirmed else None,
    }


def _type(of: str) -> CorrectedType:
    return "order" if of == "order" else "send_request"


def _step(step: Step) -> StepView:
    return {"by": step.by, "by_email": step.by_email or None, "at": utc(step.at), "reason": step.reason or None}
