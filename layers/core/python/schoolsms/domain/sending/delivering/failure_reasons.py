"""Why a message did not arrive, as a class that is stored with it, and what a school can do about it (§5).

Providers' codes map to a class in their own tables; a receipt that gives no reason leaves it to the status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schoolsms.domain.sending.delivering.statuses import Status

CancelCause = Literal[
    "consent-withdrawn",
    "number-erased",
    "sender-blocked",
    "school-suspended",
    "school-terminated",
    "subscription-ended",
]
"""Why a queued message may not go any more. It is stored with the message that is cancelled for it."""

ReasonCode = Literal[
    CancelCause,
    "wrong-number",
    "out-of-coverage",
    "phone-off",
    "phone-fault",
    "network",
    "blocked",
    "content",
    "expired",
    "unreachable",
    "not-sent",
    "cancelled",
    "cancelled-by-author",
    "cancelled-by-manager",
]


@dataclass(frozen=True)
class FailureReason:
    """`text` says why in French, `advice` what to do."""

    code: ReasonCode
    text: str
    advice: str


_WORDS: Mapping[ReasonCode, tuple[str, str]] = {
    "wrong-number": (
        "Numéro incorrect ou non attribué",
        "Vérifiez le numéro auprès de la famille, corrigez-le dans votre fichier, puis renvoyez le message.",
    ),
    "out-of-coverage": (
        "Téléphone hors de portée du réseau, ou à l'étranger",
        "Renvoyez le message plus tard ; s'il est urgent, appelez la personne.",
    ),
    "phone-off": (
        "Téléphone éteint ou injoignable",
        "Renvoyez le message plus tard ; s'il est urgent, appelez la personne.",
    ),
    "phone-fault": (
        "Téléphone incapable de recevoir ce SMS (mémoire pleine, par exemple)",
        "Prévenez la personne par un autre moyen : elle doit libérer de la place sur son téléphone.",
    ),
    "network": (
        "Panne sur le réseau de l'opérateur du destinataire",
        "Renvoyez le message plus tard ; s'il est urgent, appelez la personne.",
    ),
    "blocked": (
        "SMS bloqués par le destinataire ou par son opérateur",
        "Prévenez la personne par un autre moyen : elle peut débloquer les SMS auprès de son opérateur.",
    ),
    "content": (
        "Contenu refusé par l'opérateur du destinataire",
        "Reformulez le message, sans lien ni mention publicitaire, puis renvoyez-le.",
    ),
    "expired": (
        "Sans nouvelles du téléphone dans le délai d'acheminement",
        "Vérifiez le numéro, puis renvoyez le message ; s'il est urgent, appelez la personne.",
    ),
    "unreachable": (
        "Destinataire injoignable : l'opérateur n'en dit pas la raison",
        "Vérifiez le numéro auprès de la famille, puis renvoyez le message.",
    ),
    "not-sent": (
        "Message non parti : aucun opérateur ne l'a pris ; ses SMS sont rendus au stock",
        "Vérifiez le numéro, puis renvoyez le message ; si cela se répète, contactez Kosmos.",
    ),
    "cancelled": (
        "Message annulé avant son départ ; ses SMS sont rendus au stock",
        "Si la personne doit le recevoir, préparez un nouvel envoi.",
    ),
    "cancelled-by-author": (
        "Envoi annulé par son auteur avant son départ ; ses SMS sont rendus au stock",
        "Si la personne doit le recevoir, préparez un nouvel envoi.",
    ),
    "cancelled-by-manager": (
        "Envoi annulé par un gestionnaire de SMS avant son départ ; ses SMS sont rendus au stock",
        "Adressez-vous aux gestionnaires de SMS de l’établissement avant de préparer un nouvel envoi.",
    ),
    "consent-withdrawn": (
        "Consentement de la personne retiré avant le départ du message ; ses SMS sont rendus au stock",
        "N’écrivez plus à ce numéro tant que la personne n’a pas consenti de nouveau. Si le numéro a été corrigé, "
        "renvoyez le message au nouveau.",
    ),
    "number-erased": (
        "Numéro effacé à la demande de la personne avant le départ du message ; ses SMS sont rendus au stock",
        "N’écrivez plus à cette personne par SMS : prévenez-la par un autre moyen.",
    ),
    "sender-blocked": (
        "Envois de l’auteur suspendus par un gestionnaire de SMS ; les SMS du message sont rendus au stock",
        "Si la personne doit le recevoir, un autre utilisateur peut préparer un nouvel envoi.",
    ),
    "school-suspended": (
        "Envois de l’établissement suspendus avant le départ du message ; ses SMS sont rendus au stock",
        "Contactez Kosmos ; une fois la suspension levée, préparez un nouvel envoi.",
    ),
    "school-terminated": (
        "Service résilié avant le départ du message",
        "Prévenez la personne par un autre moyen ; pour toute question, contactez Kosmos.",
    ),
    "subscription-ended": (
        "Abonnement Skolengo terminé avant le départ du message",
        "Prévenez la personne par un autre moyen ; pour renouveler l’abonnement, contactez Kosmos.",
    ),
}

_BY_STATUS: Mapping[Status, ReasonCode] = {
    "undeliverable": "unreachable",
    "expired": "expired",
    "failed": "not-sent",
    "cancelled": "cancelled",
}


def failure_of(status: Status, stored: ReasonCode | None = None) -> FailureReason | None:
    """Why a message in `status` did not arrive, by the class that is `stored` or by its status alone.

    None for a message that arrived, or that still may.
    """
    if status not in _BY_STATUS:
        return None
    code = stored or _BY_STATUS[status]
    return FailureReason(code, *_WORDS[code])
