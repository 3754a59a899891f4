"""Mails about the stock go to every manager: at the low level, and when nothing is left, each once a credit (R15).

Once a credit, because a release may lift the balance, and the next debit may cross the level again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.balance import low_balance, stock_used_up
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk
    from schoolsms.domain.schools.stock.ledger import Entry


@dataclass(frozen=True)
class LowBalance:
    """The entry `entry` took the balance to `threshold`, or below it."""

    kind: ClassVar = "low_balance"
    school: str
    entry: str
    threshold: str

    def send(self, desk: MailDesk) -> int:
        school, entry = desk.school(self.school), _taken(desk, self.school, self.entry)
        notice = low_balance(
            school_name=school.name,
            balance=entry.balance_after,
            threshold=int(self.threshold),
            at=entry.at,
            order_inbox=desk.order_inbox,
            public_url=desk.public_url,
        )
        return desk.mail_managers(_low_id(entry), notice, school)


@dataclass(frozen=True)
class StockUsedUp:
    """The entry `entry` took the last SMS. If it crossed `threshold` too, this mail says so for both."""

    kind: ClassVar = "stock_used_up"
    school: str
    entry: str
    threshold: str

    def send(self, desk: MailDesk) -> int:
        school, entry = desk.school(self.school), _taken(desk, self.school, self.entry)
        notice = stock_used_up(
            school_name=school.name, at=entry.at, order_inbox=desk.order_inbox, public_url=desk.public_url
        )
        refused = desk.mail_managers(f"{self.kind}:{self.school}:{entry.last_credit}", notice, school)
        if entry.crosses(int(self.threshold)):
            desk.mails.forgo(_low_id(entry), school.notified_addresses())
        return refused


def _taken(desk: MailDesk, uai: str, entry_id: str) -> Entry:
    entry = desk.ledger.entry(uai, entry_id)
    if entry is None:
        raise TransientError("the entry of the notice is not there")
    return entry


def _low_id(entry: Entry) -> str:
    return f"{LowBalance.kind}:{entry.school}:{entry.last_credit}"
