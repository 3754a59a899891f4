"""A mail's fate stays with it, and an address that takes none is marked once (R10)."""

from datetime import timedelta

import pytest

from schoolsms.application.mails.layout import letter
from schoolsms.application.mails.record_mail_fates import RecordMailFates
from schoolsms.application.mails.send_once import MailOnce
from schoolsms.domain.schools.sent_mails import MailFate, SentMail
from tests.fakes.core import FakeMailer, FakeNotices, ManualClock
from tests.fakes.mails.sent_mails import FakeSentMails
from tests.support.builders import MANAGER, NOW, SECOND_MANAGER, UAI

LATER = NOW + timedelta(minutes=1)
BOUNCE = MailFate("ses-1", "bounced", (MANAGER,), LATER, "5.1.1", permanent=True)
FULL = MailFate("ses-1", "bounced", (MANAGER,), LATER, "5.2.2")
COMPLAINT = MailFate("ses-1", "complained", (MANAGER,), LATER, "abuse", permanent=True)
DELIVERY = MailFate("ses-2", "delivered", (MANAGER,), LATER + timedelta(days=1))


def test_a_mail_that_came_back_for_good_marks_its_address_once() -> None:
    sent = FakeSentMails()
    use_case = RecordMailFates(sent)
    assert [use_case.record(BOUNCE), use_case.record(BOUNCE)] == [1, 0]
    assert (sent.states["ses-1"], list(sent.marks([MANAGER, SECOND_MANAGER]))) == ("bounced", [MANAGER])


def test_a_full_mailbox_marks_nothing() -> None:
    sent = FakeSentMails()
    assert RecordMailFates(sent).record(FULL) == 0
    assert (sent.states["ses-1"], sent.marks([MANAGER])) == ("bounced", {})


@pytest.mark.parametrize(("known", "left"), [(BOUNCE, set()), (COMPLAINT, {MANAGER})])
def test_a_later_delivery_unmarks_what_bounced_and_not_who_complained(known: MailFate, left: set[str]) -> None:
    sent = FakeSentMails()
    use_case = RecordMailFates(sent)
    use_case.record(known)
    use_case.record(DELIVERY)
    assert sent.marks([MANAGER]).keys() == left


def test_a_bounce_told_again_after_a_delivery_marks_and_alarms_nobody() -> None:
    sent = FakeSentMails()
    assert [RecordMailFates(sent).record(fate) for fate in (BOUNCE, DELIVERY, BOUNCE)] == [1, 0, 0]
    assert not sent.marks([MANAGER])


def test_the_gravest_fate_stays_whatever_the_order() -> None:
    sent = FakeSentMails()
    for fate in (COMPLAINT, MailFate("ses-1", "delivered", (MANAGER,), LATER)):
        RecordMailFates(sent).record(fate)
    assert sent.states["ses-1"] == "complained"


@pytest.mark.parametrize("delivered_first", [True, False])
def test_a_mail_that_arrived_stays_so_whatever_answers_that_its_reader_is_away(delivered_first: bool) -> None:
    """SES calls the answer a bounce for the moment."""
    sent, arrived = FakeSentMails(), MailFate("ses-1", "delivered", (MANAGER,), LATER)
    away = MailFate("ses-1", "bounced", (MANAGER,), LATER, "General")
    for fate in (arrived, away) if delivered_first else (away, arrived):
        RecordMailFates(sent).record(fate)
    assert sent.states == {"ses-1": "delivered"}
    RecordMailFates(sent).record(BOUNCE)
    assert sent.states == {"ses-1": "bounced"}


def test_every_mail_is_kept_with_its_school_also_one_that_ses_refused() -> None:
    notices, mailer = FakeNotices(), FakeMailer(frozenset({SECOND_MANAGER}))
    once = MailOnce(notices, mailer, ManualClock(NOW))
    for _ in range(2):
        once.send("kind:1", letter("Sujet", "Texte"), [MANAGER, SECOND_MANAGER], school=UAI)
    assert notices.mails[0] == SentMail("ses-1", UAI, MANAGER, "Sujet", NOW)
    assert [(each.to, each.school, each.state) for each in notices.mails] == [
        (MANAGER, UAI, "sent"),
        (SECOND_MANAGER, UAI, "refused"),
    ]
