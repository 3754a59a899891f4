"""The time, and the operator's working days."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache


class SystemClock:
    """Implements the port `Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrenchWorkingDays:
    """Implements the port `WorkingDays`: Monday to Friday, but neither the public holidays of metropolitan France
    nor the days the operator is closed (R9)."""

    def __init__(self, closures: Callable[[], frozenset[date]] = frozenset) -> None:
        self._closures = closures

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and not self.name_of(day)

    def name_of(self, day: date) -> str:
        if day.weekday() >= 5:
            return ""
        return _holidays(None, day.year).get(day) or ("fermeture de Kosmos" if day in self._closures() else "")


class FrenchHolidays:
    """Implements the port `LocalHolidays`: those of metropolitan France, Alsace, Moselle, each territory overseas."""

    def name_of(self, day: date, country: str, department: str) -> str:
        return _holidays(_SUBDIVISIONS.get(country) or _SUBDIVISIONS.get(department), day.year).get(day, "")


_SUBDIVISIONS = {
    # By country (ISO 3166)
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "YT": "976",
    **{country: country for country in ("BL", "MF", "NC", "PF", "PM", "WF")},
    # By department, as a UAI begins: the local law of Alsace and Moselle
    "057": "57",
    "067": "6AE",
    "068": "6AE",
}


@lru_cache(maxsize=32)
def _holidays(subdivision: str | None, year: int) -> Mapping[date, str]:
    """Return French names by day, those of metropolitan France for no `subdivision`."""
    import holidays  # 60 ms, and only orders and estimates that name an hour need it

    return dict(holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr"))
