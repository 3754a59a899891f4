"""Handing over: once, whatever dies or runs twice (R24, R27, R30-R34)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import LEASE, Accepted, Refused, Unavailable, Uncertain
from tests.support.builders import NOW, SCHOOL, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import WINDOW, Sending, phone, phones

TAKEN = Accepted("ovh-id-1")
DOWN = Unavailable("503")
SECOND = timedelta(seconds=1)


def test_every_message_of_a_page_is_handed_over_with_what_the_provider_needs() -> None:
    sending = Sending(replace(SCHOOL, sender_name="LyceeValery"))
    request = sending.accepted(phone(0), phone(1), text="Fermé ê")
    sending.clock.advance(timedelta(hours=1))
    assert sending.dispatch(request) == {"sent": 2}
    first, second = sending.provider.offered
    assert (first.message_id, second.message_id) == (f"{request.id}-0", f"{request.id}-1")
    assert (first.phone, first.text, first.coding, first.sender) == (phone(0), "Fermé ê", "unicode", "LyceeValery")
    # A minute less than the window: at its end the provider can be asked whether it never had the message.
    assert first.validity_seconds == 71 * 3600 - 60
    assert sending.statuses(request) == {0: "sent", 1: "sent"}
    assert sending.messages.by_provider_id("ovh", f"ovh-{request.id}-0") == f"{request.id}-0"


def test_only_the_lines_of_the_page_are_handed_over() -> None:
    sending = Sending()
    request = sending.accepted(*phones(70))
    assert sending.dispatch(request, page=1) == {"sent": 20}
    assert sorted(sending.statuses(request)) == list(range(50, 70))


def test_a_page_delivered_twice_is_handed_over_once() -> None:
    """R32."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    assert sending.dispatch(request) == {"done": 3}
    assert len(sending.provider.offered) == 3
    assert sending.queues.again == []


