from datetime import UTC, date, timedelta

import pytest

from schoolsms.domain.schools.school_years import (
    CALENDARS,
    Calendar,
    CalendarExhausted,
    SchoolYear,
    calendar_of,
    ended_at,
    known_until,
    other_years,
    school_year_of,
    to_mend,
    year_labelled,
    zone,
)

LABELS = ["2025-26", "2026-27", "2027-28", "2028-29", "2029-30", "2030-31", "2031-32"]
SOUTHERN_LABELS = ["2025", "2026", "2027", "2028", "2029", "2030", "2031"]


def test_the_metropolitan_year_runs_from_return_to_the_day_before_the_next() -> None:
    year = SchoolYear("2026-27", date(2026, 9, 1), date(2027, 9, 1))
    assert school_year_of("metropole", date(2026, 9, 1)) == year
    assert school_year_of("metropole", date(2027, 8, 31)) == year
    assert school_year_of("metropole", date(2026, 8, 31)).label == "2025-26"
    assert school_year_of("metropole", date(2027, 9, 1)).label == "2027-28"


def test_the_southern_year_starts_in_february() -> None:
    assert school_year_of("nouvelle-caledonie", date(2026, 2, 15)).label == "2025"
    assert school_year_of("nouvelle-caledonie", date(2026, 2, 16)).label == "2026"
    assert school_year_of("nouvelle-caledonie", date(2027, 1, 10)).label == "2026"
    assert school_year_of("wallis-et-futuna", date(2026, 2, 16)).label == "2026"


def test_reunion_returns_in_august() -> None:
    assert school_year_of("reunion", date(2026, 8, 17)).label == "2025-26"
    assert school_year_of("reunion", date(2026, 8, 18)).label == "2026-27"


@pytest.mark.parametrize("calendar", CALENDARS)
def test_a_calendar_has_seven_years_without_gap_each_from_a_weekday(calendar: Calendar) -> None:
    southern = calendar in ("nouvelle-caledonie", "wallis-et-futuna")
    day = date(2026, 2, 20) if southern else date(2025, 9, 2)
    first = year = school_year_of(calendar, day)
    if southern:
        first = year = school_year_of(calendar, year.start - timedelta(days=1))
    labels = [year.label]
    while year.end_exclusive < known_until(calendar):
        following = school_year_of(calendar, year.end_exclusive)
        assert following.start == year.end_exclusive
        labels.append(following.label)
        year = following
    assert labels == (SOUTHERN_LABELS if southern else LABELS)
    assert first.start.weekday() < 5
    for label in labels:
        assert label.startswith(str(first.start.year + labels.index(label)))
    assert year.end_exclusive.weekday() < 5


@pytest.mark.parametrize("calendar", CALENDARS)
def test_a_day_outside_the_table_says_that_rows_are_missing(calendar: Calendar) -> None:
    with pytest.raises(CalendarExhausted, match=calendar):
        school_year_of(calendar, known_until(calendar))
    with pytest.raises(CalendarExhausted):
        school_year_of(calendar, date(2020, 1, 1))


@pytest.mark.parametrize(
    ("uai", "calendar", "zone_name"),
    [
        ("0750655E", "metropole", "Europe/Paris"),
        ("7200009X", "metropole", "Europe/Paris"),
        ("9710002A", "guadeloupe", "America/Guadeloupe"),
        ("9720001A", "martinique", "America/Martinique"),
        ("9730001A", "guyane", "America/Cayenne"),
        ("9740001A", "reunion", "Indian/Reunion"),
        ("9750001A", "saint-pierre-et-miquelon", "America/Miquelon"),
        ("9760127J", "mayotte", "Indian/Mayotte"),
        ("9780001A", "guadeloupe", "America/Guadeloupe"),
        ("9830002K", "nouvelle-caledonie", "Pacific/Noumea"),
        ("9840001A", "polynesie", "Pacific/Tahiti"),
        ("9870001A", "wallis-et-futuna", "Pacific/Wallis"),
    ],
)
def test_the_uai_gives_calendar_and_clock(uai: str, calendar: Calendar, zone_name: str) -> None:
    assert calendar_of(uai) == calendar
    assert zone(calendar).key == zone_name


def test_a_year_ends_at_midnight_on_the_clock_of_its_calendar() -> None:
    def end(calendar: Calendar, label: str) -> str:
        year = year_labelled(calendar, label)
        assert year
        return ended_at(calendar, year).astimezone(UTC).isoformat()

    assert end("metropole", "2026-27") == "2027-08-31T22:00:00+00:00"
    assert end("nouvelle-caledonie", "2026") == "2027-02-14T13:00:00+00:00"
    assert end("polynesie", "2026-27") == "2027-08-17T10:00:00+00:00"


def test_a_label_is_of_its_own_calendar_only() -> None:
    assert year_labelled("metropole", "2026") is None
    year = year_labelled("metropole", "2026-27")
    assert year
    assert year.last_day == date(2027, 8, 31)


def test_labels_of_other_calendars_end_when_they_ended_in_all_of_them() -> None:
    ends = {year.label: year.end_exclusive for year in other_years("nouvelle-caledonie")}
    assert ends == {
        "2025-26": date(2026, 9, 1),
        "2026-27": date(2027, 9, 1),
        "2027-28": date(2028, 9, 4),
        "2028-29": date(2029, 9, 3),
        "2029-30": date(2030, 9, 2),
        "2030-31": date(2031, 9, 1),
        "2031-32": date(2032, 9, 1),
    }
    assert [year.label for year in other_years("metropole")] == SOUTHERN_LABELS


@pytest.mark.parametrize("calendar", CALENDARS)
def test_a_calendar_wants_rows_half_a_year_before_it_runs_out(calendar: Calendar) -> None:
    assert calendar not in to_mend(known_until(calendar) - timedelta(days=180))
    assert calendar in to_mend(known_until(calendar) - timedelta(days=179))
    assert calendar in to_mend(known_until(calendar) + timedelta(days=400))


def test_a_projected_end_wants_the_published_day_two_months_ahead() -> None:
    """Reviewed as of November 2026: the return of February 2027 in Nouvelle-Calédonie is still a projection."""
    assert to_mend(date(2026, 12, 17)) == []
    assert to_mend(date(2026, 12, 18)) == ["nouvelle-caledonie", "wallis-et-futuna"]
    assert "metropole" not in to_mend(date(2027, 8, 20))
    assert "metropole" in to_mend(date(2028, 7, 15))
