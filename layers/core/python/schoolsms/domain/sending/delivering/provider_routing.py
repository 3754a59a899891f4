"""Choose the provider that is offered a message: weights by country, changed by how each behaved lately (R32).

Errors and slowness move traffic to the others; as they age it drifts back. Rates count, so that one phone's bad luck
moves next to nothing. A provider is compared with the best one, so that nothing moves while all are equally bad, and
messages wait in the queue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

HALF_LIFE_SECONDS = 150.0
"""Half-life of an observation of a provider, so that an outage is forgotten within a quarter of an hour."""

BENEFIT_OF_THE_DOUBT = 5.0
"""Good offers that every provider is assumed to have had, because a few bad ones alone are no rate."""

Weights = Mapping[str, int]
"""Share of each provider by name. One with 0 only stands in; one that is not named takes nothing."""

_ENTRY = re.compile(r"(?:(\+[1-9][0-9]{0,6})=)?([a-z]+:[0-9]{1,6}(?:,[a-z]+:[0-9]{1,6})*)")


@dataclass(frozen=True)
class HealthScore:
    """Recent offers to a provider and their failures, as of `at`, in seconds."""

    offers: float = 0.0
    faults: float = 0.0
    at: float = 0.0

    def after(self, at: float, *, fault: bool) -> HealthScore:
        """With one more offer."""
        kept = self._kept(at)
        return HealthScore(self.offers * kept + 1, self.faults * kept + fault, max(at, self.at))

    def fault_rate(self, at: float) -> float:
        """From 0 to below 1, lower as time goes by."""
        kept = self._kept(at)
        return self.faults * kept / (self.offers * kept + BENEFIT_OF_THE_DOUBT)

    def _kept(self, at: float) -> float:
        return float(0.5 ** (max(0.0, at - self.at) / HALF_LIFE_SECONDS))


@dataclass(frozen=True)
class WeightTable:
    """Weights for all numbers, and others for those that begin with a prefix (`+262`)."""

    default: Weights
    by_prefix: Mapping[str, Weights]

    def of(self, phone: str) -> Weights:
        """The weights of the longest prefix of `phone`."""
        fitting = (prefix for prefix in self.by_prefix if phone.startswith(prefix))
        return self.by_prefix.get(max(fitting, key=len, default=""), self.default)

    def names(self) -> frozenset[str]:
        """Every provider it names."""
        return frozenset(name for weights in (self.default, *self.by_prefix.values()) for name in weights)


def parse_weights(text: str) -> WeightTable:
    """`ovh:100,aws:0/+262=aws:100,ovh:0`. Raises ValueError for what has another form, or no provider that takes."""
    default: dict[str, int] | None = None
    by_prefix: dict[str, Weights] = {}
    for entry in text.split("/"):
        matched = _ENTRY.fullmatch(entry.strip())
        if matched is None:
            raise ValueError(f"provider weights: {entry!r} is not of the form name:weight,name:weight")
        weights = {name: int(weight) for name, _, weight in (each.partition(":") for each in matched[2].split(","))}
        if not any(weights.values()):
            raise ValueError(f"provider weights: nobody takes anything in {entry!r}")
        if matched[1]:
            by_prefix[matched[1]] = weights
        else:
            default = weights
    if default is None:
        raise ValueError("provider weights: the default is missing")
    return WeightTable(default, by_prefix)


def shares(weights: Weights, fault_rates: Mapping[str, float]) -> dict[str, float]:
    """The weights changed by the health of each provider, with the same sum.

    The share that a provider loses goes to the others by their weight and health. A stand-in counts a little beside
    others, and takes all if it is alone.
    """
    health = {name: 1 - fault_rates.get(name, 0.0) ** 2 for name in weights}
    best = max(health.values())
    kept = {name: each / best for name, each in health.items()}
    bent = {name: weight * kept[name] for name, weight in weights.items()}
    for loser, weight in weights.items():
        heirs = {name: kept[name] * max(weights[name], 1) for name in weights if name != loser}
        if not heirs:
            return dict(weights)
        for name, claim in heirs.items():
            bent[name] += weight * (1 - kept[loser]) * claim / sum(heirs.values())
    return bent


def in_order(weights: Weights, fault_rates: Mapping[str, float], draw: float) -> tuple[str, ...]:
    """The provider on which `draw` falls, from 0 to below 1; behind it the others, for what it does not take."""
    bent = shares(weights, fault_rates)
    first, left = "", draw * sum(bent.values())
    for name, share in bent.items():
        if share > 0:
            first = name
            left -= share
            if left < 0:
                break
    rest = sorted((name for name in bent if name != first), key=lambda name: -bent[name])
    return (first, *rest)
