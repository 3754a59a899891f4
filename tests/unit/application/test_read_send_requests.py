from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schoolsms.application import read_send_requests
from schoolsms.application.read_send_requests import HistorySearch, Message
from schoolsms.domain.access import Caller, Forbidden
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.handoffs import Refused, Uncertain
from tests.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, STRANGER
from tests.sending import Sending, command, phone, phones

ALL = HistorySearch()
NOBODY = Caller("", "", "", frozenset())
COLLEAGUE = replace(A_SENDER, subject="user-3", email="noe.roux@lycee.test")


def slices(sending: Sending, search: HistorySearch = ALL) -> Iterator[list[Message]]:
    """The history as a reader pages through it."""
    cursor = None
    for _ in range(1_000):
        piece = sending.reading.history(A_MANAGER, search, cursor)
        yield list(piece.items)
        cursor = piece.cursor
        if cursor is None:
            return
    raise AssertionError("the history never ends")


def found(sending: Sending, **search: object) -> list[Message]:
    return [message for piece in slices(sending, HistorySearch(**search)) for message in piece]  # type: ignore[arg-type]


# ------------------------------------------------------------------ one request


def test_the_totals_count_every_message_once() -> None:
    """R35, R36: those without a record are queued."""
    sending = Sending(script=[Refused("no"), Uncertain("timeout")])
    request = sending.accepted(*phones(60))
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, 5))
    shown, totals = sending.reading.show(A_SENDER, request.id)
    assert shown == request
    assert totals == {"failed": 1, "uncertain": 1, "delivered": 1, "sent": 47, "queued": 10}


def test_a_claim_shows_as_queued() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.messages.claim(request, sending.requests.all_lines(request)[0], "ovh", NOW)
    assert sending.reading.show(A_SENDER, request.id)[1] == {"queued": 2}


def test_what_was_not_handed_over_when_a_request_was_cancelled_shows_as_cancelled() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.requests.known[request.id] = replace(request, cancelled=True)
    assert sending.reading.show(A_SENDER, request.id)[1] == {"cancelled": 2}
    assert {message.status for message in found(sending)} == {"cancelled"}


def test_a_sender_sees_only_their_own_requests_and_a_manager_all_of_the_school() -> None:
    """R36."""
    sending = Sending()
    request = sending.accepted()
    assert sending.reading.show(A_MANAGER, request.id)[0] == request
    for caller in (COLLEAGUE, STRANGER):
        with pytest.raises(NotFoundError):
            sending.reading.show(caller, request.id)


@pytest.mark.parametrize("caller", [OPERATOR, NOBODY])
def test_nobody_outside_a_school_sees_a_request(caller: Caller) -> None:
    """R2."""
    sending = Sending()
    request = sending.accepted()
    with pytest.raises(Forbidden):
        sending.reading.show(caller, request.id)


# ------------------------------------------------------------------ the history (R36)


def test_the_history_tells_content_number_cost_status_author_and_dates() -> None:
    sending = Sending()
    request = sending.accepted(phone(0), text="a" * 161)
    sending.dispatch(request)
    sending.clock.advance(timedelta(minutes=2))
    sending.recording.record(sending.receipt(request))
    assert found(sending) == [
        Message(
            id=f"{request.id}-0",
            request_id=request.id,
            text="a" * 161,
            phone=phone(0),
            sms_count=2,
            status="delivered",
            author="lea.petit@lycee.test",
            accepted_at=NOW,
            final_at=NOW + timedelta(minutes=2),
        )
    ]


def test_the_history_shows_what_was_debited_nothing_for_a_test_number() -> None:
    sending = Sending()
    sending.accepted("0639980001")
    assert [message.sms_count for message in found(sending)] == [0]


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR, NOBODY])
def test_senders_see_no_history(caller: Caller) -> None:
    """R36."""
    with pytest.raises(Forbidden):
        Sending().reading.history(caller, ALL, None)


def test_another_school_s_history_is_never_read() -> None:
    """R2."""
    sending = Sending()
    sending.accepted()
    sending.schools.put(replace(SCHOOL, uai=STRANGER.school))
    assert list(sending.reading.history(STRANGER, ALL, None).items) == []


def test_another_school_s_cursor_leads_nowhere_else() -> None:
    """R2."""
    sending = Sending(stock=300)
    sending.accepted(*phones(150))
    cursor = sending.reading.history(A_MANAGER, ALL, None).cursor
    sending.schools.put(replace(SCHOOL, uai=STRANGER.school))
    assert list(sending.reading.history(STRANGER, ALL, cursor).items) == []


