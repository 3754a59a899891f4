from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schoolsms.domain.errors import SchoolClosed
from schoolsms.domain.schools.notified import Notified
from schoolsms.domain.schools.schools import Address
from tests.support.builders import NOW, SCHOOL

LAST_DAY = replace(SCHOOL, subscription_end=date(2026, 11, 23))


def test_an_active_school_may_send() -> None:
    SCHOOL.check_may_send(NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "suspended"}, "school-suspended"),
        ({"state": "terminated"}, "school-terminated"),
        ({"subscription_end": date(2026, 11, 22)}, "subscription-ended"),
        ({"state": "suspended", "subscription_end": date(2026, 1, 1)}, "school-suspended"),
    ],
)
def test_a_closed_school_may_not_send_and_reads_why(changes: dict[str, Any], code: str) -> None:
    """R1, R17, R27."""
    with pytest.raises(SchoolClosed) as closed:
        replace(SCHOOL, **changes).check_may_send(NOW)
    assert closed.value.code == code
    assert closed.value.detail.endswith(".")


@pytest.mark.parametrize(
    ("calendar", "last", "first_after"),
    [
        # Midnight on the school's own clock: Paris UTC+1, Nouméa UTC+11, Tahiti UTC-10.
        ("metropole", datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ("nouvelle-caledonie", datetime(2026, 11, 23, 12, 59, 59, tzinfo=UTC), datetime(2026, 11, 23, 13, tzinfo=UTC)),
        ("polynesie", datetime(2026, 11, 24, 9, 59, 59, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)),
    ],
)
def test_a_subscription_ends_with_its_last_day_where_the_school_is(
    calendar: Any, last: datetime, first_after: datetime
) -> None:
    """R17."""
    school = replace(LAST_DAY, calendar=calendar)
    assert school.subscribed(last)
    assert not school.subscribed(first_after)


@pytest.mark.parametrize("email", ["marie.durand@lycee.test", "Marie.Durand@LYCEE.test"])
def test_a_manager_is_known_by_address(email: str) -> None:
    assert SCHOOL.has_manager(email)


@pytest.mark.parametrize("email", ["", "durand@lycee.test", "marie.durand@lycee.test.evil.test"])
def test_nobody_else_is(email: str) -> None:
    assert not SCHOOL.has_manager(email)


def test_a_former_manager_gets_no_mail_though_a_list_was_kept() -> None:
    """R10: an address that was confirmed only for being a manager's counts while the person is one."""
    left, head = Notified("parti@ecole.test", NOW), Notified("chef@ecole.test", NOW, "TOKEN")
    assert replace(SCHOOL, notified=(left, head)).notified_addresses() == ["chef@ecole.test"]
    assert replace(SCHOOL, notified=(left,)).notified_addresses() == [each.email for each in SCHOOL.managers]


def test_an_address_is_written_in_lines() -> None:
    assert Address("1 rue A", "75005", "Paris", "FR").lines() == "1 rue A\n75005 Paris"
    assert Address("1 rue A", "75005", "Paris", "FR", "BP 12").lines() == "1 rue A\nBP 12\n75005 Paris"
