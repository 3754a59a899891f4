"""List send requests: a sender's own, or all those of a manager's school (R29, R36).

One call reads a bounded number of requests and of their tallies, whatever the school sent.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from schoolsms.application.ports.core import Clock, Schools, SendRequests, Slice
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.sending.delivering.keep_totals import KeepTotals
from schoolsms.domain.errors import RefusedError, not_of_this_list
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import CalendarExhausted, school_year_of
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.delivering.statuses import Status
from schoolsms.domain.sending.send_requests import ORDER_KEY, ListedState, SendRequest, listed_state

REQUESTS_A_SLICE = 20
LOOKS = 15
"""Slices of the index that one call reads, for a sender who sent little in a school that sent much."""

_order_key = re.compile(ORDER_KEY).fullmatch


@dataclass(frozen=True)
class ListedRequest:
    """`author` for managers; `counts`: its messages by status, None if they were not counted yet, which reading the
    request itself does."""

    request: SendRequest
    state: ListedState
    author: str | None
    counts: Mapping[Status, int] | None


@dataclass(frozen=True)
class ListSendRequests:
    requests: SendRequests
    schools: Schools
    clock: Clock
    totals: KeepTotals

    def list(self, caller: Caller, state: str | None, cursor: str | None) -> Slice[ListedRequest]:
        """Those of the current school year, and those scheduled into the next, newest first. Raises RefusedError."""
        school = require_callers_school(self.schools, caller, "sms_sender", "sms_manager")
        wanted, now = _state(state), self.clock.now()
        found: list[ListedRequest] = []
        before = _checked(cursor)
        for piece in self._pieces(school, before):
            seen = [each for each in piece.items if caller.manages or each.author == caller.subject]
            counted = self.totals.of_several(seen)
            for request in seen:
                counts = counted.get(request.id)
                shown = listed_state(request, counts, now)
                if wanted in (None, shown):
                    author = request.shown_author if caller.manages else None
                    found.append(ListedRequest(request, shown, author, counts))
                    if len(found) == REQUESTS_A_SLICE and request is not piece.items[-1]:
                        return Slice(found, request.order_key)
            before = piece.cursor
            if len(found) == REQUESTS_A_SLICE:
                break
        return Slice(found, before)

    def _pieces(self, school: School, before: str | None) -> Iterator[Slice[SendRequest]]:
        years = self._years(school)
        for _ in range(LOOKS):
            piece = self._merged(school.uai, years, before)
            yield piece
            before = piece.cursor
            if before is None:
                return

    def _years(self, school: School) -> Sequence[str]:
        """The labels of the current school year and of the next, if its days are known."""
        current = school_year_of(school.calendar, school.local_day(self.clock.now()))
        try:
            return [current.label, school_year_of(school.calendar, current.end_exclusive).label]
        except CalendarExhausted:
            return [current.label]

    def _merged(self, uai: str, years: Sequence[str], before: str | None) -> Slice[SendRequest]:
        """Some requests of all `years`, newest first: as far back as each year was read."""
        pieces = [self.requests.of_school_year(uai, year, before, REQUESTS_A_SLICE) for year in years]
        reached = max((piece.cursor for piece in pieces if piece.cursor), default=None)
        read = [request for piece in pieces for request in piece.items]
        kept = [request for request in read if reached is None or request.order_key >= reached]
        return Slice(sorted(kept, key=lambda request: request.order_key, reverse=True), reached)


def _checked(cursor: str | None) -> str | None:
    if cursor and not _order_key(cursor):
        raise not_of_this_list()
    return cursor or None


def _state(written: str | None) -> ListedState | None:
    match written or None:
        case None | "scheduled" | "accepted" | "finished" | "cancelled" as known:
            return known
        case _:
            existing = ", ".join(get_args(ListedState))
            raise RefusedError(f"Cet état d'envoi n'existe pas. Ceux qui existent : {existing}.", "unknown-state")
