"""Views of orders, invoices, and what the operator publishes for both: prices, closure days, trusted signers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc
from schoolsms.domain.orders.packs import euros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Annotated, Literal, TypedDict

    from schoolsms.api.views.values import Day, Euros, Instant
    from schoolsms.domain.orders.accepted_texts import TextName
    from schoolsms.domain.orders.contract import Contract, ContractEnd
    from schoolsms.domain.orders.invoices import Invoice, Standing
    from schoolsms.domain.orders.orders import Order, OrderState
    from schoolsms.domain.orders.packs import Pack

    Decided = Literal["accept", "reject"]

    class PackView(TypedDict):
        id: str
        sms: int
        price_ht: Euros

    class DecisionView(TypedDict):
        decision: Decided
        by: Annotated[str, "the `sub` of the operator's person"]
        at: Instant
        reason: str | None

    class ReasonView(TypedDict):
        code: str
        field: str | None
        detail: str
        remedy: str

    class DayOffView(TypedDict):
        day: Day
        name: str

    class OrderView(TypedDict):
        id: str
        school: str | None
        state: OrderState
        received_at: Instant
        deadline: Annotated[Instant, "UTC: the end of its 24 working hours"]
        days_off: Annotated[
            list[DayOffView],
            "public holidays and closure days that moved the deadline, as they were known at reception",
        ]
        packs: Annotated[dict[str, int], "how many of each pack, by its id"]
        sms: int
        total_ttc: Euros
        credited_at: Instant | None
        decision: DecisionView | None
        reasons: list[ReasonView]

    class AcceptedTextView(TypedDict):
        name: TextName
        version: str
        sha256: Annotated[str, "of the published file, in hexadecimal"]

    class ContractView(TypedDict):
        in_force_from: Instant
        in_force_until: Annotated[Instant, "the first instant without it"]
        ends: Annotated[ContractEnd, "why it ends"]
        school_year: str
        conditions_version: str
        texts: Annotated[list[AcceptedTextView], "that the signature accepted"]

    class AlterationView(TypedDict):
        detail: str
        page: int | None
        picture: str | None

    class ReviewView(TypedDict, total=False):
        read: Annotated[dict[str, str], "by field of the form"]
        form: str | None
        mail: str
        alterations: list[AlterationView]
        decisions: list[Decided]
        advice: str | None

    class OrderInDetailView(OrderView, ReviewView):
        """Only the operator gets what was read, what differs and what can be decided."""

        contract: ContractView | None

    class PaymentView(TypedDict):
        paid_on: Day
        reference: str
        amount: Euros

    class InvoiceView(TypedDict):
        number: str
        order_id: str
        school: str
        issued_on: Day
        due_on: Day
        total_ht: Euros
        vat: Euros
        total_ttc: Euros
        state: Standing
        paid_on: Annotated[Day | None, "the day it was paid in full"]
        payment_reference: str | None
        paid: Euros
        rest_due: Euros
        overpaid: Euros
        payments: list[PaymentView]
        received_on: Annotated[Day | None, "recorded later: it moves `due_on`"]
        reception_reference: str | None


def closures_view(days: Sequence[date]) -> list[Day]:
    return [day.isoformat() for day in days]


def signers_view(certificates: Sequence[str]) -> list[str]:
    return list(certificates)


def price_list_view(packs: Sequence[Pack]) -> list[PackView]:
    return [{"id": pack.id, "sms": pack.sms, "price_ht": euros(pack.price_ht_cents)} for pack in packs]


def managers_order_view(order: Order) -> OrderView:
    """Without what is doubted of it, and what the operator does about that: a manager can mend what is missing."""
    return order_view(replace(order, reasons=tuple(each for each in order.reasons if each.kind == "missing")))


def order_view(order: Order) -> OrderView:
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
        "decision": {
            "decision": decision.kind,
            "by": decision.by,
            "at": utc(decision.at),
            "reason": decision.reason or None,
        }
        if decision
        else None,
        "reasons": [
            {"code": reason.code, "field": reason.field, "detail": reason.label, "remedy": reason.remedy}
            for reason in order.reasons
        ],
    }


def order_in_detail_view(order: Order, contract: Contract | None, *, for_operator: bool) -> OrderInDetailView:
    review: ReviewView = review_view(order) if for_operator else {}
    shown = order_view(order) if for_operator else managers_order_view(order)
    return {**shown, "contract": contract_view(contract), **review}


def review_view(order: Order) -> ReviewView:
    """Add the fields for the person who decides an order (R12): what was read, what differs, what can be done."""
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


def contract_view(contract: Contract | None) -> ContractView | None:
    if contract is None:
        return None
    return {
        "in_force_from": utc(contract.in_force_from),
        "in_force_until": utc(contract.in_force_until),
        "ends": contract.ends,
        "school_year": contract.school_year,
        "conditions_version": contract.conditions_version,
        "texts": [{"name": each.name, "version": each.version, "sha256": each.sha256} for each in contract.texts],
    }


def invoice_view(invoice: Invoice, today: date) -> InvoiceView:
    content, settled, reception = invoice.content, invoice.settled_by, invoice.reception
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
        "paid_on": settled.paid_on.isoformat() if settled else None,
        "payment_reference": settled.reference if settled else None,
        "paid": euros(invoice.paid_cents),
        "rest_due": euros(invoice.rest_cents),
        "overpaid": euros(invoice.overpaid_cents),
        "payments": [
            {"paid_on": each.paid_on.isoformat(), "reference": each.reference, "amount": euros(each.amount_cents)}
            for each in invoice.payments
        ],
        "received_on": reception.received_on.isoformat() if reception else None,
        "reception_reference": reception.reference if reception else None,
    }
