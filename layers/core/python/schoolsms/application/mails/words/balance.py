"""The mail about the stock that a school's managers read (R15)."""

from datetime import datetime

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import NBSP, french_datetime, french_number

LOW_BALANCE = "Stock de SMS : niveau bas"


def low_balance(*, school_name: str, balance: int, threshold: int, at: datetime, order_inbox: str) -> Notice:
    """To every manager, when a request took the balance below `threshold` at `at` (R15)."""
    return letter(
        LOW_BALANCE,
        f"Le stock de SMS de votre établissement ({school_name}) vient de passer sous son niveau bas.",
        Facts(
            (
                ("Solde", f"{french_number(balance)}{NBSP}SMS"),
                ("Niveau bas", f"{french_number(threshold)}{NBSP}SMS"),
                ("Constaté le", f"{french_datetime(at)} (heure de Paris)"),
            )
        ),
        "À zéro, ou lorsqu'un envoi coûte plus que le solde, l'envoi est refusé.",
        "Pour éviter une interruption, commandez un pack de SMS : téléchargez le bon de commande depuis Skolengo "
        "(administration des SMS), complétez-le, signez-le et envoyez-le par courriel à "
        f"{order_inbox}. Les SMS sont crédités sous 24 heures ouvrées.",
        "Vous ne recevrez plus ce message avant qu'un nouveau crédit ait relevé le stock.",
    )
