"""Hand a page of messages to providers, claimed first so that no phone gets one twice (R24, R27, R30-R34).

Messages are claimed a group at a time, handed over at once, and recorded together. What its first provider certainly
did not take is claimed alone for the next one.

A process that dies between claim and handoff, or before the answers are written, leaves claims. Once they have expired
these messages are `uncertain`: they may have been taken, so they are never offered again, and a receipt or the end of
the window settles them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schoolsms.application.ports.core import (
    Clock,
    Consents,
    MessageQueue,
    Providers,
    Schools,
    SendRequests,
)
from schoolsms.application.ports.history.messages import Messages
from schoolsms.application.sending.delivering.checks_before_handoff import MayGo
from schoolsms.application.sending.delivering.count_outcomes import CountOutcomes
from schoolsms.application.sending.delivering.hand_over import Closed, Each, HandOver, Outcome, Result
from schoolsms.application.sending.delivering.keep_totals import Changes, KeepTotals
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.sending.delivering.failure_reasons import CancelCause
from schoolsms.domain.sending.send_requests import Line, SendRequest, groups_of, id_of

ASKED_ATTEMPTS = 12
"""Attempts, about an hour, in which a provider is asked about messages that it may have taken. After that its receipt
or the end of the window settles them."""

LONGEST_DELAY_SECONDS = 900
"""The longest delay that SQS allows."""


@dataclass(frozen=True)
class DispatchMessages:
    """`each` applies a function to lines, several at a time where the adapter can; `turns` then makes the locks."""

    requests: SendRequests
    messages: Messages
    schools: Schools
    consents: Consents
    providers: Providers
    queue: MessageQueue
    clock: Clock
    totals: KeepTotals
    outcomes: CountOutcomes
    each: Each
    turns: Callable[[], AbstractContextManager[object]] = nullcontext

    def dispatch(self, request_id: str, page: int, attempt: int) -> Mapping[Result, int]:
        """Hand over what waits on `page`; what could not be is queued again, later and later. How many of each."""
        request = self.requests.get(request_id)
        if request is None or request.cancelled or self.clock.now() >= request.expires_at:
            return {}  # purged, cancelled, or left to the end of its window
        try:
            results = self._dispatch(request, page)
        except TransientError:
            # Queued again by us, because the queue itself would deliver it later. Finished messages are not sent again.
            results = Counter({"again": 1})
        if results["again"] or (results["uncertain"] and attempt < ASKED_ATTEMPTS):
            delay = min(2**attempt, LONGEST_DELAY_SECONDS)
            self.queue.page_due_again(request.id, request.school, page, attempt + 1, delay)
        return results

    def _dispatch(self, request: SendRequest, number: int) -> Counter[Result]:
        lines = self.requests.lines(request, number)
        states = self.requests.states(request.id, lines[0].index, lines[-1].index)
        may_go = MayGo(self.schools, self.consents, self.clock, self.turns, request, lines)
        began = self.clock.now()
        handing = HandOver(request, self.messages, self.providers, self.clock, self.outcomes, self.each, may_go, began)
        outcomes: dict[int, Outcome] = {}
        for group in groups_of(lines):
            outcomes |= handing.together(group, [line for line in group if line.index not in states])
        known = [line for line in lines if line.index in states]
        if known:
            found = self.each(lambda line: handing.alone(line, states[line.index]), known)
            outcomes |= {line.index: outcome for line, outcome in zip(known, found, strict=True)}
        counted = Counter(each for each in outcomes.values() if not isinstance(each, Closed))
        closed = [(line, each) for line in lines if isinstance(each := outcomes[line.index], Closed)]
        counted.update(self._release_all(request, closed, "failed"))
        counted.update(self._release_all(request, closed, "cancelled"))
        changes = Changes()
        changes.page_changed(request.id, lines[0].index, lines[-1].index)
        self.totals.follow(changes)
        self.outcomes.write()
        return counted

    def _release_all(
        self, request: SendRequest, closed: Sequence[tuple[Line, Closed]], status: Literal["failed", "cancelled"]
    ) -> list[Result]:
        """Release the page's messages that nobody will be offered, by one entry a status: one entry each would contend
        for the balance (R27, R30)."""
        some = [(line, each.cause) for line, each in closed if each.status == status]
        now, cost_sms = self.clock.now(), sum(line.cost_sms for line, _ in some)
        if len(some) > 1 and cost_sms:
            posting = ledger.release_page(request.id, some[0][0].index, some[-1][0].index, cost_sms, now)
            causes = {line.index: cause for line, cause in some if cause}
            if self.messages.none_handed_over(request, [line for line, _ in some], status, posting, causes):
                return [status] * len(some)
        return [self._release(request, line, status, now, cause) for line, cause in some]

    def _release(
        self,
        request: SendRequest,
        line: Line,
        status: Literal["failed", "cancelled"],
        now: datetime,
        cause: CancelCause | None,
    ) -> Result:
        """Release the SMS of a message that nobody got and nobody will (R30)."""
        posting = ledger.release(id_of(request, line), line.cost_sms, now) if line.cost_sms else None
        released = self.messages.never_handed_over(request, line, status, now, posting, cause)
        return status if released else "again"
