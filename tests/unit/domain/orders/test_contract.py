"""An accepted form makes a contract, in force from its reception for that school year (R4)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schoolsms.domain.orders.contract import Contract, contract_of, running_contract
from tests.support.builders import NOW, SCHOOL, TEXTS, order


@pytest.mark.parametrize("state", ["accepted", "credited"])
def test_an_accepted_order_is_a_contract_for_the_school_year(state: Any) -> None:
    assert contract_of(order(state=state), SCHOOL) == Contract(
        in_force_from=NOW,
        in_force_until=datetime(2027, 8, 31, 22, tzinfo=UTC),  # midnight in Paris
        ends="school-year-end",
        last_day=date(2027, 8, 31),
        school_year="2026-27",
        conditions_version="2026-09",
        texts=TEXTS,
    )


@pytest.mark.parametrize("state", ["incomplete", "review", "rejected"])
def test_no_other_order_is_one(state: Any) -> None:
    assert contract_of(order(state=state), SCHOOL) is None


def test_the_year_is_that_of_reception_whatever_the_form_was_issued_for() -> None:
    """A form of last year that a person accepted."""
    late = order(received_at=datetime(2026, 9, 1, 6, tzinfo=UTC), school_year="2025-26")
    made = contract_of(late, SCHOOL)
    assert made is not None
    assert (made.school_year, made.last_day) == ("2026-27", date(2027, 8, 31))


def test_the_day_of_reception_is_the_schools_own() -> None:
    """31 August, 22:30 UTC, is 1 September in Paris."""
    made = contract_of(order(received_at=datetime(2026, 8, 31, 22, 30, tzinfo=UTC)), SCHOOL)
    assert made is not None
    assert made.school_year == "2026-27"


def test_a_southern_school_year_ends_in_february() -> None:
    made = contract_of(order(), replace(SCHOOL, calendar="nouvelle-caledonie"))
    assert made
    assert (made.school_year, made.last_day) == ("2026", date(2027, 2, 14))
    assert made.in_force_until == datetime(2027, 2, 14, 13, tzinfo=UTC)  # midnight in Nouméa


def test_a_termination_ends_the_contract_at_its_instant() -> None:
    """§6."""
    made = contract_of(order(), SCHOOL.terminated(NOW + timedelta(days=3)))
    assert made
    assert (made.in_force_until, made.ends, made.last_day) == (
        NOW + timedelta(days=3),
        "terminated",
        date(2026, 11, 26),
    )
    assert made.runs(NOW + timedelta(days=3, seconds=-1))
    assert not made.runs(NOW + timedelta(days=3))


def test_a_termination_after_the_school_year_leaves_the_contract_ended_by_the_year() -> None:
    made = contract_of(order(), SCHOOL.terminated(datetime(2027, 8, 31, 22, tzinfo=UTC)))
    assert made == contract_of(order(), SCHOOL)


def test_an_order_accepted_after_a_termination_makes_no_contract_that_runs() -> None:
    made = contract_of(order(), SCHOOL.terminated(NOW - timedelta(days=3)))
    assert made
    assert (made.in_force_from, made.in_force_until, made.ends) == (NOW, NOW, "terminated")
    assert not made.runs(NOW)


@pytest.mark.parametrize(
    ("at", "running"),
    [
        (NOW - timedelta(seconds=1), None),
        (NOW, NOW),
        (NOW + timedelta(days=30), NOW + timedelta(days=30)),
        (datetime(2027, 8, 31, 21, 59, 59, tzinfo=UTC), NOW + timedelta(days=30)),
        (datetime(2027, 8, 31, 22, tzinfo=UTC), None),  # a year without a contract
        (datetime(2036, 1, 1, tzinfo=UTC), None),
    ],
)
def test_the_contract_that_runs_is_the_latest_of_the_year(at: datetime, running: datetime | None) -> None:
    orders = [order(), order(id="BC2", received_at=NOW + timedelta(days=30)), order(id="BC3", state="review")]
    found = running_contract(orders, SCHOOL, at)
    assert (found and found.in_force_from) == running
