"""Views of an estimate (R21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.sending.sending import warning_view
from schoolsms.domain.sending.estimates import hint_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, NotRequired, TypedDict

    from schoolsms.api.views.sending.sending import WarningView
    from schoolsms.application.sending.accepting.estimate_cost import EstimateWarning
    from schoolsms.domain.sending.estimates import Estimate, RecipientEstimate, Saving
    from schoolsms.domain.sending.send_requests import RefusalCode

    class SavingView(TypedDict):
        remove_characters: int
        saved_sms: int

    class PlainTextView(TypedDict):
        text: str
        sms_count: int
        saved_sms: int
        reached: int

    class RecipientEstimateView(TypedDict):
        index: int
        sms_count: int
        cost_sms: int
        characters: int
        row: NotRequired[int]
        refused: NotRequired[RefusalCode]

    class EstimateView(TypedDict):
        """Everything counts units, of which an extension character takes two. The last three only with recipients."""

        encoding: Literal["gsm", "unicode"]
        characters: int
        sms_count: int
        remaining_in_sms: int
        unencodable: list[str]
        text: str
        indicative: bool
        too_long: bool
        savings: list[SavingView]
        advice: SavingView | None
        hint: str | None
        warnings: list[WarningView]
        as_gsm: NotRequired[PlainTextView]
        cost_sms: NotRequired[int]
        worst_case: NotRequired[RecipientEstimateView | None]
        per_recipient: NotRequired[list[RecipientEstimateView]]


def estimate_view(estimate: Estimate, warned: Sequence[EstimateWarning]) -> EstimateView:
    """Fields that do not apply are left out; all count units, of which an extension character takes two."""
    counted, plain, worst = estimate.counted, estimate.as_gsm, estimate.worst_case
    view: EstimateView = {
        "encoding": counted.encoding,
        "characters": counted.characters,
        "sms_count": counted.sms_count,
        "remaining_in_sms": estimate.room_left,
        "unencodable": list(estimate.unencodable),
        "text": estimate.text,
        "indicative": estimate.indicative,
        "too_long": estimate.too_long,
        "savings": [saving_view(each) for each in estimate.savings],
        "advice": saving_view(estimate.savings[0]) if estimate.savings else None,
        "hint": hint_of(estimate),
        "warnings": [warning_view(each) for each in warned],
    }
    if plain:
        view["as_gsm"] = {
            "text": plain.text,
            "sms_count": plain.sms_count,
            "saved_sms": plain.saved_sms,
            "reached": plain.reached,
        }
    if estimate.per_recipient is not None and estimate.cost_sms is not None:
        view["cost_sms"] = estimate.cost_sms
        view["worst_case"] = recipient_estimate_view(worst) if worst else None
        view["per_recipient"] = [recipient_estimate_view(each) for each in estimate.per_recipient]
    return view


def saving_view(saving: Saving) -> SavingView:
    return {"remove_characters": saving.remove_characters, "saved_sms": saving.saved_sms}


def recipient_estimate_view(estimate: RecipientEstimate) -> RecipientEstimateView:
    view: RecipientEstimateView = {
        "index": estimate.index,
        "sms_count": estimate.sms_count,
        "cost_sms": estimate.cost_sms,
        "characters": estimate.characters,
    }
    if estimate.row is not None:
        view["row"] = estimate.row
    return {**view, "refused": estimate.refused} if estimate.refused else view
