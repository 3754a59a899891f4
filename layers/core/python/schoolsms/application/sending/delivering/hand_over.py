"""Hand messages over: claimed first, a group at a time, then alone for the next provider (R24, R27, R32-R34)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from schoolsms.application.ports.core import Clock, Providers, SmsProvider
from schoolsms.application.ports.history.messages import Messages
from schoolsms.application.sending.delivering.checks_before_handoff import MayGo
from schoolsms.application.sending.delivering.count_outcomes import CountOutcomes
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.failure_reasons import CancelCause
from schoolsms.domain.sending.delivering.handoffs import (
    LATEST_START,
    LEASE,
    Accepted,
    HandoffAnswer,
    OutgoingSms,
    Refused,
    Uncertain,
    validity,
)
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest, id_of

PAGE_TIME = timedelta(seconds=100)
"""Messages that have not begun by then wait for the next attempt, because a function stopped amid a handoff would leave
a message `uncertain`. With two providers' time-outs the last message stays below the function's limit."""

Result = Literal["sent", "failed", "uncertain", "cancelled", "again", "done"]


@dataclass(frozen=True)
class Closed:
    """Nobody will be offered the message: it is released with others of its page, for its own cause."""

    status: Literal["failed", "cancelled"]
    cause: CancelCause | None = None


REFUSED = Closed("failed")

Outcome = Result | Closed

Answer = HandoffAnswer | Closed | Literal["again"]
"""The provider's answer about a message that its group claimed, or the reason why it was not offered after all."""

Each = Callable[[Callable[[Line], Any], Sequence[Line]], Iterable[Any]]
A = TypeVar("A")


