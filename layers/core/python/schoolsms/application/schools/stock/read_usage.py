"""Show what a school's stock did each day, read from its ledger (R18).

One call reads no more of the ledger than its days, however long the ledger is.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from schoolsms.application.ports.core import Clock, Ledger, Schools, Slice
from schoolsms.application.schools.callers_school import school_to_read
from schoolsms.application.schools.stock.ledger_days import SLACK, midnight, number_from
from schoolsms.domain.errors import RefusedError, not_of_this_list
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.schools.stock.usage import DayUsage, usage_by_day

MOST_DAYS = 400
USUAL_DAYS = 30
ENTRIES_A_SLICE = 10_000
"""Entries after which a call ends with the day it has reached."""

_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


@dataclass(frozen=True)
class ReadUsage:
    """For managers of their own school, for the operator of the one that is named."""

    schools: Schools
    ledger: Ledger
    clock: Clock

    def days(
        self, caller: Caller, since: date | None, until: date | None, cursor: str | None, named: str | None = None
    ) -> Slice[DayUsage]:
        """The days with entries from `since` to `until`, oldest first; unless given, the last 30."""
        school = school_to_read(self.schools, caller, named)
        if school is None:
            raise RefusedError("Nommez un établissement par son UAI (school).", "school-required")
        last = until or school.local_day(self.clock.now())
        first = since or last - timedelta(days=USUAL_DAYS - 1)
        if not 0 <= (last - first).days < MOST_DAYS:
            raise RefusedError(f"Une période a un début, une fin, et {MOST_DAYS} jours au plus.", "invalid-period")
        if cursor:
            first = _checked(cursor, first, last)
        read, reached = self._read(school, first, last)
        days = usage_by_day(read, zone(school.calendar), first, reached)
        return Slice(days, (reached + timedelta(days=1)).isoformat() if reached < last else None)

    def _read(self, school: School, first: date, last: date) -> tuple[list[Entry], date]:
        """The entries that may be of the days from `first` on, and the last day that is read whole."""
        clock, read, reached = zone(school.calendar), list[Entry](), last
        end = midnight(school, last + timedelta(days=1))
        number = number_from(self.ledger, school.uai, midnight(school, first))
        for entry in self.ledger.entries_from(school.uai, number):
            if entry.at >= end + 2 * SLACK:
                break
            read.append(entry)
            if len(read) == ENTRIES_A_SLICE:
                reached = min(last, max(first, *(each.at.astimezone(clock).date() for each in read)))
                end = midnight(school, reached + timedelta(days=1))
        return read, reached


def _checked(cursor: str, first: date, last: date) -> date:
    """Raises RefusedError for a cursor that this period did not hand out."""
    try:
        day = date.fromisoformat(cursor) if _day(cursor) else None
    except ValueError:
        day = None
    if day is None or not first < day <= last:
        raise not_of_this_list()
    return day
