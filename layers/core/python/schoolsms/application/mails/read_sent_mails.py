"""Show the mails that went to a school, and what became of them, to the operator whom it calls (R2, R10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schoolsms.application.ports.accounts.sent_mails import SentMails
from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.sent_mails import AddressMark, SentMail


@dataclass(frozen=True)
class MailsOfSchool:
    """A page of mails, and which of their addresses take none any more."""

    mails: Slice[SentMail]
    marks: Mapping[str, AddressMark]


@dataclass(frozen=True)
class ReadSentMails:
    """`caller` is the operator as a manager of the school, once the look is recorded."""

    sent_mails: SentMails

    def of_school(self, caller: Caller, cursor: str | None) -> MailsOfSchool:
        """Newest first."""
        found = self.sent_mails.of_school(caller.require_school("sms_manager"), cursor)
        addresses: Sequence[str] = [mail.to for mail in found.items]
        return MailsOfSchool(found, self.sent_mails.marks(addresses))
