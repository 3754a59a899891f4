"""The warnings before the end of a school's subscription, and which of them went out (R17)."""

from dataclasses import dataclass
from datetime import date

WARNED_AT = (30, 7)
"""Days before the last day of the subscription at which managers are warned of what they will lose."""


class EndChanged(Exception):
    """The subscription was extended or ended otherwise since it was read. Nothing was written."""


@dataclass(frozen=True)
class Warned:
    """The last warning: it was about that `end`, `days` (one of WARNED_AT) before it."""

    end: date
    days: int


def warning_due(end: date, today: date, warned: Warned | None) -> Warned | None:
    """The warning that is due `today` and was not given. A late one is given too, because it is better than none."""
    left = (end - today).days
    stages = [days for days in WARNED_AT if left <= days]
    if left < 0 or not stages:
        return None
    due = Warned(end, min(stages))
    given = warned is not None and warned.end == end and warned.days <= due.days
    return None if given else due
