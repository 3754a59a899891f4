"""Record what became of a mail, and mark the address that takes no mail any more (R10)."""

from dataclasses import dataclass

from schoolsms.application.ports.accounts.sent_mails import SentMails
from schoolsms.domain.schools.sent_mails import MailFate


@dataclass(frozen=True)
class RecordMailFates:
    """Safe to repeat and in any order: the gravest fate of a mail stays, and what an address did last counts.

    One thing is not seen: a first bounce that is reported after a later delivery marks its address until the next one.
    """

    sent_mails: SentMails

    def record(self, fate: MailFate) -> int:
        """Return how many addresses are newly known to take no mail: the operator is to find others."""
        self.sent_mails.settle(fate)
        if fate.state == "delivered":
            for address in fate.addresses:
                self.sent_mails.unmark(address, fate)
            return 0
        if not fate.permanent:
            return 0
        return sum(self.sent_mails.mark(address, fate) for address in fate.addresses)
