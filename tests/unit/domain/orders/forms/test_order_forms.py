"""The values that the fields of an order form have when it is handed out (R5)."""

from tests.support.papers.forms import issued_form


def test_the_fields_have_the_school_the_quantities_and_the_totals() -> None:
    """500 and 2 × 1,000 SMS for 45 € and 2 × 85 €: 215 € HT, 43 € VAT."""
    values = issued_form().values()
    assert values["uai"] == "0070021B"
    assert (values["qty_P500"], values["qty_P1000"]) == ("1", "2")
    assert (values["total_ht"], values["vat"], values["total_ttc"]) == (
        "215,00\u00a0€",
        "43,00\u00a0€",
        "258,00\u00a0€",
    )


def test_a_form_without_quantities_has_neither_them_nor_totals() -> None:
    values = issued_form(quantities={"P500": 0}).values()
    assert {"qty_P500", "total_ht", "vat", "total_ttc"}.isdisjoint(values)
