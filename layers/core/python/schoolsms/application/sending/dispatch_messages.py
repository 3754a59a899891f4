"""Hand a page of messages to providers, each claimed first so that no phone gets it twice (R24, R27, R30-R34).

A process that dies between claim and handoff, or before the answer is written, leaves a claim. Once it has expired the
message is `uncertain`: it may have been taken, so it is never offered again, and a receipt or the end of the window
settles it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from schoolsms.application.ports.core import (
    Clock,
    Consents,
    MessageQueue,
    Messages,
    Providers,
    Schools,
    SendRequests,
    SmsProvider,
)
from schoolsms.domain.errors import SchoolClosed, TransientError
from schoolsms.domain.schools import ledger
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.handoffs import LEASE, Accepted, OutgoingSms, Refused, Uncertain, validity
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest, id_of
from schoolsms.domain.sending.statuses import Final

FRESH = timedelta(seconds=1)
"""How long a permission or consent check stays valid. Later claims check again."""

TOGETHER = 10
"""Consents are read for this many messages at a time, about as many as are sent concurrently."""

ASKED_ATTEMPTS = 12
"""Attempts, about an hour, in which a provider is asked about messages that it may have taken. After that its receipt
or the end of the window settles them."""

PAGE_TIME = timedelta(seconds=100)
"""Messages that have not begun by then wait for the next attempt, because a function stopped amid a handoff would leave
a message `uncertain`. With two providers' time-outs the last message stays below the function's limit."""

LONGEST_DELAY_SECONDS = 900
"""The longest delay that SQS allows."""

Result = Literal["sent", "failed", "uncertain", "cancelled", "again", "done", "stopped"]


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
    each: Callable[[Callable[[Line], Result], Sequence[Line]], Iterable[Result]]
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

    def _dispatch(self, request: SendRequest, page: int) -> Counter[Result]:
        lines = self.requests.lines(request, page)
        states = self.requests.states(request.id, lines[0].index, lines[-1].index)
        standing = _Standing(self.schools, self.clock, self.turns(), request)
        consents = _Consenting(self.consents, self.clock, self.turns(), lines, request.school)

        began = self.clock.now()

        def one(line: Line) -> Result:
            if self.clock.now() - began >= PAGE_TIME:
                return "again"
            return self._one(request, line, states.get(line.index), standing, consents)

        results = list(self.each(one, lines))
        stopped = [line for line, result in zip(lines, results, strict=True) if result == "stopped"]
        return Counter([result for result in results if result != "stopped"] + self._stop(request, stopped))

    def _one(
        self,
        request: SendRequest,
        line: Line,
        state: MessageState | None,
        standing: "_Standing",
        consents: "_Consenting",
    ) -> Result:
        now = self.clock.now()
        if state and state.status == "claimed":
            if state.lease_until and state.lease_until > now:
                return "again"
            self.messages.uncertain(request, line)
            return "uncertain"
        if state and state.status == "uncertain":
            return self._ask(request, line, state.provider or "")
        if state and state.status != "queued":
            return "done"
        # The next provider is tried only if the last one certainly did not take it. Each has its own claim, so that the
        # record always names the provider that may have the message.
        for provider in self.providers.in_order(line):
            if not standing.may_go() or line.erased or not consents.given_for(line):
                return "stopped"
            result = self._hand_over(request, line, provider)
            if result != "again":
                return result
        return "again"

    def _ask(self, request: SendRequest, line: Line, provider_name: str) -> Result:
        """Ask the provider what became of an uncertain message, if it can be asked (R34)."""
        provider = self.providers.named(provider_name)
        if provider is None or not provider.can_be_asked:
            return "done"
        try:
            found = provider.find_by_message_id(id_of(request, line))
        except TransientError:
            return "uncertain"  # the rest of the page must not wait for it
        if found is None:
            return "uncertain"
        self.messages.sent(request, line, provider.name, found.provider_message_id)
        if found.status:
            self.messages.settle(id_of(request, line), provider.name, found.status, self.clock.now(), found.reason)
        return "done"

    def _hand_over(self, request: SendRequest, line: Line, provider: SmsProvider) -> Result:
        now = self.clock.now()
        lease_until = now + LEASE
        if now >= request.expires_at or not self.messages.claim(request, line, provider.name, lease_until):
            return "again"
        answer = provider.hand_off(
            OutgoingSms(
                message_id=id_of(request, line),
                phone=line.phone,
                text=line.text,
                coding=line.coding,
                sender=request.sender,
                validity_seconds=int(validity(now, request.expires_at).total_seconds()),
            )
        )
        if isinstance(answer, Accepted):
            self.messages.sent(request, line, provider.name, answer.provider_message_id)
            if answer.delivered:
                self.messages.settle(id_of(request, line), provider.name, "delivered", self.clock.now())
            return "sent"
        if isinstance(answer, Uncertain):
            self.messages.uncertain(request, line)
            return "uncertain"
        # Give the claim back first. If we die in the release below, the message is offered and refused again. A claim
        # left behind would look like a message that may have been taken, and the school would pay for it (R30).
        self.messages.unclaim(request, line, lease_until)
        if isinstance(answer, Refused):
            return self._release(request, line, "failed", self.clock.now())
        return "again"

    def _stop(self, request: SendRequest, lines: Sequence[Line]) -> list[Result]:
        """Cancel the page's remaining messages with one entry; one entry each would contend for the balance (R27)."""
        now, cost_sms = self.clock.now(), sum(line.cost_sms for line in lines)
        if len(lines) > 1 and cost_sms:
            posting = ledger.release_page(request.id, lines[0].index, lines[-1].index, cost_sms, now)
            if self.messages.none_handed_over(request, lines, "cancelled", posting):
                return ["cancelled"] * len(lines)
        return [self._release(request, line, "cancelled", now) for line in lines]

    def _release(self, request: SendRequest, line: Line, status: Final, now: datetime) -> Result:
        """Release the SMS of a message that nobody got and nobody will (R30)."""
        posting = ledger.release(id_of(request, line), line.cost_sms, now) if line.cost_sms else None
        if not self.messages.never_handed_over(request, line, status, now, posting):
            return "again"
        return "failed" if status == "failed" else "cancelled"


