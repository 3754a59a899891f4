"""The mails that schools and the operator read: pure functions from facts to a `Notice`.

`layout.py` composes them, the use case adds who gets them. Subjects are the contract's, byte for byte; everything
else has French no-break spaces.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from schoolsms.application.mails.layout import Block, Facts, Notice, Points, letter
from schoolsms.domain.french import NBSP, french_date, french_datetime, french_number
from schoolsms.domain.orders.contract import Contract
from schoolsms.domain.orders.order_reasons import Reason, field_name, missing_kinds, place_on_form
from schoolsms.domain.orders.orders import ONLY_TO_REJECT, OrderState
from schoolsms.domain.orders.packs import euros_fr
from schoolsms.domain.orders.working_time import DayOff, DaysOff, spans

CREDIT_ACTIVATED = "Crédit de SMS activé"
ORDER_INCOMPLETE = "Bon de commande incomplet"
ORDER_IN_REVIEW = "Bon de commande en cours d'examen"
ORDER_ALREADY_RECEIVED = "Bon de commande déjà reçu"
ORDER_TO_REVIEW = "Bon de commande à examiner"
ORDER_REJECTED = "Bon de commande refusé"
ORDER_NEAR_DEADLINE = "Commande à traiter : échéance proche"
ORDER_PAST_DEADLINE = "Commande à traiter : échéance dépassée"
CREDIT_NEAR_DEADLINE = "Commande à créditer : échéance proche"
CREDIT_PAST_DEADLINE = "Commande à créditer : échéance dépassée"
REPLIES_CAPPED = "Réponses suspendues pour une adresse"
OPERATOR_MAILS_CAPPED = "Commandes nombreuses : consultez la liste"


def credit_activated(
    *,
    school_name: str,
    order_id: str,
    sms: int,
    balance: int,
    total_ttc_cents: int,
    contract: Contract,
    mailed_by: str = "",
    public_url: str = "",
) -> Notice:
    """To every manager, once the SMS are credited (R10); names the period and the accepted versions (R4)."""
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
                ("Reçu complet le", _moment(contract.in_force_from)),
                ("Montant TTC", euros_fr(total_ttc_cents)),
                ("Année scolaire", contract.school_year),
                ("Contrat en vigueur jusqu'au", french_date(contract.last_day)),
                ("Conditions acceptées", f"Conditions particulières SMS, version {contract.conditions_version}"),
            )
        ),
        "Le contrat est en vigueur depuis la réception du bon de commande complet, pour l'année scolaire "
        f"{contract.school_year} ; il ne se renouvelle pas automatiquement. La commande est ferme. La facture vous "
        "parviendra séparément.",
        "Les SMS restent utilisables jusqu'à la fin de l'abonnement de votre établissement à Skolengo.",
        *(
            (f"Relisez les conditions acceptées : {public_url}/conditions/{contract.conditions_version}",)
            if public_url and contract.conditions_version
            else ()
        ),
    )


def order_incomplete(*, order_id: str | None, reasons: Iterable[Reason], order_inbox: str) -> Notice:
    """To the sender: names each thing missing and how to add it (R7), and no doubt."""
    missing = missing_kinds(reasons)
    named: tuple[Block, ...] = ()
    if missing:
        named = ("Voici ce qui manque, et comment y remédier :", _points(missing))
    return letter(
        ORDER_INCOMPLETE,
        f"Nous avons bien reçu votre message, mais {_the_form(order_id)} ne peut pas être pris en compte "
        "en l'état. Aucune commande n'est enregistrée, et rien ne vous sera facturé.",
        *named,
        f"Envoyez ensuite le bon de commande complet à {order_inbox}. Il sera traité dès sa réception.",
    )


def order_in_review(
    *, order_id: str | None, reasons: Iterable[Reason], deadline: datetime, days_off: Sequence[DayOff] = ()
) -> Notice:
    """To the school: a person looks at it, and by when (R12).

    Says what is missing, and never what is doubted, except that the service carries no media.
    """
    reasons = tuple(reasons)
    missing = missing_kinds(reasons)
    also: tuple[Block, ...] = ()
    if missing:
        also = ("Pour gagner du temps, vous pouvez déjà compléter ce qui manque :", _points(missing))
    return letter(
        ORDER_IN_REVIEW,
        f"Nous avons bien reçu {_the_form(order_id)}, et nous vous en remercions.",
        "Une personne de notre équipe l'examine. Vous aurez une réponse au plus tard le "
        f"{_moment(deadline)}. D'ici là, aucun SMS n'est crédité ni facturé.",
        *_not_counted(days_off),
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
    before = f"{_capitalised(_the_form(order_id))} nous était déjà parvenu"
    if standing == "rejected":
        return letter(
            ORDER_ALREADY_RECEIVED,
            f"{before}, et n'a pas pu être accepté après examen.",
            "Ce nouvel envoi ne change rien : aucun SMS n'est crédité et rien ne vous sera facturé.",
            "Pour commander, téléchargez un nouveau bon de commande depuis Skolengo, complétez-le, signez-le et "
            "renvoyez-le.",
        )
    if credited_at:
        state = f"Les SMS commandés ont été crédités le {_moment(credited_at)}."
    elif standing == "review":
        state = f"Une personne de notre équipe l'examine. Vous aurez une réponse au plus tard le {_moment(deadline)}."
    else:
        state = (
            "Il est en cours de traitement : les SMS seront crédités au plus tard le "
            f"{_moment(deadline)}, et un message vous l'annoncera."
        )
    return letter(
        ORDER_ALREADY_RECEIVED,
        f"{before}. {state}",
        *(() if credited_at else _not_counted(days_off)),
        "Ce nouvel envoi ne change rien : la commande n'est ni créditée ni facturée une seconde fois.",
        "Pour commander d'autres SMS, téléchargez un nouveau bon de commande depuis Skolengo.",
    )


def order_to_review(
    *,
    order_id: str,
    reasons: Iterable[Reason],
    deadline: datetime,
    school: str | None = None,
    sender: str | None = None,
    read: Mapping[str, str] | None = None,
    answerable: bool = True,
    days_off: Sequence[DayOff] = (),
) -> Notice:
    """To the operator: why it stopped, what was read (field → value, if anything) and the deadline (R12).

    `school` is None when no form was recognised; `answerable` says whether a rejection reaches the sender.
    """
    facts = [("Commande", order_id), ("À traiter avant le", _moment(deadline))]
    facts += [(name, value) for name, value in (("Établissement", school), ("Expéditeur", sender)) if value]
    seen = [
        (_capitalised(field_name(field)), _as_ticked(field, value))
        for field, value in sorted((read or {}).items(), key=lambda each: place_on_form(each[0]))
        if value
    ]
    return letter(
        ORDER_TO_REVIEW,
        "Une commande attend votre décision.",
        Facts(facts),
        *_not_counted(days_off),
        "Motifs :",
        _points(tuple(reasons)),
        *(("Ce qui a été lu :", Facts(seen)) if seen else ()),
        *_ways_to_decide(school, answerable=answerable),
    )


def _ways_to_decide(school: str | None, *, answerable: bool) -> tuple[str, ...]:
    if school:
        return ("Acceptez-la avec les quantités, ou refusez-la avec un motif : aucun SMS n'est crédité d'ici là.",)
    told = (
        "Le motif sera envoyé à l'expéditeur."
        if answerable
        else "Ce message n'a pas d'expéditeur à qui répondre : prévenez l'établissement par un autre canal."
    )
    return ONLY_TO_REJECT, told


def replies_capped(*, address: str, order_id: str, most: int) -> Notice:
    """To the operator, once a day and address: its mails are judged and recorded, but not answered until tomorrow."""
    return letter(
        REPLIES_CAPPED,
        f"Cette adresse a reçu {most} réponses du service aujourd'hui. Ses messages suivants sont examinés et "
        "enregistrés comme les autres, mais ils restent sans réponse jusqu'à demain.",
        Facts((("Adresse", address), ("Première commande sans réponse", order_id))),
        "S'il s'agit d'une personne, aidez-la : ses commandes incomplètes sont dans la liste des commandes, à l'état "
        "« incomplete ». S'il s'agit d'un automate, demandez à l'établissement de l'arrêter.",
    )


def operator_mails_capped(*, most: int) -> Notice:
    """To the operator, once a day and kind: what follows until tomorrow is in the list of orders alone."""
    return letter(
        OPERATOR_MAILS_CAPPED,
        f"Vous avez déjà reçu {most} messages de même nature aujourd'hui. Les suivants ne vous seront pas envoyés, "
        "jusqu'à demain.",
        "Aucune commande n'est perdue : toutes celles qui attendent votre décision sont dans la liste des commandes, à "
        "l'état « review », avec leurs motifs et leur échéance. Consultez-la dès maintenant.",
        "S'il s'agit d'envois abusifs, faites bloquer leur expéditeur, puis refusez ces commandes.",
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


def order_deadline(
    *, order_id: str, deadline: datetime, past: bool, school: str | None = None, days_off: Sequence[DayOff] = ()
) -> Notice:
    """To the operator: an order in review comes near its 24 working hours, or is past them (R9, R12)."""
    return letter(
        ORDER_PAST_DEADLINE if past else ORDER_NEAR_DEADLINE,
        "Le délai de 24 heures ouvrées est dépassé pour une commande qui attend votre décision."
        if past
        else "Une commande qui attend votre décision approche de la fin de ses 24 heures ouvrées.",
        _late(order_id, deadline, school),
        *_not_counted(days_off),
        "Acceptez-la avec les quantités, ou refusez-la avec un motif." if school else ONLY_TO_REJECT,
    )


def credit_deadline(
    *, order_id: str, deadline: datetime, past: bool, school: str | None = None, days_off: Sequence[DayOff] = ()
) -> Notice:
    """To the operator: an accepted order is not credited, near its 24 working hours or past them (R9)."""
    return letter(
        CREDIT_PAST_DEADLINE if past else CREDIT_NEAR_DEADLINE,
        "Le délai de 24 heures ouvrées est dépassé pour une commande acceptée dont les SMS ne sont pas crédités."
        if past
        else "Une commande acceptée approche de la fin de ses 24 heures ouvrées, et ses SMS ne sont pas crédités.",
        _late(order_id, deadline, school),
        *_not_counted(days_off),
        "Le crédit est automatique : son absence est une panne. Cherchez la commande dans la file des commandes en "
        "échec et remettez-la dans la file d'origine ; elle ne sera créditée qu'une fois.",
    )


def _late(order_id: str, deadline: datetime, school: str | None) -> Facts:
    facts = [("Commande", order_id), ("Échéance", _moment(deadline))]
    return Facts([*facts, ("Établissement", school)] if school else facts)


def _text_only(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Sentence for a school that attached sound or video (R3)."""
    if all(reason.code != "media-attached" for reason in reasons):
        return ()
    return (
        "Un son ou une vidéo était joint à votre message. Le service envoie du texte seul : ce fichier est ignoré.",
    )


def _not_counted(off: Sequence[DayOff]) -> tuple[str, ...]:
    """Name the public holidays and closure days that moved a deadline (R9); nothing if none did."""
    if not off:
        return ()
    named = ", ".join(f"{_span(each)} ({each.name})" for each in spans(off))
    return (f"Ne sont pas comptés dans ce délai : {named}.",)


def _span(of: DaysOff) -> str:
    if of.first == of.last:
        return f"le {french_date(of.first)}"
    return f"du {french_date(of.first)} au {french_date(of.last)}"


def _moment(moment: datetime) -> str:
    return f"{french_datetime(moment)} (heure de Paris)"  # a school overseas lives by another clock


def _the_form(order_id: str | None) -> str:
    return f"le bon de commande {order_id}" if order_id else "votre bon de commande"


def _as_ticked(field: str, value: str) -> str:
    return "oui" if (field, value) == ("accept_terms", "yes") else value


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _points(reasons: Sequence[Reason]) -> Points:
    return Points([f"{reason.label}{NBSP}– {reason.remedy}." for reason in reasons])
