"""A scheduled request is cancelled as long as it has not started, and costs nothing then (R29)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.sending.accepting.cancel_send_request import CancelSendRequest
from schoolsms.domain.errors import ConflictError, NotFoundError
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.builders import A_MANAGER, A_SENDER, NOW, STRANGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, command, phones

LATER = NOW + timedelta(hours=2)


def scheduled(sending: Sending, *recipients: str) -> SendRequest:
    return sending.accept(replace(command(recipients=recipients or phones(3)), send_at=LATER)).request


def releases(sending: Sending) -> list[tuple[str, int]]:
    assert audit_ledger(sending.ledger.of[UAI], sending.ledger.balance(UAI)) == []
    return sending.released()


@pytest.mark.parametrize("caller", [A_SENDER, A_MANAGER])
def test_author_and_manager_cancel_and_all_of_it_is_released_in_one_entry(caller: Caller) -> None:
    sending = Sending()
    request = scheduled(sending)
    assert sending.cancelling.cancel(caller, request.id) == replace(
        request, cancelled=True, cancelled_at=sending.clock.now(), cancelled_by=caller.subject
    )
    assert releases(sending) == [(f"release:{request.id}", 3)]
    assert sending.balance() == 100


def test_a_cancelled_request_is_never_sent_and_its_messages_say_so() -> None:
    sending = Sending()
    request = scheduled(sending)
    sending.cancelling.cancel(A_SENDER, request.id)
    sending.clock.time = LATER
    assert sending.queueing.queue_request(request.id) == 0
    assert sending.dispatch(request) == {}
    sending.clock.time = request.expires_at
    assert sending.expiring.expire(request.id) == {}
    assert (sending.texts(), sending.balance()) == ([], 100)
    assert sending.reading.show(A_SENDER, request.id)[1] == {"cancelled": 3}


def test_the_history_says_when_its_messages_were_cancelled() -> None:
    sending = Sending()
    request = scheduled(sending)
    sending.clock.advance(timedelta(minutes=5))
    sending.cancelling.cancel(A_SENDER, request.id)
    found = sending.reading.history(A_MANAGER, HistorySearch(), None).items
    assert {(each.status, each.final_at) for each in found} == {("cancelled", sending.clock.now())}


def test_cancelled_twice_is_cancelled_once() -> None:
    sending = Sending()
    request = scheduled(sending)
    first = sending.cancelling.cancel(A_SENDER, request.id)
    assert sending.cancelling.cancel(A_MANAGER, request.id) == first
    assert len(releases(sending)) == 1


def test_an_answer_that_was_lost_is_given_again() -> None:
    sending = Sending()
    request = scheduled(sending)
    with pytest.raises(Died):
        CancelSendRequest(interrupted(sending.requests, after={"cancel": dies}), sending.clock).cancel(
            A_SENDER, request.id
        )
    assert sending.cancelling.cancel(A_SENDER, request.id).cancelled
    assert len(releases(sending)) == 1


def test_a_death_before_cancelling_cancels_nothing() -> None:
    sending = Sending()
    request = scheduled(sending)
    with pytest.raises(Died):
        CancelSendRequest(interrupted(sending.requests, before={"cancel": dies}), sending.clock).cancel(
            A_SENDER, request.id
        )
    assert releases(sending) == []
    assert sending.requests.known[request.id].waits


def test_two_who_cancel_at_once_both_get_the_answer_and_it_is_released_once() -> None:
    sending = Sending()
    request = scheduled(sending)
    rival = {"cancel": lambda: sending.cancelling.cancel(A_MANAGER, request.id)}
    slow = CancelSendRequest(interrupted(sending.requests, before=rival), sending.clock)
    assert slow.cancel(A_SENDER, request.id).cancelled
    assert len(releases(sending)) == 1


def test_of_a_start_and_a_cancellation_at_once_the_start_may_win() -> None:
    sending = Sending()
    request = scheduled(sending)
    start = {"cancel": lambda: sending.queueing.queue_request(request.id)}
    slow = CancelSendRequest(interrupted(sending.requests, before=start), sending.clock)
    with pytest.raises(ConflictError) as conflict:
        slow.cancel(A_SENDER, request.id)
    assert conflict.value.code == "already-started"
    assert (releases(sending), sending.dispatch(request)) == ([], {"sent": 3})


def test_or_the_cancellation_wins_and_nothing_is_queued() -> None:
    sending = Sending()
    request = scheduled(sending)
    cancel = {"start": lambda: sending.cancelling.cancel(A_SENDER, request.id)}
    slow = replace(sending.queueing, requests=interrupted(sending.requests, before=cancel))
    assert slow.queue_request(request.id) == 0
    assert (len(releases(sending)), sending.queues.pages) == (1, [])


def test_a_request_sent_at_once_has_started() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    with pytest.raises(ConflictError) as conflict:
        sending.cancelling.cancel(A_SENDER, request.id)
    assert conflict.value.code == "already-started"
    assert sending.balance() == 98


def test_a_request_to_test_numbers_costs_nothing_and_is_cancelled_too() -> None:
    sending = Sending()
    request = scheduled(sending, "06 39 98 00 10")
    assert sending.cancelling.cancel(A_SENDER, request.id).cancelled
    assert releases(sending) == []


def test_a_suspended_school_may_still_cancel() -> None:
    sending = Sending()
    request = scheduled(sending)
    sending.suspend()
    assert sending.cancelling.cancel(A_SENDER, request.id).cancelled


@pytest.mark.parametrize("caller", [STRANGER, replace(A_SENDER, subject="user-3")])
def test_others_requests_are_not_found(caller: Caller) -> None:
    """R2, R36."""
    sending = Sending()
    request = scheduled(sending)
    with pytest.raises(NotFoundError):
        sending.cancelling.cancel(caller, request.id)
    with pytest.raises(NotFoundError):
        sending.cancelling.cancel(caller, "NONE")
    assert sending.requests.known[request.id].waits
