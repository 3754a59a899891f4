"""Decide, as the operator, about an order that a machine could not judge alone (R12)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schoolsms.application.orders.reading.operators_order import operators_order
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import Clock, IssuedForms, NoticeQueue, OrderQueue
from schoolsms.domain.errors import ConflictError, RefusedError
from schoolsms.domain.orders.forms.order_forms import BILLING_REFERENCES, IssuedForm
from schoolsms.domain.orders.orders import ONLY_TO_REJECT, Decision, Order
from schoolsms.domain.orders.packs import MAX_QUANTITY, sms_of, totals
from schoolsms.domain.schools.access import Caller


@dataclass(frozen=True)
class DecideOrder:
    """Accepts with quantities, or rejects with a reason. The first decision counts, and the school gets a mail."""

    orders: Orders
    forms: IssuedForms
    order_queue: OrderQueue
    notices: NoticeQueue
    clock: Clock

    def accept(
        self, caller: Caller, order_id: str, quantities: Mapping[str, int], references: Mapping[str, str] | None = None
    ) -> Order:
        """Credit these packs, at the prices of the form that was issued. Raises ConflictError, RefusedError.

        `references`: what a machine could not read of BILLING_REFERENCES, for the invoice (R41).
        """
        order = operators_order(self.orders, caller, order_id)
        form = self.forms.get(order.id) if order.school else None
        if form is None:
            raise ConflictError(ONLY_TO_REJECT, "order-without-form")
        ordered = _checked(form, quantities)
        due = totals(form.packs, ordered, form.vat_rate)
        accepted = replace(
            order,
            state="accepted",
            quantities=ordered,
            sms=sms_of(form.packs, ordered),
            ht_cents=due.ht_cents,
            vat_cents=due.vat_cents,
            read={**order.read, **(references or {})},
            decision=Decision("accept", caller.subject, self.clock.now(), "", caller.email),
        )
        standing = self._decide(order, accepted)
        if standing.state == "accepted":
            self.order_queue.order_accepted(standing.id)
        return standing

    def reject(self, caller: Caller, order_id: str, reason: str) -> Order:
        """Refuse the order; the school reads the reason in a mail. Raises ConflictError."""
        order = operators_order(self.orders, caller, order_id)
        rejected = replace(
            order, state="rejected", decision=Decision("reject", caller.subject, self.clock.now(), reason, caller.email)
        )
        standing = self._decide(order, rejected)
        self.notices.notice_due("order_rejected", order_id=standing.id)
        return standing

    def answer(self, caller: Caller, order_id: str) -> Order:
        """Mark a question as answered; nothing is mailed. Raises ConflictError for what is no question."""
        order = operators_order(self.orders, caller, order_id)
        decision = Decision("answer", caller.subject, self.clock.now(), "", caller.email)
        if order.state == "question":
            order = self.orders.record(replace(order, state="answered", decision=decision))
        if order.state != "answered":
            raise ConflictError("Ce message n'est pas une question.", "not-a-question")
        return order

    def _decide(self, order: Order, decided: Order) -> Order:
        """The order as decided. A repeated decision changes nothing, but queues what follows again."""
        standing = self.orders.record(decided) if order.state == "review" else order
        if standing.decision is None or _meaning(standing) != _meaning(decided):
            raise ConflictError("Cette commande n'est plus en examen.", "order-not-in-review")
        return standing


def _meaning(order: Order) -> tuple[object, ...]:
    decision = order.decision
    if decision is None or decision.kind == "reject":
        return (decision and decision.reason,)
    return order.quantities, [order.read.get(name) for name in BILLING_REFERENCES]


def _checked(form: IssuedForm, quantities: Mapping[str, int]) -> dict[str, int]:
    known = {pack.id for pack in form.packs}
    for pack_id, quantity in quantities.items():
        if pack_id not in known:
            raise RefusedError(f"Le pack {pack_id} n'est pas sur ce bon de commande.", "unknown-pack")
        if not 0 <= quantity <= MAX_QUANTITY:
            raise RefusedError(f"La quantité d'un pack va de 0 à {MAX_QUANTITY}.", "invalid-quantity")
    ordered = {pack_id: quantity for pack_id, quantity in quantities.items() if quantity}
    if not ordered:
        raise RefusedError("Indiquez au moins un pack.", "invalid-quantity")
    return ordered
