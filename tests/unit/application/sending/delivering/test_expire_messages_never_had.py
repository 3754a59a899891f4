"""A message that its provider never had goes back to the stock once that is certain, and only then (R30, R34)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import LEASE, SHORTEST_VALIDITY, Receipt, Uncertain
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phones

SECOND = timedelta(seconds=1)


def killed_before_the_call(count: int = 1, **to: Any) -> tuple[Sending, SendRequest]:
    """Each message was claimed, and its claim's owner died before the provider was called."""
    sending = Sending()
    sending.provider.can_be_asked = True
    request = sending.accepted(*(to.get("numbers") or phones(count)))
    for line in sending.requests.all_lines(request):
        sending.messages.claim(request, line, to.get("provider", "ovh"), sending.clock.now() + LEASE)
    return sending, request


def timed_out() -> tuple[Sending, SendRequest]:
    sending = Sending(script=[Uncertain("timeout")])
    sending.provider.can_be_asked = True
    request = sending.accepted()
    sending.dispatch(request)
    return sending, request


def closed(sending: Sending, request: SendRequest) -> dict[str, int]:
    sending.clock.time = request.expires_at
    return dict(sending.expiring.expire(request.id))


@pytest.mark.parametrize("begin", [killed_before_the_call, timed_out])
def test_what_the_provider_never_had_is_released_at_the_end(begin: Callable[[], tuple[Sending, SendRequest]]) -> None:
    sending, request = begin()
    assert closed(sending, request) == {"failed": 1}
    state = sending.requests.records[request.id, 0]
    assert (state.status, state.final_at) == ("failed", request.expires_at)
    assert sending.released() == [(f"release:{request.id}-0", 1)]
    assert sending.balance() == 100


def test_an_uncertain_message_that_was_looked_at_meanwhile_is_released_too() -> None:
    sending, request = killed_before_the_call()
    sending.clock.advance(LEASE)
    assert sending.dispatch(request) == {"uncertain": 1}
    assert closed(sending, request) == {"failed": 1}
    assert sending.balance() == 100


def test_closed_twice_it_is_released_once() -> None:
    sending, request = killed_before_the_call(3)
    assert closed(sending, request) == {"failed": 3}
    assert closed(sending, request) == {"final": 3}
    assert len(sending.released()) == 3
    assert sending.balance() == 100


@pytest.mark.parametrize("moment", ["before", "after"])
def test_stopped_at_the_release_it_is_released_once(moment: Literal["before", "after"]) -> None:
    sending, request = killed_before_the_call()
    sending.clock.time = request.expires_at
    dying: Any = interrupted(sending.messages, **{moment: {"never_taken": dies}})
    with pytest.raises(Died):
        replace(sending.expiring, messages=dying).expire(request.id)
    sending.expiring.expire(request.id)
    assert sending.statuses(request) == {0: "failed"}
    assert sending.balance() == 100


@pytest.mark.parametrize("status", ["delivered", "undeliverable", None])
def test_a_receipt_after_the_release_changes_nothing(status: Any) -> None:
    sending, request = killed_before_the_call()
    closed(sending, request)
    sending.provider.receipts["77"] = Receipt("ovh", "77", status, "1", f"{request.id}-0")
    sending.recording.record(Receipt("ovh", "77", status, "1"))
    assert sending.statuses(request) == {0: "failed"}
    assert sending.balance() == 100


def test_a_receipt_while_the_provider_is_asked_keeps_it_from_being_released() -> None:
    sending, request = killed_before_the_call()
    sending.provider.takes = lambda: sending.messages.settle(f"{request.id}-0", "ovh", "delivered", sending.clock.now())
    assert closed(sending, request) == {"final": 1}
    assert sending.statuses(request) == {0: "delivered"}
    assert sending.balance() == 99


def test_a_provider_that_has_it_keeps_it_from_being_released() -> None:
    sending, request = killed_before_the_call()
    sending.provider.receipts["77"] = Receipt("ovh", "77", None, "0", f"{request.id}-0")
    assert closed(sending, request) == {"expired": 1}
    assert sending.balance() == 99


def test_a_provider_that_said_it_took_the_message_is_not_believed_to_have_lost_it() -> None:
    sending = Sending()
    sending.provider.can_be_asked = True
    request = sending.accepted()
    sending.dispatch(request)
    assert closed(sending, request) == {"expired": 1}
    assert sending.balance() == 99


def test_a_provider_that_does_not_answer_proves_nothing() -> None:
    sending, request = killed_before_the_call()
    sending.provider.down = True
    assert closed(sending, request) == {"expired": 1}
    assert sending.balance() == 99


def test_a_provider_that_cannot_be_asked_proves_nothing() -> None:
    sending, request = killed_before_the_call()
    sending.provider.can_be_asked = False
    assert closed(sending, request) == {"expired": 1}
    assert sending.balance() == 99


def test_the_word_of_another_provider_than_the_last_proves_nothing() -> None:
    sending, request = killed_before_the_call(provider="aws")
    assert closed(sending, request) == {"expired": 1}
    assert sending.provider.asked == 0


def claimed_at_the_very_end() -> tuple[Sending, SendRequest]:
    sending = Sending()
    sending.provider.can_be_asked = True
    request = sending.accepted()
    sending.clock.time = request.expires_at - SECOND
    [line] = sending.requests.all_lines(request)
    sending.messages.claim(request, line, "ovh", sending.clock.now() + LEASE)
    return sending, request


def test_one_claimed_at_the_very_end_is_asked_for_once_its_validity_has_ended() -> None:
    """The provider may have it in a queue for a minute from the last moment of the claim."""
    sending, request = claimed_at_the_very_end()
    ended = request.expires_at - SECOND + LEASE + SHORTEST_VALIDITY
    for moment in (request.expires_at, request.expires_at + LEASE, ended - SECOND):
        sending.clock.time = moment
        with pytest.raises(TransientError):
            sending.expiring.expire(request.id)
        assert sending.balance() == 99
    sending.clock.time = ended
    assert sending.expiring.expire(request.id) == {"failed": 1}
    assert sending.balance() == 100


def test_one_that_comes_to_light_in_that_minute_is_consumed() -> None:
    sending, request = claimed_at_the_very_end()
    sending.clock.time = request.expires_at + LEASE
    with pytest.raises(TransientError):
        sending.expiring.expire(request.id)
    sending.provider.receipts["77"] = Receipt("ovh", "77", "delivered", "1", f"{request.id}-0")
    assert sending.expiring.expire(request.id) == {"settled": 1}
    assert sending.balance() == 99


def test_the_others_do_not_wait_for_it() -> None:
    sending, request = claimed_at_the_very_end()
    other = sending.accepted(*phones(2))
    sending.clock.time = other.expires_at
    assert sending.expiring.expire(other.id) == {"failed": 2}


def test_a_test_number_that_was_never_taken_fails_without_a_release() -> None:
    sending, request = killed_before_the_call(numbers=["0639980010"], provider="simulated")
    sending.simulated.can_be_asked = True
    assert closed(sending, request) == {"failed": 1}
    assert sending.released() == []


def test_an_owner_who_wakes_up_after_the_release_writes_nothing() -> None:
    sending, request = killed_before_the_call()
    closed(sending, request)
    [line] = sending.requests.all_lines(request)
    sending.messages.sent(request, line, "ovh", "77")
    sending.messages.unclaim(request, line, request.accepted_at + LEASE)
    assert sending.statuses(request) == {0: "failed"}
    assert sending.dispatch(request) == {}
