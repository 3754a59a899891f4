"""Port of what became of sent mails. Every method may raise TransientError."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.sent_mails import AddressMark, MailFate, SentMail


class SentMails(Protocol):
    """Mails by their ids, those of a school by time, and the addresses that take none any more."""

    def settle(self, fate: MailFate) -> bool:
        """Write what became of a mail, also before the mail itself is recorded; whether it changed anything."""

    def mark(self, address: str, fate: MailFate) -> bool:
        """Remember that the address takes no mail, unless it took one after `fate`; whether that is new."""

    def unmark(self, address: str, fate: MailFate) -> None:
        """Forget a bounce of the address from before `fate`, which delivered a mail to it."""

    def marks(self, addresses: Iterable[str]) -> Mapping[str, AddressMark]:
        """Those of `addresses` that take no mail."""

    def marked(self, cursor: str | None) -> Slice[AddressMark]:
        """The marks of addresses that take no mail, the first marked first. They do not have the addresses."""

    def mail(self, mail_id: str) -> SentMail | None:
        """One mail, once it is recorded that it was sent."""

    def of_school(self, uai: str, cursor: str | None) -> Slice[SentMail]:
        """Newest first."""
