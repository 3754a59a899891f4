"""Packs of SMS, their prices and what an order of them costs (R40)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MAX_QUANTITY = 999
"""Packs of one kind in one order; more is a slip of the pen, and goes to a person."""

MOST_PACKS = 8
"""Packs of one price list: the table of the order form has room for no more rows."""


@dataclass(frozen=True)
class Pack:
    """A pack as the order form offers it: so many SMS for so many euro cents before VAT."""

    id: str
    sms: int
    price_ht_cents: int


DEFAULT_PRICE_LIST = (
    Pack("P500", 500, 4_500),
    Pack("P1000", 1_000, 8_500),
    Pack("P2500", 2_500, 20_000),
    Pack("P5000", 5_000, 37_500),
    Pack("P10000", 10_000, 70_000),
)
"""The prices in force until the operator publishes others."""


@dataclass(frozen=True)
class Totals:
    """An order's amounts in euro cents, rounded once, on the VAT of the sum."""

    ht_cents: int
    vat_cents: int

    @property
    def ttc_cents(self) -> int:
        return self.ht_cents + self.vat_cents


def totals(packs: Iterable[Pack], quantities: Mapping[str, int], vat_rate: Decimal) -> Totals:
    """The amounts of `quantities` (pack id → number of packs) at `vat_rate` percent."""
    ht = sum(pack.price_ht_cents * quantities.get(pack.id, 0) for pack in packs)
    vat = (Decimal(ht) * vat_rate / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return Totals(ht, int(vat))


def sms_of(packs: Iterable[Pack], quantities: Mapping[str, int]) -> int:
    """Return how many SMS `quantities` of `packs` credit."""
    return sum(pack.sms * quantities.get(pack.id, 0) for pack in packs)


def euros(cents: int) -> str:
    """`123456` → `"1234.56"`, as the API writes amounts."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def euros_fr(cents: int) -> str:
    """`123456` → `"1 234,56 €"`, as a person reads amounts (no-break spaces)."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    grouped = f"{cents // 100:,}".replace(",", "\u00a0")
    return f"{sign}{grouped},{cents % 100:02d}\u00a0€"
