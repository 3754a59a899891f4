"""Ten thousand mails of an attacker are not ten thousand of ours to the operator (R12, R13)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.mails.capped_operator_mails import MOST_A_DAY
from schoolsms.domain.orders.orders import Order
from tests.support.builders import ORDER_ID, UAI, order
from tests.unit.application.mails.test_notify_managers import MAIL, OPERATOR_EMAIL, PostOffice

CAPPED = "Commandes nombreuses : consultez la liste"
TO_REVIEW = "Bon de commande à examiner"


def review(office: PostOffice, number: int, school: str = UAI, **changes: Any) -> None:
    """Another mail that a person is to look at, and the operator's mail about it that is due."""
    under_review = order(id=f"{ORDER_ID}-{number}", state="review", school=school, mail_id=f"MAIL{number}")
    office.orders.record(under_review)
    office.orders.record_mail(replace(MAIL, id=f"MAIL{number}", order_id=under_review.id, **changes))
    office.use_case.notify("order_to_review", {"mail_id": f"MAIL{number}"})


def subjects(office: PostOffice) -> list[str]:
    assert set(office.written_to()) == {OPERATOR_EMAIL}
    return [mail.subject for mail in office.mailer.sent]


@pytest.mark.parametrize(("school", "most"), [(UAI, 50), ("", 20)])
def test_after_the_most_of_a_day_one_mail_says_that_there_are_more(school: str, most: int) -> None:
    office = PostOffice()
    for number in range(most + 30):
        review(office, number, school, sender=f"a{number}@b.test")
    assert subjects(office) == [TO_REVIEW] * most + [CAPPED]
    assert str(most) in office.mailer.sent[-1].text


def test_every_review_is_in_the_list_all_the_same() -> None:
    office = PostOffice()
    for number in range(60):
        review(office, number)
    found: list[Order] = []
    cursor = None
    while True:
        piece = office.orders.in_state("review", cursor)
        found += piece.items
        cursor = piece.cursor
        if cursor is None:
            break
    assert len(found) == 60


def test_mails_without_a_form_leave_room_for_those_of_schools() -> None:
    office = PostOffice()
    for number in range(100):
        review(office, number, "")
    review(office, 100)
    assert subjects(office)[-1] == TO_REVIEW


def test_the_next_day_the_operator_is_mailed_again() -> None:
    office = PostOffice()
    for number in range(60):
        review(office, number)
    office.clock.advance(timedelta(days=1))
    for number in range(60, 120):
        review(office, number)
    assert subjects(office) == ([TO_REVIEW] * 50 + [CAPPED]) * 2


def test_a_notice_delivered_again_is_counted_once() -> None:
    office = PostOffice()
    for _ in range(60):
        review(office, 0)
    review(office, 1)
    assert subjects(office) == [TO_REVIEW] * 2


def test_deadlines_of_many_orders_are_capped_as_well() -> None:
    office = PostOffice()
    for number in range(60):
        office.orders.record(order(id=f"{ORDER_ID}-{number}", state="review"))
        office.use_case.notify("deadline_near", {"order_id": f"{ORDER_ID}-{number}"})
    assert subjects(office) == ["Commande à traiter : échéance proche"] * MOST_A_DAY["deadline"] + [CAPPED]


def test_addresses_whose_replies_are_capped_are_named_one_by_one_up_to_the_most() -> None:
    office = PostOffice(order(state="incomplete"))
    for number in range(30 * 6):
        office.orders.record_mail(replace(MAIL, id=f"MAIL{number}", sender=f"a{number // 6}@b.test"))
        office.use_case.notify("order_incomplete", {"mail_id": f"MAIL{number}"})
    to_operator = [mail.subject for mail in office.mailer.sent if mail.to == [OPERATOR_EMAIL]]
    assert to_operator == ["Réponses suspendues pour une adresse"] * MOST_A_DAY["capped-replies"] + [CAPPED]
