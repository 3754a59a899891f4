"""The VAT rate a school starts with, by its territory; the operator can correct it per school (R40)."""

from dataclasses import dataclass
from decimal import Decimal

_NOT_IN_FORCE = "TVA non applicable, article 294, 1 du code général des impôts"
_OUTSIDE = "TVA non applicable, article 259, 1° du code général des impôts"


@dataclass(frozen=True, slots=True)
class VatRule:
    """`percent` of the price before tax; `mention` is what the invoice must say when it is zero."""

    percent: Decimal
    mention: str | None = None


_METROPOLITAN = VatRule(Decimal("20"))
_ANTILLES_REUNION = VatRule(Decimal("8.5"))  # CGI, art. 296
_GUYANE_MAYOTTE = VatRule(Decimal("0"), _NOT_IN_FORCE)
# The VAT territory is metropolitan France, Guadeloupe, Martinique and La Réunion (BOI-TVA-CHAMP-20-10):
# Saint-Barthélemy and Saint-Martin left it with Guadeloupe in 2007 and, like the Pacific, have taxes of their own.
_OUTSIDE_TERRITORY = VatRule(Decimal("0"), _OUTSIDE)

_RULES = {
    "FR": _METROPOLITAN,
    **dict.fromkeys(("GP", "MQ", "RE"), _ANTILLES_REUNION),
    **dict.fromkeys(("GF", "YT"), _GUYANE_MAYOTTE),
    **dict.fromkeys(("NC", "PF", "WF", "PM", "BL", "MF"), _OUTSIDE_TERRITORY),
}


def default_vat(territory: str) -> VatRule:
    """The rule of a territory (ISO code). Unknown ones get the metropolitan rate, so that the tax is never too low."""
    return _RULES.get(territory, _METROPOLITAN)
