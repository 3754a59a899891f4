"""The mails about the purge of the history that a school's managers read (R37, R38)."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from schoolsms.application.mails.layout import Digest, Facts, Link, Notice, letter
from schoolsms.domain.french import MESSAGE_STATUSES, french_date, french_datetime, french_number, school_year_in_full
from schoolsms.domain.history.purges import Certificate


def purge_ahead(*, school_name: str, school_year: str, end: date, last_day: date, public_url: str) -> Notice:
    """To every manager, 30 and 7 days before `end`, the day of the pupils' return: what goes, and how to keep it."""
    year, eve = school_year_in_full(school_year), end - timedelta(days=1)
    return letter(
        f"Purge de l'historique des SMS le {french_date(end)}",
        f"L'année scolaire {year} de votre établissement ({school_name}) se termine le {french_date(last_day)}. "
        f"L'historique de ses SMS sera purgé dans la nuit du {french_date(eve)} au "
        f"{french_date(end)}, à minuit.",
        Facts(
            (
                ("Année scolaire purgée", year),
                ("Date de la purge", french_date(end)),
                ("Données supprimées", "textes, numéros des destinataires, statuts, auteurs et dates des messages"),
                ("Données conservées", "nombre de messages et de SMS, relevé du stock, sans numéro ni texte"),
            )
        ),
        "Dès cet instant, ces messages ne seront plus consultables, et personne, Kosmos compris, ne pourra les "
        "retrouver. Les envois programmés pour la nouvelle année scolaire ne sont pas concernés.",
        "Si vous devez en garder la trace, exportez l'historique avant cette date. La conservation du fichier exporté "
        "est alors de la responsabilité de votre établissement.",
        Link("Historique de vos SMS", f"{public_url}/historique"),
        "Un certificat vous sera envoyé lorsque la purge sera achevée.",
    )


def history_purged(*, school_name: str, certificate: Certificate, zone: ZoneInfo, public_url: str) -> Notice:
    """To every manager: the certificate, on the clock of the school."""
    before, year = certificate.before, school_year_in_full(certificate.school_year)
    counted: Mapping[str, int] = {str(status): number for status, number in before.messages.items() if number}
    by_status = [
        (f"dont « {word} »", french_number(counted[status]))
        for status, word in MESSAGE_STATUSES.items()
        if status in counted
    ]
    return letter(
        f"Purge de l'historique des SMS {year} : certificat",
        f"L'historique des SMS de votre établissement ({school_name}) pour l'année scolaire "
        f"{year} a été purgé : il n'en reste ni texte, ni numéro de destinataire.",
        Facts(
            (
                ("Établissement", f"{school_name} ({certificate.school})"),
                ("Période", f"du {french_date(certificate.first_day)} au {french_date(certificate.last_day)}"),
                ("Envois supprimés", french_number(before.requests)),
                ("Messages supprimés", french_number(sum(before.messages.values()))),
                *by_status,
                ("SMS décomptés", french_number(before.sms)),
                *([("Réponses supprimées", french_number(before.replies))] if before.replies else []),
                ("Messages restants", french_number(sum(certificate.after.messages.values()))),
                ("Purge commencée le", french_datetime(certificate.started_at, zone)),
                ("Certifiée le", french_datetime(certificate.certified_at, zone)),
            )
        ),
        Digest("Empreinte du certificat (SHA-256)", certificate.digest),
        "Ce certificat est conservé dix ans par Kosmos.",
        Link("Vos certificats de purge", f"{public_url}/historique"),
        "Le relevé de votre stock de SMS est conservé, sans numéro ni texte. Votre stock n'est pas modifié.",
    )
