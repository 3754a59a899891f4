"""What the HTTP API shows of an estimate (R21); see `views.py` for the rest."""

from collections.abc import Sequence

from schoolsms.api.views.accounts import View, warning_view
from schoolsms.domain.sending.estimates import Estimate, RecipientEstimate, Saving, hint_of
from schoolsms.domain.sending.recipients import Warned


def estimate_view(estimate: Estimate, warned: Sequence[Warned]) -> View:
    """What does not apply is left out; everything counts units, of which an extension character takes two."""
    counted, plain, worst = estimate.counted, estimate.as_gsm, estimate.worst_case
    view: View = {
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
    if estimate.per_recipient is not None:
        view["cost_sms"] = estimate.cost_sms
        view["worst_case"] = recipient_estimate_view(worst) if worst else None
        view["per_recipient"] = [recipient_estimate_view(each) for each in estimate.per_recipient]
    return view


def saving_view(saving: Saving) -> View:
    return {"remove_characters": saving.remove_characters, "saved_sms": saving.saved_sms}


def recipient_estimate_view(estimate: RecipientEstimate) -> View:
    view: View = {
        "index": estimate.index,
        "sms_count": estimate.sms_count,
        "cost_sms": estimate.cost_sms,
        "characters": estimate.characters,
    }
    if estimate.row is not None:
        view["row"] = estimate.row
    return {**view, "refused": estimate.refused} if estimate.refused else view
