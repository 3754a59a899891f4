"""School years: from the pupils' return to the day before the next return (R37).

Returns are decided by decree, rectors and local governments, so this is data: add a row to each calendar
as it is published, correct the projected ones, and move `_PUBLISHED_UNTIL` on. `to_mend` names the calendars that need
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from schoolsms.domain.schools.uai import territory

Calendar = Literal[
    "metropole",
    "guadeloupe",
    "martinique",
    "guyane",
    "saint-pierre-et-miquelon",
    "reunion",
    "mayotte",
    "polynesie",
    "nouvelle-caledonie",
    "wallis-et-futuna",
]


MENDED_BEFORE = timedelta(days=180)
"""Time before the end of its last row at which a calendar must have another one."""

PUBLISHED_BEFORE = timedelta(days=60)
"""Time before a school year's end at which the end should be published, because the purge follows this table."""


class CalendarExhausted(LookupError):
    """The table of this calendar holds no school year for that day: rows must be added."""


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """`end_exclusive` is the day of the next return, which opens the next school year."""

    label: str
    start: date
    end_exclusive: date

    @property
    def last_day(self) -> date:
        """The day before the next return."""
        return self.end_exclusive - timedelta(days=1)


# Projection: 1 September, or the Monday after when it is a Friday, Saturday or Sunday (as in 2017, 2018, 2023).
_NATIONAL = [
    ("2025-26", date(2025, 9, 1), date(2026, 9, 1)),  # published (arrêté of 7 December 2022)
    ("2026-27", date(2026, 9, 1), date(2027, 9, 1)),  # published
    ("2027-28", date(2027, 9, 1), date(2028, 9, 4)),  # start published, end projected
    ("2028-29", date(2028, 9, 4), date(2029, 9, 3)),  # projected
    ("2029-30", date(2029, 9, 3), date(2030, 9, 2)),  # projected
    ("2030-31", date(2030, 9, 2), date(2031, 9, 1)),  # projected
    ("2031-32", date(2031, 9, 1), date(2032, 9, 1)),  # projected
]
# Projection: Monday nearest to 15 February (true of each year since 2019 in Nouvelle-Calédonie).
_FEBRUARY_2027 = date(2027, 2, 15)
_PROJECTED_IN_THE_SOUTH = [
    ("2027", _FEBRUARY_2027, date(2028, 2, 14)),
    ("2028", date(2028, 2, 14), date(2029, 2, 12)),
    ("2029", date(2029, 2, 12), date(2030, 2, 18)),
    ("2030", date(2030, 2, 18), date(2031, 2, 17)),
    ("2031", date(2031, 2, 17), date(2032, 2, 16)),
]

_YEARS: dict[Calendar, list[tuple[str, date, date]]] = {
    "metropole": _NATIONAL,
    # These differ from the national calendar in their holidays, not in the pupils' return.
    "guadeloupe": _NATIONAL,
    "martinique": _NATIONAL,
    "guyane": _NATIONAL,
    "saint-pierre-et-miquelon": _NATIONAL,
    # Projection: 17 August, or the Monday after a weekend.
    "reunion": [
        ("2025-26", date(2025, 8, 19), date(2026, 8, 18)),  # published (académie)
        ("2026-27", date(2026, 8, 18), date(2027, 8, 17)),  # start published, end announced in June 2025
        ("2027-28", date(2027, 8, 17), date(2028, 8, 17)),  # projected
        ("2028-29", date(2028, 8, 17), date(2029, 8, 17)),  # projected
        ("2029-30", date(2029, 8, 17), date(2030, 8, 19)),  # projected
        ("2030-31", date(2030, 8, 19), date(2031, 8, 18)),  # projected
        ("2031-32", date(2031, 8, 18), date(2032, 8, 17)),  # projected
    ],
    # Projection: fourth Monday of August.
    "mayotte": [
        ("2025-26", date(2025, 8, 25), date(2026, 8, 24)),  # start published, end projected
        ("2026-27", date(2026, 8, 24), date(2027, 8, 23)),  # projected
        ("2027-28", date(2027, 8, 23), date(2028, 8, 28)),  # projected
        ("2028-29", date(2028, 8, 28), date(2029, 8, 27)),  # projected
        ("2029-30", date(2029, 8, 27), date(2030, 8, 26)),  # projected
        ("2030-31", date(2030, 8, 26), date(2031, 8, 25)),  # projected
        ("2031-32", date(2031, 8, 25), date(2032, 8, 23)),  # projected
    ],
    # Projection: mid-August Tuesday after the teachers' Monday, the day after when it is Assumption.
    "polynesie": [
        ("2025-26", date(2025, 8, 12), date(2026, 8, 18)),  # start published, end projected
        ("2026-27", date(2026, 8, 18), date(2027, 8, 17)),  # projected
        ("2027-28", date(2027, 8, 17), date(2028, 8, 16)),  # projected
        ("2028-29", date(2028, 8, 16), date(2029, 8, 14)),  # projected
        ("2029-30", date(2029, 8, 14), date(2030, 8, 13)),  # projected
        ("2030-31", date(2030, 8, 13), date(2031, 8, 12)),  # projected
        ("2031-32", date(2031, 8, 12), date(2032, 8, 17)),  # projected
    ],
    "nouvelle-caledonie": [
        ("2025", date(2025, 2, 17), date(2026, 2, 16)),  # published
        ("2026", date(2026, 2, 16), _FEBRUARY_2027),  # start published, end projected
        *_PROJECTED_IN_THE_SOUTH,
    ],
    "wallis-et-futuna": [
        ("2025", date(2025, 2, 17), date(2026, 2, 16)),  # start by the rule, end published
        ("2026", date(2026, 2, 16), _FEBRUARY_2027),  # start published, end projected
        *_PROJECTED_IN_THE_SOUTH,
    ],
}

