"""Chooses the provider that is offered a message, by weights and by how each one behaved lately (R32).

Each process keeps its own health scores: a busy process learns within seconds, and a process that hands over little
offers every message that was certainly not taken to the next provider at once anyway. A shared record would cost a
read a page and a write an error, and would let one process's broken network speak for all of them.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from schoolsms.application.ports.core import SmsProvider
from schoolsms.domain.sending.delivering.handoffs import HandoffAnswer, OutgoingSms, Receipt, Unavailable, Uncertain
from schoolsms.domain.sending.delivering.provider_routing import HealthScore, in_order, parse_weights
from schoolsms.domain.sending.send_requests import Line

SLOW_SECONDS = 5.0
"""An answer that took longer counts as a fault, whatever it says."""


class ProviderRouter:
    """Implements the port `Providers`. Safe to share between threads. Test numbers are always simulated.

    `providers` by name; `weights` as `parse_weights` reads them. Raises ValueError when they name another provider.
    """

    def __init__(
        self,
        providers: Mapping[str, SmsProvider],
        simulated: SmsProvider,
        weights: str,
        *,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._weights = parse_weights(weights)
        if unknown := self._weights.names() - set(providers):
            raise ValueError(f"provider weights name {', '.join(sorted(unknown))}: no such provider")
        self._monitored = {name: _Monitored(provider, clock) for name, provider in providers.items()}
        self._simulated = simulated
        self._draw = draw

    def in_order(self, line: Line) -> Sequence[SmsProvider]:
        if line.is_test:
            return (self._simulated,)
        weights = self._weights.of(line.phone)
        rates = {name: self._monitored[name].fault_rate() for name in weights}
        return [self._monitored[name] for name in in_order(weights, rates, self._draw())]

    def named(self, name: str) -> SmsProvider | None:
        return self._simulated if name == self._simulated.name else self._monitored.get(name)


class _Monitored:
    """A provider whose answers change its health score."""

    def __init__(self, provider: SmsProvider, clock: Callable[[], float]) -> None:
        self._provider = provider
        self._clock = clock
        self._health = HealthScore()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def can_be_asked(self) -> bool:
        return self._provider.can_be_asked

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        began = self._clock()
        answer = self._provider.hand_off(sms)
        now = self._clock()
        fault = (
            isinstance(answer, Uncertain)
            or (isinstance(answer, Unavailable) and answer.fault)
            or now - began > SLOW_SECONDS
        )
        with self._lock:
            self._health = self._health.after(now, fault=fault)
        return answer

    def find(self, provider_message_id: str) -> Receipt | None:
        return self._provider.find(provider_message_id)

    def find_by_message_id(self, message_id: str) -> Receipt | None:
        return self._provider.find_by_message_id(message_id)

    def fault_rate(self) -> float:
        """As of now."""
        return self._health.fault_rate(self._clock())