def test_only_the_current_school_year_shows() -> None:
    """R36, R37."""
    sending = Sending()
    sending.clock.time = datetime(2027, 8, 31, 21, 59, tzinfo=UTC)
    request = sending.accepted()
    assert [message.request_id for message in found(sending)] == [request.id]
    sending.clock.time = datetime(2027, 8, 31, 22, 0, tzinfo=UTC)
    assert found(sending) == []


def test_the_newest_request_comes_first_each_in_its_own_order() -> None:
    sending = Sending()
    older = sending.accepted(*phones(2))
    sending.clock.advance(timedelta(seconds=1))
    newer = sending.accepted(*phones(2))
    assert [message.id for message in found(sending)] == [
        f"{newer.id}-0",
        f"{newer.id}-1",
        f"{older.id}-0",
        f"{older.id}-1",
    ]


@pytest.mark.parametrize("sizes", [[250], [99, 1, 100], [100], [100, 100], [51] * 7, [1] * 130, [1] * 20, [1] * 21])
def test_paging_shows_every_message_once(sizes: list[int]) -> None:
    sending = Sending(stock=1_000)
    expected: list[str] = []
    for size in sizes:
        request = sending.accept(command(recipients=phones(size))).request
        expected[:0] = [f"{request.id}-{index}" for index in range(size)]
        sending.clock.advance(timedelta(seconds=1))
    pieces = list(slices(sending))
    assert [message.id for piece in pieces for message in piece] == expected
    assert max(map(len, pieces)) <= 100


def test_what_is_sent_while_somebody_pages_is_neither_shown_twice_nor_hides_anything() -> None:
    sending = Sending(stock=1_000)
    request = sending.accepted(*phones(150))
    first = sending.reading.history(A_MANAGER, ALL, None)
    sending.clock.advance(timedelta(seconds=1))
    sending.accepted(*phones(150))
    second = sending.reading.history(A_MANAGER, ALL, first.cursor)
    assert [message.id for message in (*first.items, *second.items)] == [f"{request.id}-{i}" for i in range(150)]


def test_a_rare_message_is_found_however_many_requests_lie_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search stops looking now and then, and gives a cursor even when it found nothing yet."""
    monkeypatch.setattr(read_send_requests, "PAGES_LOOKED_AT", 7)
    sending = Sending()
    wanted = sending.accepted(phone(99))
    for _ in range(45):
        sending.clock.advance(timedelta(seconds=1))
        sending.accepted(phone(1))
    pieces = list(slices(sending, HistorySearch(phone=phone(99))))
    assert [message.request_id for piece in pieces for message in piece] == [wanted.id]
    assert pieces[0] == []


@pytest.mark.parametrize("cursor", ["|", "garbage", "zzz|zzz-0", "0", "|1|2", "a|b|c", "a|1|-2", "a|1|2|3", "a|²|0"])
def test_a_cursor_nobody_gave_is_refused(cursor: str) -> None:
    sending = Sending()
    sending.accepted()
    with pytest.raises(RefusedError) as refused:
        sending.reading.history(A_MANAGER, ALL, cursor)
    assert refused.value.code == "invalid-cursor"


def test_one_great_request_is_searched_a_piece_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_send_requests, "PAGES_LOOKED_AT", 2)
    sending = Sending(stock=1_000)
    request = sending.accepted(*phones(250))
    pieces = list(slices(sending, HistorySearch(phone=phone(249))))
    assert [message.id for piece in pieces for message in piece] == [f"{request.id}-249"]
    assert len(pieces) == 3


# ------------------------------------------------------------------ searching (R36)


@pytest.mark.parametrize("written", ["+33612000001", "06 12 00 00 01", "0033612000001", "06.12.00.00.01"])
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    sending = Sending()
    sending.accepted(*phones(3))
    assert [message.phone for message in found(sending, phone=written)] == [phone(1)]


def test_part_of_a_number_finds_nothing() -> None:
    sending = Sending()
    sending.accepted(*phones(3))
    assert found(sending, phone="0612") == []


@pytest.mark.parametrize(("status", "indexes"), [("queued", [2]), ("sent", [0]), ("delivered", [1]), ("expired", [])])
def test_messages_are_found_by_status(status: str, indexes: list[int]) -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    lines = sending.requests.all_lines(request)
    for line in lines[:2]:
        sending.messages.claim(request, line, "ovh", NOW)
        sending.messages.sent(request, line, "ovh", str(line.index))
    sending.messages.settle(f"{request.id}-1", "delivered", NOW)
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
