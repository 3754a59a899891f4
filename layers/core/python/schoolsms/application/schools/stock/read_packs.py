"""Show the pack that a school was using on a past day, whose price caps damages for that day (R18, §6)."""

from dataclasses import dataclass
from datetime import date, timedelta

from schoolsms.application.ports.core import Clock, Ledger, Schools
from schoolsms.application.schools.callers_school import school_to_read
from schoolsms.application.schools.stock.find_packs import FindPacks
from schoolsms.application.schools.stock.ledger_days import last_before, midnight
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.orders.pack_in_use import LotLeft
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class PackOfDay:
    """Balance and pack in use of a school when `day` ended there, or now if it has not ended."""

    school: School
    day: date
    balance_sms: int
    pack_in_use: LotLeft | None


@dataclass(frozen=True)
class ReadPacks:
    """For managers of their own school, for the operator of the one that is named."""

    schools: Schools
    ledger: Ledger
    packs: FindPacks
    clock: Clock

    def on(self, caller: Caller, day: date | None, named: str | None = None) -> PackOfDay:
        """The pack of `day`, of today unless it is given."""
        school = school_to_read(self.schools, caller, named)
        if school is None:
            raise RefusedError("Nommez un établissement par son UAI (school).", "school-required")
        today = school.local_day(self.clock.now())
        day = day or today
        if day > today:
            raise RefusedError("Ce jour n'est pas encore venu.", "invalid-period")
        last = last_before(self.ledger, school.uai, midnight(school, day + timedelta(days=1)))
        if last is None:
            return PackOfDay(school, day, 0, None)
        stock = self.packs.after(school.uai, last.seq, last.balance_after)
        return PackOfDay(school, day, last.balance_after, stock.in_use)
