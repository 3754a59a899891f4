"""The seller's settings are checked before an invoice bears them (R41)."""

from typing import Any

import pytest

from schoolsms.adapters.invoices.seller import seller_of
from tests.fakes.orders.invoices import SELLER

SETTINGS: dict[str, Any] = {
    "name": "Kosmos",
    "legal_form": "SAS",
    "capital_euros": 100_000,
    "siret": "123 456 782 00010",
    "rcs_city": "Nantes",
    "vat_number": "FR 11 123456782",
    "street": "1 rue de l’Exemple",
    "postcode": "44000",
    "city": "Nantes",
    "iban": "FR76 1234 5678 9000 0000 0000 067",
    "bic": "TESTFRP0XXX",
    "vat_on_debits": True,
    "email": "facturation@kosmos.test",
    "phone": "02 40 00 00 00",
}


def test_the_settings_make_the_seller() -> None:
    assert seller_of(**SETTINGS) == SELLER


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("siret", "12345678200011"),
        ("vat_number", "FR12123456782"),
        ("iban", "FR7612345678900000000000068"),
        ("iban", ""),
        ("bic", "TESTFRP0X"),
        ("bic", ""),
    ],
)
def test_a_number_with_a_wrong_key_or_form_is_named(setting: str, value: str) -> None:
    with pytest.raises(ValueError, match="is not valid"):
        seller_of(**{**SETTINGS, setting: value})
