from decimal import Decimal

import pytest

from schoolsms.domain.schools.vat import default_vat


@pytest.mark.parametrize(
    ("territory", "percent"),
    [
        ("FR", "20"),
        ("GP", "8.5"),
        ("MQ", "8.5"),
        ("RE", "8.5"),
        *((territory, "0") for territory in ("GF", "YT", "NC", "PF", "WF", "PM", "BL", "MF")),
    ],
)
def test_each_territory_has_its_default_rate(territory: str, percent: str) -> None:
    assert default_vat(territory).percent == Decimal(percent)


@pytest.mark.parametrize("territory", ["FR", "GP", "MQ", "RE", "GF", "YT", "NC", "PF", "WF", "PM", "BL", "MF"])
def test_an_invoice_without_vat_says_why_and_no_other_does(territory: str) -> None:
    rule = default_vat(territory)
    assert (rule.mention is None) == (rule.percent > 0)


def test_the_mention_tells_a_department_without_vat_from_a_country_outside_it() -> None:
    assert default_vat("GF").mention == "TVA non applicable, article 294, 1 du code général des impôts"
    assert default_vat("NC").mention == "TVA non applicable, article 259, 1° du code général des impôts"


def test_an_unknown_territory_pays_the_metropolitan_rate() -> None:
    assert default_vat("XX") == default_vat("FR")
