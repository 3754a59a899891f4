"""Read phone numbers as people type them into E.164, or refuse them with a reason.

French mobiles, overseas included, are recognised by patterns taken from `phonenumbers` (a test proves them equal to its
metadata); the library is imported only for other numbers.
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from schoolsms.domain.texts.patterns import lazily

NumberRefusal = Literal["invalid-number", "not-a-mobile", "country-not-authorised"]


class _Anywhere:
    def __contains__(self, country: object) -> bool:
        return True


ANYWHERE: Container[str] = _Anywhere()
"""Every country, authorised or not."""


class Mobile(NamedTuple):
    """`e164` with its plus; `country` as ISO 3166. Test numbers are simulated, never handed to a provider.

    A NamedTuple for speed: one is made per recipient, and a frozen dataclass takes twice the time.
    Saint-Barthélemy and Saint-Martin share +590 with Guadeloupe, and read as GP.
    """

    e164: str
    country: str
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    code: NumberRefusal


_INVALID = RefusedNumber("invalid-number")
_NOT_A_MOBILE = RefusedNumber("not-a-mobile")
_NOT_AUTHORISED = RefusedNumber("country-not-authorised")

# Nine national digits. The overseas ranges are dialled in France as if they were its own, so they are
# rewritten to their country code, whether typed 0692… or +33692….
NATIONAL_MOBILES = {
    "FR": r"(?:6(?:[0-24-8][0-9]|3[0-8]|9[589])|7[3-9][0-9])[0-9]{6}",
    "GP": r"(?:69(?:0[0-9][0-9]|1(?:2[2-9]|3[0-5]))|7090[0-4])[0-9]{4}",
    "MQ": r"(?:69[67][0-9][0-9]|7091[0-3])[0-9]{4}",
    "GF": r"(?:694(?:[0-249][0-9]|3[0-8])|7093[0-3])[0-9]{4}",
    "RE": (
        r"(?:69(?:2[0-9][0-9]|3(?:[06][0-6]|1[0-3]|2[0-2]|3[0-39]|4[0-9]|5[0-5]|7[0-37]|8[0-8]|9[0-479]))"
        r"|7092[0-3])[0-9]{4}"
    ),
    "YT": r"(?:639(?:0[0-79]|1[019]|[267][0-9]|3[09]|40|5[05-9]|9[04-79])|7093[5-7])[0-9]{4}",
}
_COUNTRY_CODES = {"FR": "+33", "GP": "+590", "MQ": "+596", "GF": "+594", "RE": "+262", "YT": "+262"}
_REWRITTEN_PREFIXES = {
    **{"690": "+590", "691": "+590", "694": "+594", "696": "+596", "697": "+596"},
    **{"692": "+262", "693": "+262", "639": "+262"},
    # Landlines, only to be refused for the right reason.
    **{"590": "+590", "594": "+594", "596": "+596", "262": "+262", "269": "+262"},
}

_compact_mainland = re.compile(rf"(?:0|\+33|0033)({NATIONAL_MOBILES['FR']})").fullmatch
_each_compact_mainland = lazily(rf"^(?:(?:0|\+33|0033)({NATIONAL_MOBILES['FR']})|.*)$", re.MULTILINE)
_national_mobile = lazily(
    # 06 39 98 xx xx is kept for fiction by the regulator: our test numbers.
    "|".join([r"(?P<test>63998[0-9]{4})", *(f"(?P<{iso}>{p})" for iso, p in NATIONAL_MOBILES.items())])
)
_overseas_mobile = lazily(
    "|".join(rf"\{_COUNTRY_CODES[iso]}(?P<{iso}>{p})" for iso, p in NATIONAL_MOBILES.items() if iso != "FR")
)
# A French person writes before the nine digits: 0, nothing (a spreadsheet ate the 0), +33, 0033, 33,
# and the (0) that should not follow them.
_dialled_in_france = re.compile(r"(?:(?:\+|00)?330?|0)?([1-9][0-9]{8})").fullmatch
_digits = re.compile(r"\+?[0-9]+").fullmatch

# Numbers as spreadsheets save them: marked as text ('06…, ="06…"), with a decimal part, in scientific notation. The
# last one counts only with all its digits: 6,12E+08 is none.
_text_cell = re.compile(r"""'([^']+)|=?"([^"]+)\"""").fullmatch
_decimal_cell = re.compile(r"([1-9][0-9]{8}|[1-9][0-9]{10,11})[.,]0+").fullmatch
_scientific_cell = re.compile(r"([1-9])[.,]([0-9]{8}|[0-9]{10,11})[eE]\+?([01][0-9]|[0-9])").fullmatch

_other_signs = re.compile(r"[^0-9+]").findall
_several_columns = re.compile(r"[^,;\t]*[0-9][^,;\t]*([,;\t])[^,;\t]*[^\W\d_][^,;\t]*\1").match
_rounded_cell = re.compile(r"[1-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}").fullmatch

_LOCAL = {"NC": "687", "PF": "689", "WF": "681", "PM": "508"}
"""Territories where one dials six or eight digits, which mean nothing in France, and their country codes."""

_UNSEEN = frozenset(("Cf", "Mn", "Me"))
"""Categories of what comes along when a number is pasted: direction marks, selectors of an emoji's look, keycaps."""
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol in name only: they show nothing."""

_SEPARATORS = str.maketrans("", "", " .-/()_·•‧∙")
_LONGEST_INPUT = 64
MOST_DIGITS = 15
"""The most digits of a number with its country code (E.164)."""


def parse_mobile(raw: str, allowed_countries: Container[str], home: str = "FR") -> Mobile | RefusedNumber:
    """Reads `raw` as typed in France, or else in the territory `home` (ISO). Refusals are values; nothing raises."""
    found = _compact_mainland(raw.replace(" ", "").replace(".", ""))
    if found is None:
        return _parse_typed(raw, allowed_countries, home)
    return Mobile("+33" + found[1], "FR") if "FR" in allowed_countries else _NOT_AUTHORISED


def parse_mobiles(
    raws: Sequence[str], allowed_countries: Container[str], home: str = "FR"
) -> Sequence[str | Mobile | RefusedNumber]:
    """The result of `parse_mobile` for each of `raws`, in one pass over those written as nearly all are.

    A mobile of mainland France that is no test number may be its E.164 alone: most are, and one is made per recipient.
    """
    together = "\n".join(raws)
    found = _each_compact_mainland.findall(together.replace(" ", "").replace(".", ""))
    if len(found) != len(raws) or "FR" not in allowed_countries:  # one of them has several lines, or there are none
        return [parse_mobile(raw, allowed_countries, home) for raw in raws]
    return [
        "+33" + national if national else _parse_typed(raw, allowed_countries, home)
        for raw, national in zip(raws, found, strict=True)
    ]


def _parse_typed(raw: str, allowed_countries: Container[str], home: str) -> Mobile | RefusedNumber:
    if len(raw) > _LONGEST_INPUT:
        return _INVALID
    if not raw.isascii():
        raw = _to_ascii(raw)
    dialled = _from_cell(_uri(raw.strip())).translate(_SEPARATORS)
    french = _dialled_in_france(dialled)
    if french is None:
        return _parse_international(dialled, allowed_countries, home)
    national = french[1]
    mobile = _national_mobile.fullmatch(national)
    if dialled == national and national.startswith(_LOCAL.get(home, "+")):
        # A spreadsheet ate a plus, or else a zero: where both would be a mobile nobody can tell whose it is.
        return _INVALID if mobile else _parse_with_library(dialled, allowed_countries, home)
    if mobile is None:
        code = _REWRITTEN_PREFIXES.get(national[:3], "+33")
        return _parse_with_library(code + national, allowed_countries)
    country = mobile.lastgroup or ""
    if country == "test":
        return Mobile("+33" + national, "FR", is_test=True)
    return _allow(Mobile(_COUNTRY_CODES[country] + national, country), allowed_countries)


def _parse_international(dialled: str, allowed_countries: Container[str], home: str) -> Mobile | RefusedNumber:
    if not _digits(dialled):
        return _INVALID
    international = "+" + dialled.removeprefix("+")  # a spreadsheet ate the plus
    overseas = _overseas_mobile.fullmatch(international)
    if overseas is None:
        return _parse_with_library(dialled, allowed_countries, home if home in _LOCAL else "FR")
    return _allow(Mobile(international, overseas.lastgroup or ""), allowed_countries)


def _from_cell(raw: str) -> str:
    """The number that was typed into a spreadsheet's cell that now reads `raw`."""
    if found := _text_cell(raw):
        raw = (found[1] or found[2]).strip()
    if found := _decimal_cell(raw):
        return found[1]
    if (found := _scientific_cell(raw)) and len(found[2]) == int(found[3]):
        return found[1] + found[2]
    return raw


