"""What is read of send requests: totals by who sent them, the history by managers (R36)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from schoolsms.application.ports import Clock, Schools, SendRequests, Slice
from schoolsms.domain.access import Caller
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.ids import message_id
from schoolsms.domain.phone_numbers import Mobile, parse_mobile
from schoolsms.domain.school_years import school_year_of
from schoolsms.domain.send_requests import Line, MessageState, SendRequest, moment_key, totals
from schoolsms.domain.statuses import STATUSES, Status

MESSAGES_A_SLICE = 100
PAGES_LOOKED_AT = 60
"""How far one search looks before it gives a cursor to go on from, found or not."""


@dataclass(frozen=True)
class Message:
    """One message of the history: `sms_count` is what was debited for it."""

    id: str
    request_id: str
    text: str
    phone: str
    sms_count: int
    status: Status
    author: str
    accepted_at: datetime
    final_at: datetime | None


@dataclass(frozen=True)
class HistorySearch:
    """What is looked for; None means any. `since` and `until` bound the acceptance, both inclusive."""

    since: datetime | None = None
    until: datetime | None = None
    phone: str | None = None
    status: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class ReadSendRequests:
    requests: SendRequests
    schools: Schools
    clock: Clock

    def show(self, caller: Caller, request_id: str) -> tuple[SendRequest, Mapping[Status, int]]:
        """A request and its messages by status. A sender sees only their own (R36); others' are not found."""
        request = visible_to(caller, self.requests.get(request_id))
        states = list(self.requests.states(request.id).values())
        return request, totals(request.accepted, states, cancelled=request.cancelled)

    def history(self, caller: Caller, search: HistorySearch, cursor: str | None) -> Slice[Message]:
        """The messages of the current school year that fit `search`, newest request first."""
        uai = caller.require_school("sms_manager")
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError("Votre établissement n'est pas enregistré. Contactez Kosmos.")
        _check(search)
        year = school_year_of(school.calendar, school.local_day(self.clock.now())).label
        place = _Place.read(cursor)
        found: list[Message] = []
        for looked_at, (request, page) in enumerate(self._pages(uai, year, search, place)):
            if looked_at == PAGES_LOOKED_AT:
                return Slice(found, str(_Place(request.order_key, page)))
            start = place.index if place.is_in(request, page) else 0
            for index, message in self._messages(request, page, start):
                if _fits(message, search):
                    found.append(message)
                    if len(found) == MESSAGES_A_SLICE:
                        return Slice(found, str(_Place(request.order_key, page, index + 1)))
        return Slice(found)

    def _pages(self, uai: str, year: str, search: HistorySearch, place: "_Place") -> Iterator[tuple[SendRequest, int]]:
        """The pages to look at, from `place` on."""
        # "~" sorts after the key itself: on in this request, whatever was sent meanwhile.
        before = f"{place.order_key}~" if place.order_key else None
        if before is None and search.until:
            before = f"{moment_key(search.until)}~"
        while True:
            piece = self.requests.of_school_year(uai, year, before)
            for request in piece.items:
                if search.since and request.accepted_at < search.since:
                    return
                first = place.page if request.order_key == place.order_key else 0
                yield from ((request, page) for page in range(first, request.pages))
            if piece.cursor is None:
                return
            before = piece.cursor

    def _messages(self, request: SendRequest, page: int, start: int) -> Iterator[tuple[int, Message]]:
        """The messages of a page from the index `start` on, each with its index."""
        lines = [line for line in self.requests.lines(request, page) if line.index >= start]
        if lines:
            states = self.requests.states(request.id, lines[0].index, lines[-1].index)
            for line in lines:
                yield line.index, _message(request, line, states.get(line.index))


def visible_to(caller: Caller, request: SendRequest | None) -> SendRequest:
    """`request`, if it is the caller's own or of the school they manage; others' are not found (R2, R36)."""
    uai = caller.require_school("sms_sender", "sms_manager")
    if request is None or request.school != uai or not (caller.manages or request.author == caller.subject):
        raise NotFoundError("Cet envoi n'existe pas.")
    return request


@dataclass(frozen=True)
class _Place:
    """Where a search goes on: in which request (by its order), on which page, from which message."""

    order_key: str = ""
    page: int = 0
    index: int = 0

    @classmethod
    def read(cls, cursor: str | None) -> "_Place":
        """What `str` wrote. Raises RefusedError."""
        if not cursor:
            return cls()
        order_key, *numbers = cursor.split("|")
        if not order_key or len(numbers) != 2 or not all(each.isascii() and each.isdigit() for each in numbers):
            raise RefusedError("Ce curseur n'est pas de cette liste.", "invalid-cursor")
        return cls(order_key, int(numbers[0]), int(numbers[1]))

    def __str__(self) -> str:
        return f"{self.order_key}|{self.page}|{self.index}"

    def is_in(self, request: SendRequest, page: int) -> bool:
        return (request.order_key, page) == (self.order_key, self.page)


def _message(request: SendRequest, line: Line, state: MessageState | None) -> Message:
    unclaimed: Status = "cancelled" if request.cancelled else "queued"
    return Message(
        id=message_id(request.id, line.index),
        request_id=request.id,
        text=line.text,
        phone=line.phone,
        sms_count=line.cost_sms,
        status=state.shown() if state else unclaimed,
        author=request.author_name or request.author,
        accepted_at=request.accepted_at,
        final_at=state.final_at if state else None,
    )


def _check(search: HistorySearch) -> None:
    if search.status and search.status not in STATUSES:
        raise RefusedError("Ce statut n'existe pas.", "unknown-status")


def _fits(message: Message, search: HistorySearch) -> bool:
    if search.phone:
        mobile = parse_mobile(search.phone)
        if message.phone != (mobile.e164 if isinstance(mobile, Mobile) else search.phone):
            return False
    return (not search.status or message.status == search.status) and (
        not search.author or search.author.casefold() in message.author.casefold()
    )
