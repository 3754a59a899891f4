"""Record what a school paid of an invoice or got back of it, and when it received it (R41, R42)."""

from dataclasses import dataclass
from datetime import date

from schoolsms.application.ports.accounts.invoices import Invoices
from schoolsms.application.ports.core import Clock
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, TransientError
from schoolsms.domain.orders.billing.invoices import Invoice, paris_day
from schoolsms.domain.orders.billing.payments import MOST_PAYMENTS, Payment, Reception
from schoolsms.domain.orders.packs import euros_fr
from schoolsms.domain.schools.access import Caller

TRIES = 5
"""Attempts before giving up. People and bank statements record payments, so two at once of one invoice are rare."""

_NO_SUCH_INVOICE = "Cette facture n'existe pas."
_NOT_ISSUED = "Cette facture n'est pas encore émise."
_CANCELLED = "Cette facture est annulée par un avoir."
_BEFORE_INVOICE = (
    "Ce paiement est daté d'avant la facture, et un paiement enregistré ne se corrige plus. Corrigez la date ou, "
    "si c'est voulu, ajoutez confirm_before_invoice: true."
)


@dataclass(frozen=True)
class NewPayment:
    """A payment to record; without an amount it is what is left to pay, or if `given_back`, what is to be given back.

    Euro cents are positive either way.
    """

    paid_on: date
    reference: str
    amount_cents: int | None = None
    confirm_before_invoice: bool = False
    given_back: bool = False


@dataclass(frozen=True)
class RecordPayments:
    """Only the operator does. No SMS are taken or given, whatever is paid, and when."""

    invoices: Invoices
    clock: Clock

    @property
    def today(self) -> date:
        """Today in Paris."""
        return paris_day(self.clock.now())

    def pay(self, caller: Caller, number: str, payment: NewPayment) -> Invoice:
        """Record a payment once: the same reference again is the same payment. Raises RefusedError, ConflictError.

        Two at once are recorded one after the other, so that each knows what is left to pay.
        """
        caller.require("operator")
        if payment.paid_on > self.today:
            raise RefusedError("La date du paiement est dans le futur.", "payment-in-future", field="paid_on")
        for _ in range(TRIES):
            invoice = self._issued(number)
            if known := invoice.payment(payment.reference):
                return _the_same(invoice, known, payment)
            paid = invoice.paying(_checked(invoice, payment))
            if self.invoices.paid(invoice, paid):
                return paid
        raise TransientError("too many payments of this invoice at once")

    def receive(self, caller: Caller, number: str, reception: Reception) -> Invoice:
        """Record the day the school received the invoice: 30 days after it, it is due. The last word counts.

        Raises RefusedError for a day that cannot be.
        """
        caller.require("operator")
        invoice = self._issued(number)
        if invoice.cancellation:
            raise ConflictError(_CANCELLED, "invoice-cancelled")
        if reception.received_on > self.today:
            raise RefusedError("La date de réception est dans le futur.", "reception-in-future", field="received_on")
        if reception.received_on < invoice.issued_on:
            raise RefusedError(
                f"La facture est datée du {invoice.issued_on:%d/%m/%Y} : elle n'a pas été reçue avant.",
                "reception-before-invoice",
                field="received_on",
            )
        return invoice if invoice.reception == reception else self.invoices.received(invoice.received(reception))

    def _issued(self, number: str) -> Invoice:
        invoice = self.invoices.get(number)
        if invoice is None:
            raise NotFoundError(_NO_SUCH_INVOICE)
        if invoice.state == "numbered":
            raise ConflictError(_NOT_ISSUED, "invoice-not-issued")
        return invoice


def _the_same(invoice: Invoice, known: Payment, payment: NewPayment) -> Invoice:
    sign = -1 if payment.given_back else 1
    cents = abs(known.amount_cents) if payment.amount_cents is None else payment.amount_cents
    if known != Payment(payment.paid_on, payment.reference, sign * cents):
        raise ConflictError(
            "Un paiement de cette référence est déjà enregistré, d'une autre date ou d'un autre montant.",
            "payment-differs",
        )
    return invoice


def _checked(invoice: Invoice, payment: NewPayment) -> Payment:
    """The payment as it is to be recorded."""
    cents = _given_back(invoice, payment) if payment.given_back else _paid(invoice, payment)
    if payment.paid_on < invoice.issued_on and not payment.confirm_before_invoice:
        raise RefusedError(_BEFORE_INVOICE, "payment-before-invoice", field="paid_on")
    if len(invoice.payments) >= MOST_PAYMENTS:
        raise ConflictError(f"Une facture a {MOST_PAYMENTS} paiements au plus.", "too-many-payments")
    return Payment(payment.paid_on, payment.reference, cents)


def _paid(invoice: Invoice, payment: NewPayment) -> int:
    amount = invoice.rest_cents if payment.amount_cents is None else payment.amount_cents
    if not amount and invoice.cancellation:
        raise ConflictError(
            f"{_CANCELLED} Si un virement est arrivé, indiquez son montant : il est à rembourser.", "invoice-cancelled"
        )
    if not amount:
        raise ConflictError(
            "Cette facture est déjà réglée. Si un autre virement est arrivé, indiquez son montant.",
            "invoice-already-paid",
        )
    return amount


def _given_back(invoice: Invoice, payment: NewPayment) -> int:
    """Return the negative euro cents of money given back: never more than is left of the school's."""
    left = invoice.to_give_back_cents
    if not left:
        raise ConflictError("Rien de ce qui a été payé de cette facture n'est à rembourser.", "nothing-to-give-back")
    amount = left if payment.amount_cents is None else payment.amount_cents
    if amount > left:
        raise RefusedError(
            f"Il reste {euros_fr(left)} à rembourser : indiquez ce montant au plus.",
            "too-much-given-back",
            field="amount",
        )
    return -amount
