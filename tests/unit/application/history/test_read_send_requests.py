from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.history.history_messages import HistorySearch, Message
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.sending.delivering.handoffs import Refused, Uncertain
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, STRANGER, UAI
from tests.support.paging import found, slices
from tests.support.sending import Sending, command, phone, phones

ALL = HistorySearch()
NOBODY = Caller("", "", "", frozenset())
COLLEAGUE = replace(A_SENDER, subject="user-3", email="noe.roux@lycee.test")


# ------------------------------------------------------------------ one request


def test_the_totals_count_every_message_once() -> None:
    """R35, R36: those without a record are queued."""
    sending = Sending(script=[Refused("no"), Uncertain("timeout")])
    request = sending.accepted(*phones(60))
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, 5))
    sending.recording.note()
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
    for caller in (A_SENDER, A_MANAGER):
        assert sending.reading.show(caller, request.id)[0] == request
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
            author_id="user-2",
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


ORDER = "2026-11-23T09:00:00.000000#AAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    "cursor",
    [
        *("|", "garbage", "zzz|zzz-0", "0", "a|1|2", f"{ORDER}|b|c", f"{ORDER}|1|-2", f"{ORDER}|1|2|3", f"{ORDER}|²|0"),
        *(ORDER, f"{ORDER}|", f"{ORDER}|1", f"{ORDER}|1|2\n", f"{ORDER}|1|٣", f"~{ORDER}|1|2", "9" * 5_000, " "),
    ],
)
def test_a_cursor_nobody_gave_is_refused(cursor: str) -> None:
    sending = Sending()
    sending.accepted()
    with pytest.raises(RefusedError) as refused:
        sending.reading.history(A_MANAGER, ALL, cursor)
    assert refused.value.code == "invalid-cursor"


def test_a_scheduled_request_shows_as_queued_and_cancelled_once_it_is() -> None:
    """R29."""
    sending = Sending()
    later = replace(command(), send_at=NOW + timedelta(days=2))
    request = sending.accept(later).request
    assert [message.status for message in found(sending)] == ["queued"]
    sending.cancelling.cancel(A_SENDER, request.id)
    assert [message.status for message in found(sending)] == ["cancelled"]


@pytest.mark.parametrize(
    ("caller", "code"), [(A_SENDER, "cancelled-by-author"), (A_MANAGER, "cancelled-by-manager"), (None, "cancelled")]
)
def test_a_cancelled_request_says_who_cancelled_it_and_nothing_of_consent(caller: Caller | None, code: str) -> None:
    """R29, §5; None: it was cancelled when that was not recorded yet."""
    sending = Sending()
    request = sending.accept(replace(command(), send_at=NOW + timedelta(days=2))).request
    sending.cancelling.cancel(caller or A_SENDER, request.id)
    if caller is None:
        sending.requests.known[request.id] = replace(sending.requests.known[request.id], cancelled_by="")
    [message] = found(sending)
    assert message.failure is not None
    assert message.failure.code == code
    assert "onsent" not in message.failure.text + message.failure.advice


def test_a_request_of_an_ended_year_is_not_found_and_one_of_the_next_year_is() -> None:
    """R36, R37: invisible at once, purged or not; what is scheduled after the summer can still be cancelled."""
    sending = Sending()
    sending.clock.time = datetime(2027, 8, 31, 21, 59, tzinfo=UTC)
    ending = sending.accepted()
    sending.schools.known[UAI] = replace(SCHOOL, subscription_end=date(2028, 8, 31))
    coming = sending.accept(replace(command(), send_at=datetime(2027, 9, 3, tzinfo=UTC))).request
    assert sending.reading.show(A_SENDER, ending.id)[0] == ending
    sending.clock.time = datetime(2027, 8, 31, 22, 0, tzinfo=UTC)
    for caller in (A_SENDER, A_MANAGER):
        with pytest.raises(NotFoundError):
            sending.reading.show(caller, ending.id)
    assert sending.reading.show(A_SENDER, coming.id)[0] == coming
