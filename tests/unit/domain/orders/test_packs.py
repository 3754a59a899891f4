from decimal import Decimal

import pytest

from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack, Totals, euros, euros_fr, sms_of, totals

PACKS = (Pack("P500", 500, 4_500), Pack("P1000", 1_000, 8_500))


@pytest.mark.parametrize(
    ("quantities", "rate", "ht", "vat", "ttc"),
    [
        ({"P1000": 2}, "20", 17_000, 3_400, 20_400),
        ({"P500": 1, "P1000": 1}, "20", 13_000, 2_600, 15_600),
        ({"P1000": 2}, "8.5", 17_000, 1_445, 18_445),
        ({"P1000": 2}, "0", 17_000, 0, 17_000),
        ({}, "20", 0, 0, 0),
        ({"UNKNOWN": 9}, "20", 0, 0, 0),
    ],
)
def test_an_order_costs_its_packs_and_the_vat_of_their_sum(
    quantities: dict[str, int], rate: str, ht: int, vat: int, ttc: int
) -> None:
    """R40."""
    found = totals(PACKS, quantities, Decimal(rate))
    assert (found.ht_cents, found.vat_cents, found.ttc_cents) == (ht, vat, ttc)


@pytest.mark.parametrize(
    ("cents", "rate", "vat"), [(10, "5", 1), (30, "5", 2), (9, "5", 0), (1, "8.5", 0), (6, "8.5", 1)]
)
def test_vat_is_rounded_once_half_up(cents: int, rate: str, vat: int) -> None:
    assert totals([Pack("P", 1, cents)], {"P": 1}, Decimal(rate)) == Totals(cents, vat)


def test_an_order_credits_the_sms_of_its_packs() -> None:
    assert sms_of(PACKS, {"P500": 3, "P1000": 2}) == 3_500
    assert sms_of(PACKS, {}) == 0


def test_larger_packs_are_never_dearer_a_sms() -> None:
    prices = [Decimal(pack.price_ht_cents) / pack.sms for pack in DEFAULT_PRICE_LIST]
    assert prices == sorted(prices, reverse=True)


@pytest.mark.parametrize(
    ("cents", "api", "french"),
    [
        (0, "0.00", "0,00\u00a0€"),
        (5, "0.05", "0,05\u00a0€"),
        (123_456, "1234.56", "1\u00a0234,56\u00a0€"),
        (123_456_700, "1234567.00", "1\u00a0234\u00a0567,00\u00a0€"),
        (-150, "-1.50", "-1,50\u00a0€"),
    ],
)
def test_amounts_are_written_for_programs_and_for_people(cents: int, api: str, french: str) -> None:
    assert (euros(cents), euros_fr(cents)) == (api, french)


@pytest.mark.parametrize("cents", [-5, -99])
def test_less_than_a_euro_owed_keeps_its_sign(cents: int) -> None:
    assert euros(cents).startswith("-0.")
    assert euros_fr(cents).startswith("-0,")
