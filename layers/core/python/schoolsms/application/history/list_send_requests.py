"""List send requests: a sender's own, or all those of a manager's school (R29, R36).

The list shows no totals, because counting the messages of each request would cost as much as the request is large; the
request itself shows them. One call reads a bounded number of requests, whatever the school sent.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from schoolsms.application.ports.core import Clock, Schools, SendRequests, Slice
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import RefusedError, not_of_this_list
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import CalendarExhausted, school_year_of
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.send_requests import ListedState, SendRequest, listed_state

REQUESTS_A_SLICE = 20
LOOKS = 15
"""Slices of the index that one call reads, for a sender who sent little in a school that sent much."""

_order_key = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}#[A-Z0-9]{14}").fullmatch


@dataclass(frozen=True)
class ListSendRequests:
    requests: SendRequests
    schools: Schools
    clock: Clock

    def list(
        self, caller: Caller, state: str | None, cursor: str | None
    ) -> Slice[tuple[SendRequest, ListedState, str | None]]:
        """Those of the current school year, and those scheduled into the next, newest first, each with its state and,
        for managers, its author. Raises RefusedError.
        """
        school = require_callers_school(self.schools, caller, "sms_sender", "sms_manager")
        wanted, now = _state(state), self.clock.now()
        found: list[tuple[SendRequest, ListedState, str | None]] = []
        before = _checked(cursor)
        for piece in self._pieces(school, before):
            for request in piece.items:
                shown = listed_state(request, now)
                if wanted in (None, shown) and (caller.manages or request.author == caller.subject):
                    found.append((request, shown, request.shown_author if caller.manages else None))
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
