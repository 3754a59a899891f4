"""The window of a request has ended: what has no final receipt is given up (R30, R31)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from schoolsms.application.ports import Clock, Messages, SendRequests
from schoolsms.domain import ledger
from schoolsms.domain.errors import TransientError
from schoolsms.domain.send_requests import Line, MessageState, SendRequest, id_of
from schoolsms.domain.statuses import FINAL


@dataclass(frozen=True)
class ExpireMessages:
    """Page after page, every message ends in a final status. Stopped halfway and run again, it goes on."""

    requests: SendRequests
    messages: Messages
    clock: Clock

    def expire(self, request_id: str) -> Mapping[str, int]:
        """How many messages expired, failed, or were final already. Raises TransientError before the window's end."""
        request = self.requests.get(request_id)
        if request is None:
            raise TransientError("the request to close is not there")
        if self.clock.now() < request.expires_at:
            raise TransientError("the window of the request has not ended")
        outcomes: Counter[str] = Counter()
        if request.cancelled:
            return outcomes
        for page in range(request.pages):
            lines = self.requests.lines(request, page)
            states = self.requests.states(request.id, lines[0].index, lines[-1].index)
            outcomes.update(self._close(request, line, states.get(line.index)) for line in lines)
        return outcomes

    def _close(self, request: SendRequest, line: Line, state: MessageState | None) -> str:
        now = self.clock.now()
        if state and state.status in FINAL:
            return "final"
        if state is None or state.status == "queued":
            posting = ledger.release(id_of(request, line), line.cost_sms, now) if line.cost_sms else None
            if self.messages.never_handed_over(request, line, "failed", posting, claimed=False):
                return "failed"
        # Handed over, maybe handed over, or claimed at this very moment: consumed (R30).
        if self.messages.expired(request, line, now):
            return "expired"
        # Another came first: with a final status, or it put its claim back just now, and then all is looked at again.
        standing = self.requests.states(request.id, line.index, line.index).get(line.index)
        if standing is None or standing.status not in FINAL:
            raise TransientError("a message changed hands while its request was closed")
        return "final"
