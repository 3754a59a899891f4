"""Two schools whose year is lived through: one in Paris, one whose year runs from February to December."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Place:
    """A school, its calendar and its clock; `cost` is what one SMS counts there."""

    uai: str
    country: str
    cost: int
    prefix: str
    registered: datetime
    label: str
    days: tuple[str, str]
    """The first and the last of its school year."""
    year_end: datetime
    """The first second of the next one."""
    purge_announced: tuple[str, str]
    """When managers are mailed about the purge: 30 and 7 days before the pupils' return."""
    warned: tuple[str, str]
    warned_again: tuple[str, str]
    """When managers are mailed about the subscription's end, 30 and 7 days before; again once extended."""
    first_end: str
    last_end: str
    """The last day of the subscription as registered, and as extended in time."""
    ended: datetime
    """The first second without it."""

    def phone(self, number: int, ending: str = "10") -> str:
        """One that the phone network treats by its `ending`."""
        return f"{self.prefix}{number}{ending}"

    def unlucky(self) -> list[str]:
        """Unreachable; without a receipt ever; refused by its provider; its providers always busy."""
        return [self.phone(4, ending) for ending in ("01", "02", "04", "08")]

    def registration(self, subscription_end: str) -> dict[str, Any]:
        """So low a level that the first request of the year stays above it, and the fourth goes below."""
        address = {"line1": "1 rue des Écoles", "postcode": "75005", "city": "Paris", "country": self.country}
        return {"subscription_end": subscription_end, "low_balance_threshold": 500 - 8 * self.cost, "address": address}


METROPOLE = Place(
    uai="0750655E",
    country="FR",
    cost=1,
    prefix="+33612345",
    registered=datetime(2026, 9, 7, 10, tzinfo=UTC),
    label="2026-27",
    days=("2026-09-01", "2027-08-31"),
    year_end=datetime(2027, 8, 31, 22, tzinfo=UTC),
    purge_announced=("2027-08-02", "2027-08-25"),
    warned=("2027-08-01", "2027-08-24"),
    warned_again=("2027-12-01", "2027-12-24"),
    first_end="2027-08-31",
    last_end="2027-12-31",
    ended=datetime(2027, 12, 31, 23, tzinfo=UTC),
)
NOUVELLE_CALEDONIE = Place(
    uai="9830002K",
    country="NC",
    cost=2,
    prefix="+687751",
    registered=datetime(2026, 3, 2, 1, tzinfo=UTC),
    label="2026",
    days=("2026-02-16", "2027-02-14"),
    year_end=datetime(2027, 2, 14, 13, tzinfo=UTC),
    purge_announced=("2027-01-16", "2027-02-08"),
    warned=("2027-01-15", "2027-02-07"),
    warned_again=("2027-05-31", "2027-06-23"),
    first_end="2027-02-14",
    last_end="2027-06-30",
    ended=datetime(2027, 6, 30, 13, tzinfo=UTC),
)
