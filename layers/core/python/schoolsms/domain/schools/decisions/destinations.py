"""Countries to which a school may send, and how many SMS each one counts there (R22, R23)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

DEFAULT_DESTINATIONS: frozenset[str] = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"})

HOME_MULTIPLIERS: Mapping[str, int] = dict.fromkeys(DEFAULT_DESTINATIONS, 1)
"""Countries to which every French school may send, each SMS counted once."""


DECIMALS_OF_PRICES = 6
"""Operators abroad price an SMS below the cent. A price is kept as it was given: only an invoice rounds."""


@dataclass(frozen=True)
class Tariff:
    """The terms that a school accepts beside the multipliers (§7): words, and euros before VAT an SMS by country."""

    text: str
    prices: Mapping[str, Decimal] = field(default_factory=dict)

    def shown_prices(self) -> Mapping[str, str]:
        """The prices by country, in full, with two decimals at least: `0.0825`, `0.10`."""
        return {country: _in_full(self.prices[country]) for country in sorted(self.prices)}


@dataclass(frozen=True)
class Destinations:
    """Destinations as authorised, or as the school accepted them: countries in ISO 3166, `version` counts changes.

    `multipliers`: how many SMS of the stock one SMS to that country takes.
    """

    sending_country: str
    multipliers: Mapping[str, int]
    version: int
    tariff: Tariff | None = None

    def terms(self, country: str) -> tuple[int | None, str, Decimal | None]:
        """Return the multiplier, words and price that the school accepts for that country."""
        tariff = self.tariff or Tariff("")
        return self.multipliers.get(country), tariff.text, tariff.prices.get(country)


def in_force(country: str, authorised: Destinations | None, accepted: Destinations | None) -> Mapping[str, int]:
    """Multiplier by country that a school of `country` may send to now.

    A destination counts while it is authorised exactly as it was accepted: one whose multiplier or price changed waits
    for the school, the others go on; changed words of the tariff make all wait. A school abroad sends nowhere before it
    accepted the tariff of its own country.
    """
    listed: Mapping[str, int] = {}
    if authorised and accepted and sends_from(country, authorised.sending_country):
        same_country = accepted.sending_country == authorised.sending_country
        listed = {
            iso: count
            for iso, count in authorised.multipliers.items()
            if same_country and accepted.terms(iso) == authorised.terms(iso)
        }
    if country not in DEFAULT_DESTINATIONS:
        return listed
    return {**HOME_MULTIPLIERS, **listed} if listed else HOME_MULTIPLIERS


def _in_full(price: Decimal) -> str:
    whole, _, decimals = f"{price:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def sends_from(country: str, sending_country: str) -> bool:
    """Whether a school of `country` sends from `sending_country`: mainland and overseas are one."""
    return country == sending_country or {country, sending_country} <= DEFAULT_DESTINATIONS