def test_a_page_delivered_twice_at_once_is_handed_over_once() -> None:
    """R32: another process claims after we read the states, so we return for its messages later."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    rival = interrupted(sending.messages, before={"claim_together": lambda: sending.dispatch(request)})
    assert sending.dispatch_with(messages=rival).dispatch(request.id, 0, 0) == {"again": 3}
    assert len(sending.provider.offered) == 3
    assert set(sending.statuses(request).values()) == {"sent"}


def test_a_claim_is_written_before_the_provider_is_called() -> None:
    sending = Sending()
    request = sending.accepted()
    with pytest.raises(Died):
        sending.dispatch_with(messages=interrupted(sending.messages, before={"claim_together": dies})).dispatch(
            request.id, 0, 0
        )
    assert sending.provider.offered == []
    assert sending.dispatch(request) == {"sent": 1}


def test_test_numbers_go_to_the_simulated_provider() -> None:
    sending = Sending()
    request = sending.accepted("0639980001", phone(1))
    sending.dispatch(request)
    assert [sms.phone for sms in sending.simulated.offered] == ["+33639980001"]
    assert [sms.phone for sms in sending.provider.offered] == [phone(1)]


def test_what_is_delivered_at_once_needs_no_receipt() -> None:
    sending = Sending(script=[Accepted("x", delivered=True)])
    request = sending.accepted()
    assert sending.dispatch(request) == {"sent": 1}
    state = sending.requests.records[request.id, 0]
    assert (state.status, state.final_at) == ("delivered", NOW)


# ------------------------------------------------------------------ what the provider answers


def test_a_message_the_provider_refused_is_released_once() -> None:
    """R30."""
    sending = Sending(script=[Refused("invalid"), TAKEN])
    request = sending.accepted(phone(0), phone(1), text="a" * 200)
    assert sending.balance() == 96
    assert sending.dispatch(request) == {"failed": 1, "sent": 1}
    assert sending.dispatch(request) == {"done": 2}
    assert sending.released() == [(f"release:{request.id}-0", 2)]
    assert sending.balance() == 98
    assert sending.statuses(request) == {0: "failed", 1: "sent"}


def test_a_refused_test_number_has_nothing_to_release() -> None:
    sending = Sending(stock=0)
    sending.simulated.script = [Refused("invalid")]
    request = sending.accepted("0639980004")
    sending.clock.advance(timedelta(minutes=1))
    assert sending.dispatch(request) == {"failed": 1}
    assert sending.statuses(request) == {0: "failed"}
    assert sending.requests.states(request.id, 0, 0)[0].final_at == request.accepted_at + timedelta(minutes=1)
    assert sending.ledger.of == {}


def test_a_message_the_provider_may_have_taken_is_uncertain_and_never_offered_again() -> None:
    """R34."""
    sending = Sending(script=[Uncertain("timeout")])
    request = sending.accepted()
    assert sending.dispatch(request) == {"uncertain": 1}
    sending.clock.advance(timedelta(hours=2))
    assert sending.dispatch(request) == {"done": 1}
    assert len(sending.provider.offered) == 1
    assert sending.released() == []


def test_a_message_the_provider_did_not_take_is_offered_again_later() -> None:
    """R32."""
    sending = Sending(script=[DOWN, DOWN, TAKEN])
    request = sending.accepted()
    assert sending.dispatch(request) == {"again": 1}
    assert sending.statuses(request) == {0: "queued"}
    assert sending.dispatch(request, attempt=1) == {"again": 1}
    assert sending.dispatch(request, attempt=2) == {"sent": 1}
    assert sending.queues.again == [(request.id, 0, 1, 1), (request.id, 0, 2, 2)]
    assert sending.released() == []


def test_a_page_partly_done_is_resumed() -> None:
    sending = Sending(script=[TAKEN, DOWN, Uncertain("timeout"), Refused("no")])
    request = sending.accepted(*phones(5))
    assert sending.dispatch(request) == {"sent": 2, "again": 1, "uncertain": 1, "failed": 1}
    assert sending.queues.again == [(request.id, 0, 1, 1)]
    assert sending.dispatch(request, attempt=1) == {"done": 4, "sent": 1}
    assert [sms.message_id[-1] for sms in sending.provider.offered] == ["0", "1", "2", "3", "4", "1"]


def test_a_store_that_falters_has_the_page_looked_at_again_soon() -> None:
    sending = Sending()
    request = sending.accepted()

    def falter() -> None:
        raise TransientError("throttled")

    faltering = interrupted(sending.requests, before={"lines": falter})
    assert replace(sending.dispatching, requests=faltering).dispatch(request.id, 0, 3) == {"again": 1}
    assert sending.queues.again == [(request.id, 0, 4, 8)]


@pytest.mark.parametrize(("attempt", "delay"), [(0, 1), (1, 2), (5, 32), (9, 512), (10, 900), (60, 900), (5_000, 900)])
def test_retries_come_later_and_later_up_to_what_the_queue_can_hold(attempt: int, delay: int) -> None:
    sending = Sending(script=[DOWN])
    request = sending.accepted()
    sending.dispatch(request, attempt=attempt)
    assert sending.queues.again == [(request.id, 0, attempt + 1, delay)]


# ------------------------------------------------------------------ dying between claim and answer (R34)


def test_a_claim_that_is_alive_is_left_to_its_owner() -> None:
    sending = Sending()
    request = sending.accepted()
    line = sending.requests.all_lines(request)[0]
    sending.messages.claim(request, line, "ovh", NOW + LEASE)
    sending.clock.advance(LEASE - SECOND)
    assert sending.dispatch(request) == {"again": 1}
    assert sending.statuses(request) == {0: "claimed"}
    assert sending.provider.offered == []


@pytest.mark.parametrize("step", ["claim_together", "sent"])
def test_a_claim_whose_lease_ran_out_is_uncertain_and_never_offered_again(step: str) -> None:
    """R34: dead before or after the call, nobody can tell."""
    sending = Sending()
    request = sending.accepted()
    where: dict[str, Any] = {"after": {step: dies}} if step == "claim_together" else {"before": {"sent": dies}}
    with pytest.raises(Died):
        sending.dispatch_with(messages=interrupted(sending.messages, **where)).dispatch(request.id, 0, 0)
    offered = len(sending.provider.offered)
    sending.clock.advance(LEASE)
    assert sending.dispatch(request) == {"uncertain": 1}
    sending.clock.advance(LEASE)
    assert sending.dispatch(request) == {"done": 1}
    assert len(sending.provider.offered) == offered
    assert sending.released() == []


def test_an_answer_that_comes_after_the_lease_still_counts() -> None:
    sending = Sending()
    request = sending.accepted()

    def late() -> None:
        sending.clock.advance(LEASE)
        sending.dispatch(request)

    slow = interrupted(sending.messages, before={"sent": late})
    assert sending.dispatch_with(messages=slow).dispatch(request.id, 0, 0) == {"sent": 1}
    assert sending.statuses(request) == {0: "sent"}
    assert len(sending.provider.offered) == 1


def test_dying_before_a_refusal_is_released_has_it_refused_and_released_again() -> None:
    """R30: that nobody took it is written first, so it never passes for a message that may have been taken."""
    sending = Sending(script=[Refused("no"), Refused("no")])
    request = sending.accepted()
    with pytest.raises(Died):
        sending.dispatch_with(messages=interrupted(sending.messages, before={"never_handed_over": dies})).dispatch(
            request.id, 0, 0
        )
    assert sending.dispatch(request) == {"failed": 1}
    assert sending.balance() == 100


def test_dying_after_a_release_releases_no_second_time() -> None:
    sending = Sending(script=[Refused("no")])
    request = sending.accepted()
    with pytest.raises(Died):
        sending.dispatch_with(messages=interrupted(sending.messages, after={"never_handed_over": dies})).dispatch(
            request.id, 0, 0
        )
    assert sending.dispatch(request) == {"done": 1}
    assert sending.balance() == 100


# ------------------------------------------------------------------ who may still be written to (R24, R27)


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_a_closed_school_s_queued_messages_are_cancelled_and_released(state: str) -> None:
    """R27."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.suspend(state)
    assert sending.dispatch(request) == {"cancelled": 3}
    assert sending.dispatch(request) == {"done": 3}
    assert sending.provider.offered == []
    assert set(sending.statuses(request).values()) == {"cancelled"}
    assert sending.balance() == 100


