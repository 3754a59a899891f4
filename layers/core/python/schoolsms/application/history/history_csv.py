"""Write the history as a spreadsheet in French opens it: French words, dates where the school is (R36)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from functools import lru_cache

from schoolsms.domain.history.history_messages import Message
from schoolsms.domain.sending.statuses import Status
from schoolsms.domain.texts.written_csv import BYTE_ORDER_MARK, cell, lines, moment

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


def heading() -> bytes:
    """Return the first lines of a file."""
    return (BYTE_ORDER_MARK + lines([HEADINGS])).encode()


def rows(messages: Iterable[Message], zone: tzinfo) -> bytes:
    """A line for each message, its dates where the school is; an erased one has neither number nor text."""
    return lines(
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


@lru_cache(maxsize=256)  # all messages of a request were accepted at once
def _date(at: datetime, zone: tzinfo) -> str:
    return moment(at, zone)
