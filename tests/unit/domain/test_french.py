from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from schoolsms.domain.french import french_date, french_datetime, french_number, no_break, school_year_in_full


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "lundi 23 novembre 2026 à 16\u00a0h\u00a030"),
        (datetime(2026, 7, 1, 7, 5, tzinfo=UTC), "mercredi 1er juillet 2026 à 9\u00a0h\u00a005"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "jeudi 31 décembre 2026 à minuit"),
        (datetime(2026, 12, 31, 23, 1, tzinfo=UTC), "vendredi 1er janvier 2027 à 0\u00a0h\u00a001"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "dimanche 29 mars 2026 à 1\u00a0h\u00a059"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "dimanche 29 mars 2026 à 3\u00a0h\u00a000"),
    ],
)
def test_a_moment_is_read_on_the_clock_of_paris(moment: datetime, expected: str) -> None:
    assert french_datetime(moment) == expected


def test_another_school_s_clock_can_be_asked_for() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert french_datetime(noon, ZoneInfo("Pacific/Noumea")) == "lundi 23 novembre 2026 à 23\u00a0h\u00a000"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        french_datetime(datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001


def test_months_and_days_have_their_accents() -> None:
    assert french_date(date(2027, 8, 15)) == "dimanche 15 août 2027"
    assert french_date(date(2027, 2, 2)) == "mardi 2 février 2027"
    assert french_date(date(2026, 12, 5)) == "samedi 5 décembre 2026"


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0"), (999, "999"), (1000, "1\u00a0000"), (-1234567, "-1\u00a0234\u00a0567")]
)
def test_numbers_are_grouped_by_three(number: int, expected: str) -> None:
    assert french_number(number) == expected


def test_double_signs_keep_their_no_break_space() -> None:
    assert no_break("« Oui » : non ; si ! hein ?") == "«\u00a0Oui\u00a0»\u00a0: non\u00a0; si\u00a0! hein\u00a0?"
    assert no_break("12:30, https://exemple.fr?a=b;c") == "12:30, https://exemple.fr?a=b;c"
    assert no_break("80 % de 500 SMS, 12 €") == "80\u00a0% de 500\u00a0SMS, 12\u00a0€"


@pytest.mark.parametrize(("label", "expected"), [("2026-27", "2026-2027"), ("2026", "2026")])
def test_a_school_year_is_named_by_both_its_years(label: str, expected: str) -> None:
    assert school_year_in_full(label) == expected
