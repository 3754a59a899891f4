"""Write the history as a spreadsheet in French opens it: UTF-8 with its mark, semicolons, French words, dates (R36).

A cell that a spreadsheet would take for a formula gets an apostrophe before it, as one types it to mean text. Nothing
that somebody wrote is computed, and a number stays `'+33612345678`, with all its digits. Our own imports read it so.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from functools import lru_cache

from schoolsms.domain.history.history_messages import Message
from schoolsms.domain.sending.statuses import Status

HEADINGS = (
    "Accepté le",
    "Numéro",
    "Message",
    "SMS décomptés",
    "Statut",
    "Statut final le",
    "Auteur",
    "Identifiant du message",
    "Identifiant de l'envoi",
    "Application",
    "Motif",
    "Que faire",
)

STATUSES: Mapping[Status, str] = {
    "queued": "en attente",
    "sent": "envoyé",
    "uncertain": "incertain",
    "delivered": "remis",
    "undeliverable": "non remis",
    "expired": "expiré",
    "failed": "échec, non décompté",
    "cancelled": "annulé, non décompté",
}

# Some programs ignore white or invisible characters before a formula.
_formula = re.compile(r"[\t\r\n]|[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠]").match
_BYTE_ORDER_MARK = "\ufeff"


def heading() -> bytes:
    """What a file begins with."""
    return (_BYTE_ORDER_MARK + _written([HEADINGS])).encode()


def rows(messages: Iterable[Message], zone: tzinfo) -> bytes:
    """A line for each message, its dates where the school is; an erased one has neither number nor text."""
    return _written(
        (
            _date(message.accepted_at, zone),
            cell(message.phone or ""),
            cell(message.text or ""),
            str(message.sms_count),
            STATUSES[message.status],
            _date(message.final_at, zone) if message.final_at else "",
            cell(message.author),
            message.id,
            message.request_id,
            cell(message.client_id),
            message.failure.text if message.failure else "",
            message.failure.advice if message.failure else "",
        )
        for message in messages
    ).encode()


def cell(written: str) -> str:
    """`written`, as text whatever it begins with."""
    return f"'{written}" if _formula(written) else written


@lru_cache(maxsize=256)  # all messages of a request were accepted at once
def _date(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%d/%m/%Y %H:%M:%S")


def _written(lines: Iterable[Iterable[str]]) -> str:
    page = io.StringIO(newline="")
    csv.writer(page, delimiter=";", lineterminator="\r\n").writerows(lines)
    return page.getvalue()