class _Standing:
    """Whether a school may send, read again each second so that a suspension also stops the rest of a page (R27).

    A condition on every claim would cost more, a transaction over two tables. One thread reads and the others wait for
    its result, because a read each would cost a call a message.
    """

    def __init__(
        self, schools: Schools, clock: Clock, turn: AbstractContextManager[object], request: SendRequest
    ) -> None:
        self._schools, self._clock, self._turn, self._request = schools, clock, turn, request
        self._seen = self._look()

    def may_go(self) -> bool:
        """As it was a second ago at most."""
        with self._turn:
            if self._clock.now() - self._seen[0] >= FRESH:
                self._seen = self._look()
            return self._seen[1]

    def _look(self) -> tuple[datetime, bool]:
        now = self._clock.now()
        return now, _may_go(self._schools.get(self._request.school), self._request, now)


class _Consenting:
    """Consents of the page, read for some messages at a time, and again for those that still wait a second later.

    So a withdrawal or an erasure during a slow page stops the message (R24).
    """

    def __init__(
        self, consents: Consents, clock: Clock, turn: AbstractContextManager[object], lines: Sequence[Line], school: str
    ) -> None:
        self._consents, self._clock, self._turn, self._lines, self._school = consents, clock, turn, lines, school
        self._seen: dict[int, tuple[datetime, bool]] = {}

    def given_for(self, line: Line) -> bool:
        """As it was a second ago at most."""
        with self._turn:
            seen = self._seen.get(line.index)
            if seen is None or self._clock.now() - seen[0] >= FRESH:
                self._look(line)
            return self._seen[line.index][1]

    def _look(self, line: Line) -> None:
        """Read consents for the whole group around `line`, so that a group costs one read."""
        now, start = self._clock.now(), self._lines.index(line) // TOGETHER * TOGETHER
        around = self._lines[start : start + TOGETHER]
        granted = self._consents.granted(self._school, [each.phone for each in around])
        self._seen |= {each.index: (now, each.phone in granted) for each in around}


def _may_go(school: School | None, request: SendRequest, now: datetime) -> bool:
    """R27: a suspension or termination stops what is queued, and so does the block of its author by a manager (R25).

    A subscription that ended after the request was due stops nothing. One that ended before it stops the request: a
    scheduled one, whose school left earlier than foreseen (R17).
    """
    if school is None or school.blocks(request.author):
        return False
    try:
        school.check_may_send(now)
    except SchoolClosed as closed:
        return closed.code == "subscription-ended" and school.subscribed(request.due_at)
    return True
