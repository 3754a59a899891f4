"""Views of orders, invoices, and what the operator publishes for both: prices, closure days, trusted signers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc
from schoolsms.domain.french import INVOICE_STATES, ORDER_STATES, printed
from schoolsms.domain.orders.packs import euros, euros_fr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Annotated, Literal, TypedDict

    from schoolsms.api.views.values import Day, Euros, Instant
    from schoolsms.domain.orders.billing.invoices import Invoice, Standing
    from schoolsms.domain.orders.contract import Contract, ContractEnd
    from schoolsms.domain.orders.forms.accepted_texts import TextName
    from schoolsms.domain.orders.mails import InboundMail
    from schoolsms.domain.orders.orders import Order, OrderState
    from schoolsms.domain.orders.packs import Pack
    from schoolsms.domain.orders.review.openings import Opening

    Decided = Literal["accept", "reject", "answer"]

    class QuestionView(TypedDict):
        sender: str
        subject: str
        text: Annotated[str, "as plain text, at most 20,000 characters"]

    class PackView(TypedDict):
        id: str
        sms: int
        price_ht: Euros

    class DecisionView(TypedDict):
        decision: Decided
        by: Annotated[str, "the `sub` of the operator's person"]
        by_email: Annotated[str | None, "as their token had it; null if it had none"]
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
        state_text: Annotated[str, "in French"]
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

    class OpeningView(TypedDict):
        by: Annotated[str, "the `sub` of the operator's person"]
        by_email: Annotated[str | None, "as their token had it; null if it had none"]
        at: Annotated[Instant, "the last time"]

    class OpeningsView(TypedDict):
        openings: Annotated[list[OpeningView], "who opened the order to decide it, newest first"]

    class ReviewView(TypedDict, total=False):
        read: Annotated[dict[str, str], "by field of the form"]
        issued: Annotated[dict[str, str] | None, "what the form had when it was handed out, by field; null if unknown"]
        form: str | None
        mail: str
        alterations: list[AlterationView]
        decisions: list[Decided]
        advice: str | None
        openings: Annotated[list[OpeningView], "who opened the order to decide it, newest first"]

    class OrderInDetailView(OrderView, ReviewView):
        """Only the operator gets what was read, what differs and what can be decided."""

        contract: ContractView | None

    class PaymentView(TypedDict):
        paid_on: Day
        reference: str
        amount: Annotated[Euros, "negative if it was given back"]

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
        state_text: Annotated[str, "in French"]
        paid_on: Annotated[Day | None, "the day it was paid in full"]
        payment_reference: str | None
        paid: Euros
        rest_due: Euros
        overpaid: Euros
        payments: list[PaymentView]
        received_on: Annotated[Day | None, "recorded later: it moves `due_on`"]
        reception_reference: str | None
        cancelled_on: Day | None
        cancellation_reason: str | None
        credit_note: Annotated[str | None, "its number, under which it is downloaded as the invoice is"]
        refund_due: Annotated[Euros, "paid of a cancelled invoice, and still to be given back"]
        reissue_asked_on: Annotated[Day | None, "another invoice is asked for instead of a cancelled one"]
        replaced_by: Annotated[str | None, "the number of the invoice that replaces a cancelled one"]
        replaces: Annotated[str | None, "the number of the cancelled invoice that it replaces"]

    class CancelledInvoiceView(InvoiceView):
        advice: Annotated[str, "what the credit note leaves as it is, in French"]

    class ReissuedInvoiceView(InvoiceView):
        advice: Annotated[str, "what the new invoice says, and what it does not take over, in French"]

    class MailedAgainView(TypedDict):
        to: list[str]


def question_view(mail: InboundMail) -> QuestionView:
    return {"sender": mail.sender, "subject": mail.subject, "text": mail.text}


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
    from schoolsms.domain.orders.review.order_reasons import with_named_packs  # what lists no order does not load it

    decision = order.decision
    return {
        "id": order.id,
        "school": order.school or None,
        "state": order.state,
        "state_text": ORDER_STATES[order.state],
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
            "by_email": decision.by_email or None,
            "at": utc(decision.at),
            "reason": decision.reason or None,
        }
        if decision
        else None,
        "reasons": [
            {
                "code": reason.code,
                "field": reason.field,
                "detail": with_named_packs(reason.label, order.packs),
                "remedy": with_named_packs(reason.remedy, order.packs),
            }
            for reason in order.reasons
        ],
    }


def order_in_detail_view(
    order: Order,
    contract: Contract | None,
    *,
    for_operator: bool,
    issued: Mapping[str, str] | None = None,
    openings: Sequence[Opening] = (),
) -> OrderInDetailView:
    review: ReviewView = {**review_view(order, issued), **openings_view(openings)} if for_operator else {}
    shown = order_view(order) if for_operator else managers_order_view(order)
    return {**shown, "contract": contract_view(contract), **review}


def openings_view(openings: Sequence[Opening]) -> OpeningsView:
    return {"openings": [{"by": each.by, "by_email": each.by_email or None, "at": utc(each.at)} for each in openings]}


def review_view(order: Order, issued: Mapping[str, str] | None) -> ReviewView:
    """Add the fields for the person who decides an order (R12): what was read, what differs, what can be done."""
    from schoolsms.domain.orders.orders import ONLY_TO_REJECT  # only the operator is shown orders under review

    return {
        "read": dict(order.read),
        "issued": None if issued is None else dict(issued),
        "form": f"/v1/orders/{order.id}/form" if order.form_key else None,
        "mail": f"/v1/orders/{order.id}/mail",
        "alterations": [
            {
                "detail": printed(each.text),
                "page": each.page,
                "picture": f"/v1/orders/{order.id}/alterations/{number}" if each.picture_key else None,
            }
            for number, each in enumerate(order.alterations, 1)
        ],
        "decisions": list(order.decisions),
        "advice": printed(ONLY_TO_REJECT) if order.decisions == ("reject",) else None,
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
    cancellation = invoice.cancellation
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
        "state_text": INVOICE_STATES[invoice.standing(today)],
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
        "cancelled_on": cancellation.on.isoformat() if cancellation else None,
        "cancellation_reason": cancellation.reason if cancellation else None,
        "credit_note": invoice.credit_note or None,
        "refund_due": euros(invoice.refund_due_cents),
        "reissue_asked_on": invoice.reissue_asked_on.isoformat() if invoice.reissue_asked_on else None,
        "replaced_by": invoice.replaced_by or None,
        "replaces": invoice.replaces.number if invoice.replaces else None,
    }


def cancelled_invoice_view(invoice: Invoice, today: date) -> CancelledInvoiceView:
    sms = sum(line.sms * line.quantity for line in invoice.content.lines)
    return {
        **invoice_view(invoice, today),
        "advice": f"L'avoir annule la facture, pas le crédit : les {sms} SMS de la commande {invoice.content.order_id} "
        "restent au stock. S'ils ne sont pas dus, proposez une correction du stock, qu'une deuxième personne confirme.",
    }


def reissued_invoice_view(invoice: Invoice, today: date) -> ReissuedInvoiceView:
    paid = invoice.refund_due_cents
    return {
        **invoice_view(invoice, today),
        "advice": "Une nouvelle facture du même montant part dans quelques instants, avec le nom, le SIRET et "
        "l'adresse enregistrés aujourd'hui pour l'établissement."
        + (f" Les {euros_fr(paid)} réglés de la facture annulée restent à rendre." if paid else ""),
    }


def mailed_again_view(to: Sequence[str]) -> MailedAgainView:
    return {"to": list(to)}