def why_invalid(raw: str) -> str:
    """The reason why `parse_mobile` calls a number invalid, and the remedy, in French."""
    written = _to_ascii(raw[:_LONGEST_INPUT])
    if not written.strip():
        return "Aucun numéro n'est indiqué : ajoutez-le."
    if _rounded_cell(written.strip()):
        return (
            "Le tableur a perdu la fin de ce numéro : donnez à la colonne le format « Texte », retapez les numéros, "
            "puis enregistrez la liste à nouveau."
        )
    if _several_columns(written):
        return (
            "Cette ligne n'est pas découpée en colonnes comme celle des titres : employez le même séparateur dans "
            "toute la liste."
        )
    if sum(char.isdigit() for char in written) > MOST_DIGITS:
        return "Il y a plus d'un numéro, ou trop de chiffres : gardez un seul numéro."
    others = _other_signs(written.translate(_SEPARATORS))
    if len(others) == 1 and others[0].isalpha():
        return f"Ce numéro contient la lettre « {others[0]} » : remplacez-la par le chiffre voulu."
    if others:
        return "Ce numéro est accompagné d'autre chose : gardez le numéro seul, en chiffres."
    return "Ce numéro n'existe pas : vérifiez-le."


def _allow(mobile: Mobile, allowed_countries: Container[str]) -> Mobile | RefusedNumber:
    return mobile if mobile.country in allowed_countries else _NOT_AUTHORISED


