"""Changes of a school's stock on each of its own days, by kind of ledger entry (R18)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from schoolsms.domain.schools.stock.ledger import Entry, Kind


@dataclass(frozen=True)
class DayUsage:
    """Signed SMS of the entries of one day, by kind; a kind without entries is left out.

    `balance_after`: what the last of them left.
    """

    day: date
    amounts: Mapping[Kind, int]
    balance_after: int

    @property
    def change(self) -> int:
        """By how much the balance changed on that day."""
        return sum(self.amounts.values())


def usage_by_day(entries: Iterable[Entry], clock: ZoneInfo, first: date, last: date) -> Sequence[DayUsage]:
    """The days from `first` to `last` on which there were entries, oldest first, by the school's `clock`."""
    days: dict[date, dict[Kind, int]] = {}
    left: dict[date, int] = {}
    for entry in entries:
        day = entry.at.astimezone(clock).date()
        if first <= day <= last:
            amounts = days.setdefault(day, {})
            amounts[entry.kind] = amounts.get(entry.kind, 0) + entry.amount
            left[day] = entry.balance_after
    return [DayUsage(day, days[day], left[day]) for day in sorted(days)]
