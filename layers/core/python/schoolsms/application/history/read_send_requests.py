"""Read send requests: totals for the person who sent them, the history for managers (R36).

The history is walked newest request first, page by page, through the index of numbers if a number is searched. One call
reads a bounded amount, whatever the school sent, and its cursor is a place in an order that never changes, so that what
is sent meanwhile neither shows twice nor hides anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from schoolsms.application.ports.core import Clock, Schools, SendRequests, Slice
from schoolsms.application.sending.delivering.keep_totals import KeepTotals
from schoolsms.domain.errors import NotFoundError, RefusedError, not_of_this_list
from schoolsms.domain.history.history_messages import HistorySearch, Message, message_of
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import ended_at, school_year_of, year_labelled, zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.delivering.statuses import STATUSES, Status
from schoolsms.domain.sending.recipients import refusal
from schoolsms.domain.sending.send_requests import ORDER_KEY, SendRequest, moment_key, visible_to
from schoolsms.domain.texts.phone_numbers import ANYWHERE, Mobile, RefusedNumber, parse_mobile, why_invalid

MESSAGES_A_SLICE = 100
LOOKS = 60
"""Steps of one call, matching or not: a page of 50 messages is one, a batch of requests to choose from another."""

LOOKS_OF_A_NUMBER = LOOKS
"""Steps that a slice of the index of numbers, at most a mebibyte, counts for: one slice a call."""

FEWEST, MOST = 2, 20
"""Requests read at a time: few at first, because one often fills a page, then twice as many each time."""

_PAST = 99_999
"""A page number above that of any request."""

_cursor = re.compile(rf"({ORDER_KEY})\|([0-9]{{1,5}})\|([0-9]{{1,5}})")


@dataclass(frozen=True)
class Place:
    """Position at which a search goes on: request (by its order), page and message."""

    order_key: str = ""
    page: int = 0
    index: int = 0

    @classmethod
    def read(cls, cursor: str | None) -> Place:
        """Read what `str` wrote. Raises RefusedError."""
        if not cursor:
            return cls()
        read = _cursor.fullmatch(cursor)
        if read is None:
            raise not_of_this_list()
        return cls(read[1], int(read[2]), int(read[3]))

    def __str__(self) -> str:
        return f"{self.order_key}|{self.page}|{self.index}"


@dataclass(frozen=True)
class Look:
    """One step of a search: the messages found on page `at`, and where the next step starts (`after`)."""

    found: Sequence[Message]
    at: Place
    after: Place
    looks: int = 1

    def behind(self, message: Message) -> Place:
        """Return the position after a message that was found."""
        return Place(self.at.order_key, self.at.page, int(message.id.rpartition("-")[2]) + 1)


@dataclass(frozen=True)
class ReadSendRequests:
    requests: SendRequests
    schools: Schools
    clock: Clock
    totals: KeepTotals

    def show(self, caller: Caller, request_id: str) -> tuple[SendRequest, Mapping[Status, int]]:
        """A request and its messages by status. A sender sees only their own (R36); others' are not found."""
        request = visible_to(caller, self.requests.get(request_id))
        school = self.school(request.school)
        year = year_labelled(school.calendar, request.school_year)
        if year is None or ended_at(school.calendar, year) <= self.clock.now():
            raise NotFoundError("Cet envoi n'existe pas.")
        return request, self.totals.of(request)

    def history(self, caller: Caller, search: HistorySearch, cursor: str | None) -> Slice[Message]:
        """The messages of the current school year that fit `search`, newest request first."""
        uai = caller.require_school("sms_manager")
        found: list[Message] = []
        looks = 0
        for look in self.walk(uai, search, Place.read(cursor)):
            room = MESSAGES_A_SLICE - len(found)
            found += look.found[:room]
            if len(found) == MESSAGES_A_SLICE:
                return Slice(found, str(look.behind(found[-1])))
            looks += look.looks
            if looks >= LOOKS:
                return Slice(found, str(look.after))
        return Slice(found)

    def walk(self, uai: str, search: HistorySearch, place: Place, year: str | None = None) -> Iterator[Look]:
        """Steps through the current school year from `place` on. Raises RefusedError.

        `year` is the label of the year that is meant; once that is over nothing is found in it.
        """
        school = self.school(uai)
        wanted = _checked(search, school)
        current = self.current_year(school)
        if year in (None, current):
            yield from _Walk(self.requests, uai, current, wanted).looks(place)

    def current_year(self, school: School) -> str:
        """The label of the school year that is shown."""
        return school_year_of(school.calendar, school.local_day(self.clock.now())).label

    def school(self, uai: str) -> School:
        """Raises NotFoundError."""
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError("Votre établissement n'est pas enregistré. Contactez Kosmos.")
        return school


