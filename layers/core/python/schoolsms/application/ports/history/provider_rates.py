"""Port of how providers did in the last hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Outcome = Literal[
    "accepted", "refused", "unavailable", "uncertain", "delivered", "undeliverable", "expired", "failed", "cancelled"
]
"""A provider's answer when it was offered a message, and the result of its receipt later."""


@dataclass(frozen=True)
class HourOfProvider:
    """How often each outcome happened in the hour that began at `began`."""

    provider: str
    began: datetime
    counts: Mapping[Outcome, int]


class ProviderRates(Protocol):
    """Counts for people to look at. Nothing else depends on them, so that a run that is repeated may count twice."""

    def count(self, at: datetime, provider: str, outcomes: Mapping[Outcome, int]) -> None: ...

    def since(self, begin: datetime) -> Sequence[HourOfProvider]:
        """The hours that began at `begin` or later, oldest first."""
