"""The mails about the end of a subscription that a school's managers read (R17)."""

from datetime import date

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import NBSP, french_date, french_number

SUBSCRIPTION_ENDING = "Fin d'abonnement proche : SMS à utiliser"
BALANCE_FORFEITED = "Fin d'abonnement : SMS perdus"


def subscription_ending(*, school_name: str, balance: int, end: date, may_send: bool) -> Notice:
    """To every manager, 30 and 7 days before the last day: what will be lost. `end` is that day."""
    return letter(
        SUBSCRIPTION_ENDING,
        f"L'abonnement de votre établissement ({school_name}) à Skolengo prend fin le {french_date(end)} au soir.",
        Facts((("SMS restants", _sms(balance)), ("Dernier jour d'utilisation", french_date(end)))),
        "Les SMS qui n'auront pas été utilisés à cette date seront définitivement perdus, sans remboursement "
        "(article 4 des conditions particulières). Dès le lendemain, tout envoi sera refusé.",
        *(
            ("Vous pouvez les utiliser jusqu'à ce jour inclus.",)
            if may_send
            else ("L'envoi de SMS est actuellement suspendu ou résilié pour votre établissement : contactez Kosmos.",)
        ),
        "Si l'abonnement est prolongé avant cette date, rien n'est perdu : vos SMS restent utilisables. Pour le "
        "prolonger, demandez le renouvellement de l'abonnement Skolengo à la personne qui l'a souscrit (chef "
        "d'établissement, gestionnaire ou collectivité), ou répondez à ce message.",
    )


def balance_forfeited(*, school_name: str, sms: int, end: date, found_on: date) -> Notice:
    """To every manager, once what was left is forfeited; `found_on` is the school's own day."""
    return letter(
        BALANCE_FORFEITED,
        f"L'abonnement de votre établissement ({school_name}) à Skolengo a pris fin le {french_date(end)} au soir.",
        Facts((("SMS perdus", _sms(sms)), ("Constaté le", french_date(found_on)))),
        "Les SMS qui n'ont pas été utilisés sont définitivement perdus et ne sont pas remboursés (article 4 des "
        "conditions particulières). L'opération figure au relevé de votre stock.",
        "Plus aucun envoi n'est accepté. Les SMS que rendraient encore des messages qui n'ont pas pu être remis, ou "
        "une commande créditée après cette date, sont perdus de même.",
        "Si votre établissement s'abonne de nouveau, son stock repart de zéro, et ses nouvelles commandes sont "
        "créditées normalement.",
    )


def _sms(number: int) -> str:
    return f"{french_number(number)}{NBSP}SMS"
