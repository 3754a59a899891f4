"""What an accepted form makes: in force from its reception, for that school year (R4)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schoolsms.domain.orders.contract import Contract, contract_of
from tests.support.builders import NOW, SCHOOL, order


@pytest.mark.parametrize("state", ["accepted", "credited"])
def test_an_accepted_order_is_a_contract_for_the_school_year(state: Any) -> None:
    assert contract_of(order(state=state), SCHOOL) == Contract(NOW, date(2027, 8, 31), "2026-27", "2026-09")


@pytest.mark.parametrize("state", ["incomplete", "review", "rejected"])
def test_no_other_order_is_one(state: Any) -> None:
    assert contract_of(order(state=state), SCHOOL) is None


def test_the_year_is_that_of_reception_whatever_the_form_was_issued_for() -> None:
    """A form of last year that a person accepted."""
    late = order(received_at=datetime(2026, 9, 1, 6, tzinfo=UTC), school_year="2025-26")
    made = contract_of(late, SCHOOL)
    assert made is not None
    assert (made.school_year, made.in_force_until) == ("2026-27", date(2027, 8, 31))


def test_the_day_of_reception_is_the_schools_own() -> None:
    """31 August, 22:30 UTC, is 1 September in Paris."""
    made = contract_of(order(received_at=datetime(2026, 8, 31, 22, 30, tzinfo=UTC)), SCHOOL)
    assert made is not None
    assert made.school_year == "2026-27"


def test_a_southern_school_year_ends_in_february() -> None:
    made = contract_of(order(), replace(SCHOOL, calendar="nouvelle-caledonie"))
    assert made == Contract(NOW, date(2027, 2, 14), "2026", "2026-09")
