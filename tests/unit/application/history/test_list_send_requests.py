"""The list of send requests: a sender's own, a manager's school's, and how much one call reads (R29, R36)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schoolsms.application.history import list_send_requests
from schoolsms.application.history.list_send_requests import ListSendRequests
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.access import Caller, Forbidden
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL
from tests.support.sending import Sending, command, phone, phones

COLLEAGUE = replace(A_SENDER, subject="user-3", email="noe.roux@lycee.test")
SECOND = timedelta(seconds=1)


def listing(sending: Sending) -> ListSendRequests:
    return ListSendRequests(sending.requests, sending.schools, sending.clock, sending.totals)


def pages(sending: Sending, caller: Caller = A_MANAGER, state: str | None = None) -> Iterator[list[str]]:
    """The ids that a reader pages through."""
    cursor = None
    for _ in range(1_000):
        piece = listing(sending).list(caller, state, cursor)
        yield [each.request.id for each in piece.items]
        cursor = piece.cursor
        if cursor is None:
            return
    raise AssertionError("the list never ends")


def listed(sending: Sending, caller: Caller = A_MANAGER, state: str | None = None) -> list[str]:
    return [request_id for page in pages(sending, caller, state) for request_id in page]


def accepted(sending: Sending, count: int, caller: Caller = A_SENDER) -> list[str]:
    """That many requests, a second apart, newest first."""
    made = []
    for _ in range(count):
        sending.clock.advance(SECOND)
        made.append(sending.accept(command(), caller=caller).request.id)
    return made[::-1]


def test_a_sender_sees_their_own_requests_and_a_manager_all_of_the_school() -> None:
    sending = Sending()
    own, others = accepted(sending, 2), accepted(sending, 1, COLLEAGUE)
    assert listed(sending, A_SENDER) == own
    assert listed(sending, COLLEAGUE) == others
    assert listed(sending) == others + own


def test_only_managers_see_the_author() -> None:
    sending = Sending()
    accepted(sending, 1)
    assert [each.author for each in listing(sending).list(A_MANAGER, None, None).items] == [A_SENDER.email]
    assert [each.author for each in listing(sending).list(A_SENDER, None, None).items] == [None]


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 40, 41])
def test_every_request_is_listed_once_newest_first(count: int) -> None:
    sending = Sending()
    made = accepted(sending, count)
    assert listed(sending) == made
    assert listed(sending, A_SENDER) == made


@pytest.mark.parametrize("caller", [A_SENDER, A_MANAGER])
def test_what_is_accepted_while_somebody_pages_neither_repeats_nor_hides_a_request(caller: Caller) -> None:
    sending = Sending()
    made = accepted(sending, 50)
    found: list[str] = []
    for page in pages(sending, caller):
        found += page
        accepted(sending, 1)
    assert found == made


def test_a_request_is_found_however_many_of_others_came_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call reads a bounded number of requests, and leads on even if it found none."""
    monkeypatch.setattr(list_send_requests, "LOOKS", 2)
    sending = Sending(stock=200)
    own = accepted(sending, 1)
    accepted(sending, 90, COLLEAGUE)
    found = list(pages(sending, A_SENDER))
    assert found[0] == []
    assert [request_id for page in found for request_id in page] == own


def test_the_list_looks_at_no_message() -> None:
    """A list must cost the same for one recipient and for ten thousand."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    sending.requests.records.clear()
    sending.requests.pages.clear()
    assert listed(sending) == [request.id]


def test_requests_are_listed_by_state() -> None:
    sending = Sending()
    scheduled = sending.accept(replace(command(), send_at=NOW + timedelta(days=9))).request
    cancelled = sending.accept(replace(command(recipients=[phone(1)]), send_at=NOW + timedelta(days=9))).request
    sending.cancelling.cancel(A_SENDER, cancelled.id)
    (finished,) = accepted(sending, 1)
    sending.clock.advance(timedelta(hours=72))
    (under_way,) = accepted(sending, 1)
    states = {"scheduled": scheduled.id, "cancelled": cancelled.id, "finished": finished, "accepted": under_way}
    assert {state: listed(sending, state=state) for state in states} == {
        state: [request_id] for state, request_id in states.items()
    }


def test_an_unknown_state_is_refused_with_those_that_exist() -> None:
    with pytest.raises(RefusedError) as refused:
        listing(Sending()).list(A_SENDER, "sent", None)
    assert refused.value.code == "unknown-state"
    assert "scheduled, accepted, finished, cancelled" in refused.value.detail


def test_requests_scheduled_into_the_next_school_year_are_listed_in_their_place() -> None:
    sending = Sending(replace(SCHOOL, subscription_end=date(2028, 8, 31)))
    sending.clock.time = datetime(2027, 8, 20, tzinfo=UTC)
    expected = []
    for number in range(45):
        sending.clock.advance(SECOND)
        at = datetime(2027, 9, 6, 8, tzinfo=UTC) if number % 3 == 0 else None
        request = sending.accept(replace(command(), send_at=at)).request
        expected.append(request.id)
    assert {request.school_year for request in sending.requests.known.values()} == {"2026-27", "2027-28"}
    assert listed(sending) == expected[::-1]


def test_a_year_that_ended_is_not_listed() -> None:
    """R37."""
    sending = Sending(replace(SCHOOL, subscription_end=date(2028, 8, 31)))
    accepted(sending, 1)
    sending.clock.time = datetime(2027, 9, 2, tzinfo=UTC)
    assert listed(sending) == []


@pytest.mark.parametrize("cursor", ["2026", "2026-11-23T09:00:00.000000#SHORT", "x" * 50])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(RefusedError) as refused:
        listing(Sending()).list(A_SENDER, None, cursor)
    assert refused.value.code == "invalid-cursor"


def test_nobody_outside_a_school_lists_requests() -> None:
    with pytest.raises(Forbidden):
        listing(Sending()).list(OPERATOR, None, None)
