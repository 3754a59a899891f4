"""Announce the end of a school year 30 and 7 days before, and start the purge once it has ended (R37).

Runs every hour, with each school on its own clock. The ended year is not shown from the first second anyway, because
the history shows the running year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from schoolsms.application.ports.core import Clock, NoticeQueue, Schools
from schoolsms.application.ports.history.purges import PurgeableHistory, PurgeMachine, Purges
from schoolsms.application.schools.for_each_school import for_each_school
from schoolsms.domain.history.purges import GRACE
from schoolsms.domain.schools.school_years import Calendar, SchoolYear, ended_at, other_years, school_years, to_mend
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.subscription_ends import warning_due

WATCHED_FOR = timedelta(days=400)
"""Time for which an ended year is watched: until long after the table's TTL removed what was left of it."""

ATTEMPT_AFTER = timedelta(days=7)
"""Time after which a purge without certificate is started again: well after the last window has ended."""

OTHERS_AT = 3
"""The hour (UTC) at which years of other calendars are looked at; once a day, because few schools change theirs."""

APART = timedelta(milliseconds=500)
"""Time between the beginnings of purges that one run starts. The year of nearly all schools ends in the same night: at
once, their steps would take every function of the account, and nothing could be sent meanwhile."""


@dataclass
class Watched:
    """Result of one run: schools that got the announcement, purges started (`<uai> <year>`)."""

    announced: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class WatchSchoolYears:
    schools: Schools
    history: PurgeableHistory
    purges: Purges
    machine: PurgeMachine
    notices: NoticeQueue
    clock: Clock

    def calendars_to_mend(self) -> Sequence[Calendar]:
        """The calendars that need another row, or a published day in place of a projected one."""
        return to_mend(self.clock.now().date())

    def run(self) -> Watched:
        """Look at every school. Raises TransientError at the end if one of them failed."""
        done = Watched()
        for_each_school(self.schools, lambda school: self._look_at(school, self.clock.now(), done))
        return done

    def _look_at(self, school: School, now: datetime, done: Watched) -> None:
        today = school.local_day(now)
        if now.hour == OTHERS_AT:
            for other in other_years(school.calendar):
                if GRACE <= (since := now - ended_at(school.calendar, other)) < WATCHED_FOR:
                    self._start(school.uai, other.label, since // ATTEMPT_AFTER, done)
        for year in school_years(school.calendar):
            since = now - ended_at(school.calendar, year)
            if GRACE <= since < WATCHED_FOR:
                self._start(school.uai, year.label, since // ATTEMPT_AFTER, done)
            elif year.start <= today < year.end_exclusive:
                self._announce(school, year, today, done)

    def _start(self, uai: str, label: str, attempt: int, done: Watched) -> None:
        """Start a purge where something is left, or where one came to no end.

        Even if a certificate exists, because under another calendar a year of the same label may have gone on.
        """
        purge = self.purges.get(uai, label)
        if (purge.started_at and purge.certificate is None) or self.history.anything_left(uai, label):
            self.machine.start(uai, label, attempt, self.clock.now() + APART * len(done.started))
            done.started.append(f"{uai} {label}")

    def _announce(self, school: School, year: SchoolYear, today: date, done: Watched) -> None:
        """Announce the purge of a year with messages; an empty one is announced once something is sent."""
        if not warning_due(year.end_exclusive, today, None):
            return  # nothing has to be read long before the end
        due = warning_due(year.end_exclusive, today, self.purges.get(school.uai, year.label).announced)
        if due and self.history.anything_left(school.uai, year.label):
            # Queue first: if we die in between, it is queued again, and still mailed once.
            self.notices.notice_due(
                "purge_ahead", school=school.uai, school_year=year.label, end=due.end.isoformat(), days=str(due.days)
            )
            self.purges.announced(school.uai, year.label, due)
            done.announced.append(school.uai)
