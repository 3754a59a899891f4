"""Show managers how many school days their stock lasts at the pace of the last weeks (R14)."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from schoolsms.application.ports.core import Clock, Ledger, Schools
from schoolsms.application.ports.holidays import LocalHolidays
from schoolsms.application.ports.walks import every_item
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.schools.stock.read_usage import ReadUsage
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.outlook import WEEKS, Outlook, outlook
from schoolsms.domain.schools.uai import department_prefix


@dataclass(frozen=True)
class ReadOutlook:
    schools: Schools
    ledger: Ledger
    usage: ReadUsage
    holidays: LocalHolidays
    clock: Clock

    def show(self, caller: Caller) -> Outlook:
        """The outlook for the caller's school, from the four weeks up to today, or since it was first credited."""
        school = require_callers_school(self.schools, caller, "sms_manager")
        last = school.local_day(self.clock.now())
        first = last - WEEKS
        began = self.ledger.entry_numbered(school.uai, 1)
        if began:
            first = min(last, max(first, school.local_day(began.at)))
        days = every_item(partial(self.usage.days, caller, first, last))
        spent = -sum(day.amounts.get("debit", 0) + day.amounts.get("release", 0) for day in days)
        balance = self.ledger.balance(school.uai).sms
        return outlook(balance, spent, first, last, partial(self._works, school))

    def _works(self, school: School, day: date) -> bool:
        """Monday to Friday but public holidays; the holidays of schools are not known here."""
        return day.weekday() < 5 and not self.holidays.name_of(day, school.country, department_prefix(school.uai))
