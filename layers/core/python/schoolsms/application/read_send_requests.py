"""What is read of send requests: totals by who sent them, the history by managers (R36)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from schoolsms.application.ports import Clock, Schools, SendRequests, Slice
from schoolsms.domain.access import Caller
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.ids import message_id, split_message_id
from schoolsms.domain.phone_numbers import Mobile, parse_mobile
from schoolsms.domain.school_years import school_year_of
from schoolsms.domain.send_requests import Line, MessageState, SendRequest, totals
from schoolsms.domain.statuses import STATUSES, Status

MESSAGES_A_SLICE = 100
REQUESTS_LOOKED_AT = 200
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
        uai = caller.require_school("sms_sender", "sms_manager")
        request = self.requests.get(request_id)
        if request is None or request.school != uai or not (caller.manages or request.author == caller.subject):
            raise NotFoundError("Cet envoi n'existe pas.")
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
        found: list[Message] = []
        for looked_at, request in enumerate(self._requests(uai, year, search, cursor)):
            start = _index_after(cursor, request.id)
            for message in self._messages(request, start):
                if _fits(message, search):
                    found.append(message)
                    if len(found) == MESSAGES_A_SLICE:
                        # "~" sorts after the key itself: on in this request, whatever was sent meanwhile.
                        return Slice(found, f"{request.order_key}~|{message.id}")
            if looked_at == REQUESTS_LOOKED_AT:
                return Slice(found, f"{request.order_key}|")
        return Slice(found)

    def _requests(self, uai: str, year: str, search: HistorySearch, cursor: str | None) -> Iterator[SendRequest]:
        """The requests to look at, from where `cursor` stopped."""
        before: str | None = (cursor or "").partition("|")[0] or None
        while True:
            piece = self.requests.of_school_year(uai, year, before)
            for request in piece.items:
                if search.since and request.accepted_at < search.since:
                    return
                if not (search.until and request.accepted_at > search.until):
                    yield request
            if piece.cursor is None:
                return
            before = piece.cursor

    def _messages(self, request: SendRequest, start: int) -> Iterator[Message]:
        for page in range(request.pages):
            lines = [line for line in self.requests.lines(request, page) if line.index >= start]
            if not lines:
                continue
            states = self.requests.states(request.id, lines[0].index, lines[-1].index)
            for line in lines:
                yield _message(request, line, states.get(line.index))


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


def _index_after(cursor: str | None, request_id: str) -> int:
    """Where to go on in the request the cursor stopped in; 0 in any other."""
    parts = split_message_id((cursor or "").partition("|")[2])
    return parts[1] + 1 if parts and parts[0] == request_id else 0
