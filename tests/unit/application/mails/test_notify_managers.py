from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.mails.kinds.send_invoices import MailInvoices
from schoolsms.application.mails.notify_managers import NotifyManagers
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.orders import Decision, MailRecord, Order
from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.schools.schools import Manager
from schoolsms.domain.schools.support_contact import SupportContact
from tests.fakes.core import FakeLedger, FakeMailer, FakeNotices, FakeSchoolActs, FakeSchools, ManualClock
from tests.fakes.history.purges import FakePurges
from tests.fakes.orders.invoices import FakeInvoices, FakePapers, invoice
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import MANAGER, NOW, ORDER_ID, SCHOOL, SECOND_MANAGER, UAI, order
from tests.support.faults.fault_injection import Died, dies, interrupted

OPERATOR_EMAIL = "sms@kosmos.test"
INBOX = "commande-sms@skolengo.test"
MAIL = MailRecord(
    id="MAIL1",
    key="mail-1",
    order_id=ORDER_ID,
    sender="secretariat@lycee.test",
    message_id="<1@lycee.test>",
    received_at=NOW,
    outcome="incomplete",
    reasons=(Reason("signature-missing"),),
    answerable=True,
)
ABOUT_MAIL = {"mail_id": "MAIL1"}
ABOUT_ORDER = {"order_id": ORDER_ID}


class PostOffice:
    def __init__(self, *orders: Order, mail: MailRecord = MAIL, refuses: frozenset[str] = frozenset()) -> None:
        self.orders = FakeOrders(*orders)
        self.orders.record_mail(mail)
        self.ledger = FakeLedger()
        self.mailer = FakeMailer(refuses)
        self.notices = FakeNotices()
        self.clock = ManualClock(NOW)
        self.use_case = NotifyManagers(
            orders=self.orders,
            schools=FakeSchools(SCHOOL),
            acts=FakeSchoolActs(FakeSchools(SCHOOL)),
            ledger=self.ledger,
            notices=self.notices,
            mailer=self.mailer,
            invoice_mails=MailInvoices(
                FakeInvoices(invoice()),
                FakePapers({"2026-000001": b"%PDF"}),
                FakeSchools(SCHOOL),
                self.notices,
                self.mailer,
                self.clock,
            ),
            purges=FakePurges(),
            clock=self.clock,
            order_inbox=INBOX,
            operator_email=OPERATOR_EMAIL,
        )

    def written_to(self) -> list[str]:
        return [address for mail in self.mailer.sent for address in mail.to]


def test_every_manager_gets_a_mail_of_their_own_about_the_credit() -> None:
    """R10."""
    office = PostOffice(order(state="credited", credited_at=NOW))
    office.ledger.give(UAI, 2_345, NOW)
    assert office.use_case.notify("credit_activated", ABOUT_ORDER) == 0
    assert [mail.to for mail in office.mailer.sent] == [[MANAGER], [SECOND_MANAGER]]
    first = office.mailer.sent[0]
    assert first.subject == "Crédit de SMS activé"
    for fact in (
        ORDER_ID,
        "2\u00a0000",
        "2\u00a0345\u00a0SMS",
        "204,00\u00a0€",
        "2026-2027",
        "31 août 2027",
        "version 2026-09",
    ):
        assert fact in first.text
    assert "2\u00a0345\u00a0SMS" in first.html


def test_a_notice_queued_twice_is_mailed_once() -> None:
    """R10."""
    office = PostOffice(order(state="credited"))
    office.use_case.notify("credit_activated", ABOUT_ORDER)
    office.clock.advance(timedelta(hours=1))
    office.use_case.notify("credit_activated", ABOUT_ORDER)
    assert office.written_to() == [MANAGER, SECOND_MANAGER]


def test_a_manager_listed_twice_is_mailed_once() -> None:
    office = PostOffice(order(state="credited"))
    twice = (Manager("Marie", MANAGER), Manager("M. Durand", MANAGER.upper()))
    use_case = replace(office.use_case, schools=FakeSchools(replace(SCHOOL, managers=twice)))
    use_case.notify("credit_activated", ABOUT_ORDER)
    assert office.written_to() == [MANAGER]


def test_an_address_that_ses_refuses_stops_no_other_and_is_not_tried_again() -> None:
    office = PostOffice(order(state="credited"), refuses=frozenset({MANAGER}))
    assert office.use_case.notify("credit_activated", ABOUT_ORDER) == 1
    office.clock.advance(timedelta(hours=1))
    assert office.use_case.notify("credit_activated", ABOUT_ORDER) == 0
    assert office.written_to() == [SECOND_MANAGER]


def test_dying_between_two_managers_only_the_second_is_mailed_later() -> None:
    office = PostOffice(order(state="credited"))
    with pytest.raises(Died):
        replace(office.use_case, notices=interrupted(office.notices, after={"sent": dies})).notify(
            "credit_activated", ABOUT_ORDER
        )
    office.use_case.notify("credit_activated", ABOUT_ORDER)
    assert office.written_to() == [MANAGER, SECOND_MANAGER]


