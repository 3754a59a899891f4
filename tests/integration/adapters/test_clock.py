"""Public holidays of each school's own place, as the law of each has them."""

from datetime import date

import pytest

from schoolsms.adapters.clock import FrenchHolidays


@pytest.mark.parametrize(
    ("day", "country", "department", "holiday"),
    [
        (date(2026, 7, 14), "FR", "075", True),
        (date(2026, 11, 24), "FR", "075", False),
        (date(2026, 12, 26), "FR", "075", False),
        (date(2026, 12, 26), "FR", "067", True),  # Saint Stephen's Day in Alsace and Moselle
        (date(2026, 12, 26), "FR", "057", True),
        (date(2026, 12, 20), "RE", "974", True),  # abolition of slavery
        (date(2026, 12, 20), "FR", "075", False),
        (date(2026, 5, 27), "GP", "971", True),
        (date(2026, 5, 22), "MQ", "972", True),
        (date(2026, 6, 10), "GF", "973", True),
        (date(2026, 4, 27), "YT", "976", True),
        (date(2026, 9, 24), "NC", "983", True),  # citizenship day
    ],
)
def test_a_holiday_is_that_of_the_place(day: date, country: str, department: str, holiday: bool) -> None:
    assert bool(FrenchHolidays().name_of(day, country, department)) == holiday
