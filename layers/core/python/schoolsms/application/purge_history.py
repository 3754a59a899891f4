"""One step of the purge of a school year that ended: everything with a number or content goes (R38).

The state machine `Purge` repeats the step. Each request is counted once, by whoever comes first, then taken away; one
whose messages are not all settled is left until they are. A whole pass that finds nothing any more is the proof that
is certified. Whatever dies, runs twice or at once: what is left is what there is to do, and the first certificate
stands.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from schoolsms.application.ports import Clock, NoticeQueue, Schools, Slice
from schoolsms.application.ports_purges import PurgeableHistory, Purges, SchoolFiles
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.purges import GRACE, Certificate, PurgeableRequest, YearNotEnded
from schoolsms.domain.school_years import SchoolYear, ended_at, other_years, school_years
from schoolsms.domain.schools import School

T = TypeVar("T")
Source = Callable[[str | None], Slice[T]]
"""A list, from the cursor on."""

BUDGET = timedelta(seconds=20)
"""How long a step goes on to the next slice; with the last, be it of requests of 10,000, it stays under a minute."""

AFTER_WINDOW = timedelta(seconds=10)
"""What the end of a window is given to settle what is left of a request; then as long again, and again."""

UNSETTLED = timedelta(hours=1)
"""The longest wait for requests whose window ended and was not closed: an alarm told of them already."""


@dataclass(frozen=True)
class Progress:
    """`removed` items in this step; `waiting` requests that are not settled; not before `resume_at` goes it on."""

    done: bool
    resume_at: datetime
    removed: int = 0
    waiting: int = 0


@dataclass
class _Pass:
    removed: int = 0
    waiting: int = 0
    window_end: datetime | None = None

    def add(self, found: int | datetime) -> None:
        """Items taken away, or the end of the window of a request that was left."""
        if isinstance(found, int):
            self.removed += found
        else:
            self.waiting += 1
            self.window_end = max(found, self.window_end or found)


@dataclass(frozen=True)
class PurgeHistory:
    """`each` does a piece of work on several requests, at once if it likes."""

    schools: Schools
    history: PurgeableHistory
    files: Sequence[SchoolFiles]
    purges: Purges
    notices: NoticeQueue
    clock: Clock
    each: Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]

    def step(self, uai: str, label: str) -> Progress:
        """Do some of it. Raises YearNotEnded, NotFoundError, TransientError."""
        school, year = self._ended(uai, label)
        now = self.clock.now()
        until, made = now + BUDGET, _Pass()
        self.purges.started(uai, label, now)
        self._forget_beside(school, year, made)
        whole = self._walk(
            partial(self.history.requests, uai, label), partial(self._purge, uai, label), until, made
        ) and self._walk(
            partial(self.history.numbered, uai, label), partial(self._purge_number, uai, label), until, made
        )
        now = self.clock.now()
        if made.window_end and (whole or not made.removed):
            return Progress(False, _look_again(made.window_end, now), made.removed, made.waiting)
        if made.removed or not whole:
            return Progress(False, now, made.removed, made.waiting)
        self._certify(school, year)
        return Progress(True, now)

    def _ended(self, uai: str, label: str) -> tuple[School, SchoolYear]:
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError("Cet établissement n'est pas enregistré.")
        known = [*school_years(school.calendar), *other_years(school.calendar)]
        year = next((each for each in known if each.label == label), None)
        if year is None:
            raise NotFoundError("Cet établissement n'a pas cette année scolaire.")
        if self.clock.now() < ended_at(school.calendar, year) + GRACE:
            raise YearNotEnded("Cette année scolaire n'est pas terminée.")
        return school, year

    def _forget_beside(self, school: School, year: SchoolYear, made: _Pass) -> None:
        """What is kept for minutes or a day only."""
        end = ended_at(school.calendar, year)
        made.add(self.history.forget_recent(school.uai, end))
        for files in self.files:
            made.add(files.remove(school.uai, end + GRACE))

    def _walk(self, source: Source[T], work: Callable[[T], int | datetime], until: datetime, made: _Pass) -> bool:
        """Whether all were looked at, before the time was over: some at least."""
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

    def _purge(self, uai: str, label: str, request_id: str) -> int | datetime:
        """How many items were taken away, or until when the request has to be left."""
        remains = self.history.look(request_id)
        request = remains.request
        if request and not _is_of(request, uai, label):
            return 0  # the list is behind: an id that came again is of another year
        if request and not request.settled:
            return request.expires_at
        if request and not request.counted:
            self.history.count(uai, label, request_id, request.counts)
        self.history.remove(request_id, remains)
        return len(remains.keys)

    def _purge_number(self, uai: str, label: str, entry: tuple[str, str]) -> int:
        """The index of numbers, and through it what was written of requests that were never accepted."""
        request_id, place = entry
        remains, removed = self.history.look(request_id), 1
        if remains.request is None:
            self.history.remove(request_id, remains)
            removed += len(remains.keys)
        elif _is_of(remains.request, uai, label):
            return 0  # not settled: it was told of by `_purge`
        self.history.remove_number(uai, label, place)
        return removed

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
        # Told however often this is done, for it may have died just here; each manager is mailed once.
        self.notices.notice_due("history_purged", school=school.uai, school_year=year.label)


def _look_again(window_end: datetime, now: datetime) -> datetime:
    if now < window_end + AFTER_WINDOW:
        return window_end + AFTER_WINDOW
    return now + min(UNSETTLED, now - window_end)


def _is_of(request: PurgeableRequest, uai: str, label: str) -> bool:
    return (request.school, request.school_year) == (uai, label)