def test_dying_before_the_mail_is_sent_it_is_sent_once_the_claim_ran_out() -> None:
    """R48."""
    office = PostOffice(order(state="credited"))
    with pytest.raises(Died):
        replace(office.use_case, mailer=interrupted(office.mailer, before={"send": dies})).notify(
            "credit_activated", ABOUT_ORDER
        )
    with pytest.raises(TransientError):
        office.use_case.notify("credit_activated", ABOUT_ORDER)
    assert office.written_to() == []
    office.clock.advance(timedelta(minutes=2, seconds=1))
    office.use_case.notify("credit_activated", ABOUT_ORDER)
    assert office.written_to() == [MANAGER, SECOND_MANAGER]


def test_two_deliveries_at_once_mail_once() -> None:
    office = PostOffice(order(state="credited"))
    rival = replace(
        office.use_case,
        notices=interrupted(
            office.notices, before={"claim": lambda: office.use_case.notify("credit_activated", ABOUT_ORDER)}
        ),
    )
    rival.notify("credit_activated", ABOUT_ORDER)
    assert office.written_to() == [MANAGER, SECOND_MANAGER]


def test_the_sender_of_an_incomplete_form_learns_what_is_missing() -> None:
    """R7: as a reply, to who mailed it."""
    office = PostOffice(order(state="incomplete"))
    office.use_case.notify("order_incomplete", ABOUT_MAIL)
    (sent,) = office.mailer.sent
    assert sent.to == ["secretariat@lycee.test"]
    assert sent.subject == "Bon de commande incomplet"
    assert "signature absente" in sent.text
    assert INBOX in sent.text
    assert sent.in_reply_to == "<1@lycee.test>"


def test_a_mail_without_message_id_is_answered_all_the_same() -> None:
    office = PostOffice(order(state="incomplete"), mail=replace(MAIL, message_id=""))
    office.use_case.notify("order_incomplete", ABOUT_MAIL)
    assert office.mailer.sent[0].in_reply_to is None


def test_a_mail_that_is_no_order_is_answered_without_number() -> None:
    office = PostOffice(order(id="M-MAIL1", school="", state="incomplete"), mail=replace(MAIL, order_id="M-MAIL1"))
    office.use_case.notify("order_incomplete", ABOUT_MAIL)
    assert "M-MAIL1" not in office.mailer.sent[0].text


def test_the_sender_of_a_form_in_review_learns_the_deadline() -> None:
    """R12."""
    office = PostOffice(order(state="review"))
    office.use_case.notify("order_in_review", ABOUT_MAIL)
    (sent,) = office.mailer.sent
    assert sent.to == ["secretariat@lycee.test"]
    assert sent.subject == "Bon de commande en cours d'examen"
    assert "mardi 24 novembre 2026 à 10\u00a0h\u00a000" in sent.text


@pytest.mark.parametrize("kind", ["order_incomplete", "order_already_received", "order_in_review"])
def test_a_spoofed_mail_gets_no_answer(kind: str) -> None:
    """R13."""
    office = PostOffice(order(state="review"), mail=replace(MAIL, answerable=False))
    office.use_case.notify(kind, ABOUT_MAIL)
    assert "secretariat@lycee.test" not in office.written_to()


def test_the_school_is_warned_that_somebody_orders_in_its_name() -> None:
    """R13: the managers, whom the form's number leads to."""
    office = PostOffice(order(state="review"), mail=replace(MAIL, answerable=False))
    office.use_case.notify("order_in_review", ABOUT_MAIL)
    assert office.written_to() == [MANAGER, SECOND_MANAGER]


def test_nobody_is_mailed_about_an_unproven_mail_that_names_no_school() -> None:
    office = PostOffice(order(id="M-MAIL1", school="", state="review"), mail=replace(MAIL, order_id="M-MAIL1"))
    office.orders.record_mail(replace(MAIL, order_id="M-MAIL1", answerable=False))
    office.use_case.notify("order_in_review", ABOUT_MAIL)
    assert office.written_to() == []


def test_the_operator_learns_what_was_read_what_is_doubted_and_by_when() -> None:
    """R12."""
    doubtful = order(state="review", read={"qty_P1000": "2", "contact_name": "Marie Durand"})
    office = PostOffice(doubtful, mail=replace(MAIL, reasons=(Reason("signature-broken"),), answerable=False))
    office.use_case.notify("order_to_review", ABOUT_MAIL)
    (sent,) = office.mailer.sent
    assert sent.to == [OPERATOR_EMAIL]
    assert sent.in_reply_to is None
    for fact in (ORDER_ID, UAI, "signature électronique non valide", "Marie Durand", "mardi 24 novembre 2026"):
        assert fact in sent.text


@pytest.mark.parametrize("kind", ["order_incomplete", "order_in_review"])
@pytest.mark.parametrize("state", ["accepted", "credited"])
def test_a_reply_that_is_late_does_not_say_that_nothing_is_ordered(kind: str, state: Any) -> None:
    """The complete form was taken before the reply to the incomplete one had its turn; there is one reply."""
    office = PostOffice(order(state=state, mail_id="MAIL2"))
    office.use_case.notify(kind, ABOUT_MAIL)
    office.orders.known[ORDER_ID] = order(state="credited", mail_id="MAIL2", credited_at=NOW)
    office.use_case.notify(kind, ABOUT_MAIL)
    (sent,) = office.mailer.sent
    assert sent.subject == "Bon de commande déjà reçu"


