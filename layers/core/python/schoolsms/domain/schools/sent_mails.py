"""Mails that the service sent, and what became of them: SES says whether their addresses took them (R10, R48)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FateKind = Literal["delivered", "bounced", "complained"]
MailState = Literal["sent", "refused", "delivered", "bounced", "complained"]

RANKS: dict[MailState, int] = {"sent": 0, "refused": 1, "delivered": 2, "bounced": 3, "complained": 4}
"""The higher one stays: events come in any order, and a mail may bounce after a server took it."""


@dataclass(frozen=True)
class SentMail:
    """`id` is SES's, or our own of a mail that SES refused; `school` is "" for one to the operator or to a stranger."""

    id: str
    school: str
    to: str
    subject: str
    sent_at: datetime
    state: MailState = "sent"
    state_at: datetime | None = None
    code: str = ""
    """SMTP's status or SES's kind of bounce: "5.1.1", "Suppressed"."""


@dataclass(frozen=True)
class MailFate:
    """An event about the mail `mail_id`. `permanent`: no later mail to `addresses` will arrive either."""

    mail_id: str
    state: FateKind
    addresses: tuple[str, ...]
    at: datetime
    code: str = ""
    permanent: bool = False

    @property
    def rank(self) -> int:
        """How grave it is. A bounce for the moment tells nothing new of a mail that a server took: SES says the same of
        an answer « je suis en congé »."""
        return RANKS[self.state] if self.permanent or self.state != "bounced" else RANKS["delivered"] - 1


@dataclass(frozen=True)
class AddressMark:
    """An address that takes no mail any more, since when, and how one knows."""

    state: FateKind
    since: datetime
    code: str = ""
    mail_id: str = ""
    """The mail that came back; "" of marks from before it was kept."""
