"""The window of a request has ended: what has no final receipt is given up (R30, R31)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
        """How many messages expired, failed, or were final already.

        Raises TransientError before the window's end, and while a message is being handed over: then all others are
        closed, and this one when it is run again.
        """
        request = self.requests.get(request_id)
        if request is None:
            return Counter()  # purged, so all of it was settled
        if self.clock.now() < request.expires_at:
            raise TransientError("the window of the request has not ended")
        outcomes: Counter[str] = Counter()
        # Never queued, it must not be cancelled while its messages are released here one by one.
        if request.cancelled or (request.waits and not self.requests.start(request.id)):
            return outcomes
        for page in range(request.pages):
            lines = self.requests.lines(request, page)
            states = self.requests.states(request.id, lines[0].index, lines[-1].index)
            outcomes.update(self._close_page(request, lines, states))
        if outcomes["under way"]:
            raise TransientError("messages are being handed over")
        return outcomes

    def _close_page(self, request: SendRequest, lines: Sequence[Line], states: Mapping[int, MessageState]) -> list[str]:
        """What nobody took goes back in one entry: thousands would outlast the function, and crowd the ledger (R30)."""
        waiting = [line for line in lines if _waits(states.get(line.index))]
        cost_sms, now = sum(line.cost_sms for line in waiting), self.clock.now()
        if len(waiting) > 1 and cost_sms:
            posting = ledger.release_page(request.id, waiting[0].index, waiting[-1].index, cost_sms, now)
            if self.messages.none_handed_over(request, waiting, "failed", posting):
                lines = [line for line in lines if line not in waiting]
                return ["failed"] * len(waiting) + [self._close(request, line, states[line.index]) for line in lines]
        return [self._close(request, line, states.get(line.index)) for line in lines]

    def _close(self, request: SendRequest, line: Line, state: MessageState | None) -> str:
        now = self.clock.now()
        if _waits(state):
            posting = ledger.release(id_of(request, line), line.cost_sms, now) if line.cost_sms else None
            if self.messages.never_handed_over(request, line, "failed", posting):
                return "failed"
            state = self._state(request, line)
        if state and state.status in FINAL:
            return "final"
        if state is None or _waits(state) or _is_claimed(state, now):
            return "under way"  # its provider may still say that it did not take it
        # Handed over, or maybe: consumed (R30).
        if self.messages.expired(request, line, now):
            return "expired"
        state = self._state(request, line)
        return "final" if state and state.status in FINAL else "under way"

    def _state(self, request: SendRequest, line: Line) -> MessageState | None:
        """As it is now: another came first."""
        return self.requests.states(request.id, line.index, line.index).get(line.index)


def _waits(state: MessageState | None) -> bool:
    return state is None or state.status == "queued"


def _is_claimed(state: MessageState, now: datetime) -> bool:
    return state.status == "claimed" and state.lease_until is not None and state.lease_until > now
