"""The contract that an accepted order form makes (§ preamble, R4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.school_years import school_year_of
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class Contract:
    """In force from the moment the conforming form was received to the last day of that school year, included.

    It is never renewed by itself. `conditions_version` names the conditions that the signed form accepts.
    """

    in_force_from: datetime
    in_force_until: date
    school_year: str
    conditions_version: str


def contract_of(order: Order, school: School) -> Contract | None:
    """None before the order is accepted. The year is that of reception, on the school's own calendar."""
    if order.state not in ("accepted", "credited"):
        return None
    year = school_year_of(school.calendar, school.local_day(order.received_at))
    return Contract(
        in_force_from=order.received_at,
        in_force_until=year.end_exclusive - timedelta(days=1),
        school_year=year.label,
        conditions_version=order.conditions_version,
    )
