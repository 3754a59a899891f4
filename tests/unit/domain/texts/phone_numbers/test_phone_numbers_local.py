"""Numbers as one types them where six or eight digits are dialled (R20, R23)."""

import pytest

from schoolsms.domain.schools.decisions.destinations import DEFAULT_DESTINATIONS
from schoolsms.domain.texts.phone_numbers import ANYWHERE, Mobile, RefusedNumber, parse_mobile


@pytest.mark.parametrize(
    ("written", "home", "e164"),
    [
        ("75 12 34", "NC", "+687751234"),
        ("75.12.34", "NC", "+687751234"),
        ("+687 75 12 34", "NC", "+687751234"),
        ("00 687 75 12 34", "NC", "+687751234"),
        ("87 12 34 56", "PF", "+68987123456"),
        ("82 12 34", "WF", "+681821234"),
        ("55 12 34", "PM", "+508551234"),
        ("055 12 34", "PM", "+508551234"),
        ("06 12 34 56 50", "NC", "+33612345650"),
        ("612345650", "PF", "+33612345650"),
        ("+32 470 12 34 56", "NC", "+32470123456"),
    ],
)
def test_a_number_is_read_as_it_is_typed_there(written: str, home: str, e164: str) -> None:
    found = parse_mobile(written, ANYWHERE, home)
    assert isinstance(found, Mobile)
    assert found.e164 == e164


@pytest.mark.parametrize(
    ("written", "home", "code"),
    [
        *(("75 12 34", home, "invalid-number") for home in ("FR", "RE", "GP", "BE", "PF")),
        ("27 12 34", "NC", "not-a-mobile"),
        ("40 41 00 00", "PF", "not-a-mobile"),
        ("12 34", "NC", "invalid-number"),
    ],
)
def test_and_elsewhere_it_means_nothing(written: str, home: str, code: str) -> None:
    assert parse_mobile(written, ANYWHERE, home) == RefusedNumber(code)  # type: ignore[arg-type]


@pytest.mark.parametrize(("written", "home"), [("687 75 12 34", "NC"), ("681821234", "WF"), ("687412345.0", "NC")])
def test_what_may_have_lost_a_plus_or_a_zero_is_nobodys(written: str, home: str) -> None:
    """A spreadsheet makes the same of +687 75 12 34 and of 06 87 75 12 34: two people, and one must not get the SMS."""
    assert parse_mobile(written, ANYWHERE, home) == RefusedNumber("invalid-number")
    assert isinstance(parse_mobile(written, ANYWHERE, "FR"), Mobile)
    for whole, country in (("+687 75 12 34", "NC"), ("00687751234", "NC"), ("06 87 75 12 34", "FR")):
        found = parse_mobile(whole, ANYWHERE, home)
        assert isinstance(found, Mobile)
        assert found.country == country


@pytest.mark.parametrize(
    ("written", "home", "e164"), [("508 55 12 34", "PM", "+508551234"), ("689 87 12 34 56", "PF", "+68987123456")]
)
def test_a_lost_plus_is_seen_where_no_mobile_in_france_begins_so(written: str, home: str, e164: str) -> None:
    assert parse_mobile(written, ANYWHERE, home) == Mobile(e164, home)


def test_a_country_that_is_not_authorised_stays_so() -> None:
    assert parse_mobile("75 12 34", DEFAULT_DESTINATIONS, home="NC") == RefusedNumber("country-not-authorised")
