"""Show managers what recipients answered in the running school year (R24, R36)."""

from dataclasses import dataclass

from schoolsms.application.ports.core import Clock, Schools, Slice
from schoolsms.application.ports.history.replies import Replies
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.consents.replies import KeptReply
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import school_year_of


@dataclass(frozen=True)
class ReadReplies:
    schools: Schools
    replies: Replies
    clock: Clock

    def list(self, caller: Caller, cursor: str | None) -> Slice[KeptReply]:
        """Newest first. Raises Forbidden, NotFoundError, RefusedError."""
        school = require_callers_school(self.schools, caller, "sms_manager")
        year = school_year_of(school.calendar, school.local_day(self.clock.now()))
        return self.replies.of_school_year(school.uai, year.label, cursor)
