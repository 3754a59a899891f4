"""French as people read it: dates, numbers, no-break spaces. Without `locale`, which is process-wide."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_BEFORE = re.compile(r" (?=[:;!?»])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_IS_ADDRESS = re.compile(r"@|://|/v1/").search
_AFTER = re.compile(r"(?<=«) ")


def typographic(text: str) -> str:
    """`text` with ’ for ' between letters. Addresses and links stay as they are, because they would lead nowhere."""
    words = text.split(" ")
    return " ".join(word if _IS_ADDRESS(word) else _APOSTROPHE.sub("’", word) for word in words)


def no_break(text: str) -> str:
    """`text` with U+00A0 for the spaces before `: ; ! ? »` and after `«`."""
    return _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text))


def french_date(day: date) -> str:
    """ "lundi 23 novembre 2026", "mardi 1er décembre 2026"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]} {day.year}"


def french_datetime(moment: datetime, zone: ZoneInfo = PARIS) -> str:
    """An aware moment on the wall clock of `zone`: "lundi 23 novembre 2026 à 16 h 30"."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    local = moment.astimezone(zone)
    return f"{french_date(local)} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def french_number(number: int) -> str:
    """`12345` → "12 345", grouped with no-break spaces."""
    return f"{number:,}".replace(",", NBSP)
