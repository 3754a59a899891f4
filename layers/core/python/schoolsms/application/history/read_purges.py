"""Show managers and the operator the certificates of purges, and when the running year goes (R37, R38)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.ports.core import Clock, Schools, Slice
from schoolsms.application.ports.history.purges import Purges
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import not_of_this_list
from schoolsms.domain.history.purges import Certificate
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import SchoolYear, school_years


@dataclass(frozen=True)
class ReadPurges:
    schools: Schools
    purges: Purges
    clock: Clock

    def certificates(self, caller: Caller, cursor: str | None) -> tuple[Slice[Certificate], SchoolYear | None]:
        """The certificates, newest first: of the caller's school, with its running year; for the operator, of all."""
        if "operator" in caller.roles:
            caller.require("operator")
            return self.purges.all(cursor), None
        school = require_callers_school(self.schools, caller, "sms_manager")
        if cursor:
            raise not_of_this_list()  # a school has few, so that one slice has all of them
        today = school.local_day(self.clock.now())
        found: Sequence[Certificate] = self.purges.of_school(school.uai)
        running = (year for year in school_years(school.calendar) if year.start <= today < year.end_exclusive)
        return Slice(found), next(running, None)
