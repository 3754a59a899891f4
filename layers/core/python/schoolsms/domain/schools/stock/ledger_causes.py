"""Causes of ledger entries: the thing an entry is about, and the sentence that explains it to a manager (R18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from schoolsms.domain.schools.stock.ledger import Entry

CauseType = Literal["order", "send_request", "message", "subscription_end", "correction"]


@dataclass(frozen=True)
class Cause:
    """`id` is that of the order, request, message or correction; of a subscription's end it is the day."""

    type: CauseType
    id: str


_OLD: tuple[tuple[str, CauseType], ...] = (
    ("order ", "order"),
    ("send request ", "send_request"),
    ("message ", "message"),
    ("subscription ended on ", "subscription_end"),
)


def cause_of_text(written: str) -> Cause:
    """The cause of an entry from before causes had a type, when it was an English phrase. Raises ValueError."""
    for prefix, type_ in _OLD:
        if written.startswith(prefix):
            return Cause(type_, written.removeprefix(prefix))
    if written.startswith("messages "):  # messages R1-0..99
        return Cause("send_request", written.removeprefix("messages ").rpartition("-")[0])
    raise ValueError("the cause of a ledger entry is unknown")


def corrected(entry: Entry) -> Cause | None:
    """The order or send request that a correction is about: its id is `correction:<id>[:<type>:<id of that>]`."""
    _, _, about = entry.id.removeprefix("correction:").partition(":")
    type_, _, of = about.partition(":")
    correctable: dict[str, CauseType] = {"order": "order", "send_request": "send_request"}
    return Cause(correctable[type_], of) if type_ in correctable else None


def explained(entry: Entry) -> str:
    """Why the balance changed, in French; ids only, because the ledger outlives the history (R39)."""
    from schoolsms.domain.french import french_date  # here, because functions that only post need no time zones

    of = entry.cause.id
    if entry.kind == "credit":
        return f"Crédit des SMS de la commande {of}."
    if entry.kind == "debit":
        return f"Décompte de l'envoi {of}."
    if entry.kind == "forfeiture":
        return f"SMS restants perdus : l'abonnement a pris fin le {french_date(date.fromisoformat(of))}."
    if entry.kind == "correction":
        corrects = corrected(entry)
        about = {"order": "la commande", "send_request": "l'envoi"}
        named = f" sur {about[corrects.type]} {corrects.id}" if corrects else ""
        return f"Correction d'une erreur{named} par Kosmos ({of})."
    if entry.cause.type == "message":
        return f"SMS rendus : aucun prestataire n'a pris le message {of}."
    if entry.id == f"release:{of}":
        return f"SMS rendus : l'envoi {of} a été annulé avant son début."
    return f"SMS rendus : plusieurs messages de l'envoi {of} n'ont été pris par aucun prestataire."
