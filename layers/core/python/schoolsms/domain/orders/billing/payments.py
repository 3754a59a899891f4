"""Payments of an invoice by a school (§7, R42): in one transfer or several, sometimes too much."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MOST_PAYMENTS = 50
"""Transfers that are kept of one invoice; more is a mistake of a program."""

LATE = (
    "En cas de retard de paiement, pénalités exigibles sans rappel au taux directeur de la Banque centrale européenne "
    "(opérations principales de refinancement) en vigueur au premier jour du semestre, majoré de 8\u00a0points."
)
RECOVERY = "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement\u00a0: 40,00\u00a0€."
"""The same words on the invoice and in each reminder."""


@dataclass(frozen=True)
class Payment:
    """A transfer: the day the school paid, the reference that tells it from others, and euro cents.

    Euro cents are negative if the operator gave them back: too much was paid, or the invoice is cancelled.
    """

    paid_on: date
    reference: str
    amount_cents: int


@dataclass(frozen=True)
class Reception:
    """The day the school received an invoice, by the `reference` of the proof: that of its deposit on Chorus Pro."""

    received_on: date
    reference: str


def settling(payments: Iterable[Payment], due_cents: int) -> Payment | None:
    """The payment with which `due_cents` were paid; None while something is left to pay."""
    paid = 0
    for payment in payments:
        paid += payment.amount_cents
        if paid >= due_cents:
            return payment
    return None
