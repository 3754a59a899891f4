"""Write the history as a spreadsheet in French opens it: French words, dates where the school is (R36)."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import lru_cache

from schoolsms.domain.french import MESSAGE_STATUSES, printed
from schoolsms.domain.history.history_messages import Message
from schoolsms.domain.schools.support_contact import SupportContact
from schoolsms.domain.sending.delivering.statuses import RELEASED
from schoolsms.domain.texts.files.written_csv import BYTE_ORDER_MARK, cell, lines, moment

HEADINGS = (
    "Accepté le",
    "Numéro",
    "Message",
    "SMS décomptés",
    "Statut",
    "Statut final le",
    "Auteur",
    "Identifiant du message",
    "Identifiant de l’envoi",
    "Application",
    "Motif",
    "Que faire",
)

_NOBODY = SupportContact()


def heading() -> bytes:
    """Return the first lines of a file."""
    return (BYTE_ORDER_MARK + lines([HEADINGS])).encode()


def rows(messages: Iterable[Message], zone: tzinfo, contact: SupportContact = _NOBODY) -> bytes:
    """A line for each message, its dates where the school is; an erased one has neither number nor text.

    `contact` is named where a line says to ask for help.

    SMS that went back to the stock are not counted, so that a file sums to the ledger.
    """
    return lines(
        (
            _date(message.accepted_at, zone),
            cell(message.phone or ""),
            cell(message.text or ""),
            str(0 if message.status in RELEASED else message.sms_count),
            MESSAGE_STATUSES[message.status],
            _date(message.final_at, zone) if message.final_at else "",
            cell(message.author),
            message.id,
            message.request_id,
            cell(message.client_id),
            printed(message.failure.text) if message.failure else "",
            contact.named_in(printed(message.failure.advice)) if message.failure else "",
        )
        for message in messages
    ).encode()


@lru_cache(maxsize=256)  # all messages of a request were accepted at once
def _date(at: datetime, zone: tzinfo) -> str:
    return moment(at, zone)
