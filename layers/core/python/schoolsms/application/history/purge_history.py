"""Do one step of the purge of an ended school year, after which nothing with a number or content is left (R38).

The state machine `Purge` repeats the step. Each request is counted once, by the first run, and then removed;
one whose messages are not all settled is left until they are. A whole pass that finds nothing is the proof that is
certified. If a run dies, runs twice or beside another, what is left is what there is to do, and the first certificate
counts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from schoolsms.application.ports.core import Clock, NoticeQueue, Schools, Slice
from schoolsms.application.ports.history.purges import PurgeableHistory, Purges, SchoolFiles
from schoolsms.application.ports.maintenance import Maintenance
from schoolsms.application.schools.callers_school import registered_school
from schoolsms.domain.errors import NotFoundError, UnderMaintenance
from schoolsms.domain.history.purges import GRACE, Attempt, Certificate, PurgeableRequest, Remains, YearNotEnded
from schoolsms.domain.schools.school_years import SchoolYear, ended_at, other_years, school_years
from schoolsms.domain.schools.schools import School

T = TypeVar("T")
Source = Callable[[str | None], Slice[T]]
"""A list, from the cursor on."""

BUDGET = timedelta(seconds=20)
"""Time in which a step begins another slice. With the last, even of requests of 30,000, it takes below 2 minutes."""

AFTER_WINDOW = timedelta(seconds=10)
"""The wait after the end of a window, in which the rest of a request is settled; repeated until it is."""

UNSETTLED = timedelta(hours=1)
"""The longest wait for requests whose window ended and was not closed; an alarm has reported them already."""


@dataclass(frozen=True)
class Progress:
    """Counts of the items that this step `removed` and of `waiting` requests, and when the next one is due."""

    done: bool
    resume_at: datetime
    removed: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class _Waiting:
    """A request that is not settled, and the end of its window."""

    request_id: str
    window_end: datetime


@dataclass
class _Pass:
    removed: int = 0
    left: dict[str, datetime] = field(default_factory=dict)

    def add(self, found: int | _Waiting) -> None:
        """Count removed items, or a request that was left, once even if two lists lead to it."""
        if isinstance(found, int):
            self.removed += found
        else:
            self.left[found.request_id] = found.window_end


@dataclass(frozen=True)
class PurgeHistory:
    """`each` applies a function to several requests, concurrently where the adapter can."""

    schools: Schools
    history: PurgeableHistory
    files: Sequence[SchoolFiles]
    purges: Purges
    notices: NoticeQueue
    clock: Clock
    each: Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
    maintenance: Maintenance

    def step(self, uai: str, label: str) -> Progress:
        """Do one step. Raises YearNotEnded, NotFoundError, TransientError; UnderMaintenance with nothing removed."""
        if self.maintenance.is_on():
            raise UnderMaintenance
        school, year = self._ended(uai, label)
        now = self.clock.now()
        until, made = now + BUDGET, _Pass()
        self.purges.started(uai, label, now)
        self._forget_beside(school, year, made)
        whole = (
            self._remove_replies(uai, label, until, made)
            and self._walk(partial(self.history.requests, uai, label), partial(self._purge, uai, label), until, made)
            and self._walk(
                partial(self.history.numbered, uai, label), partial(self._purge_attempt, uai, label), until, made
            )
        )
        now = self.clock.now()
        if made.left and (whole or not made.removed):
            return Progress(False, _look_again(max(made.left.values()), now), made.removed, len(made.left))
        if made.removed or not whole:
            return Progress(False, now, made.removed, len(made.left))
        self._certify(school, year)
        return Progress(True, now)

    def _ended(self, uai: str, label: str) -> tuple[School, SchoolYear]:
        school = registered_school(self.schools, uai)
        known = [*school_years(school.calendar), *other_years(school.calendar)]
        year = next((each for each in known if each.label == label), None)
        if year is None:
            raise NotFoundError("Cet établissement n'a pas cette année scolaire.")
        if self.clock.now() < ended_at(school.calendar, year) + GRACE:
            raise YearNotEnded("Cette année scolaire n'est pas terminée.")
        return school, year

    def _forget_beside(self, school: School, year: SchoolYear, made: _Pass) -> None:
        """Remove the items that are kept for minutes or a day only."""
        end = ended_at(school.calendar, year)
        made.add(self.history.forget_recent(school.uai, end))
        for files in self.files:
            made.add(files.delete_older_than(school.uai, end + GRACE))

    def _remove_replies(self, uai: str, label: str, until: datetime, made: _Pass) -> bool:
        """Remove some at least; whether all were gone before the time was over."""
        while removed := self.history.remove_replies(uai, label):
            made.add(removed)
            if self.clock.now() >= until:
                return False
        return True

    def _walk(self, source: Source[T], work: Callable[[T], int | _Waiting], until: datetime, made: _Pass) -> bool:
        """Visit some at least; whether all were visited before the time was over."""
        after = None
        while True:
            piece = source(after)
            for found in self.each(work, piece.items):
                made.add(found)
            after = piece.cursor
            if after is None:
                return True
            if self.clock.now() >= until:
                return False

    def _purge(self, uai: str, label: str, request_id: str) -> int | _Waiting:
        """Return the number of items removed, or the time until which the request has to be left."""
        remains = self.history.look(request_id)
        if remains.request and _is_of(remains.request, uai, label):
            return self._take_away(request_id, remains.request, remains)
        return 0  # the list is old: the request is gone, or its id came again in another year

    def _purge_attempt(self, uai: str, label: str, attempt: Attempt) -> int | _Waiting:
        """The index of numbers, and through it what was written of requests that were never accepted."""
        remains = self.history.look(attempt.request_id)
        if remains.request and _is_of(remains.request, uai, label):
            return self._take_away(attempt.request_id, remains.request, remains)
        # Only its own pages, because another attempt of a later year may use the same id.
        removed = self.history.remove_pages(attempt)
        self.history.remove_number(uai, label, attempt)
        return removed + 1

    def _take_away(self, request_id: str, request: PurgeableRequest, remains: Remains) -> int | _Waiting:
        # Once it is counted it is being removed, and some records of its messages may be gone.
        if not request.counted:
            if not request.settled:
                return _Waiting(request_id, request.expires_at)
            self.history.count(request_id, request)
        self.history.delete_request(request_id, remains)
        return len(remains.keys)

    def _certify(self, school: School, year: SchoolYear) -> None:
        now = self.clock.now()
        purge = self.purges.get(school.uai, year.label)
        self.purges.certify(
            Certificate(
                school=school.uai,
                school_year=year.label,
                first_day=year.start,
                last_day=year.last_day,
                started_at=purge.started_at or now,
                certified_at=now,
                before=purge.counted,
            )
        )
        # Queued each time, because a run may have died just here; each manager is still mailed once.
        self.notices.notice_due("history_purged", school=school.uai, school_year=year.label)


def _look_again(window_end: datetime, now: datetime) -> datetime:
    if now < window_end + AFTER_WINDOW:
        return window_end + AFTER_WINDOW
    return now + min(UNSETTLED, now - window_end)


def _is_of(request: PurgeableRequest, uai: str, label: str) -> bool:
    return (request.school, request.school_year) == (uai, label)
