"""The mail that asks an added address to confirm itself (R10)."""

from datetime import datetime

from schoolsms.application.mails.layout import Link, Notice, letter
from schoolsms.domain.french import paris_datetime

NOTIFIED_TO_CONFIRM = "Confirmez votre adresse : notifications du service SMS"


def notified_to_confirm(*, school_name: str, link: str, until: datetime) -> Notice:
    """To the added address alone."""
    return letter(
        NOTIFIED_TO_CONFIRM,
        f"Un gestionnaire de SMS de l'établissement {school_name} souhaite que vous receviez les messages du service "
        "SMS Skolengo : crédits, stock, factures, commandes.",
        f"Si vous l'acceptez, ouvrez ce lien et confirmez avant le {paris_datetime(until)}.",
        Link("Confirmer mon adresse", link),
        "Sinon, ne faites rien : aucun autre message ne vous sera envoyé.",
    )
