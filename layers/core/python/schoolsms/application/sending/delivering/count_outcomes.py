"""Count what providers answer and what their receipts say, for the operator to look at (R48)."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from schoolsms.application.ports.core import Clock
from schoolsms.application.ports.history.provider_rates import Outcome, ProviderRates
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import Accepted, HandoffAnswer, Refused, Unavailable


@dataclass(frozen=True)
class CountOutcomes:
    """Collects outcomes, also of several threads, until `write` writes them in one call a provider."""

    rates: ProviderRates
    clock: Clock
    seen: list[tuple[str, Outcome]] = field(default_factory=list)

    def answered(self, provider: str, answer: HandoffAnswer) -> None:
        """The provider was offered a message."""
        self.seen.append((provider, _outcome(answer)))

    def receipted(self, provider: str, outcome: Outcome) -> None:
        """Its receipt settled a message."""
        self.seen.append((provider, outcome))

    def write(self) -> None:
        """Never raises TransientError, because sending must not wait for a statistic."""
        seen = Counter(self.seen)
        self.seen.clear()
        for provider in {provider for provider, _ in seen}:
            with suppress(TransientError):
                counts = {outcome: count for (of, outcome), count in seen.items() if of == provider}
                self.rates.count(self.clock.now(), provider, counts)


def _outcome(answer: HandoffAnswer) -> Outcome:
    if isinstance(answer, Accepted):
        return "accepted"
    if isinstance(answer, Refused):
        return "refused"
    return "unavailable" if isinstance(answer, Unavailable) else "uncertain"