def _parse_with_library(dialled: str, allowed_countries: Container[str], region: str = "FR") -> Mobile | RefusedNumber:
    import phonenumbers  # 20 ms: only numbers that are no French mobile pay for it
    from phonenumbers import PhoneNumberType

    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return _INVALID
    if not phonenumbers.is_valid_number(number):
        return _INVALID
    if phonenumbers.number_type(number) not in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE):
        return _NOT_A_MOBILE
    country = phonenumbers.region_code_for_number(number)
    if country is None or country == "001":  # satellite and other networks of no country
        return _NOT_AUTHORISED
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return _allow(Mobile(e164, country), allowed_countries)


def _uri(raw: str) -> str:
    """The number that a link calls: people copy `tel:+33612345678` from a web page or an address book."""
    return raw[4:] if raw[:4].casefold() == "tel:" else raw


def _to_ascii(raw: str) -> str:
    """Digits of any script, full-width signs, typographic spaces and dashes; signs that show nothing dropped.

    Not the figures of footnotes and fractions: `06 12 34 56 7²` is no mobile with a 2 at its end.
    """
    plain = []
    for char in raw:
        category = unicodedata.category(char)
        if category == "Nd":
            plain.append(str(unicodedata.decimal(char)))
        elif category in ("Zs", "Pd") or char == "\u2212":
            plain.append(" ")
        elif "\uff01" <= char <= "\uff5e":
            plain.append(chr(ord(char) - 0xFEE0))
        elif category not in _UNSEEN and char not in _FILLERS:
            plain.append(char)
    return "".join(plain)
