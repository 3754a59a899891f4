"""Numbers as spreadsheets hand them on; see `test_phone_numbers.py` for the rest."""

import phonenumbers
import pytest

from schoolsms.domain.schools.decisions.destinations import DEFAULT_DESTINATIONS
from schoolsms.domain.texts.phone_numbers import Mobile, RefusedNumber, parse_mobile

EVERYWHERE = frozenset(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize(
    "typed",
    [
        "612345678",
        "6 12 34 56 78",
        "33612345678",
        "330612345678",
        "612345678.0",
        "612345678,00",
        "33612345678.0",
        "6.12345678E8",
        "6,12345678E+08",
        "6.12345678e+8",
        "3.3612345678E10",
        "'0612345678",
        "' 06 12 34 56 78",
        '="0612345678"',
        '"06 12 34 56 78"',
        '"612345678.0"',
    ],
)
def test_what_spreadsheets_make_of_a_number_is_still_that_number(typed: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == Mobile("+33612345678", "FR")


@pytest.mark.parametrize(
    "typed",
    ["6,12E+08", "6.1234E8", "6.12345678E9", "6.123456789E8", "0.612345678E9", "612345678.5", "''", '="'],
)
def test_a_number_that_lost_digits_is_none(typed: str) -> None:
    """Rounded, or shifted: who would get the message is anybody's guess."""
    assert parse_mobile(typed, EVERYWHERE) == RefusedNumber("invalid-number")
