"""French as people read it: dates, numbers, the signs of print. Without `locale`, which is process-wide."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")

MESSAGE_STATUSES: Mapping[str, str] = {
    "queued": "En attente d’envoi",
    "sent": "Remis à l’opérateur mobile, accusé attendu",
    "uncertain": "Peut-être reçu\u00a0: vérification en cours",
    "delivered": "Reçu",
    "undeliverable": "Injoignable\u00a0: décompté",
    "expired": "Sans nouvelles après 72\u00a0h\u00a0: décompté",
    "failed": "Non parti\u00a0: rendu au stock",
    "cancelled": "Annulé\u00a0: rendu au stock",
}
"""French words for a message's status, in the history, its file, mails and certificates (docs/glossary.md)."""

ORDER_STATES: Mapping[str, str] = {
    "incomplete": "Incomplète",
    "review": "À examiner",
    "accepted": "Acceptée, crédit en cours",
    "credited": "Créditée",
    "rejected": "Refusée",
    "question": "Question en attente de réponse",
    "answered": "Question traitée",
}

INVOICE_STATES: Mapping[str, str] = {
    "numbered": "En préparation",
    "due": "À régler",
    "overdue": "En retard",
    "paid": "Réglée",
    "cancelled": "Annulée par un avoir",
}

LEDGER_KINDS: Mapping[str, str] = {
    "credit": "Crédit",
    "debit": "Décompte",
    "release": "SMS rendus",
    "forfeiture": "SMS perdus",
    "correction": "Correction",
}

LEDGER_CAUSES: Mapping[str, str] = {
    "order": "Commande",
    "send_request": "Envoi",
    "message": "Message",
    "subscription_end": "Fin d’abonnement",
    "correction": "Correction",
}

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_BEFORE = re.compile(r" (?=[:;!?»%€])")
_AFTER = re.compile(r"(?<=«) ")
_COUNTED = re.compile(r"(?<=\d) (?=(?:SMS|h)\b)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|«)")
_IS_ADDRESS = re.compile(r"@|://|/v1/").search


def typographic(text: str) -> str:
    """`text` with ’ for ' between letters. Addresses and links stay as they are, because they would lead nowhere."""
    words = text.split(" ")
    return " ".join(word if _IS_ADDRESS(word) else _APOSTROPHE.sub("’", word) for word in words)


def no_break(text: str) -> str:
    """`text` with U+00A0 for the spaces before `: ; ! ? » % €`, after `«`, and between a number and SMS or h."""
    return _COUNTED.sub(NBSP, _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text)))


@lru_cache(maxsize=256)  # one sentence refuses many recipients
def printed(text: str) -> str:
    """`text` as it is shown to people: `typographic` and `no_break`."""
    return no_break(typographic(text))


def without_accents(text: str) -> str:
    """`text` without its accents, letters that are two in one taken apart, except œ and æ."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def french_date(day: date) -> str:
    """ "lundi 23 novembre 2026", "mardi 1er décembre 2026"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]} {day.year}"


def french_datetime(moment: datetime, zone: ZoneInfo = PARIS) -> str:
    """An aware moment on the wall clock of `zone`: "lundi 23 novembre 2026 à 16 h 30".

    The first instant of a day is midnight of the day before, as people say of the end of a day.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    local = moment.astimezone(zone)
    if local.time() == time():
        return f"{french_date(local.date() - timedelta(days=1))} à minuit"
    return f"{french_date(local)} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def paris_datetime(moment: datetime) -> str:
    """ "lundi 23 novembre 2026 à 16 h 30 (heure de Paris)", because a school overseas lives by another clock."""
    return f"{french_datetime(moment)} (heure de Paris)"


def school_year_in_full(label: str) -> str:
    """`2026-27` → "2026-2027"; a school year that is a calendar year stays "2026"."""
    start, _, end = label.partition("-")
    return f"{start}-{start[:2]}{end}" if len(start) == 4 and len(end) == 2 else label


def french_number(number: int) -> str:
    """`12345` → "12 345", grouped with no-break spaces."""
    return f"{number:,}".replace(",", NBSP)
