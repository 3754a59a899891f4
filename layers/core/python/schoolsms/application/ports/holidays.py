"""Port of public holidays."""

from datetime import date
from typing import Protocol


class LocalHolidays(Protocol):
    """The public holidays of each school's own place."""

    def name_of(self, day: date, country: str, department: str) -> str:
        """In French; "" for other days. `country` is the school's, `department` the first digits of its UAI."""
