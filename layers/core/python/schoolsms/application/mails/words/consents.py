"""The mail that offers a school its proofs of consent when it leaves (§8)."""

from datetime import date

from schoolsms.application.mails.layout import Link, Notice, letter
from schoolsms.domain.french import french_date

CONSENTS_OFFERED = "Preuves de consentement à conserver"


def consents_offered(*, school_name: str, subscription_end: date | None, answer_to: str, public_url: str) -> Notice:
    """To every manager, when the service is terminated, or before the subscription ends on `subscription_end`."""
    leaving = (
        f"L'abonnement de votre établissement ({school_name}) à Skolengo prend fin le "
        f"{french_date(subscription_end)} au soir."
        if subscription_end
        else f"Le service de SMS de votre établissement ({school_name}) est résilié."
    )
    return letter(
        CONSENTS_OFFERED,
        leaving,
        "Votre établissement doit conserver la preuve du consentement de chaque destinataire (article 8 des conditions "
        "particulières) : formulation acceptée, version, canal, personne qui l'a recueilli, date, et retraits.",
        "Téléchargez dès maintenant toutes ces preuves, en un seul fichier. Les numéros effacés à la demande des "
        "personnes n'y figurent pas.",
        Link("Consentements de vos destinataires", f"{public_url}/destinataires"),
        f"Si vous n'y avez plus accès, demandez ce fichier à {answer_to}.",
    )
