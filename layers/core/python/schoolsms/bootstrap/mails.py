"""The wiring of sent mails and what became of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms.bootstrap.shared import stores

if TYPE_CHECKING:
    from schoolsms.application.mails.read_sent_mails import ReadSentMails
    from schoolsms.application.mails.record_mail_fates import RecordMailFates
    from schoolsms.domain.schools.sent_mails import MailFate


def mail_fate(body: str) -> MailFate | None:
    """Read an event of SES."""
    from schoolsms.adapters.mail.ses_events import mail_fate

    return mail_fate(body)


@cache
def record_mail_fates() -> RecordMailFates:
    from schoolsms.application.mails.record_mail_fates import RecordMailFates

    return RecordMailFates(stores.sent_mails())


@cache
def read_sent_mails() -> ReadSentMails:
    from schoolsms.application.mails.read_sent_mails import ReadSentMails

    return ReadSentMails(stores.sent_mails())
