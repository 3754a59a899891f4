"""Find the entries of a day in a ledger (R18).

Entries are numbered in the order they were written, and dated by the clock of whoever wrote them, a little before. So
a search among the numbers finds where a day begins, however long the ledger is.
"""

from datetime import UTC, date, datetime, time, timedelta

from schoolsms.application.ports.core import Ledger
from schoolsms.domain.schools.school_years import zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.ledger import Entry

SLACK = timedelta(hours=1)
"""Most time between the date of an entry and its write: more than any function runs."""

AT_A_TIME = 100


def midnight(school: School, day: date) -> datetime:
    """Return the first instant of a day of the school's own."""
    return datetime.combine(day, time(), zone(school.calendar)).astimezone(UTC)


def number_from(ledger: Ledger, uai: str, moment: datetime) -> int:
    """Return a number before which every entry is dated before `moment`, and few after are.

    Of an entry that is dated two slacks before, every earlier one was written, and so is dated, before `moment`.
    """
    low, high = 1, ledger.balance(uai).seq + 1
    while low < high:
        middle = (low + high) // 2
        entry = ledger.entry_numbered(uai, middle)
        if entry and entry.at < moment - 2 * SLACK:
            low = middle + 1
        else:
            high = middle
    return low


def last_before(ledger: Ledger, uai: str, moment: datetime) -> Entry | None:
    """Return the entry with the highest number among those dated before `moment`."""
    number = number_from(ledger, uai, moment)
    last = ledger.entry_numbered(uai, number - 1) if number > 1 else None
    while True:
        some = list(ledger.entries_between(uai, number, number + AT_A_TIME - 1))
        for entry in some:
            if entry.at >= moment + 2 * SLACK:
                return last
            if entry.at < moment:
                last = entry
        if len(some) < AT_A_TIME:
            return last
        number += AT_A_TIME
