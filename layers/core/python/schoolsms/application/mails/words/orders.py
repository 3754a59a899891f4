"""The mails that schools and the operator read: pure functions from facts to a `Notice`.

`layout.py` composes them, the use case adds who gets them. Subjects are the contract's, byte for byte; everything
else has French no-break spaces.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from schoolsms.application.mails.layout import Block, Facts, Link, Notice, letter
from schoolsms.application.mails.words.parts import capitalised, not_counted, points
from schoolsms.domain.french import NBSP, french_date, french_number, paris_datetime, school_year_in_full
from schoolsms.domain.orders.contract import Contract
from schoolsms.domain.orders.orders import OrderState
from schoolsms.domain.orders.packs import Pack, euros_fr
from schoolsms.domain.orders.review.order_reasons import Reason, missing_kinds
from schoolsms.domain.orders.review.working_time import DayOff

CREDIT_ACTIVATED = "Crédit de SMS activé"
ORDER_INCOMPLETE = "Bon de commande incomplet"
ORDER_IN_REVIEW = "Bon de commande en cours d'examen"
ORDER_ALREADY_RECEIVED = "Bon de commande déjà reçu"
QUESTION_FORWARDED = "Votre message a été transmis"
ORDER_REJECTED = "Bon de commande refusé"


def credit_activated(
    *,
    school_name: str,
    order_id: str,
    sms: int,
    balance: int,
    total_ttc_cents: int,
    contract: Contract,
    public_url: str,
    mailed_by: str = "",
) -> Notice:
    """To every manager, once the SMS are credited (R10); names the period and the accepted versions (R4)."""
    year = school_year_in_full(contract.school_year)
    return letter(
        CREDIT_ACTIVATED,
        f"Le crédit de SMS commandé pour votre établissement ({school_name}) est activé : vous pouvez "
        "l'utiliser dès maintenant.",
        Facts(
            (
                ("SMS crédités", french_number(sms)),
                ("Nouveau solde", f"{french_number(balance)}{NBSP}SMS"),
                ("Bon de commande", order_id),
                *((("Envoyé par", mailed_by),) if mailed_by else ()),
                ("Reçu complet le", paris_datetime(contract.in_force_from)),
                ("Montant TTC", euros_fr(total_ttc_cents)),
                ("Année scolaire", year),
                ("Contrat en vigueur jusqu'au", french_date(contract.last_day)),
                ("Conditions acceptées", f"Conditions particulières SMS, version {contract.conditions_version}"),
            )
        ),
        "Le contrat est en vigueur depuis la réception du bon de commande complet, pour l'année scolaire "
        f"{year} ; il ne se renouvelle pas automatiquement. La commande est ferme. La facture vous "
        "parviendra séparément.",
        "Les SMS restent utilisables jusqu'à la fin de l'abonnement de votre établissement à Skolengo.",
        *(
            (Link("Relisez les conditions acceptées", f"{public_url}/conditions/{contract.conditions_version}"),)
            if contract.conditions_version
            else ()
        ),
    )


def order_incomplete(
    *,
    order_id: str | None,
    reasons: Iterable[Reason],
    order_inbox: str,
    public_url: str,
    packs: Sequence[Pack] = (),
) -> Notice:
    """To the sender: names each thing missing and how to add it (R7), and no doubt. `packs` are those of the form."""
    missing = missing_kinds(reasons)
    named: tuple[Block, ...] = ()
    if missing:
        named = ("Voici ce qui manque, et comment y remédier :", points(missing, packs))
    return letter(
        ORDER_INCOMPLETE,
        f"Nous avons bien reçu votre message, mais {_the_form(order_id)} ne peut pas être pris en compte "
        "en l'état. Aucune commande n'est enregistrée, et rien ne vous sera facturé.",
        *named,
        f"Envoyez ensuite le bon de commande complet à {order_inbox}. Il sera traité dès sa réception.",
        Link("Télécharger un bon de commande", f"{public_url}/commander"),
    )


def question_forwarded(*, support_email: str, order_inbox: str, public_url: str) -> Notice:
    """To the sender of a mail that asks something and brings no form (R51)."""
    return letter(
        QUESTION_FORWARDED,
        f"Nous avons bien reçu votre message. L'adresse {order_inbox} traite les bons de commande : votre message a "
        "donc été transmis à une personne de notre équipe, qui vous répondra.",
        f"Pour le compléter, ou pour une autre question, adressez-vous à {support_email}. Aucune commande n'est "
        "enregistrée, et rien ne vous sera facturé.",
        f"Si vous vouliez commander des SMS, envoyez le bon de commande complété et signé, en PDF, à {order_inbox}.",
        Link("Télécharger un bon de commande", f"{public_url}/commander"),
    )


def order_in_review(
    *,
    order_id: str | None,
    reasons: Iterable[Reason],
    deadline: datetime,
    days_off: Sequence[DayOff] = (),
    packs: Sequence[Pack] = (),
) -> Notice:
    """To the school: a person looks at it, and by when (R12).

    Says what is missing, and never what is doubted, except that the service carries no media.
    """
    reasons = tuple(reasons)
    missing = missing_kinds(reasons)
    also: tuple[Block, ...] = ()
    if missing:
        also = ("Pour gagner du temps, vous pouvez déjà compléter ce qui manque :", points(missing, packs))
    return letter(
        ORDER_IN_REVIEW,
        f"Nous avons bien reçu {_the_form(order_id)}, et nous vous en remercions.",
        "Une personne de notre équipe l'examine. Vous aurez une réponse au plus tard le "
        f"{paris_datetime(deadline)}. D'ici là, aucun SMS n'est crédité ni facturé.",
        *not_counted(days_off),
        *also,
        *_text_only(reasons),
        *(() if missing else ("Vous n'avez rien à faire pour le moment.",)),
    )


def order_already_received(
    *,
    order_id: str,
    standing: OrderState,
    deadline: datetime,
    credited_at: datetime | None,
    days_off: Sequence[DayOff] = (),
) -> Notice:
    """To the sender of a form that came before (R11); `standing` is where the order is since."""
    before = f"{capitalised(_the_form(order_id))} nous était déjà parvenu"
    if standing == "rejected":
        return letter(
            ORDER_ALREADY_RECEIVED,
            f"{before}, et n'a pas pu être accepté après examen.",
            "Ce nouvel envoi ne change rien : aucun SMS n'est crédité et rien ne vous sera facturé.",
            "Pour commander, téléchargez un nouveau bon de commande depuis Skolengo, complétez-le, signez-le et "
            "renvoyez-le.",
        )
    if credited_at:
        state = f"Les SMS commandés ont été crédités le {paris_datetime(credited_at)}."
    elif standing == "review":
        state = (
            "Une personne de notre équipe l'examine. Vous aurez une réponse au plus tard le "
            f"{paris_datetime(deadline)}."
        )
    else:
        state = (
            "Il est en cours de traitement : les SMS seront crédités au plus tard le "
            f"{paris_datetime(deadline)}, et un message vous l'annoncera."
        )
    return letter(
        ORDER_ALREADY_RECEIVED,
        f"{before}. {state}",
        *(() if credited_at else not_counted(days_off)),
        "Ce nouvel envoi ne change rien : la commande n'est ni créditée ni facturée une seconde fois.",
        "Pour commander d'autres SMS, téléchargez un nouveau bon de commande depuis Skolengo.",
    )


def order_rejected(*, order_id: str | None, reason: str) -> Notice:
    """To the school: its order was refused, and why (R12)."""
    return letter(
        ORDER_REJECTED,
        f"Après examen, {_the_form(order_id)} n'a pas pu être accepté.",
        f"Motif : {reason}",
        "Aucun SMS n'est crédité et rien ne vous sera facturé. Pour commander, téléchargez un nouveau bon de "
        "commande depuis Skolengo, complétez-le, signez-le et renvoyez-le.",
    )


def _text_only(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Sentence for a school that attached sound or video (R3)."""
    if all(reason.code != "media-attached" for reason in reasons):
        return ()
    return (
        "Un son ou une vidéo était joint à votre message. Le service envoie du texte seul : ce fichier est ignoré.",
    )


def _the_form(order_id: str | None) -> str:
    return f"le bon de commande {order_id}" if order_id else "votre bon de commande"
