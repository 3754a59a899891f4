"""Searching the history, and how much of it one call reads (R36)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from schoolsms.application.history import read_send_requests
from schoolsms.application.ports.core import SendRequests
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import Calendar
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.builders import A_MANAGER, A_SENDER, NOW, SCHOOL, UAI
from tests.support.paging import found, slices
from tests.support.sending import Sending, command, phone, phones

ALL = HistorySearch()
NOBODY = Caller("", "", "", frozenset())
COLLEAGUE = replace(A_SENDER, subject="user-3", email="noe.roux@lycee.test")


@pytest.mark.parametrize("rare", [{"status": "sent"}, {"author": "noe"}, {"phone": phone(99)}])
def test_a_rare_message_is_found_however_many_requests_lie_before_it(
    monkeypatch: pytest.MonkeyPatch, rare: dict[str, str]
) -> None:
    """A search stops looking now and then, and gives a cursor even when it found nothing yet."""
    monkeypatch.setattr(read_send_requests, "LOOKS", 2)
    sending = Sending()
    wanted = sending.accept(command(recipients=[phone(99)]), caller=COLLEAGUE).request
    sending.dispatch(wanted)
    for _ in range(75):
        sending.clock.advance(timedelta(seconds=1))
        sending.accepted(phone(1))
    pieces = list(slices(sending, HistorySearch(**rare)))  # type: ignore[arg-type]
    assert [message.request_id for piece in pieces for message in piece] == [wanted.id]
    assert pieces[0] == []


def test_the_history_is_searched_by_request() -> None:
    """§5."""
    sending = Sending(stock=200)
    wanted = sending.accept(command(recipients=phones(60))).request
    sending.clock.advance(timedelta(seconds=1))
    other = sending.accepted(phone(1))
    for request, count in ((wanted, 60), (other, 1)):
        pieces = list(slices(sending, HistorySearch(request_id=request.id)))
        assert [message.request_id for piece in pieces for message in piece] == [request.id] * count


def test_a_long_request_is_searched_on_by_its_cursor() -> None:
    sending = Sending(stock=500)
    request = sending.accept(command(recipients=phones(250))).request
    pieces = list(slices(sending, HistorySearch(request_id=request.id)))
    assert [len(piece) for piece in pieces] == [100, 100, 50]


def test_a_request_of_another_school_or_none_has_no_history_here() -> None:
    """R2."""
    sending = Sending()
    request = sending.accepted()
    sending.requests.known[request.id] = replace(request, school="0750654D")
    for request_id in (request.id, "REQUESTAAAAAAA"):
        assert list(slices(sending, HistorySearch(request_id=request_id))) == [[]]


class Counting:
    """Requests that count the pages read of them."""

    def __init__(self, sending: Sending) -> None:
        self.read: list[tuple[str, int]] = []
        self._requests = sending.requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def lines(self, request: SendRequest, page: int) -> Any:
        self.read.append((request.id, page))
        return self._requests.lines(request, page)


@pytest.mark.parametrize(
    ("search", "read"), [({"phone": phone(120)}, [("first", 2)]), ({"author": "noe"}, [("last", 0)])]
)
def test_of_a_number_and_of_an_author_only_their_own_pages_are_read(
    search: dict[str, str], read: list[tuple[str, int]]
) -> None:
    sending = Sending(stock=1_000)
    ids = {"first": sending.accepted(*phones(150)).id}
    sending.clock.advance(timedelta(seconds=1))
    ids["last"] = sending.accept(command(), caller=COLLEAGUE).request.id
    counting = Counting(sending)
    reading = replace(sending.reading, requests=cast(SendRequests, counting))

    assert reading.history(A_MANAGER, HistorySearch(**search), None).items  # type: ignore[arg-type]
    assert counting.read == [(ids[name], page) for name, page in read]


@pytest.mark.parametrize("search", [{}, {"status": "delivered"}, {"phone": phone(7)}, {"author": "zoe"}])
def test_one_call_reads_no_more_of_a_long_history_than_of_a_short_one(search: dict[str, str]) -> None:
    read = []
    for requests in (1, 80):
        sending = Sending(replace(SCHOOL, daily_limit=100_000), stock=100_000)
        for _ in range(requests):
            sending.accepted(*phones(200))
            sending.clock.advance(timedelta(seconds=1))
        counting = Counting(sending)
        reading = replace(sending.reading, requests=cast(SendRequests, counting))
        reading.history(A_MANAGER, HistorySearch(**search), None)  # type: ignore[arg-type]
        read.append(len(counting.read))
    assert read[1] <= read_send_requests.LOOKS


def test_one_great_request_is_searched_a_piece_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_send_requests, "LOOKS", 2)
    sending = Sending(stock=1_000)
    request = sending.accepted(*phones(250))
    sending.dispatch(request, page=4)
    pieces = list(slices(sending, HistorySearch(status="sent")))
    assert [message.id for piece in pieces for message in piece] == [
        f"{request.id}-{index}" for index in range(200, 250)
    ]
    assert len(pieces) == 3


# ------------------------------------------------------------------ searching (R36)


@pytest.mark.parametrize("written", ["+33612000001", "06 12 00 00 01", "0033612000001", "06.12.00.00.01"])
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    sending = Sending()
    sending.accepted(*phones(3))
    assert [message.phone for message in found(sending, phone=written)] == [phone(1)]


@pytest.mark.parametrize("written", ["0612", "abc", "06 12 00 00 0"])
def test_what_is_no_number_is_refused_for_nothing_found_would_say_that_nothing_was_sent(written: str) -> None:
    with pytest.raises(RefusedError) as refused:
        found(Sending(), phone=written)
    assert refused.value.code == "invalid-number"


def test_a_landline_was_never_written_to() -> None:
    assert found(Sending(), phone="01 44 41 57 93") == []


@pytest.mark.parametrize(("status", "indexes"), [("queued", [2]), ("sent", [0]), ("delivered", [1]), ("expired", [])])
def test_messages_are_found_by_status(status: str, indexes: list[int]) -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    lines = sending.requests.all_lines(request)
    for line in lines[:2]:
        sending.messages.claim(request, line, "ovh", NOW)
        sending.messages.sent(request, line, "ovh", str(line.index))
    sending.messages.settle(f"{request.id}-1", "ovh", "delivered", NOW)
    assert [message.id for message in found(sending, status=status)] == [f"{request.id}-{index}" for index in indexes]


@pytest.mark.parametrize("status", ["claimed", "Sent", "lost"])
def test_a_status_that_does_not_exist_is_refused(status: str) -> None:
    with pytest.raises(RefusedError) as refused:
        found(Sending(), status=status)
    assert refused.value.code == "unknown-status"


@pytest.mark.parametrize(("author", "count"), [("lea.petit", 1), ("LEA", 1), ("@lycee.test", 2), ("zoe", 0)])
def test_messages_are_found_by_author(author: str, count: int) -> None:
    """R26."""
    sending = Sending()
    sending.accept(command())
    sending.accept(command(), caller=COLLEAGUE)
    assert len(found(sending, author=author)) == count


def test_an_author_without_address_shows_by_subject() -> None:
    sending = Sending()
    sending.accept(command(), caller=replace(A_SENDER, email=""))
    assert [message.author for message in found(sending)] == ["user-2"]


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [(None, None, [3, 2, 1, 0]), (1, None, [3, 2, 1]), (None, 2, [2, 1, 0]), (1, 2, [2, 1]), (2, 1, []), (4, None, [])],
)
def test_messages_are_found_by_date_both_ends_included(since: int | None, until: int | None, hours: list[int]) -> None:
    sending = Sending()
    for _ in range(4):
        sending.accepted()
        sending.clock.advance(timedelta(hours=1))

    def at(hour: int | None) -> datetime | None:
        return None if hour is None else NOW + timedelta(hours=hour)

    shown = [message.accepted_at for message in found(sending, since=at(since), until=at(until))]
    assert shown == [at(hour) for hour in hours]


def test_what_is_looked_for_must_hold_together() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, 1))
    assert [message.id for message in found(sending, phone=phone(1), status="delivered")] == [f"{request.id}-1"]
    assert found(sending, phone=phone(0), status="delivered") == []


@pytest.mark.parametrize(
    ("uai", "calendar", "midnight"),
    [
        (UAI, "metropole", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        (UAI, "nouvelle-caledonie", datetime(2026, 11, 22, 13, tzinfo=UTC)),
        (UAI, "polynesie", datetime(2026, 11, 23, 10, tzinfo=UTC)),
    ],
)
def test_a_day_is_the_school_s_own(uai: str, calendar: Calendar, midnight: datetime) -> None:
    """From midnight to midnight where the school is; 23 November here."""
    sending = Sending(school=replace(SCHOOL, uai=uai, calendar=calendar))
    second = timedelta(seconds=1)
    for at in (midnight - second, midnight, midnight + timedelta(days=1) - second, midnight + timedelta(days=1)):
        sending.clock.time = at
        sending.accepted()
    day = date(2026, 11, 23)
    shown = [message.accepted_at for message in found(sending, since=day, until=day)]
    assert shown == [midnight + timedelta(days=1) - second, midnight]


@pytest.mark.parametrize("calendar", ["metropole", "polynesie"])
def test_the_first_and_the_last_day_there_are_bound_nothing_wherever_the_school_is(calendar: Calendar) -> None:
    """On some clocks they begin or end outside of what an instant in UTC can say."""
    sending = Sending(replace(SCHOOL, calendar=calendar))
    sending.accepted()
    assert len(found(sending, since=date.min, until=date.max)) == 1
    assert list(found(sending, until=date.min)) == []
