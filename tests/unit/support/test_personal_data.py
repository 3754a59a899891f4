"""Where the journeys see a number, a name or a text in what a stack wrote (R46)."""

import pytest

from tests.support.journeys.observed import PersonalData


@pytest.fixture
def personal() -> PersonalData:
    known = PersonalData()
    for phone in ("+33610053010", "06 39 98 76 54", "+262692000110", "+4915112345678"):
        known.remember(phone)
    known.remember("Zoé Lefèvre")
    return known


@pytest.mark.parametrize(
    "written",
    [
        *(
            "to=+33639987654;",
            "to=%2B33639987654&",
            "0033639987654",
            "06.39.98.76.54",
            "6\u00a039\u00a098\u00a076\u00a054",
        ),
        *("06%2039%2098%2076%2054", "tel%200639987654", r"06\u00a039\u00a098\u00a076\u00a054", "06-39-98-76-54, 12 h"),
        *("2026-12-01 06 39 98 76 54 4 SMS", "/phones/+33639987654/2", '["0639987654",1]'),
    ],
)
def test_a_number_is_found_however_it_is_written(personal: PersonalData, written: str) -> None:
    assert personal.found_in(written) == ["639987654"]


def test_numbers_of_other_countries_are_found_as_they_were_given(personal: PersonalData) -> None:
    assert personal.found_in("0692 00 01 10 / +4915112345678") == ["112345678", "692000110"]


@pytest.mark.parametrize(
    "written",
    ['"provider_message":"1796100530100"', "1796610053010", "639987654123", "2026-12-01T06:39:98.76Z", "63998765", ""],
)
def test_an_id_or_an_instant_with_the_digits_of_a_number_is_none(personal: PersonalData, written: str) -> None:
    assert personal.found_in(written) == []


def test_a_name_is_found_escaped_too(personal: PersonalData) -> None:
    for written in ("par Zoé Lefèvre", r"Zo\u00e9 Lef\u00e8vre", "q=Zo%C3%A9+Lef%C3%A8vre"):
        assert len(personal.found_in(written)) == 1
