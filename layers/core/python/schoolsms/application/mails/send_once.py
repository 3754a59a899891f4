"""A notice goes to each address once, however often it is asked for (R10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schoolsms.application.mails.layout import Notice
from schoolsms.application.ports.core import Clock, Mailer, Notices
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.ids import digest_id
from schoolsms.domain.orders.mails import Attachment, OutboundMail
from schoolsms.domain.schools.mail_addresses import comparable
from schoolsms.domain.schools.schools import School
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
    ) -> int:
        """Mail `notice` to each address that has not had it; how many SES refused for good. Raises TransientError."""
        notice, refused = replace(notice, contact=self.contact), 0
        for address in to:
            one_id = f"{notice_id}:{digest_id(comparable(address))}"
            if not self.notices.claim(one_id, self.clock.now()):
                continue
            mail = OutboundMail(
                [address], notice.subject, notice.text, notice.html, attachments, in_reply_to, self.contact.email
            )
            try:
                self.mailer.send(mail)
            except RefusedError:
                refused += 1
            self.notices.sent(one_id)
        return refused

    def forgo(self, notice_id: str, to: Iterable[str]) -> None:
        """Count the notice as sent to each address, because another mail said the same."""
        for address in to:
            one_id = f"{notice_id}:{digest_id(comparable(address))}"
            if self.notices.claim(one_id, self.clock.now()):
                self.notices.sent(one_id)


def addresses(school: School) -> list[str]:
    """Of the people whom the school wants notified, each once: every manager, unless it keeps a list (R10)."""
    return school.notified_addresses()


def of_every_manager(school: School) -> list[str]:
    """The addresses of the registered managers, each once, whatever list the school keeps."""
    return list(dict.fromkeys(manager.email for manager in school.managers))
