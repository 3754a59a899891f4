"""Give up what has no final receipt when the window of a request has ended (R30, R31)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from schoolsms.application.ports.core import Clock, Providers, SendRequests
from schoolsms.application.ports.history.messages import Messages
from schoolsms.application.ports.maintenance import Maintenance
from schoolsms.application.sending.delivering.keep_totals import Changes, KeepTotals
from schoolsms.domain.errors import TransientError, UnderMaintenance
from schoolsms.domain.ids import message_id
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.sending.delivering.handoffs import Receipt, never_had_from
from schoolsms.domain.sending.delivering.statuses import FINAL
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest, groups_of, id_of
from schoolsms.domain.sending.tallies import statuses_of

Word = Receipt | Literal["never had it", "ask again"]

NOBODY_KNOWS = frozenset(("claimed", "uncertain"))
"""Statuses in which the provider has not said that it took the message."""

ASKED_FOR = timedelta(minutes=5)
"""Time in which a run asks providers, enough for some thousands of messages. The others are given up without asking."""


@dataclass(frozen=True)
class ExpireMessages:
    """Brings every message to a final status, page by page. After an interruption the next run goes on."""

    requests: SendRequests
    messages: Messages
    providers: Providers
    clock: Clock
    totals: KeepTotals
    maintenance: Maintenance

    def expire(self, request_id: str) -> Mapping[str, int]:
        """Close every message; return how many expired, failed, were settled by their provider, or were final already.

        Raises TransientError before the window's end, and while a message is being handed over: then all others are
        closed, and this one when it is run again. Raises UnderMaintenance while receipts wait in their queue,
        because they may say what is not known yet (R49).
        """
        if self.maintenance.is_on():
            raise UnderMaintenance
        request = self.requests.get(request_id)
        if request is None:
            return Counter()  # purged, so all of it was settled
        if self.clock.now() < request.expires_at:
            raise TransientError("the window of the request has not ended")
        outcomes: Counter[str] = Counter()
        # A request that was never queued must not be cancelled while its messages are released here.
        if request.cancelled or (request.waits and not self.requests.start(request.id)):
            return outcomes
        last_word = _LastWord(self.providers, self.clock)
        changes = Changes()
        for page in range(request.pages):
            lines = self.requests.lines(request, page)
            states = self._grouped_states(request, lines)
            closed = self._close_page(request, lines, states, last_word)
            outcomes.update(closed)
            # What was final before is noted too, so that totals are right whatever was lost until now.
            if len(states) == len(lines) and all(state.status in FINAL for state in states.values()):
                for index, status in statuses_of(states.values()).items():
                    changes.became(message_id(request.id, index), status)
            else:
                changes.page_changed(request.id, lines[0].index, lines[-1].index)
        self.totals.follow(changes)
        if outcomes["under way"]:
            raise TransientError("messages are being handed over")
        return outcomes

    def _grouped_states(self, request: SendRequest, lines: Sequence[Line]) -> Mapping[int, MessageState]:
        """Put the messages of a page that were in no group into one, so that nobody hands them over any more; return
        the states of all."""
        states = self.requests.states(request.id, lines[0].index, lines[-1].index)
        new = [group for group in groups_of(lines) if any(line.index not in states for line in group)]
        for group in new:
            self.messages.claim_together(request, group, {}, self.clock.now())
        return self.requests.states(request.id, lines[0].index, lines[-1].index) if new else states

    def _close_page(
        self, request: SendRequest, lines: Sequence[Line], states: Mapping[int, MessageState], last_word: _LastWord
    ) -> list[str]:
        """Release what nobody took in one entry, because thousands would outlast the function's time (R30)."""
        waiting = [line for line in lines if _waits(states.get(line.index))]
        cost_sms, now = sum(line.cost_sms for line in waiting), self.clock.now()
        if len(waiting) > 1 and cost_sms:
            posting = ledger.release_page(request.id, waiting[0].index, waiting[-1].index, cost_sms, now)
            if self.messages.none_handed_over(request, waiting, "failed", posting):
                lines = [line for line in lines if line not in waiting]
                released = ["failed"] * len(waiting)
                return released + [self._close(request, line, states[line.index], last_word) for line in lines]
        return [self._close(request, line, states.get(line.index), last_word) for line in lines]

    def _close(self, request: SendRequest, line: Line, state: MessageState | None, last_word: _LastWord) -> str:
        now = self.clock.now()
        if _waits(state):
            posting = ledger.release(id_of(request, line), line.cost_sms, now) if line.cost_sms else None
            if self.messages.never_handed_over(request, line, "failed", now, posting):
                return "failed"
            state = self._state(request, line)
        if state and state.status in FINAL:
            return "final"
        if state is None or _waits(state) or _is_claimed(state, now):
            return "under way"  # its provider may still answer that it did not take it
        word = last_word.on(request, line, state)
        if word == "ask again":
            return "under way"
        if word == "never had it":
            if self._release(request, line, state):
                return "failed"
        elif word and word.status:
            provider = state.provider or ""
            if self.messages.settle(id_of(request, line), provider, word.status, self.clock.now(), word.reason):
                return "settled"
        # Handed over, or perhaps: consumed (R30).
        if self.messages.expired(request, line, now):
            return "expired"
        state = self._state(request, line)
        return "final" if state and state.status in FINAL else "under way"

    def _release(self, request: SendRequest, line: Line, state: MessageState) -> bool:
        """Release a message that its provider never had; whether that was done. The process that claimed it died before
        the call, or the call never arrived (R30)."""
        now = self.clock.now()
        posting = ledger.release(id_of(request, line), line.cost_sms, now) if line.cost_sms else None
        return self.messages.never_taken(request, line, state, now, posting)

    def _state(self, request: SendRequest, line: Line) -> MessageState | None:
        """The state as it is now, because another process changed it first."""
        return self.requests.states(request.id, line.index, line.index).get(line.index)


class _LastWord:
    """Asks providers about messages whose receipts never came, or could not be recorded (R34, R48).

    A provider that does not answer is asked no more, because the window has ended.
    """

    def __init__(self, providers: Providers, clock: Clock) -> None:
        self._providers, self._clock = providers, clock
        self._until = clock.now() + ASKED_FOR
        self._silent: set[str] = set()

    def on(self, request: SendRequest, line: Line, state: MessageState) -> Word | None:
        """Ask the provider about a message that was only claimed; it may never have had it.

        "ask again" while it may have it without showing it, for at most two minutes after the claim.
        """
        name = state.provider or ""
        provider = self._providers.named(name)
        if provider is None or not provider.can_be_asked or name in self._silent or self._clock.now() >= self._until:
            return None
        asked_at = self._clock.now()
        try:
            found = provider.find_by_message_id(id_of(request, line))
        except TransientError:
            self._silent.add(name)
            return None
        if found or state.status not in NOBODY_KNOWS or state.lease_until is None:
            return found
        return "never had it" if asked_at >= never_had_from(state.lease_until, request.expires_at) else "ask again"


def _waits(state: MessageState | None) -> bool:
    return state is None or state.status == "queued"


def _is_claimed(state: MessageState, now: datetime) -> bool:
    return state.status == "claimed" and state.lease_until is not None and state.lease_until > now
