"""Mails about the end of a subscription go to every manager, each once (R17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.subscriptions import balance_forfeited, subscription_ending
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock.ledger import forfeited_end

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk


@dataclass(frozen=True)
class SubscriptionEnding:
    """The subscription ends on `end`, in `days` days; nothing to say if it was prolonged, or if no SMS is left."""

    kind: ClassVar = "subscription_ending"
    school: str
    end: str
    days: str

    def send(self, desk: MailDesk) -> int:
        school, left, end = desk.school(self.school), desk.ledger.balance(self.school).sms, date.fromisoformat(self.end)
        if school.subscription_end != end or not left:
            return 0
        notice = subscription_ending(school_name=school.name, balance=left, end=end, may_send=school.state == "active")
        return desk.mail_managers(f"{self.kind}:{self.school}:{end}:{int(self.days)}", notice, school)


@dataclass(frozen=True)
class BalanceForfeited:
    """The subscription has ended, and `entry` took the SMS that were left."""

    kind: ClassVar = "balance_forfeited"
    school: str
    entry: str

    def send(self, desk: MailDesk) -> int:
        school, entry = desk.school(self.school), desk.ledger.entry(self.school, self.entry)
        if entry is None:
            raise TransientError("the forfeiture of the notice is not there")
        notice = balance_forfeited(
            school_name=school.name,
            sms=-entry.amount,
            end=forfeited_end(entry),
            found_on=school.local_day(entry.at),
        )
        return desk.mail_managers(f"{self.kind}:{entry.id}", notice, school)
