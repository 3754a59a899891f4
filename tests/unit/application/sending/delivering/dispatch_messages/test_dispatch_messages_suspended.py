"""A suspension, or a withdrawal, stops what is queued, also in the middle of a page (R24, R27)."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Lock
from typing import Any

import pytest

from local.players.client import PATIENCE_SECONDS
from schoolsms.application.sending.delivering.checks_before_handoff import FRESH
from schoolsms.domain.schools.schools import BlockedSender
from schoolsms.domain.sending.delivering.handoffs import GROUP_SIZE
from schoolsms.domain.sending.send_requests import Line, SendRequest
from tests.fakes.history.history import FakeConsents
from tests.support.builders import A_SENDER, NOW, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phone, phones


def suspended_after_the_first(sending: Sending, later: timedelta, state: Any = "suspended") -> Any:
    """The line, but after the first message of a page the school is suspended and time goes by."""

    def each(work: Any, lines: Sequence[Line]) -> list[Any]:
        first = [work(lines[0])]
        sending.suspend(state)
        sending.clock.advance(later)
        return first + [work(line) for line in lines[1:]]

    return replace(sending.dispatching, each=each)


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_the_rest_of_a_page_that_is_being_handed_over_stops(state: str) -> None:
    sending = Sending()
    request = sending.accepted(*phones(5))
    assert suspended_after_the_first(sending, FRESH, state).dispatch(request.id, 0, 0) == {"sent": 1, "cancelled": 4}
    assert len(sending.provider.offered) == 1
    assert sending.balance() == 99


def why(sending: Sending, request: SendRequest) -> list[str | None]:
    """The causes that are stored with the messages."""
    return [sending.requests.records[request.id, index].reason for index in range(request.accepted)]


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"state": "suspended"}, "school-suspended"),
        ({"state": "terminated"}, "school-terminated"),
        ({"blocked_senders": (BlockedSender(A_SENDER.subject, NOW, "user-1"),)}, "sender-blocked"),
        ({"subscription_end": date(2026, 11, 1)}, "subscription-ended"),
    ],
)
def test_a_stopped_message_keeps_the_cause_that_stopped_it(changed: dict[str, Any], cause: str) -> None:
    """R27, R25, R17."""
    sending = Sending()
    page, alone = sending.accepted(*phones(2)), sending.accepted(phone(2))
    sending.schools.known[UAI] = replace(sending.schools.known[UAI], **changed)
    for request in (page, alone):
        sending.dispatch(request)
    assert why(sending, page) + why(sending, alone) == [cause] * 3


def test_of_one_page_each_stopped_message_keeps_its_own_cause() -> None:
    """R24, R45."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.consents.withdrawn.add(phone(0))
    lines = sending.requests.pages[request.id, request.attempt, 0]
    sending.requests.pages[request.id, request.attempt, 0] = [*lines[:2], lines[2]._replace(phone="", text="")]
    assert sending.dispatch(request) == {"sent": 1, "cancelled": 2}
    assert why(sending, request) == ["consent-withdrawn", None, "number-erased"]
    assert sending.released() == [(f"release:{request.id}-0..2", 2)]


def test_a_school_is_looked_at_once_a_second_however_many_messages_there_are() -> None:
    sending = Sending()
    request = sending.accepted(*phones(50))
    looks: list[str] = []
    watching: Any = _Counting(sending.schools, looks)
    counted = replace(sending.dispatching, schools=watching)
    assert counted.dispatch(request.id, 0, 0) == {"sent": 50}
    assert looks == [UAI]


def test_a_withdrawal_while_a_page_is_being_handed_over_stops_that_message() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))

    def each(work: Any, lines: Sequence[Line]) -> list[Any]:
        first = [work(lines[0])]
        sending.consents.withdrawn.add(lines[1].phone)
        sending.clock.advance(FRESH)
        return first + [work(line) for line in lines[1:]]

    assert replace(sending.dispatching, each=each).dispatch(request.id, 0, 0) == {"sent": 2, "cancelled": 1}
    assert sending.balance() == 98


