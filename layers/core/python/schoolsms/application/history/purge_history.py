"""One step of the purge of a school year that ended: everything with a number or content goes (R38).

The state machine `Purge` repeats the step. Each request is counted once, by whoever comes first, then taken away; one
whose messages are not all settled is left until they are. A whole pass that finds nothing any more is the proof that
is certified. Whatever dies, runs twice or at once: what is left is what there is to do, and the first certificate
stands.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from schoolsms.application.ports.core import Clock, NoticeQueue, Schools, Slice
from schoolsms.application.ports.purges import PurgeableHistory, Purges, SchoolFiles
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.history.purges import GRACE, Attempt, Certificate, PurgeableRequest, Remains, YearNotEnded
from schoolsms.domain.schools.school_years import SchoolYear, ended_at, other_years, school_years
from schoolsms.domain.schools.schools import School

T = TypeVar("T")
Source = Callable[[str | None], Slice[T]]
"""A list, from the cursor on."""

BUDGET = timedelta(seconds=20)
"""How long a step goes on to the next slice; with the last, be it of requests of 30,000, it stays under two minutes."""

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
        """Items taken away, or a request that was left: two lists may lead to it."""
        if isinstance(found, int):
            self.removed += found
        else:
            self.left[found.request_id] = found.window_end


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

    def _remove_replies(self, uai: str, label: str, until: datetime, made: _Pass) -> bool:
        """Whether all are gone, before the time was over: some at least."""
        while removed := self.history.remove_replies(uai, label):
            made.add(removed)
            if self.clock.now() >= until:
                return False
        return True

    def _walk(self, source: Source[T], work: Callable[[T], int | _Waiting], until: datetime, made: _Pass) -> bool:
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

    def _purge(self, uai: str, label: str, request_id: str) -> int | _Waiting:
        """How many items were taken away, or until when the request has to be left."""
        remains = self.history.look(request_id)
        if remains.request and _is_of(remains.request, uai, label):
            return self._take_away(request_id, remains.request, remains)
        return 0  # the list is behind: it is gone, or the id came again in another year

    def _purge_attempt(self, uai: str, label: str, attempt: Attempt) -> int | _Waiting:
        """The index of numbers, and through it what was written of requests that were never accepted."""
        remains = self.history.look(attempt.request_id)
        if remains.request and _is_of(remains.request, uai, label):
            return self._take_away(attempt.request_id, remains.request, remains)
        # Its own pages alone: under the same id another attempt may stand, of a later year, or be about to.
        removed = self.history.remove_pages(attempt)
        self.history.remove_number(uai, label, attempt)
        return removed + 1

    def _take_away(self, request_id: str, request: PurgeableRequest, remains: Remains) -> int | _Waiting:
        # Once counted it is being taken away: of its messages' records some may be gone, and say nothing any more.
        if not request.counted:
            if not request.settled:
                return _Waiting(request_id, request.expires_at)
            self.history.count(request_id, request)
        self.history.remove(request_id, remains)
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
        # Told however often this is done, for it may have died just here; each manager is mailed once.
        self.notices.notice_due("history_purged", school=school.uai, school_year=year.label)


def _look_again(window_end: datetime, now: datetime) -> datetime:
    if now < window_end + AFTER_WINDOW:
        return window_end + AFTER_WINDOW
    return now + min(UNSETTLED, now - window_end)


def _is_of(request: PurgeableRequest, uai: str, label: str) -> bool:
    return (request.school, request.school_year) == (uai, label)
