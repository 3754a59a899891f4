"""The mail about the stock that a school's managers read (R15)."""

from datetime import datetime

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import NBSP, french_datetime, french_number

LOW_BALANCE = "Stock de SMS : niveau bas"
DAILY_LIMIT_NEAR = "Plafond quotidien de SMS : 80 % atteints"
STOCK_USED_UP = "Stock de SMS épuisé"


def low_balance(*, school_name: str, balance: int, threshold: int, at: datetime, order_inbox: str) -> Notice:
    """To every manager, when a request took the balance to `threshold`, or below it, at `at` (R15)."""
    return letter(
        LOW_BALANCE,
        f"Le stock de SMS de votre établissement ({school_name}) vient d'atteindre son niveau bas.",
        Facts(
            (
                ("Solde", f"{french_number(balance)}{NBSP}SMS"),
                ("Niveau bas", f"{french_number(threshold)}{NBSP}SMS"),
                ("Constaté le", f"{french_datetime(at)} (heure de Paris)"),
            )
        ),
        "À zéro, ou lorsqu'un envoi coûte plus que le solde, l'envoi est refusé.",
        f"Pour éviter une interruption, {_how_to_order(order_inbox)}",
        "Vous ne recevrez plus ce message avant qu'un nouveau crédit ait relevé le stock.",
    )


def stock_used_up(*, school_name: str, at: datetime, order_inbox: str) -> Notice:
    """To every manager, when a request took the last SMS at `at` (R15)."""
    return letter(
        STOCK_USED_UP,
        f"Le stock de SMS de votre établissement ({school_name}) est épuisé : il ne reste aucun SMS.",
        Facts((("Solde", f"0{NBSP}SMS"), ("Constaté le", f"{french_datetime(at)} (heure de Paris)"))),
        "Tout nouvel envoi est refusé jusqu'au prochain crédit. Les envois déjà acceptés, programmés compris, sont "
        "décomptés : ils partent normalement.",
        f"Pour reprendre les envois, {_how_to_order(order_inbox)}",
        "Vous ne recevrez plus ce message avant qu'un nouveau crédit ait relevé le stock.",
    )


def daily_limit_near(*, school_name: str, limit: int, support_email: str) -> Notice:
    """To every manager, once a day, when 80 % of the SMS of the day are sent (R25)."""
    return letter(
        DAILY_LIMIT_NEAR,
        f"Les envois de votre établissement ({school_name}) ont atteint aujourd'hui 80 % de leur plafond quotidien.",
        Facts((("Plafond quotidien", f"{french_number(limit)}{NBSP}SMS"),)),
        "Au-delà du plafond, tout envoi est refusé jusqu'à demain. Ce plafond protège votre stock d'une erreur ou d'un "
        "usage abusif : si ces envois ne vous disent rien, vérifiez l'historique.",
        f"Pour faire relever le plafond, écrivez à {support_email}.",
        "Vous ne recevrez plus ce message aujourd'hui.",
    )


def _how_to_order(order_inbox: str) -> str:
    return (
        "commandez un pack de SMS : téléchargez le bon de commande depuis Skolengo (administration des SMS), "
        f"complétez-le, signez-le et envoyez-le par courriel à {order_inbox}. Les SMS sont crédités sous 24 heures "
        "ouvrées."
    )
