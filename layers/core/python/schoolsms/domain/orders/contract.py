"""The contract that an accepted order form makes (§ preamble, 2, 6; R4).

The stock is not its concern: credits stay usable until the subscription ends, also while no contract runs (§4 over §2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from schoolsms.domain.orders.forms.accepted_texts import AcceptedText
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.school_years import ended_at, school_year_of
from schoolsms.domain.schools.schools import School

ContractEnd = Literal["school-year-end", "terminated"]

LONGEST_CONTRACT = timedelta(days=400)
"""Longer than any school year: an order that was received earlier made no contract that still runs."""


@dataclass(frozen=True)
class Contract:
    """In force from the moment the conforming form was received until the school year or the school's service ends.

    `in_force_until` is the first instant without it, `ends` the reason, `last_day` the school's own last day with it.
    It is never renewed by itself. `conditions_version` names the conditions that the signed form accepts,
    `texts` all that it accepts.
    """

    in_force_from: datetime
    in_force_until: datetime
    ends: ContractEnd
    last_day: date
    school_year: str
    conditions_version: str
    texts: tuple[AcceptedText, ...] = ()

    def runs(self, at: datetime) -> bool:
        """Whether it is in force at that instant."""
        return self.in_force_from <= at < self.in_force_until


def contract_of(order: Order, school: School) -> Contract | None:
    """None before the order is accepted. The year is that of reception, on the school's own calendar."""
    if order.state not in ("accepted", "credited"):
        return None
    year = school_year_of(school.calendar, school.local_day(order.received_at))
    ends: ContractEnd = "school-year-end"
    until, last_day = ended_at(school.calendar, year), year.last_day
    if school.terminated_at and school.terminated_at < until:
        # An order that a person accepts after a termination makes a contract that has ended.
        until, ends = max(school.terminated_at, order.received_at), "terminated"
        last_day = school.local_day(until)
    return Contract(
        in_force_from=order.received_at,
        in_force_until=until,
        ends=ends,
        last_day=last_day,
        school_year=year.label,
        conditions_version=order.conditions_version,
        texts=order.texts,
    )


def running_contract(orders: Iterable[Order], school: School, at: datetime) -> Contract | None:
    """The contract in force at that instant, the latest if several are."""
    lately = (order for order in orders if at - order.received_at < LONGEST_CONTRACT)
    running = [made for order in lately if (made := contract_of(order, school)) and made.runs(at)]
    return max(running, key=lambda contract: contract.in_force_from, default=None)
