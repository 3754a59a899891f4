"""R51: a mail that asks something is answered as a question, kept until it is answered, and never an order."""

from schoolsms.application.orders.decide_order import DecideOrder
from schoolsms.domain.orders.orders import MailRecord
from tests.fakes.core import FakeIssuedForms, ManualClock
from tests.support.builders import FORM, NOW, OPERATOR, mail
from tests.support.papers.order_inbox import OrderInbox

ASKS = "Bonjour, comment obtenir un bon de commande ?"


def deciding(inbox: OrderInbox) -> DecideOrder:
    return DecideOrder(inbox.orders, FakeIssuedForms(FORM), inbox.queues, inbox.queues, ManualClock(NOW))


def asked(inbox: OrderInbox) -> MailRecord:
    return inbox.receive(mail(subject="Renseignement", text=ASKS))


def test_a_question_is_no_order_and_is_shown_as_a_question() -> None:
    inbox = OrderInbox()
    record = asked(inbox)
    assert (record.outcome, record.reasons) == ("question", ())
    assert inbox.notice_kinds() == ["question_forwarded", "question_to_answer"]
    assert inbox.orders.known[record.order_id].decisions == ("answer",)


def test_a_question_mailed_twice_stays_answered() -> None:
    inbox = OrderInbox()
    order_id = asked(inbox).order_id
    decided = deciding(inbox).answer(OPERATOR, order_id)
    assert decided.state == "answered"
    assert deciding(inbox).answer(OPERATOR, order_id) == decided
    asked(inbox)
    assert inbox.orders.known[order_id].state == "answered"


def test_what_a_machine_asks_is_not_answered() -> None:
    """R13."""
    inbox = OrderInbox()
    assert inbox.receive(mail(text=ASKS, automatic=True)).outcome == "rejected"
    assert inbox.notice_kinds() == []
