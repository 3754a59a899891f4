"""Whatever requests live through adds up at every moment; what is altered afterwards is found (R18)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schoolsms.domain.sending.delivering.handoffs import Accepted, Refused, Unavailable, Uncertain
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.builders import A_SENDER, ORDER_ID, UAI
from tests.support.worlds.audit_world import AuditWorld

CREDIT = f"credit:{ORDER_ID}"
DAY = timedelta(days=1)


class AuditedMachine(RuleBasedStateMachine):
    """Requests live through whatever providers and schools do, and every moment of it adds up."""

    def __init__(self) -> None:
        super().__init__()
        self.world = AuditWorld()
        self.waiting: list[SendRequest] = []
        self.scheduled: list[SendRequest] = []

    @rule(count=st.integers(1, 60))
    def a_request_comes_in(self, count: int) -> None:
        self.waiting.append(self.world.asked(count))

    @rule(count=st.integers(1, 5))
    def one_for_later_comes_in(self, count: int) -> None:
        self.scheduled.append(self.world.asked(count, later=True))

    @precondition(lambda self: self.waiting)
    @rule(
        data=st.data(),
        script=st.lists(st.sampled_from([Accepted("X"), Refused("1"), Unavailable("2"), Uncertain("3")]), max_size=8),
        suspended=st.booleans(),
    )
    def a_page_is_dispatched(self, data: st.DataObject, script: list[Any], suspended: bool) -> None:
        request = data.draw(st.sampled_from(self.waiting))
        self.world.provider.script = list(script)
        self.world.suspend("suspended" if suspended else "active")
        self.world.dispatch(request, data.draw(st.integers(0, request.pages - 1)))
        self.world.suspend("active")

    @precondition(lambda self: self.scheduled)
    @rule(data=st.data())
    def one_is_cancelled(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(self.scheduled))
        self.scheduled.remove(request)
        self.world.cancelling.cancel(A_SENDER, request.id)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def a_window_ends(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(self.waiting))
        self.waiting.remove(request)
        before = self.world.clock.time
        self.world.clock.time = request.expires_at + timedelta(minutes=5)
        self.world.expiring.expire(request.id)
        self.world.clock.time = before

    @invariant()
    def it_adds_up(self) -> None:
        assert self.world.findings() == set()

    def teardown(self) -> None:
        """Alter one entry of what came of it: it is found, and named."""
        made = self.world.ledger.of[UAI]
        altered = made[len(made) // 2]
        self.world.alter(altered.id, amount=altered.amount + 1)
        assert altered.id in {entry_id for _, entry_id in self.world.findings()}


TestAuditedMachine = pytest.mark.slow(AuditedMachine.TestCase)
TestAuditedMachine.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
