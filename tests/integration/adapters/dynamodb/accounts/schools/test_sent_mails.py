"""A sent mail and its fate, in either order; addresses that take no mail any more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoNotices
from schoolsms.adapters.dynamodb.accounts.schools.sent_mails import DynamoSentMails
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.sent_mails import AddressMark, MailFate, SentMail
from tests.fakes.mails.sent_mails import FakeSentMails
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import MANAGER, NOW, OTHER_UAI, SECOND_MANAGER, UAI
from tests.support.examples import everything

MAIL = SentMail("0107018f-1@eu-west-3", UAI, MANAGER, "Facture 2026-000001", NOW)
LATER = NOW + timedelta(minutes=1)
BOUNCE = MailFate(MAIL.id, "bounced", (MANAGER,), LATER, "5.1.1", permanent=True)
BOUNCED = replace(MAIL, state="bounced", state_at=LATER, code="5.1.1")


@pytest.fixture
def mails(dynamodb: DynamoDBClient) -> DynamoSentMails:
    return DynamoSentMails(Table(dynamodb, ACCOUNTS))


@pytest.fixture
def notices(dynamodb: DynamoDBClient) -> DynamoNotices:
    return DynamoNotices(Table(dynamodb, ACCOUNTS))


def test_mails_of_a_school_are_listed_newest_first(mails: DynamoSentMails, notices: DynamoNotices) -> None:
    later = replace(MAIL, id="0107018f-2", sent_at=LATER, to=SECOND_MANAGER, state="refused")
    for number, mail in enumerate((MAIL, later, replace(MAIL, id="OTHER", school=OTHER_UAI))):
        notices.sent(f"notice:{number}", mail)
    assert mails.of_school(UAI, None).items == [later, MAIL]
    with pytest.raises(RefusedError):
        mails.of_school(UAI, "elsewhere")


@pytest.mark.parametrize("fate_first", [False, True])
def test_a_fate_is_kept_whether_the_mail_is_recorded_before_or_after(
    mails: DynamoSentMails, notices: DynamoNotices, fate_first: bool
) -> None:
    if fate_first:
        mails.settle(BOUNCE)
    notices.sent("notice:1", MAIL)
    mails.settle(BOUNCE)
    assert mails.of_school(UAI, None).items == [BOUNCED]
    assert not mails.settle(BOUNCE)
    assert not mails.settle(MailFate(MAIL.id, "delivered", (MANAGER,), LATER))
    assert mails.of_school(UAI, None).items == [BOUNCED]
    assert mails.settle(MailFate(MAIL.id, "complained", (MANAGER,), LATER, "abuse", permanent=True))


def test_a_bounce_for_the_moment_leaves_a_mail_that_arrived(mails: DynamoSentMails, notices: DynamoNotices) -> None:
    notices.sent("notice:1", MAIL)
    for fate in (replace(BOUNCE, permanent=False), replace(BOUNCE, state="delivered", code="")):
        assert mails.settle(fate)
    assert not mails.settle(replace(BOUNCE, permanent=False))
    assert [mail.state for mail in mails.of_school(UAI, None).items] == ["delivered"]


def test_an_event_about_a_mail_nobody_recorded_is_listed_nowhere(mails: DynamoSentMails) -> None:
    assert mails.settle(BOUNCE)
    assert mails.of_school(UAI, None).items == []


def test_an_address_is_marked_once_however_it_is_written_and_unmarked_by_a_delivery(
    mails: DynamoSentMails, dynamodb: DynamoDBClient
) -> None:
    assert mails.mark(MANAGER, BOUNCE)
    assert not mails.mark(MANAGER.upper(), replace(BOUNCE, at=LATER + timedelta(days=1)))
    assert mails.marks([MANAGER, SECOND_MANAGER]) == {MANAGER: AddressMark("bounced", LATER, "5.1.1", MAIL.id)}
    assert MANAGER not in str(everything(dynamodb, ACCOUNTS))

    mails.unmark(MANAGER, replace(BOUNCE, state="delivered", at=NOW))
    assert mails.marks([MANAGER])
    mails.unmark(MANAGER, replace(BOUNCE, state="delivered", at=LATER + timedelta(days=2)))
    mails.unmark(MANAGER, replace(BOUNCE, state="delivered", at=LATER + timedelta(days=2)))
    assert not mails.marks([MANAGER])


DELIVERED = replace(BOUNCE, state="delivered", at=LATER + timedelta(hours=1), permanent=False)
COMPLAINT = replace(BOUNCE, state="complained", code="abuse")
BOUNCED_LATER = replace(BOUNCE, at=LATER + timedelta(hours=2))


@pytest.mark.parametrize(
    ("fates", "new", "left"),
    [
        ([BOUNCE, DELIVERED, BOUNCE], 1, ""),  # SES reports the bounce again
        ([BOUNCE, DELIVERED, BOUNCED_LATER], 2, "bounced"),
        ([BOUNCE, BOUNCED_LATER, DELIVERED], 1, "bounced"),  # SES reports the delivery late
        ([BOUNCE, COMPLAINT, DELIVERED], 1, "complained"),
        ([BOUNCE, DELIVERED, COMPLAINT], 2, "complained"),
        ([BOUNCE, DELIVERED, replace(DELIVERED, at=LATER + timedelta(hours=3)), BOUNCED_LATER], 1, ""),
        ([DELIVERED], 0, ""),
    ],
)
def test_what_an_address_did_last_counts_in_whatever_order_it_is_reported(
    mails: DynamoSentMails, fates: list[MailFate], new: int, left: str
) -> None:
    for store in (mails, FakeSentMails()):
        marked = 0
        for fate in fates:
            if fate.state == "delivered":
                store.unmark(MANAGER, fate)
            else:
                marked += store.mark(MANAGER, fate)
        assert (marked, "".join(mark.state for mark in store.marks([MANAGER]).values())) == (new, left)


def test_marked_addresses_are_listed_by_their_mail_until_they_take_one_again(
    mails: DynamoSentMails, notices: DynamoNotices
) -> None:
    other = replace(BOUNCE, mail_id="0107018f-9", addresses=(SECOND_MANAGER,), at=LATER + timedelta(minutes=1))
    mails.mark(SECOND_MANAGER, other)
    mails.mark(MANAGER, BOUNCE)
    marks = mails.marked(None)
    assert [(each.mail_id, each.since) for each in marks.items] == [(MAIL.id, LATER), (other.mail_id, other.at)]
    assert marks.cursor is None
    assert mails.mail(MAIL.id) is None
    notices.sent("notice:1", MAIL)
    assert mails.mail(MAIL.id) == MAIL
    mails.unmark(MANAGER, replace(BOUNCE, state="delivered", at=LATER + timedelta(hours=1)))
    assert [each.mail_id for each in mails.marked(None).items] == [other.mail_id]
    mails.mark(MANAGER, replace(BOUNCE, at=LATER + timedelta(hours=2)))
    assert [each.mail_id for each in mails.marked(None).items] == [other.mail_id, MAIL.id]
