"""Mails about the end of a subscription go to every manager, each once (R17)."""

from dataclasses import dataclass
from datetime import date

from schoolsms.application.mails.send_once import MailOnce, addresses
from schoolsms.application.mails.words.subscriptions import balance_forfeited, subscription_ending
from schoolsms.application.ports.core import Ledger, Schools
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.ledger import forfeited_end
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class MailSubscriptionEnds:
    """Each method answers how many addresses SES refused for good."""

    schools: Schools
    ledger: Ledger
    mails: MailOnce

    def ending(self, uai: str, end: date, days: int) -> int:
        """What will be lost, as it stands now; nothing if that end was moved meanwhile, or nothing is left."""
        school, left = self._school(uai), self.ledger.balance(uai).sms
        if school.subscription_end != end or not left:
            return 0
        notice = subscription_ending(school_name=school.name, balance=left, end=end, may_send=school.state == "active")
        return self.mails.send(f"subscription_ending:{uai}:{end}:{days}", notice, addresses(school))

    def forfeited(self, uai: str, entry_id: str) -> int:
        """What was lost."""
        school, entry = self._school(uai), self.ledger.entry(uai, entry_id)
        if entry is None:
            raise TransientError("the forfeiture to tell about is not there")
        notice = balance_forfeited(
            school_name=school.name,
            sms=-entry.amount,
            end=forfeited_end(entry),
            found_on=school.local_day(entry.at),
        )
        return self.mails.send(f"balance_forfeited:{entry.id}", notice, addresses(school))

    def _school(self, uai: str) -> School:
        school = self.schools.get(uai)
        if school is None:
            raise TransientError("the school to tell is not there")
        return school
