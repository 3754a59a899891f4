"""An order whose invoice was cancelled is invoiced anew, once, whatever dies when (R41)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schoolsms.application.orders.billing.issue_invoice import IssueInvoice
from schoolsms.application.orders.billing.record_payments import NewPayment
from schoolsms.application.orders.billing.reissue_invoice import ReissueInvoice
from schoolsms.application.orders.billing.watch_cancelled_invoices import WatchCancelledInvoices
from schoolsms.domain.errors import ConflictError, NotFoundError, TransientError
from schoolsms.domain.orders.billing.invoices import Invoice, Replaced, missing_ranks
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.core import FakeIssuedForms, FakeNotices
from tests.fakes.orders.invoices import SELLER, STEPS_OF_ISSUING, TODAY, FakeReissues, content
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import A_MANAGER, FORM, MANAGER, NOW, OPERATOR, ORDER_ID, SECOND_MANAGER, UAI, order
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.unit.application.orders.billing.test_cancel_invoice import NOTE, NUMBER, REASON, Office

NEW = "2026-000003"
RIGHT_SIRET = "55208131766522"


class Queue:
    def __init__(self) -> None:
        self.credited: list[str] = []

    def order_credited(self, order_id: str) -> None:
        self.credited.append(order_id)


class Reissuing(Office):
    """The school's first invoice is cancelled, its credit note issued, and its SIRET corrected since."""

    def __init__(self) -> None:
        super().__init__()
        self.cancel()
        self.issue()
        self.mailer.sent.clear()
        self.desk.schools.known[UAI] = replace(self.desk.school, siret=RIGHT_SIRET)
        self.orders, reissues = Queue(), FakeReissues(self.invoices, self.desk.recorded)
        self.reissuing = ReissueInvoice(
            self.desk.schools, self.invoices, self.credit_notes, reissues, self.orders, self.clock
        )
        self.invoicing = IssueInvoice(
            orders=FakeOrders(order(state="credited", credited_at=NOW)),
            forms=FakeIssuedForms(FORM),
            schools=self.desk.schools,
            invoices=self.invoices,
            papers=self.papers,
            mails=self.issuing.mails,
            clock=self.clock,
            seller=SELLER,
        )

    def ask(self, number: str = NUMBER) -> Invoice:
        return self.reissuing.reissue(OPERATOR, number)

    def deliver(self) -> None:
        for order_id in self.orders.credited:
            self.invoicing.issue(order_id)

    def dying_delivery(self, port: str, **interruptions: Any) -> IssueInvoice:
        if port in ("mailer", "notices"):
            mails = replace(self.invoicing.mails, **{port: interrupted(getattr(self, port), **interruptions)})
            return replace(self.invoicing, mails=mails)
        return replace(self.invoicing, **{port: interrupted(getattr(self, port), **interruptions)})

    def numbers(self) -> list[str]:
        return [*self.invoices.known, *self.invoices.credit_notes]


def refusal(office: Reissuing, number: str = NUMBER) -> ConflictError:
    with pytest.raises(ConflictError) as refused:
        office.ask(number)
    return refused.value


def test_a_new_invoice_takes_the_next_number_and_is_mailed_to_the_school_as_registered_now() -> None:
    office = Reissuing()
    office.clock.advance(timedelta(days=7))
    assert office.ask().awaits_reissue
    office.deliver()
    new = office.invoices.known[NEW]
    assert (new.state, new.issued_on, new.due_on) == ("issued", date(2026, 11, 30), date(2026, 12, 30))
    assert (new.content.buyer.siret, new.content.ttc_cents) == (RIGHT_SIRET, 20_400)
    assert (new.replaces, office.invoices.known[NUMBER].replaced_by) == (Replaced(NUMBER, TODAY), NEW)
    assert office.invoices.of_order(ORDER_ID) == new
    assert [mail.to for mail in office.mailer.sent] == [[MANAGER], [SECOND_MANAGER]]
    mail = office.mailer.sent[0]
    assert (mail.subject, mail.attachments[0].filename) == (f"Facture {NEW}", f"facture-{NEW}.pdf")
    assert f"remplace la facture {NUMBER}" in mail.text


def test_the_act_says_who_when_and_what() -> None:
    office = Reissuing()
    office.ask()
    act = office.desk.acts()[-1]
    assert (act.kind, act.by, act.at) == ("invoice-reissued", "kosmos-1", NOW)
    assert act.detail == {
        "invoice": NUMBER,
        "total_ttc": "204.00",
        "siret_before": "73282932000074",
        "siret": RIGHT_SIRET,
    }


def test_asked_for_again_and_again_one_new_invoice_is_issued() -> None:
    office = Reissuing()
    assert office.ask() == office.ask()
    office.deliver()
    office.deliver()
    assert (len(office.desk.acts()), office.orders.credited) == (2, [ORDER_ID, ORDER_ID])
    assert (office.numbers(), len(office.mailer.sent)) == ([NUMBER, NEW, NOTE], 2)
    refused = refusal(office)
    assert (refused.code, NEW in str(refused)) == ("already-reissued", True)


def test_two_operators_at_once_record_one_reissue() -> None:
    office = Reissuing()
    reissues = interrupted(office.reissuing.reissues, before={"ask": office.ask})
    replace(office.reissuing, reissues=reissues).reissue(OPERATOR, NUMBER)
    office.deliver()
    assert [act.kind for act in office.desk.acts()] == ["invoice-cancelled", "invoice-reissued"]
    assert office.numbers() == [NUMBER, NEW, NOTE]


def test_acts_that_always_come_between_are_given_up() -> None:
    office = Reissuing()

    class NeverFree:
        def ask(self, *_: object) -> bool:
            return False

    with pytest.raises(TransientError):
        replace(office.reissuing, reissues=NeverFree()).reissue(OPERATOR, NUMBER)
    assert office.orders.credited == []


