"""Whom a school can ask (R51)."""

import pytest

from schoolsms.domain.schools.support_contact import SupportContact

PHONE = "02\u00a040\u00a000\u00a000\u00a000"  # it stays on one line
CONTACT = SupportContact("aide@kosmos.test", "02 40 00 00 00")


@pytest.mark.parametrize(
    ("detail", "named"),
    [
        ("Suspendu. Contactez Kosmos.", f"Suspendu. Contactez Kosmos (aide@kosmos.test, {PHONE})."),
        ("Si besoin, contactez Kosmos.", f"Si besoin, contactez Kosmos (aide@kosmos.test, {PHONE})."),
        ("Ce numéro est incorrect.", "Ce numéro est incorrect."),
    ],
)
def test_the_ways_to_ask_follow_the_advice_to_ask(detail: str, named: str) -> None:
    assert CONTACT.named_in(detail) == named


def test_without_any_way_to_ask_nothing_is_added() -> None:
    assert SupportContact().named_in("Contactez Kosmos.") == "Contactez Kosmos."
