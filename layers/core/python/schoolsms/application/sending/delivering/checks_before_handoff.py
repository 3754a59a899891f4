"""Whether messages may go, read again each second, so that a suspension or a withdrawal stops the rest of a page."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from schoolsms.application.ports.core import Clock, Consents, Schools
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.delivering.failure_reasons import CancelCause
from schoolsms.domain.sending.delivering.handoffs import GROUP_SIZE
from schoolsms.domain.sending.send_requests import Line, SendRequest

FRESH = timedelta(seconds=1)
"""How long a permission or consent check stays valid. Later handoffs check again."""


class MayGo:
    """Whether the messages of a page may go. `turns` makes the locks of several threads."""

    def __init__(
        self,
        schools: Schools,
        consents: Consents,
        clock: Clock,
        turns: Callable[[], AbstractContextManager[object]],
        request: SendRequest,
        lines: Sequence[Line],
    ) -> None:
        self._standing = _Standing(schools, clock, turns(), request)
        self._consenting = _Consenting(consents, clock, turns(), lines, request.school)

    def why_not(self, line: Line) -> CancelCause | None:
        """Why the message of `line` may not go, as it was a second ago at most; None if it may."""
        return self._standing.why_not() or self._consenting.why_not(line)


class _Standing:
    """Whether a school may send, read again each second so that a suspension also stops the rest of a page (R27).

    A condition on every claim would cost more, a transaction over two tables. One thread reads and the others wait for
    its result, because a read each would cost a call a message.
    """

    def __init__(
        self, schools: Schools, clock: Clock, turn: AbstractContextManager[object], request: SendRequest
    ) -> None:
        self._schools, self._clock, self._turn, self._request = schools, clock, turn, request
        self._seen = self._look()

    def why_not(self) -> CancelCause | None:
        """Why nothing may go, as it was a second ago at most; None while it may."""
        with self._turn:
            if self._clock.now() - self._seen[0] >= FRESH:
                self._seen = self._look()
            return self._seen[1]

    def _look(self) -> tuple[datetime, CancelCause | None]:
        now = self._clock.now()
        return now, _why_not(self._schools.get(self._request.school), self._request, now)


class _Consenting:
    """Consents of the page, read for all of it at first, and again for those that still wait a second later.

    So a withdrawal or an erasure during a slow page stops the message (R24).
    """

    def __init__(
        self, consents: Consents, clock: Clock, turn: AbstractContextManager[object], lines: Sequence[Line], school: str
    ) -> None:
        self._consents, self._clock, self._turn, self._lines, self._school = consents, clock, turn, lines, school
        self._seen: dict[int, tuple[datetime, bool]] = {}

    def why_not(self, line: Line) -> CancelCause | None:
        """Why the message of `line` may not go, as it was a second ago at most; None if it may."""
        if line.erased:
            return "number-erased"
        with self._turn:
            seen = self._seen.get(line.index)
            if seen is None or self._clock.now() - seen[0] >= FRESH:
                self._look(line)
            return None if self._seen[line.index][1] else "consent-withdrawn"

    def _look(self, line: Line) -> None:
        """Read consents for the whole page, and later for the group around `line`: a call each."""
        now, start = self._clock.now(), self._lines.index(line) // GROUP_SIZE * GROUP_SIZE
        around = self._lines[start : start + GROUP_SIZE] if self._seen else self._lines
        granted = self._consents.granted(self._school, [each.phone for each in around])
        self._seen |= {each.index: (now, each.phone in granted) for each in around}


def _why_not(school: School | None, request: SendRequest, now: datetime) -> CancelCause | None:
    """R27: a suspension or termination stops what is queued, and so does the block of its author by a manager (R25).

    A subscription that ended after the request was due stops nothing. One that ended before it stops the request: a
    scheduled one, whose school left earlier than foreseen (R17).
    """
    if school is None:
        return "school-terminated"
    if school.state != "active":
        return "school-suspended" if school.state == "suspended" else "school-terminated"
    if school.blocks(request.author):
        return "sender-blocked"
    return None if school.subscribed(now) or school.subscribed(request.due_at) else "subscription-ended"