@dataclass(frozen=True)
class _Wanted:
    """A search, checked: instants, a number in E.164, an author to compare."""

    since: datetime | None
    until: datetime | None
    phone: str | None
    status: str | None
    author: str | None
    request_id: str | None

    def is_by(self, request: SendRequest) -> bool:
        return not self.author or self.author in request.shown_author.casefold()

    def fits(self, message: Message) -> bool:
        return self.phone in (None, message.phone) and self.status in (None, message.status)


@dataclass(frozen=True)
class _Walk:
    requests: SendRequests
    uai: str
    year: str
    wanted: _Wanted

    def looks(self, place: Place) -> Iterator[Look]:
        # "~" sorts after the key itself, so that the search goes on in this request.
        before = f"{place.order_key}~" if place.order_key else None
        if self.wanted.until:
            latest = f"{moment_key(self.wanted.until)}~"
            before = min(before, latest) if before else latest
        most = FEWEST
        while True:
            piece = self._slice(before, most)
            most = min(2 * most, MOST)
            for request, pages in piece.items:
                if self.wanted.since and request.accepted_at < self.wanted.since:
                    return
                if self.wanted.is_by(request):
                    yield from self._pages(request, pages, place if place.order_key == request.order_key else Place())
            if piece.cursor is None:
                return
            before = piece.cursor
            past = Place(before, _PAST)
            yield Look([], past, past, LOOKS_OF_A_NUMBER if self.wanted.phone else 1)

    def _slice(self, before: str | None, most: int) -> Slice[tuple[SendRequest, Sequence[int]]]:
        """Some requests, with the pages to look at."""
        if self.wanted.request_id:
            return Slice(self._named(self.wanted.request_id, before))
        if self.wanted.phone:
            named = self.requests.of_phone(self.uai, self.year, self.wanted.phone, before)
            return Slice([(each.request, each.pages) for each in named.items], named.cursor)
        piece = self.requests.of_school_year(self.uai, self.year, before, most)
        return Slice([(request, range(request.pages)) for request in piece.items], piece.cursor)

    def _named(self, request_id: str, before: str | None) -> Sequence[tuple[SendRequest, Sequence[int]]]:
        """The request of that id, if the school made it in this year, and before `before`."""
        request = self.requests.get(request_id)
        if request is None or (request.school, request.school_year) != (self.uai, self.year):
            return []
        return [] if before and request.order_key >= before else [(request, range(request.pages))]

    def _pages(self, request: SendRequest, pages: Sequence[int], start: Place) -> Iterator[Look]:
        for page in pages:
            if page >= start.page:
                first = start.index if page == start.page else 0
                found = [message for message in self._messages(request, page, first) if self.wanted.fits(message)]
                yield Look(found, Place(request.order_key, page), Place(request.order_key, page + 1))

    def _messages(self, request: SendRequest, page: int, start: int) -> Iterator[Message]:
        """The messages of a page from the index `start` on."""
        lines = [line for line in self.requests.lines(request, page) if line.index >= start]
        if lines:
            states = self.requests.states(request.id, lines[0].index, lines[-1].index)
            for line in lines:
                yield message_of(request, line, states.get(line.index))


def _checked(search: HistorySearch, school: School) -> _Wanted:
    """Raises RefusedError."""
    if search.status and search.status not in STATUSES:
        raise RefusedError(f"Ce statut n'existe pas. Ceux qui existent : {', '.join(STATUSES)}.", "unknown-status")
    mobile = parse_mobile(search.phone, ANYWHERE, territory(school.uai)) if search.phone else None
    if isinstance(mobile, RefusedNumber) and mobile.code == "invalid-number":
        # An empty history would say that nothing was sent to it.
        raise RefusedError(refusal(0, "", mobile.code, why=why_invalid(search.phone or "")).detail, mobile.code)
    return _Wanted(
        since=_instant(search.since, time.min, school),
        until=_instant(search.until, time.max, school),
        phone=mobile.e164 if isinstance(mobile, Mobile) else search.phone or None,
        status=search.status or None,
        author=search.author.casefold() if search.author else None,
        request_id=search.request_id or None,
    )


def _instant(given: date | datetime | None, at: time, school: School) -> datetime | None:
    if given is None or isinstance(given, datetime):
        return given
    try:
        return datetime.combine(given, at, zone(school.calendar)).astimezone(UTC)
    except OverflowError:  # the first or the last day there is: no clock makes a difference
        return datetime.combine(given, at, UTC)