@dataclass(frozen=True)
class HandOver:
    """Messages of one page of `request`. `each` applies a function to lines, several at a time where it can."""

    request: SendRequest
    messages: Messages
    providers: Providers
    clock: Clock
    outcomes: CountOutcomes
    each: Each
    may_go: MayGo
    began: datetime

    def together(self, group: Sequence[Line], new: Sequence[Line]) -> Mapping[int, Outcome]:
        """Hand over those of a group that were in none before; what became of each, by index."""
        again: dict[int, Outcome] = {line.index: "again" for line in new}
        if not new or self._is_late():
            return again
        outcomes: dict[int, Outcome] = {
            line.index: Closed("cancelled", cause) for line in new if (cause := self.may_go.why_not(line))
        }
        orders = {line.index: self.providers.in_order(line) for line in new if line.index not in outcomes}
        offered = {index: order[0].name for index, order in orders.items() if order}
        now = self.clock.now()
        lease_until = now + LEASE
        if now >= self.request.expires_at or not self.messages.claim_together(
            self.request, group, offered, lease_until
        ):
            return again
        going = [line for line in new if line.index in offered]
        answers = self._each(going, lambda line: self._offer(line, orders[line.index][0], now))
        taken = [line for line in going if _is_known(orders[line.index][0], answers[line.index])]
        try:
            # Before anything else, because until then a process that dies leaves all of them `uncertain`.
            if taken:
                self.messages.sent_together(self.request, group, taken)
        except TransientError:
            taken = []  # each is written by itself, because one must not keep the others `uncertain`
        left = [line for line in going if line not in taken]
        outcomes |= {line.index: "sent" for line in taken}
        outcomes |= self._each(
            left, lambda line: self._after(line, orders[line.index], lease_until, answers[line.index])
        )
        return again | outcomes

    def alone(self, line: Line, state: MessageState) -> Outcome:
        """Hand over a message that was in a group before, if it waits; ask what became of it, if that is not known."""
        now = self.clock.now()
        if self._is_late():
            return "again"
        if state.status == "claimed":
            if state.lease_until and state.lease_until > now:
                return "again"
            self.messages.uncertain(self.request, line, state.lease_until)
            return "uncertain"
        if state.status == "uncertain":
            return self._ask(line, state.provider or "")
        return "done" if state.status != "queued" else self._offer_alone(line, self.providers.in_order(line))

    def _is_late(self) -> bool:
        return self.clock.now() - self.began >= PAGE_TIME

    def _each(self, lines: Sequence[Line], work: Callable[[Line], A]) -> dict[int, A]:
        """Return what `work` makes of each line, by index."""
        if not lines:
            return {}
        return {line.index: made for line, made in zip(lines, self.each(work, lines), strict=True)}

    def _offer(self, line: Line, provider: SmsProvider, claimed_at: datetime) -> Answer:
        """Offer a claimed message. Never raises, because then the answers of the others would be lost."""
        try:
            cause = self.may_go.why_not(line)
        except TransientError:
            return "again"
        if cause:
            return Closed("cancelled", cause)
        if self.clock.now() - claimed_at >= LATEST_START:
            return "again"
        return self._handed_off(line, provider, claimed_at)

    def _after(self, line: Line, order: Sequence[SmsProvider], lease_until: datetime, answer: Answer) -> Outcome:
        """Do what the answer to a message of a group asks for."""
        if isinstance(answer, Closed) or answer == "again":
            self.messages.unclaim(self.request, line, lease_until)
            return answer
        outcome = self._answered(line, order[0], lease_until, answer)
        # The next provider is tried only if the last one certainly did not take it. Each has its own claim, so that the
        # record always names the provider that may have the message.
        return self._offer_alone(line, order[1:]) if outcome == "again" else outcome

    def _offer_alone(self, line: Line, providers: Sequence[SmsProvider]) -> Outcome:
        for provider in providers:
            if cause := self.may_go.why_not(line):
                return Closed("cancelled", cause)
            now = self.clock.now()
            lease_until = now + LEASE
            if now >= self.request.expires_at or not self.messages.claim(
                self.request, line, provider.name, lease_until
            ):
                return "again"
            if self.clock.now() - now >= LATEST_START:
                self.messages.unclaim(self.request, line, lease_until)
                return "again"
            outcome = self._answered(line, provider, lease_until, self._handed_off(line, provider, now))
            if outcome != "again":
                return outcome
        return "again"

    def _handed_off(self, line: Line, provider: SmsProvider, claimed_at: datetime) -> HandoffAnswer:
        answer = provider.hand_off(
            OutgoingSms(
                message_id=id_of(self.request, line),
                phone=line.phone,
                text=line.text,
                coding=line.coding,
                sender=self.request.sender,
                validity_seconds=int(validity(claimed_at, self.request.expires_at).total_seconds()),
            )
        )
        self.outcomes.answered(provider.name, answer)
        return answer

    def _answered(self, line: Line, provider: SmsProvider, lease_until: datetime, answer: HandoffAnswer) -> Outcome:
        """Write what the provider says of a claimed message."""
        if isinstance(answer, Accepted):
            theirs = None if provider.can_be_asked else answer.provider_message_id
            self.messages.sent(self.request, line, provider.name, theirs)
            if answer.delivered:
                self.messages.settle(id_of(self.request, line), provider.name, "delivered", self.clock.now())
            return "sent"
        if isinstance(answer, Uncertain):
            self.messages.uncertain(self.request, line, lease_until)
            return "uncertain"
        # Give the claim back first. If we die before the release, the message is offered and refused again. A claim
        # left behind would look like a message that may have been taken, and the school would pay for it (R30).
        self.messages.unclaim(self.request, line, lease_until)
        return REFUSED if isinstance(answer, Refused) else "again"

    def _ask(self, line: Line, provider_name: str) -> Result:
        """Ask the provider what became of an uncertain message, if it can be asked (R34)."""
        provider = self.providers.named(provider_name)
        if provider is None or not provider.can_be_asked:
            return "done"
        message_id = id_of(self.request, line)
        try:
            found = provider.find_by_message_id(message_id)
        except TransientError:
            return "uncertain"  # the rest of the page must not wait for it
        if found is None:
            return "uncertain"
        self.messages.sent(self.request, line, provider.name, None)
        if found.status:
            self.messages.settle(message_id, provider.name, found.status, self.clock.now(), found.reason)
        return "done"


def _is_known(provider: SmsProvider, answer: Answer) -> bool:
    """Whether nothing but "sent" is to be written: the provider can be asked whose message its receipts are of."""
    return isinstance(answer, Accepted) and not answer.delivered and provider.can_be_asked
