"""Mails go to the people on the school's list; the link that confirms goes to the added address alone (R10)."""

from dataclasses import replace
from datetime import date

from schoolsms.domain.ids import digest_id
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice
from schoolsms.domain.schools.notified import Notified
from tests.fakes.core import FakeSchools
from tests.support.builders import MANAGER, NOW, SCHOOL, SECOND_MANAGER, UAI, order
from tests.unit.application.mails.test_notify_managers import ABOUT_ORDER, PostOffice

HEAD = Notified("chef@lycee.test", NOW, "TOKEN1", confirmed=False)
LISTED = replace(
    SCHOOL,
    notified=(Notified(MANAGER, NOW), HEAD),
    formal_notice=FormalNotice(1, "Faits", date(2026, 12, 15), NOW),
)
TO_CONFIRM = {"school": UAI, "token_id": digest_id("TOKEN1")}


def office() -> PostOffice:
    made = PostOffice(order(state="credited", credited_at=NOW))
    made.use_case = replace(made.use_case, schools=FakeSchools(LISTED), public_url="https://sms.test")
    return made


def test_a_credit_is_mailed_to_the_confirmed_addresses_of_the_list() -> None:
    made = office()
    made.use_case.notify("credit_activated", ABOUT_ORDER)
    assert made.written_to() == [MANAGER]


def test_a_formal_notice_goes_to_every_manager_whatever_the_list() -> None:
    """§6."""
    made = office()
    made.use_case.notify("formal_notice", {"school": UAI, "number": "1"})
    assert made.written_to() == [MANAGER, SECOND_MANAGER]


def test_the_link_is_mailed_once_to_the_added_address_alone() -> None:
    made = office()
    for _ in range(2):
        made.use_case.notify("notified_to_confirm", TO_CONFIRM)
    (sent,) = made.mailer.sent
    assert sent.to == ["chef@lycee.test"]
    assert f"https://sms.test/v1/notified/confirmation/{UAI}-TOKEN1" in sent.text
    assert "lundi 30 novembre 2026 à 10\u00a0h\u00a000" in sent.text


def test_an_address_that_left_the_list_gets_no_link() -> None:
    made = office()
    made.use_case = replace(made.use_case, schools=FakeSchools(replace(LISTED, notified=(Notified(MANAGER, NOW),))))
    assert made.use_case.notify("notified_to_confirm", TO_CONFIRM) == 0
    assert made.mailer.sent == []
