"""The mails about the purge of the history that a school's managers read (R37, R38)."""

from datetime import date
from zoneinfo import ZoneInfo

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import NBSP, french_date, french_datetime, french_number
from schoolsms.domain.history.purges import Certificate

_STATUSES = {
    "delivered": "dont remis",
    "undeliverable": "dont injoignables",
    "expired": "dont expirés",
    "failed": "dont en échec",
    "cancelled": "dont annulés",
}


def purge_ahead(*, school_name: str, school_year: str, end: date, last_day: date) -> Notice:
    """To every manager, 30 and 7 days before `end`, the day of the pupils' return: what goes, and how to keep it."""
    return letter(
        f"Purge de l'historique des SMS le {french_date(end)}",
        f"L'année scolaire {school_year} de votre établissement ({school_name}) se termine le {french_date(last_day)}. "
        f"Au changement d'année scolaire, le {french_date(end)} à 0{NBSP}h, l'historique de ses SMS sera purgé.",
        Facts(
            (
                ("Année scolaire purgée", school_year),
                ("Date de la purge", french_date(end)),
                ("Données supprimées", "textes, numéros des destinataires, statuts, auteurs et dates des messages"),
                ("Données conservées", "nombre de messages et de SMS, relevé du stock, sans numéro ni texte"),
            )
        ),
        "Dès cet instant, ces messages ne seront plus consultables, et personne, Kosmos compris, ne pourra les "
        "retrouver. Les envois programmés pour la nouvelle année scolaire ne sont pas concernés.",
        "Si vous devez en garder la trace, exportez l'historique avant cette date : dans Skolengo, administration des "
        "SMS, « Historique », « Exporter (CSV) ». La conservation du fichier exporté est alors de la responsabilité de "
        "votre établissement.",
        "Un certificat vous sera envoyé lorsque la purge sera achevée.",
    )


def history_purged(*, school_name: str, certificate: Certificate, zone: ZoneInfo) -> Notice:
    """To every manager: the certificate, on the clock of the school."""
    before = certificate.before
    by_status = [
        (label, french_number(before.messages[status]))  # type: ignore[index]
        for status, label in _STATUSES.items()
        if before.messages.get(status)  # type: ignore[call-overload]
    ]
    return letter(
        f"Purge de l'historique des SMS {certificate.school_year} : certificat",
        f"L'historique des SMS de votre établissement ({school_name}) pour l'année scolaire {certificate.school_year} "
        "a été purgé : il n'en reste ni texte, ni numéro de destinataire.",
        Facts(
            (
                ("Établissement", certificate.school),
                ("Période", f"du {french_date(certificate.first_day)} au {french_date(certificate.last_day)}"),
                ("Envois supprimés", french_number(before.requests)),
                ("Messages supprimés", french_number(sum(before.messages.values()))),
                *by_status,
                ("SMS décomptés", french_number(before.sms)),
                *([("Réponses supprimées", french_number(before.replies))] if before.replies else []),
                ("Messages restants", french_number(sum(certificate.after.messages.values()))),
                ("Purge commencée le", french_datetime(certificate.started_at, zone)),
                ("Certifiée le", french_datetime(certificate.certified_at, zone)),
                ("Empreinte du certificat (SHA-256)", certificate.digest),
            )
        ),
        "Ce certificat est conservé dix ans par Kosmos ; vous le retrouvez dans Skolengo, administration des SMS.",
        "Le relevé de votre stock de SMS est conservé, sans numéro ni texte. Votre stock n'est pas modifié.",
    )