def test_a_suspension_takes_back_nothing_that_was_handed_over() -> None:
    sending = Sending(script=[TAKEN, DOWN])
    request = sending.accepted(*phones(2))
    sending.dispatch(request)
    sending.suspend()
    assert sending.dispatch(request, attempt=1) == {"done": 1, "cancelled": 1}
    assert sending.statuses(request) == {0: "sent", 1: "cancelled"}
    assert sending.balance() == 99


def test_a_subscription_that_ends_after_acceptance_stops_nothing() -> None:
    sending = Sending(replace(SCHOOL, subscription_end=date(2026, 11, 23)))
    request = sending.accepted()
    sending.clock.advance(timedelta(days=2))
    assert sending.dispatch(request) == {"sent": 1}


def test_a_consent_withdrawn_between_queue_and_handoff_stops_the_message() -> None:
    """R24."""
    sending = Sending()
    request = sending.accepted(phone(0), phone(1))
    sending.consents.withdrawn.add(phone(0))
    assert sending.dispatch(request) == {"cancelled": 1, "sent": 1}
    assert [sms.phone for sms in sending.provider.offered] == [phone(1)]
    assert sending.released() == [(f"release:{request.id}-0", 1)]


def test_a_school_that_is_no_longer_there_sends_nothing() -> None:
    sending = Sending()
    request = sending.accepted()
    del sending.schools.known[UAI]
    assert sending.dispatch(request) == {"cancelled": 1}


# ------------------------------------------------------------------ the window (R31)


def test_nothing_is_handed_over_after_the_window() -> None:
    sending = Sending()
    request = sending.accepted()
    sending.clock.advance(WINDOW)
    assert sending.dispatch(request) == {}
    assert sending.provider.offered == []


def test_until_the_last_second_it_is_with_a_minute_of_validity_at_least() -> None:
    sending = Sending()
    request = sending.accepted()
    sending.clock.advance(WINDOW - SECOND)
    assert sending.dispatch(request) == {"sent": 1}
    assert sending.provider.offered[0].validity_seconds == 60


def test_a_cancelled_request_is_not_handed_over() -> None:
    """R29."""
    sending = Sending()
    request = sending.accepted()
    sending.requests.known[request.id] = replace(request, cancelled=True)
    assert sending.dispatch(request) == {}
    assert sending.provider.offered == []


def test_a_page_of_a_request_that_was_purged_is_let_go() -> None:
    sending = Sending()
    assert sending.dispatching.dispatch("NONE", 0, 0) == {}
    assert sending.queues.again == []
