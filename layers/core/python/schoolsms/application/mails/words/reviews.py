"""The mails about orders that the operator reads: what to decide, what is late, what is no longer mailed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from schoolsms.application.mails.layout import Facts, Link, Notice, letter
from schoolsms.application.mails.words.parts import capitalised, not_counted, points
from schoolsms.domain.french import paris_datetime
from schoolsms.domain.orders.orders import ONLY_TO_REJECT
from schoolsms.domain.orders.packs import Pack
from schoolsms.domain.orders.review.order_reasons import Reason, field_name, place_on_form, with_named_packs
from schoolsms.domain.orders.review.working_time import DayOff

ORDER_TO_REVIEW = "Bon de commande à examiner"
ORDER_NEAR_DEADLINE = "Commande à traiter : échéance proche"
ORDER_PAST_DEADLINE = "Commande à traiter : échéance dépassée"
CREDIT_NEAR_DEADLINE = "Commande à créditer : échéance proche"
CREDIT_PAST_DEADLINE = "Commande à créditer : échéance dépassée"
QUESTION_TO_ANSWER = "Question d'un établissement"
REPLIES_CAPPED = "Réponses suspendues pour une adresse"
OPERATOR_MAILS_CAPPED = "Commandes nombreuses : consultez la liste"


def order_to_review(
    *,
    order_id: str,
    reasons: Iterable[Reason],
    deadline: datetime,
    public_url: str,
    school: str | None = None,
    sender: str | None = None,
    read: Mapping[str, str] | None = None,
    answerable: bool = True,
    days_off: Sequence[DayOff] = (),
    packs: Sequence[Pack] = (),
) -> Notice:
    """To the operator: why it stopped, what was read (field → value, if anything) and the deadline (R12).

    `school` names it with its UAI, and is None when no form was recognised; `answerable` says whether a rejection
    reaches the sender.
    """
    facts = [("Commande", order_id), ("À traiter avant le", paris_datetime(deadline))]
    facts += [(name, value) for name, value in (("Établissement", school), ("Expéditeur", sender)) if value]
    seen = [
        (capitalised(with_named_packs(field_name(field), packs)), _as_ticked(field, value))
        for field, value in sorted((read or {}).items(), key=lambda each: place_on_form(each[0]))
        if value
    ]
    return letter(
        ORDER_TO_REVIEW,
        "Une commande attend votre décision.",
        Facts(facts),
        *not_counted(days_off),
        "Motifs :",
        points(tuple(reasons), packs),
        *(("Ce qui a été lu :", Facts(seen)) if seen else ()),
        *_ways_to_decide(school, answerable=answerable),
        _examine(order_id, public_url),
    )


def question_to_answer(*, question_id: str, sender: str, received_at: datetime, public_url: str) -> Notice:
    """To the operator: somebody asked something of the order inbox (R51). Its text stays where mails are kept."""
    return letter(
        QUESTION_TO_ANSWER,
        "Un message reçu à l'adresse des commandes pose une question et ne contient pas de bon de commande.",
        Facts((("Question", question_id), ("Expéditeur", sender), ("Reçue le", paris_datetime(received_at)))),
        "Lisez-la, répondez à l'expéditeur, puis marquez-la comme traitée. L'expéditeur sait que son message a été "
        "transmis.",
        Link("Lire la question", f"{public_url}/operateur/commandes/{question_id}"),
    )


def _ways_to_decide(school: str | None, *, answerable: bool) -> tuple[str, ...]:
    if school:
        return ("Acceptez-la avec les quantités, ou refusez-la avec un motif : aucun SMS n'est crédité d'ici là.",)
    answer = (
        "Le motif sera envoyé à l'expéditeur."
        if answerable
        else "Ce message n'a pas d'expéditeur à qui répondre : prévenez l'établissement par un autre canal."
    )
    return ONLY_TO_REJECT, answer


def replies_capped(*, address: str, order_id: str, most: int, public_url: str) -> Notice:
    """To the operator, once a day and address: its mails are judged and recorded, but not answered until tomorrow."""
    return letter(
        REPLIES_CAPPED,
        f"Cette adresse a reçu {most} réponses du service aujourd'hui. Ses messages suivants sont examinés et "
        "enregistrés comme les autres, mais ils restent sans réponse jusqu'à demain.",
        Facts((("Adresse", address), ("Première commande sans réponse", order_id))),
        "S'il s'agit d'une personne, aidez-la : ses commandes incomplètes sont dans la liste des commandes, à l'état "
        "« incomplète ». S'il s'agit d'un automate, demandez à l'établissement de l'arrêter.",
        _examine(order_id, public_url),
    )


def operator_mails_capped(*, most: int, public_url: str) -> Notice:
    """To the operator, once a day and kind: what follows until tomorrow is in the list of orders alone."""
    return letter(
        OPERATOR_MAILS_CAPPED,
        f"Vous avez déjà reçu {most} messages de même nature aujourd'hui. Les suivants ne vous seront pas envoyés, "
        "jusqu'à demain.",
        "Aucune commande n'est perdue : toutes celles qui attendent votre décision sont dans la liste des commandes, à "
        "l'état « à examiner », avec leurs motifs et leur échéance. Consultez-la dès maintenant.",
        Link("Ce qui attend une décision", f"{public_url}/operateur"),
        "S'il s'agit d'envois abusifs, faites bloquer leur expéditeur, puis refusez ces commandes.",
    )


def order_deadline(
    *,
    order_id: str,
    deadline: datetime,
    past: bool,
    public_url: str,
    school: str | None = None,
    days_off: Sequence[DayOff] = (),
) -> Notice:
    """To the operator: an order in review comes near its 24 working hours, or is past them (R9, R12)."""
    return letter(
        ORDER_PAST_DEADLINE if past else ORDER_NEAR_DEADLINE,
        "Le délai de 24 heures ouvrées est dépassé pour une commande qui attend votre décision."
        if past
        else "Une commande qui attend votre décision approche de la fin de ses 24 heures ouvrées.",
        _late(order_id, deadline, school),
        *not_counted(days_off),
        "Acceptez-la avec les quantités, ou refusez-la avec un motif." if school else ONLY_TO_REJECT,
        _examine(order_id, public_url),
    )


def credit_deadline(
    *,
    order_id: str,
    deadline: datetime,
    past: bool,
    public_url: str,
    school: str | None = None,
    days_off: Sequence[DayOff] = (),
) -> Notice:
    """To the operator: an accepted order is not credited, near its 24 working hours or past them (R9)."""
    return letter(
        CREDIT_PAST_DEADLINE if past else CREDIT_NEAR_DEADLINE,
        "Le délai de 24 heures ouvrées est dépassé pour une commande acceptée dont les SMS ne sont pas crédités."
        if past
        else "Une commande acceptée approche de la fin de ses 24 heures ouvrées, et ses SMS ne sont pas crédités.",
        _late(order_id, deadline, school),
        *not_counted(days_off),
        "Le crédit est automatique : son absence est une panne. Cherchez la commande dans la file des commandes en "
        "échec et remettez-la dans la file d'origine ; elle ne sera créditée qu'une fois.",
        _examine(order_id, public_url),
    )


def _examine(order_id: str, public_url: str) -> Link:
    return Link("Voir la commande", f"{public_url}/operateur/commandes/{order_id}")


def _late(order_id: str, deadline: datetime, school: str | None) -> Facts:
    facts = [("Commande", order_id), ("Échéance", paris_datetime(deadline))]
    return Facts([*facts, ("Établissement", school)] if school else facts)


def _as_ticked(field: str, value: str) -> str:
    return "oui" if (field, value) == ("accept_terms", "yes") else value
