"""The operator judges what a machine could not judge alone (R12)."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from schoolsms.application.orders.decide_order import DecideOrder
from schoolsms.domain.errors import ConflictError, RefusedError
from schoolsms.domain.orders.billing.invoice_contents import content_of
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.core import FakeIssuedForms, FakeQueues, ManualClock
from tests.fakes.orders.invoices import SELLER
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import A_MANAGER, FORM, NOW, OPERATOR, SCHOOL, order
from tests.support.faults.fault_injection import Died, dies, interrupted

PACK = FORM.packs[1].id
WAITING = order(id=FORM.order_id, school=FORM.uai, state="review", quantities={}, sms=0)


class Desk:
    def __init__(self, *orders: Order) -> None:
        self.orders, self.queues = FakeOrders(*(orders or (WAITING,))), FakeQueues()
        self.decide = DecideOrder(self.orders, FakeIssuedForms(FORM), self.queues, self.queues, ManualClock(NOW))


def test_an_accepted_order_is_credited_with_the_packs_the_operator_read() -> None:
    desk = Desk()
    accepted = desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2, FORM.packs[0].id: 0})
    assert (accepted.state, accepted.quantities, accepted.sms) == ("accepted", {PACK: 2}, 2 * FORM.packs[1].sms)
    assert accepted.ht_cents == 2 * FORM.packs[1].price_ht_cents
    assert accepted.decision is not None
    assert (accepted.decision.kind, accepted.decision.at) == ("accept", NOW)
    assert (accepted.decision.by, accepted.decision.by_email) == (OPERATOR.subject, OPERATOR.email)
    assert desk.queues.orders == [WAITING.id]


def test_a_rejected_order_is_mailed_to_the_school_and_credits_nothing() -> None:
    desk = Desk()
    rejected = desk.decide.reject(OPERATOR, WAITING.id, "Signature illisible")
    assert rejected.state == "rejected"
    assert rejected.decision is not None
    assert rejected.decision.reason == "Signature illisible"
    assert (desk.queues.orders, [kind for kind, _ in desk.queues.notices]) == ([], ["order_rejected"])


def test_the_same_decision_said_twice_is_one() -> None:
    desk = Desk()
    first = desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2})
    assert desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2}) == first


def test_dying_before_the_queue_the_decision_said_again_is_passed_on() -> None:
    desk = Desk()
    dying = replace(desk.decide, order_queue=interrupted(desk.queues, before={"order_accepted": dies}))
    with pytest.raises(Died):
        dying.accept(OPERATOR, WAITING.id, {PACK: 2})
    desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2})
    assert desk.queues.orders == [WAITING.id]


def test_the_first_of_two_decisions_stands() -> None:
    desk = Desk()
    desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2})
    with pytest.raises(ConflictError):
        desk.decide.reject(OPERATOR, WAITING.id, "Trop tard")
    with pytest.raises(ConflictError):
        desk.decide.accept(OPERATOR, WAITING.id, {PACK: 3})
    assert desk.queues.notices == []


@pytest.mark.parametrize("state", ["incomplete", "accepted", "credited"])
def test_only_an_order_in_review_is_decided(state: str) -> None:
    """R8: nobody undoes an order that was accepted or credited."""
    desk = Desk(replace(WAITING, state=state))  # type: ignore[arg-type]
    with pytest.raises(ConflictError):
        desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2})
    with pytest.raises(ConflictError):
        desk.decide.reject(OPERATOR, WAITING.id, "Commande annulée")
    assert desk.orders.known[WAITING.id].state == state
    assert (desk.queues.orders, desk.queues.notices) == ([], [])


def test_an_order_without_form_can_only_be_rejected() -> None:
    """Nobody knows whose it is, nor at what prices."""
    unknown = replace(WAITING, id="M-AAAA", school="")
    desk = Desk(unknown)
    with pytest.raises(ConflictError):
        desk.decide.accept(OPERATOR, unknown.id, {PACK: 2})
    assert desk.decide.reject(OPERATOR, unknown.id, "Aucun bon de commande").state == "rejected"


@pytest.mark.parametrize("quantities", [{}, {PACK: 0}, {PACK: -1}, {PACK: 1_000}, {"P7": 1}])
def test_quantities_that_are_none_are_refused(quantities: Mapping[str, int]) -> None:
    desk = Desk()
    with pytest.raises(RefusedError):
        desk.decide.accept(OPERATOR, WAITING.id, quantities)
    assert desk.orders.get(WAITING.id) == WAITING


def test_the_references_that_the_operator_read_are_on_the_invoice() -> None:
    """R41: a scan's handwriting, typed by a person."""
    desk = Desk(replace(WAITING, read={"contact_name": "Marie Durand", "service_code": "?"}))
    given = {"service_code": "COMPTA", "engagement_number": "EJ-42"}
    accepted = desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2}, given)
    assert accepted.read == {"contact_name": "Marie Durand", **given}
    content = content_of(replace(accepted, credited_at=NOW), FORM, SCHOOL, SELLER)
    assert (content.service_code, content.engagement_number) == ("COMPTA", "EJ-42")


def test_what_a_filled_form_says_for_the_invoice_stays_when_the_operator_says_nothing() -> None:
    desk = Desk(replace(WAITING, read={"service_code": "COMPTA"}))
    assert desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2}).read == {"service_code": "COMPTA"}


def test_another_reference_said_after_is_another_decision() -> None:
    desk = Desk()
    desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2}, {"service_code": "COMPTA"})
    desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2}, {"service_code": "COMPTA"})
    with pytest.raises(ConflictError):
        desk.decide.accept(OPERATOR, WAITING.id, {PACK: 2}, {"service_code": "ACHATS"})


def test_nobody_but_the_operator_decides() -> None:
    desk = Desk()
    with pytest.raises(Forbidden):
        desk.decide.accept(A_MANAGER, WAITING.id, {PACK: 2})
    with pytest.raises(Forbidden):
        desk.decide.reject(A_MANAGER, WAITING.id, "Non")
