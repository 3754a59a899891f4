"""Ports of the end of a subscription (R17). Every method may raise TransientError."""

from datetime import date, datetime
from typing import Protocol

from schoolsms.application.ports.core import Ledger
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.schools.stock.subscription_ends import Warned


class EndedLedger(Ledger, Protocol):
    """A ledger that can be emptied."""

    def forfeit(self, school: School, at: datetime) -> Entry | None:
        """Post that all that is left is forfeited, and note that its mail is due, in one transaction.

        None, and nothing written, if nothing is left, if the subscription no longer ends as `school` says, or if the
        mail of an earlier forfeiture is still due.
        """


class SubscriptionEnds(Protocol):
    """Mails to managers about the end of their subscription, recorded with the school."""

    def warned(self, uai: str, warned: Warned) -> None:
        """Remember the warning."""

    def consents_offered(self, uai: str, end: date) -> None:
        """Remember that its proofs of consent were offered to the school before that end."""

    def forfeiture_notice_queued(self, uai: str, entry_id: str) -> None:
        """Note that the mail of that forfeiture is queued."""
