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
        return day.weekday() < 5 and day not in _public_holidays(day.year) and day not in self._closures()

    def name_of(self, day: date) -> str:
        if day.weekday() >= 5:
            return ""
        return _public_holidays(day.year).get(day) or ("fermeture de Kosmos" if day in self._closures() else "")


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> Mapping[date, str]:
    """Their French names by day."""
    import holidays  # 60 ms, and only orders need it

    return dict(holidays.country_holidays("FR", years=year, language="fr"))
