"""The time, and the operator's working days."""

from datetime import UTC, date, datetime
from functools import lru_cache


class SystemClock:
    """Implements the port `Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrenchWorkingDays:
    """Implements the port `WorkingDays`: Monday to Friday but the public holidays of metropolitan France (R9)."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in _public_holidays(day.year)


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    import holidays  # 60 ms, and only orders need it

    return frozenset(holidays.country_holidays("FR", years=year))
