"""In-memory stand-in for how providers did."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from schoolsms.application.ports.history.provider_rates import HourOfProvider, Outcome


class FakeProviderRates:
    def __init__(self) -> None:
        self.hours: dict[tuple[datetime, str], Counter[Any]] = {}

    def count(self, at: datetime, provider: str, outcomes: Mapping[Outcome, int]) -> None:
        hour = at.replace(minute=0, second=0, microsecond=0)
        self.hours.setdefault((hour, provider), Counter()).update(outcomes)

    def since(self, begin: datetime) -> Sequence[HourOfProvider]:
        return [
            HourOfProvider(provider, hour, dict(counts))
            for (hour, provider), counts in sorted(self.hours.items())
            if hour >= begin
        ]
