"""Mails about the stock go to every manager: at the low level, and when nothing is left, each once a credit (R15)."""

from dataclasses import dataclass

from schoolsms.application.mails.send_once import MailOnce, addresses
from schoolsms.application.mails.words.balance import low_balance, stock_used_up
from schoolsms.application.ports.core import Ledger, Schools
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.ledger import Entry
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class MailStock:
    """Once a credit, because a release may lift the balance, and the next debit may cross the level again.

    Each method answers how many addresses SES refused for good.
    """

    schools: Schools
    ledger: Ledger
    mails: MailOnce
    order_inbox: str

    def low(self, uai: str, entry_id: str, threshold: int) -> int:
        """The debit `entry_id` took the balance to `threshold`, or below it."""
        school, entry = self._found(uai, entry_id)
        notice = low_balance(
            school_name=school.name,
            balance=entry.balance_after,
            threshold=threshold,
            at=entry.at,
            order_inbox=self.order_inbox,
        )
        return self.mails.send(_low_id(entry), notice, addresses(school))

    def used_up(self, uai: str, entry_id: str, threshold: int) -> int:
        """The debit `entry_id` took the last SMS. If it crossed `threshold` too, this mail says so for both."""
        school, entry = self._found(uai, entry_id)
        notice = stock_used_up(school_name=school.name, at=entry.at, order_inbox=self.order_inbox)
        refused = self.mails.send(f"stock_used_up:{uai}:{entry.last_credit}", notice, addresses(school))
        if entry.crosses(threshold):
            self.mails.forgo(_low_id(entry), addresses(school))
        return refused

    def _found(self, uai: str, entry_id: str) -> tuple[School, Entry]:
        school, entry = self.schools.get(uai), self.ledger.entry(uai, entry_id)
        if school is None or entry is None:
            raise TransientError("the debit to tell about is not there")
        return school, entry


def _low_id(entry: Entry) -> str:
    return f"low_balance:{entry.school}:{entry.last_credit}"
