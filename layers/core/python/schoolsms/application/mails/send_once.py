"""A notice goes to each address once, however often it is asked for (R10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schoolsms.application.mails.layout import Notice
from schoolsms.application.ports.core import Clock, Mailer, Notices
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.ids import digest_id
from schoolsms.domain.orders.mails import Attachment, OutboundMail
from schoolsms.domain.schools.mail_addresses import comparable
from schoolsms.domain.schools.sent_mails import MailState, SentMail
from schoolsms.domain.schools.support_contact import SupportContact


@dataclass(frozen=True)
class MailOnce:
    """Claims each mail before SES takes it, and remembers it after."""

    notices: Notices
    mailer: Mailer
    clock: Clock
    contact: SupportContact = SupportContact()

    def send(
        self,
        notice_id: str,
        notice: Notice,
        to: Iterable[str],
        *,
        in_reply_to: str | None = None,
        attachments: Sequence[Attachment] = (),
        school: str = "",
    ) -> int:
        """Mail `notice` to each address that has not had it; how many SES refused for good. Raises TransientError.

        The operator sees it, and its fate, among the mails of `school`.
        """
        notice, refused = replace(notice, contact=self.contact), 0
        for address in to:
            one_id = _one_id(notice_id, address)
            if not self.notices.claim(one_id, self.clock.now()):
                continue
            mail = OutboundMail(
                [address], notice.subject, notice.text, notice.html, attachments, in_reply_to, self.contact.email
            )
            state: MailState = "sent"
            try:
                mail_id = self.mailer.send(mail)
            except RefusedError:
                refused += 1
                mail_id, state = digest_id(one_id), "refused"
            sent = SentMail(mail_id, school, address, notice.subject, self.clock.now(), state)
            self.notices.sent(one_id, sent)
        return refused

    def forgo(self, notice_id: str, to: Iterable[str]) -> None:
        """Count the notice as sent to each address, because another mail said the same."""
        for address in to:
            one_id = _one_id(notice_id, address)
            if self.notices.claim(one_id, self.clock.now()):
                self.notices.sent(one_id)


def _one_id(notice_id: str, address: str) -> str:
    """The id of one mail of a notice, the same for every way to write the address."""
    return f"{notice_id}:{digest_id(comparable(address))}"
