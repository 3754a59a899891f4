"""R23: where a school may send, and what one SMS counts there."""

from dataclasses import replace
from decimal import Decimal

import pytest

from schoolsms.domain.schools.decisions.destinations import HOME_MULTIPLIERS, Destinations, Tariff, in_force, sends_from

AT_HOME = {"FR": 1, "GP": 1, "MQ": 1, "GF": 1, "RE": 1, "YT": 1, "PM": 1, "BL": 1, "MF": 1}
BELGIUM_AND_SPAIN = Destinations("FR", {"BE": 2, "ES": 3}, 1)


def test_a_french_school_sends_at_home_without_more() -> None:
    assert HOME_MULTIPLIERS == AT_HOME
    assert in_force("FR", None, None) == AT_HOME
    assert in_force("RE", None, None) == AT_HOME


def test_what_the_school_has_not_accepted_is_not_in_force() -> None:
    assert in_force("FR", BELGIUM_AND_SPAIN, None) == AT_HOME


def test_what_was_accepted_is_in_force() -> None:
    assert in_force("FR", BELGIUM_AND_SPAIN, BELGIUM_AND_SPAIN) == {**AT_HOME, "BE": 2, "ES": 3}


@pytest.mark.parametrize(
    ("now", "abroad"),
    [
        ({"BE": 2, "ES": 3, "IT": 2}, {"BE": 2, "ES": 3}),
        ({"BE": 2}, {"BE": 2}),
        ({"BE": 2, "ES": 4}, {"BE": 2}),
        ({"BE": 1, "ES": 2}, {}),
        ({}, {}),
    ],
)
def test_a_change_leaves_in_force_what_is_authorised_just_as_it_was_accepted(
    now: dict[str, int], abroad: dict[str, int]
) -> None:
    """Nobody pays a multiplier they did not accept, nor sends where they no longer may; the rest goes on."""
    assert in_force("FR", Destinations("FR", now, 2), BELGIUM_AND_SPAIN) == AT_HOME | abroad


@pytest.mark.parametrize(
    ("now", "abroad"),
    [
        (Tariff("Tarif 1", {"BE": Decimal("0.09"), "ES": Decimal("0.12")}), {"BE": 2, "ES": 3}),
        (Tariff("Tarif 1", {"BE": Decimal("0.0901"), "ES": Decimal("0.12")}), {"ES": 3}),
        (Tariff("Tarif 1", {"BE": Decimal("0.090"), "ES": Decimal("0.1200")}), {"BE": 2, "ES": 3}),
        (Tariff("Tarif 1", {"BE": Decimal("0.10"), "ES": Decimal("0.12")}), {"ES": 3}),
        (Tariff("Tarif 1", {"ES": Decimal("0.12")}), {"ES": 3}),
        (Tariff("Tarif 2", {"BE": Decimal("0.09"), "ES": Decimal("0.12")}), {}),
        (None, {}),
    ],
)
def test_a_changed_tariff_waits_for_a_new_acceptance_as_a_changed_multiplier_does(
    now: Tariff | None, abroad: dict[str, int]
) -> None:
    """§7: a price makes its own country wait, the words make all wait."""
    accepted = replace(BELGIUM_AND_SPAIN, tariff=Tariff("Tarif 1", {"BE": Decimal("0.09"), "ES": Decimal("0.12")}))
    authorised = replace(accepted, version=2, tariff=now)
    assert in_force("FR", authorised, accepted) == AT_HOME | abroad


def test_a_school_abroad_sends_nowhere_while_the_tariff_of_its_country_is_not_accepted() -> None:
    accepted = Destinations("BE", {"BE": 1}, 1, Tariff("Tarif 1"))
    assert in_force("BE", accepted, accepted) == {"BE": 1}
    assert in_force("BE", replace(accepted, version=2, tariff=Tariff("Tarif 2")), accepted) == {}


def test_a_tariff_at_home_may_be_agreed_too() -> None:
    overseas = Destinations("FR", {"RE": 2}, 1)
    assert in_force("FR", overseas, None)["RE"] == 1
    assert in_force("FR", overseas, overseas)["RE"] == 2


def test_a_school_abroad_sends_nowhere_before_it_accepted_its_sending_country() -> None:
    from_belgium = Destinations("BE", {"BE": 2, "FR": 2}, 1)
    assert in_force("BE", None, None) == {}
    assert in_force("BE", from_belgium, None) == {}
    assert in_force("BE", from_belgium, from_belgium) == {"BE": 2, "FR": 2}
    assert in_force("BE", BELGIUM_AND_SPAIN, BELGIUM_AND_SPAIN) == {}
    assert in_force("BE", from_belgium, Destinations("FR", {"BE": 2, "FR": 2}, 1)) == {}


@pytest.mark.parametrize(
    ("country", "sending", "same"),
    [("FR", "FR", True), ("RE", "FR", True), ("BE", "BE", True), ("FR", "BE", False), ("BE", "FR", False)],
)
def test_mainland_and_overseas_are_one_to_send_from(country: str, sending: str, same: bool) -> None:
    assert sends_from(country, sending) is same


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        ("0.0825", "0.0825"),
        ("0.1", "0.10"),
        ("3", "3.00"),
        ("0", "0.00"),
        ("0.500000", "0.50"),
        ("0.000001", "0.000001"),
    ],
)
def test_a_price_is_shown_in_full_and_with_two_decimals_at_least(price: str, shown: str) -> None:
    """§7."""
    assert Tariff("Tarif", {"BE": Decimal(price)}).shown_prices() == {"BE": shown}
