"""The mail about the stock that a school's managers read (R15)."""

from datetime import datetime

from schoolsms.application.mails.layout import Block, Facts, Link, Notice, letter
from schoolsms.domain.french import NBSP, french_number, paris_datetime

LOW_BALANCE = "Stock de SMS : niveau bas"
DAILY_LIMIT_NEAR = "Plafond quotidien de SMS : 80 % atteints"
STOCK_USED_UP = "Stock de SMS épuisé"


def low_balance(
    *, school_name: str, balance: int, threshold: int, at: datetime, order_inbox: str, public_url: str
) -> Notice:
    """To every manager, when a request or a correction took the balance to `threshold` or below it, at `at` (R15)."""
    return letter(
        LOW_BALANCE,
        f"Le stock de SMS de votre établissement ({school_name}) vient d'atteindre son niveau bas.",
        Facts(
            (
                ("Solde", f"{french_number(balance)}{NBSP}SMS"),
                ("Niveau bas", f"{french_number(threshold)}{NBSP}SMS"),
                ("Constaté le", paris_datetime(at)),
            )
        ),
        "À zéro, ou lorsqu'un envoi coûte plus que le solde, l'envoi est refusé.",
        *_how_to_order("Pour éviter une interruption", order_inbox, public_url),
        "Vous ne recevrez plus ce message avant qu'un nouveau crédit ait relevé le stock.",
    )


def stock_used_up(*, school_name: str, at: datetime, order_inbox: str, public_url: str) -> Notice:
    """To every manager, when a request, or a correction, took the last SMS at `at` (R15)."""
    return letter(
        STOCK_USED_UP,
        f"Le stock de SMS de votre établissement ({school_name}) est épuisé : il ne reste aucun SMS.",
        Facts((("Solde", f"0{NBSP}SMS"), ("Constaté le", paris_datetime(at)))),
        "Tout nouvel envoi est refusé jusqu'au prochain crédit. Les envois déjà acceptés, programmés compris, sont "
        "décomptés : ils partent normalement.",
        *_how_to_order("Pour reprendre les envois", order_inbox, public_url),
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


def _how_to_order(purpose: str, order_inbox: str, public_url: str) -> tuple[Block, ...]:
    return (
        f"{purpose}, commandez un pack de SMS : téléchargez le bon de commande, complétez-le, signez-le et envoyez-le "
        f"par courriel à {order_inbox}. Les SMS sont crédités sous 24 heures ouvrées.",
        Link("Commander des SMS", f"{public_url}/commander"),
    )