@pytest.mark.parametrize("state", ["accepted", "credited", "rejected"])
def test_the_operator_is_not_asked_for_a_decision_that_is_taken(state: Any) -> None:
    office = PostOffice(order(state=state))
    assert office.use_case.notify("order_to_review", ABOUT_MAIL) == 0
    assert office.mailer.sent == []


@pytest.mark.parametrize(
    ("answerable", "expected"),
    [(True, "envoyé à l’expéditeur"), (False, "prévenez l’établissement par un autre canal")],
)
def test_the_operator_learns_that_an_order_without_form_can_only_be_rejected(answerable: bool, expected: str) -> None:
    nobodys = order(id="M-MAIL1", school="", state="review")
    office = PostOffice(nobodys, mail=replace(MAIL, order_id="M-MAIL1", answerable=answerable))
    office.use_case.notify("order_to_review", ABOUT_MAIL)
    (sent,) = office.mailer.sent
    assert "ne peut qu’être refusée" in sent.text
    assert expected in sent.text
    assert "Acceptez-la" not in sent.text


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("credited", "ont été crédités le"),
        ("accepted", "en cours de traitement"),
        ("review", "Une personne de notre équipe l’examine"),
        ("rejected", "n’a pas pu être accepté"),
    ],
)
def test_a_form_mailed_again_is_answered_with_its_state(state: Any, says: str) -> None:
    """R11."""
    office = PostOffice(order(state=state, credited_at=NOW if state == "credited" else None))
    office.use_case.notify("order_already_received", ABOUT_MAIL)
    (sent,) = office.mailer.sent
    assert sent.to == ["secretariat@lycee.test"]
    assert says in sent.text


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("credit_activated", {"order_id": "BC26-NONE"}),
        ("order_incomplete", {"mail_id": "NONE"}),
        ("order_incomplete", {"mail_id": "MAIL1"}),
    ],
)
def test_what_is_not_there_yet_is_asked_for_again(kind: str, ids: dict[str, str]) -> None:
    office = PostOffice()
    with pytest.raises(TransientError):
        office.use_case.notify(kind, ids)


def test_a_notice_nobody_knows_is_an_error_not_a_silence() -> None:
    office = PostOffice(order())
    with pytest.raises(ValueError, match="no notice is called"):
        office.use_case.notify("order_eaten", ABOUT_MAIL)


@pytest.mark.parametrize("kind", ["deadline_near", "deadline_past"])
def test_the_operator_is_mailed_about_a_deadline_once(kind: str) -> None:
    """R12: the watch comes every quarter of an hour."""
    office = PostOffice(order(state="review"))
    office.use_case.notify(kind, ABOUT_ORDER)
    office.clock.advance(timedelta(minutes=15))
    office.use_case.notify(kind, ABOUT_ORDER)
    assert office.written_to() == [OPERATOR_EMAIL]


def test_a_deadline_of_an_order_decided_meanwhile_alarms_nobody() -> None:
    office = PostOffice(order(state="accepted"))
    office.use_case.notify("deadline_past", ABOUT_ORDER)
    assert office.written_to() == []


REJECTED = order(state="rejected", decision=Decision("reject", "kosmos-1", NOW, "Le tampon manque."))


def test_the_sender_of_a_rejected_order_and_the_managers_learn_why() -> None:
    """R12."""
    office = PostOffice(REJECTED)
    office.use_case.notify("order_rejected", ABOUT_ORDER)
    assert office.written_to() == ["secretariat@lycee.test", MANAGER, SECOND_MANAGER]
    assert all("Le tampon manque." in mail.text for mail in office.mailer.sent)


def test_a_rejection_is_not_mailed_to_the_sender_of_a_spoofed_mail() -> None:
    """R13."""
    office = PostOffice(REJECTED, mail=replace(MAIL, answerable=False))
    office.use_case.notify("order_rejected", ABOUT_ORDER)
    assert office.written_to() == [MANAGER, SECOND_MANAGER]


def test_managers_are_reminded_of_a_late_invoice() -> None:
    """R42."""
    office = PostOffice()
    office.clock.advance(timedelta(days=40))
    office.use_case.notify("invoice_late", {"number": "2026-000001", "stage": "7"})
    assert office.written_to() == [MANAGER, SECOND_MANAGER]
    assert office.mailer.sent[0].subject == "Facture 2026-000001 : rappel de paiement"


def test_a_mail_names_whom_to_ask_and_answers_go_there() -> None:
    office = PostOffice(order(state="incomplete"))
    use_case = replace(office.use_case, contact=SupportContact("aide@kosmos.test"))
    use_case.notify("order_incomplete", ABOUT_MAIL)

    assert office.mailer.sent[0].reply_to == "aide@kosmos.test"
    assert "contactez-nous\u00a0: aide@kosmos.test" in office.mailer.sent[0].text