def test_an_invoice_that_stands_or_has_no_credit_note_yet_is_refused_with_what_to_do() -> None:
    office = Reissuing()
    standing = office.invoices.number(content(order_id="BC26-NEXT"), lambda: TODAY)
    office.invoices.issued(standing.number, TODAY)
    refused = refusal(office, standing.number)
    assert (refused.code, "avoir" in str(refused)) == ("invoice-not-cancelled", True)

    office.invoices.credit_notes[NOTE] = replace(office.invoices.credit_notes[NOTE], state="numbered")
    refused = refusal(office)
    assert (refused.code, "quelques minutes" in str(refused)) == ("credit-note-not-issued", True)
    office.invoices.known[NUMBER] = replace(office.invoices.known[NUMBER], credit_note="")
    assert refusal(office).code == "credit-note-not-issued"
    assert office.orders.credited == []


def test_only_the_operator_reissues_and_only_what_is_there() -> None:
    office = Reissuing()
    with pytest.raises(Forbidden):
        office.reissuing.reissue(A_MANAGER, NUMBER)
    with pytest.raises(NotFoundError):
        office.ask("2026-000009")


def test_a_cancelled_invoice_is_not_replaced_unasked_though_its_order_is_delivered_again() -> None:
    office = Reissuing()
    assert office.invoicing.issue(ORDER_ID)[0].number == NUMBER
    assert office.numbers() == [NUMBER, NOTE]


def test_a_new_invoice_that_is_wrong_too_is_cancelled_and_replaced() -> None:
    office = Reissuing()
    office.ask()
    office.deliver()
    office.cancelling.cancel(OPERATOR, NEW, REASON)
    office.issuing.issue(NEW)
    office.ask(NEW)
    office.deliver()
    assert office.invoices.known["2026-000005"].replaces == Replaced(NEW, TODAY)
    assert refusal(office).code == refusal(office, NEW).code == "already-reissued"
    assert missing_ranks(office.numbers()) == []


def test_what_was_paid_of_the_cancelled_one_stays_to_be_given_back() -> None:
    office = Reissuing()
    office.paying.pay(OPERATOR, NUMBER, NewPayment(TODAY, "VIR-1", 5_000))
    assert office.ask().refund_due_cents == 5_000
    office.deliver()
    assert (office.invoices.known[NUMBER].refund_due_cents, office.invoices.known[NEW].rest_cents) == (5_000, 20_400)


@pytest.mark.parametrize(("port", "when", "step"), STEPS_OF_ISSUING)
def test_dying_anywhere_the_next_delivery_finishes_the_same_number(port: str, when: str, step: str) -> None:
    """R41, R48: a number taken is a number issued, and each manager has it once."""
    office = Reissuing()
    office.ask()
    with pytest.raises(Died):
        office.dying_delivery(port, **{when: {step: dies}}).issue(ORDER_ID)
    office.invoices.number(content(order_id="BC26-NEXT"), lambda: TODAY)  # others go on meanwhile
    office.clock.advance(FakeNotices.LEASE + timedelta(minutes=1))
    new, _ = office.invoicing.issue(ORDER_ID)
    assert (new.state, new.replaces) == ("issued", Replaced(NUMBER, TODAY))
    assert (len(office.numbers()), missing_ranks(office.numbers())) == (4, [])
    assert sorted(mail.to[0] for mail in office.mailer.sent) == [MANAGER, SECOND_MANAGER]
    assert {mail.attachments[0].content for mail in office.mailer.sent} == {office.papers.kept[new.number]}


def test_two_deliveries_at_once_share_one_number() -> None:
    office = Reissuing()
    office.ask()
    rival = office.dying_delivery("invoices", before={"number": lambda: office.invoicing.issue(ORDER_ID)})
    assert rival.issue(ORDER_ID)[0].number == NEW
    assert (office.numbers(), len(office.mailer.sent)) == ([NUMBER, NEW, NOTE], 2)


def test_what_cannot_be_put_on_paper_takes_no_number() -> None:
    office = Reissuing()
    office.ask()
    with pytest.raises(Died):
        office.dying_delivery("papers", before={"make": dies}).issue(ORDER_ID)
    assert office.numbers() == [NUMBER, NOTE]


def died_before_queueing() -> Reissuing:
    office = Reissuing()
    dying = interrupted(office.orders, before={"order_credited": dies})
    with pytest.raises(Died):
        replace(office.reissuing, orders=dying).reissue(OPERATOR, NUMBER)
    assert office.orders.credited == []
    return office


def watch(office: Reissuing) -> list[str]:
    left_out = WatchCancelledInvoices(office.invoices, office.queue, office.orders, office.clock).watch()
    assert left_out.credit_notes == []
    return list(left_out.reissues)


def test_dying_before_the_queue_the_same_call_again_queues_the_order() -> None:
    office = died_before_queueing()
    office.ask()
    office.deliver()
    assert (len(office.desk.acts()), office.invoices.known[NUMBER].replaced_by) == (2, NEW)


def test_the_watch_leaves_alone_what_was_asked_for_today() -> None:
    assert watch(died_before_queueing()) == []


def test_the_watch_queues_what_was_left_out_until_it_has_its_number() -> None:
    office = died_before_queueing()
    office.clock.advance(timedelta(days=1))
    assert watch(office) + watch(office) == [ORDER_ID, ORDER_ID]
    office.deliver()
    assert office.numbers() == [NUMBER, NEW, NOTE]
    assert watch(office) == []


def test_the_watch_leaves_alone_what_nobody_asked_for() -> None:
    office = Reissuing()
    assert watch(office) == []
