"""The newer overseas ranges, and what is said of a number that is none (R23)."""

import pytest

from schoolsms.domain.schools.decisions.destinations import DEFAULT_DESTINATIONS
from schoolsms.domain.texts.phone_numbers import Mobile, RefusedNumber, parse_mobile, why_invalid


@pytest.mark.parametrize(
    ("typed", "e164", "country"),
    [
        ("0709 00 12 34", "+590709001234", "GP"),
        ("+33 7 09 04 12 34", "+590709041234", "GP"),
        ("0709 10 12 34", "+596709101234", "MQ"),
        ("07 09 13 12 34", "+596709131234", "MQ"),
        ("0709 20 12 34", "+262709201234", "RE"),
        ("709231234", "+262709231234", "RE"),
        ("0033 709 30 12 34", "+594709301234", "GF"),
        ("0709 35 12 34", "+262709351234", "YT"),
        ("0709 37 12 34", "+262709371234", "YT"),
        ("+590 709 00 12 34", "+590709001234", "GP"),
        ("+262 709 35 12 34", "+262709351234", "YT"),
    ],
)
def test_newer_overseas_ranges_are_read_as_they_are_dialled_in_france(typed: str, e164: str, country: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == Mobile(e164, country)


@pytest.mark.parametrize("typed", ["0709 05 12 34", "0709 14 12 34", "0709 34 12 34", "0709 38 12 34", "0709 40 12 34"])
def test_what_is_between_the_newer_ranges_is_nobodys(typed: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == RefusedNumber("invalid-number")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("6,12E+08", "format « Texte »"),
        ("6.1E8", "format « Texte »"),
        ("3,36123E+10", "format « Texte »"),
        ("06 12 34 56 78 (maman)", "le numéro seul"),
        ("mère : 06 12 34 56 78", "le numéro seul"),
        ("O6 12 34 56 78", "la lettre « O »"),
        ("06123A5678", "la lettre « A »"),
        ("0612345679,J'accepte,1,papier,Secrétariat,01/09/2026", "le même séparateur"),
        ("0612345679;Zoé;Dupont", "le même séparateur"),
        ("06 12 34 56 78, maman", "le numéro seul"),
        ("06\t12 34 56 78", "le numéro seul"),
        ("0612345678'", "le numéro seul"),
        ("06,12,34,56,78", "le numéro seul"),
        ("06 12 34 56 78 ou 07 12 34 56 78", "un seul numéro"),
        ("06 12 34 56 78 / 06 98 76 54 32", "un seul numéro"),
        ("0612345678;0698765432", "un seul numéro"),
        ("06 12 34 56 7", "vérifiez-le"),
        ("", "Aucun numéro"),
        (" \u00a0\u200b", "Aucun numéro"),
    ],
)
def test_what_is_no_number_is_said_with_what_to_do(written: str, said: str) -> None:
    assert parse_mobile(written, DEFAULT_DESTINATIONS) == RefusedNumber("invalid-number")
    assert said in why_invalid(written)
