"""The operator is told of addresses that a school uses and that take no mail any more (R10, R48)."""

from dataclasses import replace
from datetime import timedelta

from schoolsms.application.schools.find_unreachable import FindUnreachable, Unreachable
from schoolsms.domain.schools.notified import Notified
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.sent_mails import AddressMark, MailFate, SentMail
from tests.fakes.core import FakeSchools
from tests.fakes.mails.sent_mails import FakeSentMails
from tests.support.builders import MANAGER, NOW, SCHOOL, UAI

LISTED = "vie.scolaire@college.test"


def found(*fates: MailFate, of: School, sent: bool = True) -> list[Unreachable]:
    mails = FakeSentMails()
    for fate in fates:
        mails.mark(fate.addresses[0], fate)
        if sent:
            mails.mails[fate.mail_id] = SentMail(fate.mail_id, UAI, fate.addresses[0], "Facture", NOW)
    items, more = FindUnreachable(FakeSchools(of), mails).first()
    assert not more
    return list(items)


def bounce(address: str, mail_id: str = "ses-1", *, minutes: int = 0) -> MailFate:
    return MailFate(mail_id, "bounced", (address,), NOW + timedelta(minutes=minutes), "5.1.1", permanent=True)


def test_an_address_of_a_manager_or_of_the_schools_list_is_found_the_first_marked_first() -> None:
    listed = replace(SCHOOL, notified=(Notified(LISTED, NOW, "token"),))
    fates = bounce(MANAGER, "ses-2", minutes=5), bounce(LISTED)
    assert found(*fates, of=listed) == [
        Unreachable(UAI, LISTED, AddressMark("bounced", NOW, "5.1.1", "ses-1")),
        Unreachable(UAI, MANAGER, AddressMark("bounced", NOW + timedelta(minutes=5), "5.1.1", "ses-2")),
    ]


def test_an_address_in_whose_place_another_was_registered_is_left_out() -> None:
    assert found(bounce("parti@college.test"), of=SCHOOL) == []


def test_a_mail_that_is_not_recorded_yet_is_left_out_until_it_is() -> None:
    assert found(bounce(MANAGER), of=SCHOOL, sent=False) == []