# The last return of each calendar that a text names; later ones are projections.
_PUBLISHED_UNTIL: dict[Calendar, date] = {
    "metropole": date(2027, 9, 1),
    "guadeloupe": date(2027, 9, 1),
    "martinique": date(2027, 9, 1),
    "guyane": date(2027, 9, 1),
    "saint-pierre-et-miquelon": date(2027, 9, 1),
    "reunion": date(2027, 8, 17),
    "mayotte": date(2025, 8, 25),
    "polynesie": date(2025, 8, 12),
    "nouvelle-caledonie": date(2026, 2, 16),
    "wallis-et-futuna": date(2026, 2, 16),
}

_CALENDAR_OF_TERRITORY: dict[str, Calendar] = {
    "GP": "guadeloupe",
    "BL": "guadeloupe",  # same académie
    "MF": "guadeloupe",
    "MQ": "martinique",
    "GF": "guyane",
    "PM": "saint-pierre-et-miquelon",
    "RE": "reunion",
    "YT": "mayotte",
    "PF": "polynesie",
    "NC": "nouvelle-caledonie",
    "WF": "wallis-et-futuna",
}

_ZONES: dict[Calendar, str] = {
    "metropole": "Europe/Paris",
    "guadeloupe": "America/Guadeloupe",
    "martinique": "America/Martinique",
    "guyane": "America/Cayenne",
    "saint-pierre-et-miquelon": "America/Miquelon",
    "reunion": "Indian/Reunion",
    "mayotte": "Indian/Mayotte",
    "polynesie": "Pacific/Tahiti",
    "nouvelle-caledonie": "Pacific/Noumea",
    "wallis-et-futuna": "Pacific/Wallis",
}

CALENDARS: tuple[Calendar, ...] = tuple(_YEARS)


def calendar_of(uai: str) -> Calendar:
    """The default calendar of a school; the operator may set another."""
    return _CALENDAR_OF_TERRITORY.get(territory(uai), "metropole")


def school_year_of(calendar: Calendar, day: date) -> SchoolYear:
    """The school year holding that local day. Raises CalendarExhausted outside the table."""
    for label, start, end_exclusive in _YEARS[calendar]:
        if start <= day < end_exclusive:
            return SchoolYear(label, start, end_exclusive)
    raise CalendarExhausted(f"calendar {calendar} has no school year for {day}")


def school_years(calendar: Calendar) -> Sequence[SchoolYear]:
    """Every year the table holds, oldest first."""
    return [SchoolYear(*row) for row in _YEARS[calendar]]


def other_years(calendar: Calendar) -> Sequence[SchoolYear]:
    """Years whose labels only other calendars have, each until it ended in all of them.

    A school that was given another calendar may have sent something in one of them.
    """
    own = {year.label for year in school_years(calendar)}
    found: dict[str, SchoolYear] = {}
    for year in (year for other in CALENDARS for year in school_years(other) if year.label not in own):
        known = found.get(year.label)
        if known is None or year.end_exclusive > known.end_exclusive:
            found[year.label] = year
    return list(found.values())


def year_labelled(calendar: Calendar, label: str) -> SchoolYear | None:
    """The year of that label."""
    return next((year for year in school_years(calendar) if year.label == label), None)


def ended_at(calendar: Calendar, year: SchoolYear) -> datetime:
    """The instant at which the next year began, on the clock of the calendar; aware."""
    return datetime.combine(year.end_exclusive, time(), zone(calendar))


def to_mend(today: date) -> Sequence[Calendar]:
    """The calendars that end soon after `today`, or whose present year soon ends on a projected day."""
    return [
        calendar
        for calendar in CALENDARS
        if known_until(calendar) - today < MENDED_BEFORE
        or any(
            max(today, _PUBLISHED_UNTIL[calendar]) < year.end_exclusive < today + PUBLISHED_BEFORE
            for year in school_years(calendar)
        )
    ]


def known_until(calendar: Calendar) -> date:
    """The first day the table does not cover: an alarm is due well before it."""
    return _YEARS[calendar][-1][2]


def zone(calendar: Calendar) -> ZoneInfo:
    """The clock a school of this calendar lives by."""
    return ZoneInfo(_ZONES[calendar])
