"""What the HTTP API shows of each thing (contract: "Items"): snake_case, UTC, amounts in euros as text."""

from __future__ import annotations  # no function needs to load the words of all

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from schoolsms.api.cursors import seal
from schoolsms.api.views.formal_notices import formal_notice_view
from schoolsms.domain.orders.packs import euros
from schoolsms.domain.schools.ledger_causes import explained
from schoolsms.domain.sending.send_requests import totals

if TYPE_CHECKING:
    from schoolsms.application.ports.core import Slice
    from schoolsms.application.ports.exports import Export
    from schoolsms.application.ports.recipient_lists import Upload
    from schoolsms.domain.history.history_messages import Message
    from schoolsms.domain.history.purges import Certificate
    from schoolsms.domain.orders.contract import Contract
    from schoolsms.domain.orders.invoices import Invoice
    from schoolsms.domain.orders.orders import Order
    from schoolsms.domain.orders.packs import Pack
    from schoolsms.domain.schools.ledger import Entry
    from schoolsms.domain.schools.school_acts import Act
    from schoolsms.domain.schools.school_years import SchoolYear
    from schoolsms.domain.schools.schools import School
    from schoolsms.domain.sending.recipients import Warned
    from schoolsms.domain.sending.send_requests import Refusal, SendRequest
    from schoolsms.domain.sending.statuses import Status
    from schoolsms.domain.sending.templates import StoredTemplate

MOST_SENTENCES = 10_000
"""Refusals that are listed with their sentences; their codes say the same."""

T = TypeVar("T")
View = dict[str, Any]


def slice_view(found: Slice[T], view: Callable[[T], View]) -> View:
    """A list, and where it goes on."""
    return {"items": [view(item) for item in found.items], "next_cursor": seal(found.cursor)}


def school_view(school: School) -> View:
    address = school.address
    return {
        "uai": school.uai,
        "name": school.name,
        "siret": school.siret,
        "address": {
            "line1": address.line1,
            "line2": address.line2 or None,
            "postcode": address.postcode,
            "city": address.city,
            "country": address.country,
        },
        "managers": [{"name": manager.name, "email": manager.email} for manager in school.managers],
        "subscription_end": school.subscription_end.isoformat(),
        "calendar": school.calendar,
        "low_balance_threshold": school.low_balance_threshold,
        "sender_name": school.sender_name,
        "daily_limit": school.daily_limit,
        "order_senders": list(school.order_senders),
        "vat_rate": str(school.vat_rate),
        "country": school.country,
        "state": school.state,
        "formal_notice": formal_notice_view(school.formal_notice) if school.formal_notice else None,
        "destinations": destinations_view(school),
        "integrations": [
            {"client_id": each.client_id, "granted_at": utc(each.granted_at), "granted_by": each.granted_by}
            for each in school.integrations
        ],
    }


def act_view(act: Act) -> View:
    return {
        "kind": act.kind,
        "at": utc(act.at),
        "by": act.by,
        "by_email": act.by_email or None,
        "reason": act.reason or None,
        **({"detail": dict(act.detail)} if act.detail else {}),
    }


def destinations_view(school: School) -> View:
    """What the operator authorised abroad, what of it the school accepted, and where it may send now (R23)."""
    authorised, accepted = school.destinations, school.accepted_destinations
    return {
        "sending_country": authorised.sending_country if authorised else None,
        "destinations": _multipliers(authorised.multipliers if authorised else {}),
        "version": authorised.version if authorised else 0,
        "accepted_version": accepted.version if accepted else None,
        "in_force": _multipliers(school.multipliers()),
    }


def _multipliers(of: Mapping[str, int]) -> View:
    return {country: {"multiplier": of[country]} for country in sorted(of)}


def entry_view(entry: Entry) -> View:
    return {
        "id": entry.id,
        "at": utc(entry.at),
        "kind": entry.kind,
        "amount": entry.amount,
        "balance_after": entry.balance_after,
        "cause": {"type": entry.cause.type, "id": entry.cause.id},
        "explanation": explained(entry),
    }


def certificate_view(certificate: Certificate) -> View:
    """Its digest is over all the rest."""
    return {**certificate.content(), "digest": certificate.digest}


def school_year_view(year: SchoolYear | None) -> View | None:
    """The year that runs, and the day whose first second begins the next one: then its history goes (R37)."""
    if year is None:
        return None
    return {
        "school_year": year.label,
        "first_day": year.start.isoformat(),
        "last_day": year.last_day.isoformat(),
        "purge_on": year.end_exclusive.isoformat(),
    }


def pack_view(pack: Pack) -> View:
    return {"id": pack.id, "sms": pack.sms, "price_ht": euros(pack.price_ht_cents)}


def order_view(order: Order) -> View:

    decision = order.decision
    return {
        "id": order.id,
        "school": order.school or None,
        "state": order.state,
        "received_at": utc(order.received_at),
        "deadline": utc(order.deadline),
        "days_off": [{"day": each.day.isoformat(), "name": each.name} for each in order.days_off],
        "packs": dict(order.quantities),
        "sms": order.sms,
        "total_ttc": euros(order.ttc_cents),
        "credited_at": utc(order.credited_at) if order.credited_at else None,
        "decision": {"decision": decision.kind, "at": utc(decision.at), "reason": decision.reason or None}
        if decision
        else None,
        "reasons": [
            {"code": reason.code, "field": reason.field, "detail": reason.label, "remedy": reason.remedy}
            for reason in order.reasons
        ],
    }