def test_consents_of_a_page_are_looked_at_together_and_a_second_later_by_group() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2 * GROUP_SIZE + 1))
    looks: list[int] = []
    counted = replace(sending.dispatching, consents=_Looked(looks))
    assert counted.dispatch(request.id, 0, 0) == {"sent": 2 * GROUP_SIZE + 1}
    assert looks == [2 * GROUP_SIZE + 1]

    another = sending.accepted(*phones(2 * GROUP_SIZE + 1))

    def each(work: Any, lines: Sequence[Line]) -> list[Any]:
        done = [work(line) for line in lines]
        sending.clock.advance(FRESH)
        return done

    looks.clear()
    assert replace(counted, each=each).dispatch(another.id, 0, 0) == {"sent": 2 * GROUP_SIZE + 1}
    assert looks == [2 * GROUP_SIZE + 1, GROUP_SIZE, 1]


def test_of_messages_handed_over_at_once_one_looks_for_all() -> None:
    """A call a message of each thread would take longer than the handoffs."""
    sending = Sending()
    request = sending.accepted(*phones(GROUP_SIZE))
    schools: list[str] = []
    consents: list[int] = []
    begun = Barrier(GROUP_SIZE)

    def each(work: Any, lines: Sequence[Line]) -> list[Any]:
        sending.clock.advance(FRESH)

        def one(line: Line) -> Any:
            begun.wait(PATIENCE_SECONDS)
            return work(line)

        with ThreadPoolExecutor(GROUP_SIZE) as threads:
            return list(threads.map(one, lines))

    watching: Any = _Counting(sending.schools, schools)
    at_once = replace(sending.dispatching, each=each, turns=Lock, schools=watching, consents=_Looked(consents))
    at_once.dispatch(request.id, 0, 0)
    assert schools == [UAI, UAI]
    assert consents == [GROUP_SIZE, GROUP_SIZE]  # before the claim, and again because a second went by


def test_what_waits_goes_on_once_the_suspension_has_ended() -> None:
    """Only what came up meanwhile was stopped."""
    sending = Sending()
    request = sending.accepted(*phones(51))
    sending.suspend()
    assert sending.dispatch(request, page=0) == {"cancelled": 50}
    sending.suspend("active")
    assert sending.dispatch(request, page=1) == {"sent": 1}


def test_a_page_that_is_stopped_is_released_by_one_entry() -> None:
    sending = Sending(stock=60)
    request = sending.accepted(*phones(51))
    sending.suspend()
    sending.dispatch(request, page=0)
    sending.dispatch(request, page=1)
    assert sending.released() == [(f"release:{request.id}-0..49", 50), (f"release:{request.id}-50", 1)]
    assert sending.balance() == 60


def test_what_was_stopped_is_released_once_even_if_the_page_comes_again_meanwhile() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.suspend()
    other_first = interrupted(sending.messages, before={"none_handed_over": lambda: sending.dispatch(request)})
    sending.dispatch_with(messages=other_first).dispatch(request.id, 0, 0)
    assert sending.dispatch(request) == {"done": 3}
    assert sending.released() == [(f"release:{request.id}-0..2", 3)]


def test_dying_after_a_page_was_stopped_it_is_not_released_again() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.suspend()
    dying = sending.dispatch_with(messages=interrupted(sending.messages, after={"none_handed_over": dies}))
    with pytest.raises(Died):
        dying.dispatch(request.id, 0, 0)
    assert sending.dispatch(request) == {"done": 3}
    assert sending.balance() == 100


def test_where_one_message_of_a_page_is_no_longer_queued_the_others_are_stopped_one_by_one() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.suspend()

    def claimed() -> None:
        sending.messages.claim(request, sending.requests.all_lines(request)[1], "ovh", NOW + timedelta(minutes=1))

    meanwhile = interrupted(sending.messages, before={"none_handed_over": claimed})
    assert sending.dispatch_with(messages=meanwhile).dispatch(request.id, 0, 0) == {"cancelled": 2, "again": 1}
    assert sending.released() == [(f"release:{request.id}-0", 1), (f"release:{request.id}-2", 1)]


def test_test_numbers_cost_nothing_and_are_stopped_without_an_entry() -> None:
    sending = Sending()
    request = sending.accepted("+33639980001", "+33639980002")
    sending.suspend()
    assert sending.dispatch(request) == {"cancelled": 2}
    assert sending.released() == []


class _Looked(FakeConsents):
    """Remembers for how many it was looked."""

    def __init__(self, looks: list[int]) -> None:
        super().__init__()
        self._looks = looks

    def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        wanted = list(phones)
        self._looks.append(len(wanted))
        return super().granted(uai, wanted)


class _Counting:
    def __init__(self, schools: Any, looks: list[str]) -> None:
        self._schools, self._looks = schools, looks

    def get(self, uai: str) -> Any:
        self._looks.append(uai)
        return self._schools.get(uai)
