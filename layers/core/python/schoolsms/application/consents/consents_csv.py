"""Write the proofs of consent, and the withdrawals, as one CSV: a line an event (R44).

The first six columns are those that our own import reads, so that a list can be taken elsewhere and come back.
"""

from collections.abc import Mapping
from datetime import tzinfo

from schoolsms.domain.consents.consents import ConsentRecord, EventKind
from schoolsms.domain.texts.files.written_csv import BYTE_ORDER_MARK, cell, day_or_moment, lines, moment

HEADINGS = (
    "Téléphone",
    "Formulation",
    "Version",
    "Canal",
    "Recueilli par",
    "Recueilli le",
    "Événement",
    "Enregistré le",
    "Enregistré par",
    "Consentement en vigueur",
)

EVENTS: Mapping[EventKind, str] = {
    "granted": "consentement",
    "withdrawn": "retrait",
    "rectified": "numéro corrigé",
    "corrected": "numéro remplacé",
    "reassigned": "effacement, puis nouveau titulaire",
}


def heading() -> bytes:
    """The beginning of the file."""
    return (BYTE_ORDER_MARK + lines([HEADINGS])).encode()


def rows(record: ConsentRecord, zone: tzinfo) -> bytes:
    """A line for each event of a number, oldest first, dates where the school is."""
    in_force = "oui" if record.granted else "non"
    written = []
    for event in record.events:
        proof = event.proof
        given = (
            (
                cell(proof.wording),
                cell(proof.version),
                cell(proof.channel),
                cell(proof.collected_by),
                day_or_moment(proof.collected_at, zone),
            )
            if proof
            else ("",) * 5
        )
        recorded = (EVENTS[event.kind], moment(event.at, zone), cell(event.by))
        written.append((cell(record.phone), *given, *recorded, in_force))
    return lines(written).encode()
