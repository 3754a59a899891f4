"""A claim, and a provider's certain answer, may come late (R30, R34)."""

import pytest

from schoolsms.domain.sending.delivering.handoffs import LATEST_START, LEASE, HandoffAnswer, Refused, Unavailable
from tests.support.faults.fault_injection import interrupted
from tests.support.sending import Sending


@pytest.mark.parametrize(("answer", "step"), [(Refused("no"), "unclaim"), (Unavailable("503"), "unclaim")])
def test_a_certain_no_that_comes_after_the_lease_is_released_in_the_end(answer: HandoffAnswer, step: str) -> None:
    """R30."""
    sending = Sending(script=[answer])
    request = sending.accepted()

    def late() -> None:
        sending.clock.advance(LEASE)
        sending.dispatch(request)

    sending.dispatch_with(messages=interrupted(sending.messages, before={step: late})).dispatch(request.id, 0, 0)
    sending.clock.time = request.expires_at
    sending.expiring.expire(request.id)
    assert sending.balance() == 100


def test_a_message_whose_claim_took_too_long_waits_for_another() -> None:
    """R30, R34: its call would outlast the claim, and its provider could be asked, or given up, before it took it."""
    sending = Sending(script=[Unavailable("503")])
    request = sending.accepted()
    sending.dispatch(request)
    slow = interrupted(sending.messages, after={"claim": lambda: sending.clock.advance(LATEST_START)})
    assert sending.dispatch_with(messages=slow).dispatch(request.id, 0, 1) == {"again": 1}
    assert len(sending.provider.offered) == 1
    assert sending.statuses(request) == {0: "queued"}
    assert sending.dispatch(request, attempt=2) == {"sent": 1}


def test_who_found_a_claim_outdated_leaves_the_next_one_as_it_is() -> None:
    """R30: else a claim whose answer was lost would not be known as our own, and nobody would hand the message over."""
    sending = Sending()
    request = sending.accepted()
    [line] = sending.requests.all_lines(request)
    outdated = sending.clock.now()
    sending.messages.claim(request, line, "ovh", outdated)

    def claimed_again() -> None:
        sending.messages.unclaim(request, line, outdated)
        sending.messages.claim(request, line, "ovh", outdated + LEASE)

    stale = interrupted(sending.messages, before={"uncertain": claimed_again})
    sending.dispatch_with(messages=stale).dispatch(request.id, 0, 0)
    assert sending.statuses(request) == {0: "claimed"}