def review_view(order: Order) -> View:
    """What only who decides an order sees of it besides (R12): what was read, what differs, what can be done."""
    from schoolsms.domain.orders.orders import ONLY_TO_REJECT  # only the operator is shown orders under review

    return {
        "read": dict(order.read),
        "form": f"/v1/orders/{order.id}/form" if order.form_key else None,
        "mail": f"/v1/orders/{order.id}/mail",
        "alterations": [
            {
                "detail": each.text,
                "page": each.page,
                "picture": f"/v1/orders/{order.id}/alterations/{number}" if each.picture_key else None,
            }
            for number, each in enumerate(order.alterations, 1)
        ],
        "decisions": list(order.decisions),
        "advice": ONLY_TO_REJECT if order.decisions == ("reject",) else None,
    }


def contract_view(contract: Contract | None) -> View | None:
    if contract is None:
        return None
    return {
        "in_force_from": utc(contract.in_force_from),
        "in_force_until": utc(contract.in_force_until),
        "ends": contract.ends,
        "school_year": contract.school_year,
        "conditions_version": contract.conditions_version,
    }


def invoice_view(invoice: Invoice, today: date) -> View:
    content = invoice.content
    return {
        "number": invoice.number,
        "order_id": content.order_id,
        "school": content.buyer.uai,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "total_ht": euros(content.ht_cents),
        "vat": euros(content.vat_cents),
        "total_ttc": euros(content.ttc_cents),
        "state": invoice.standing(today),
        "paid_on": invoice.paid_on.isoformat() if invoice.paid_on else None,
        "payment_reference": invoice.payment_reference or None,
    }


def accepted_view(request: SendRequest, refusals: Sequence[Refusal], warned: Sequence[Warned] = ()) -> View:
    return {
        "id": request.id,
        "state": _started(request),
        "accepted": request.accepted,
        "refused": refusals_view(refusals),
        "cost_sms": request.cost_sms,
        "send_at": utc(request.due_at) if request.scheduled else None,
        "expires_at": utc(request.expires_at),
        "warnings": [warning_view(each) for each in warned],
    }


def refusals_view(refusals: Sequence[Refusal]) -> list[View]:
    """Above `MOST_SENTENCES` without their sentences: Lambda answers with 6 MB at most."""
    views = [refusal_view(refusal) for refusal in refusals]
    if len(views) > MOST_SENTENCES:
        for view in views:
            del view["detail"]
    return views


def refusal_view(refusal: Refusal) -> View:
    view: View = {
        "index": refusal.index,
        "phone": refusal.phone or None,
        "code": refusal.code,
        "detail": refusal.detail,
    }
    return view if refusal.row is None else {**view, "row": refusal.row}


def upload_view(upload: Upload) -> View:
    return {
        "id": upload.list_id,
        "url": upload.url,
        "method": "POST",
        "fields": dict(upload.fields),
        "expires_at": utc(upload.expires_at),
    }


def cancelled_view(request: SendRequest) -> View:
    """None of its messages had started."""
    return send_request_view(request, totals(request.accepted, [], cancelled=True))


def warning_view(warned: Warned) -> View:
    return {
        "code": warned.code,
        "variable": warned.name,
        "recipients": warned.recipients,
        "detail": warned.detail,
    }


def template_view(template: StoredTemplate) -> View:
    """Its counts are indicative, because they change with the values of its variables (§7)."""
    from schoolsms.domain.sending.estimates import indicative_count  # templates alone are counted here

    counted = indicative_count(template.text)
    return {
        "name": template.name,
        "text": template.text,
        "variables": list(template.variables),
        "characters": counted.characters,
        "sms_count": counted.sms_count,
        "indicative": True,
        "updated_at": utc(template.updated_at),
    }


def send_request_view(request: SendRequest, counts: Mapping[Status, int]) -> View:
    return {
        "id": request.id,
        "state": _state(request, counts),
        "accepted": request.accepted,
        "cost_sms": request.cost_sms,
        "accepted_at": utc(request.accepted_at),
        "send_at": utc(request.due_at) if request.scheduled else None,
        "expires_at": utc(request.expires_at),
        "totals": dict(counts),
    }


def export_view(export: Export, url: str | None = None) -> View:
    """`url` serves for five minutes: ask again for another."""
    return {"id": export.id, "state": export.state, "rows": export.rows, "url": url}


def message_view(message: Message) -> View:
    return {
        "message_id": message.id,
        "request_id": message.request_id,
        "text": message.text,
        "phone": message.phone,
        "sms_count": message.sms_count,
        "status": message.status,
        "author": message.author,
        "accepted_at": utc(message.accepted_at),
        "final_at": utc(message.final_at) if message.final_at else None,
    }


def _state(request: SendRequest, counts: Mapping[Status, int]) -> str:
    """As it started; then `accepted` while some message may still change, `finished` when none can."""
    if request.cancelled or request.waits:
        return _started(request)
    waiting = counts.get("queued", 0) + counts.get("sent", 0) + counts.get("uncertain", 0)
    return "accepted" if waiting else "finished"


def _started(request: SendRequest) -> str:
    """`scheduled` until it starts, unless it is `cancelled` before."""
    return "cancelled" if request.cancelled else "scheduled" if request.waits else "accepted"


def utc(moment: datetime) -> str:
    """An instant as the API shows it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
