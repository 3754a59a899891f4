"""A few replies a day to one address: loops end, and nobody floods a school (R13)."""

from dataclasses import replace
from datetime import timedelta

from schoolsms.application.mails.capped_replies import MOST_REPLIES_A_DAY
from schoolsms.domain.orders.orders import MailRecord
from tests.support.builders import MANAGER, ORDER_ID, SECOND_MANAGER, order
from tests.unit.application.mails.test_notify_managers import MAIL, OPERATOR_EMAIL, PostOffice


def mailed(office: PostOffice, number: int, **changes: object) -> None:
    """Another mail, and the reply to it that is due."""
    record: MailRecord = replace(MAIL, id=f"MAIL{number}", **changes)  # type: ignore[arg-type]
    office.orders.record_mail(record)
    office.use_case.notify("order_incomplete", {"mail_id": record.id})


def test_the_sixth_mail_of_a_day_is_not_answered_and_the_operator_is_mailed_once() -> None:
    office = PostOffice(order(state="incomplete"))
    for number in range(9):
        mailed(office, number)
    assert office.written_to() == [MAIL.sender] * MOST_REPLIES_A_DAY + [OPERATOR_EMAIL]
    mail = office.mailer.sent[-1]
    assert mail.subject == "Réponses suspendues pour une adresse"
    assert MAIL.sender in mail.text
    assert ORDER_ID in mail.text


def test_the_next_day_mails_are_answered_again() -> None:
    office = PostOffice(order(state="incomplete"))
    for number in range(6):
        mailed(office, number)
    office.clock.advance(timedelta(days=1))
    mailed(office, 6)
    assert office.written_to() == [MAIL.sender] * 5 + [OPERATOR_EMAIL, MAIL.sender]


def test_an_address_is_counted_whatever_its_case() -> None:
    office = PostOffice(order(state="incomplete"))
    for number in range(6):
        mailed(office, number, sender="a@b.test" if number % 2 else "A@B.test")
    assert office.written_to().count(OPERATOR_EMAIL) == 1


def test_an_address_is_counted_in_either_form_of_its_domain() -> None:
    office = PostOffice(order(state="incomplete"))
    for number in range(6):
        mailed(office, number, sender="a@collège.test" if number % 2 else "a@xn--collge-6ua.test")
    assert office.written_to().count(OPERATOR_EMAIL) == 1


def test_another_address_is_answered_meanwhile() -> None:
    office = PostOffice(order(state="incomplete"))
    for number in range(6):
        mailed(office, number)
    mailed(office, 6, sender="autre@lycee.test")
    assert office.written_to()[-1] == "autre@lycee.test"


def test_a_reply_that_is_delivered_again_is_counted_once() -> None:
    office = PostOffice(order(state="incomplete"))
    for _ in range(9):
        mailed(office, 0)
    mailed(office, 1)
    assert office.written_to() == [MAIL.sender] * 2


def test_notices_of_unanswerable_mails_do_not_flood_managers() -> None:
    """Somebody may write in the school's name, often."""
    office = PostOffice(order(state="incomplete"))
    for number in range(9):
        mailed(office, number, sender="", answerable=False)
    written = office.written_to()
    assert (written.count(MANAGER), written.count(SECOND_MANAGER), written.count(OPERATOR_EMAIL)) == (5, 5, 2)


def test_notices_of_orders_to_review_are_never_capped() -> None:
    office = PostOffice(order(state="review"))
    for number in range(9):
        office.orders.record_mail(replace(MAIL, id=f"MAIL{number}", outcome="review"))
        office.use_case.notify("order_to_review", {"mail_id": f"MAIL{number}"})
    assert office.written_to() == [OPERATOR_EMAIL] * 9
