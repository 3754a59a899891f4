"""A provider's certain answer may come after the claim's lease (R30)."""

import pytest

from schoolsms.domain.sending.handoffs import LEASE, HandoffAnswer, Refused, Unavailable
from tests.support.fault_injection import interrupted
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
