"""The time, and the operator's working days."""

from collections.abc import Callable
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


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    import holidays  # 60 ms, and only orders need it

    return frozenset(holidays.country_holidays("FR", years=year))
