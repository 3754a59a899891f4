"""An invoice, whose content never changes, and what becomes of it (R40-R42).

numbered ──mailed──▶ issued ──paid in full──▶ paid
                        └──────credit note───────┴──▶ cancelled ──reissued──▶ a new one, numbered

The number is taken together with all that the paper says, so that after any interruption the same invoice is finished.
Its mentions are required by law: Code de commerce, art. L. 441-9 and D. 441-5; CGI, annexe II, art. 242 nonies A.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from schoolsms.domain.french import PARIS
from schoolsms.domain.orders.billing.payments import Payment, Reception, settling
from schoolsms.domain.schools.schools import Address

DAYS_TO_PAY = 30
"""Days from the school's reception of the invoice: the day it is mailed, unless another one is recorded (§7)."""

REMINDER_STAGES = (7, 30)
"""Days after the due date at which the school is reminded, once each (R42)."""

InvoiceState = Literal["numbered", "issued", "paid", "cancelled"]
Standing = Literal["numbered", "due", "overdue", "paid", "cancelled"]

VatCategory = Literal["S", "E", "O"]
"""UNTDID 5305: standard rate, exempt, outside the scope of French VAT."""


@dataclass(frozen=True)
class Seller:
    """The issuer of the invoice; `capital_euros` whole euros. `vat_on_debits`: VAT falls due with the invoice.

    `email` and `phone` are those of its accounting; "" where there is none, as `bic` on invoices older than it.
    """

    name: str
    legal_form: str
    capital_euros: int
    siren: str
    siret: str
    rcs_city: str
    vat_number: str
    address: Address
    iban: str
    vat_on_debits: bool
    bic: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Buyer:
    """The school as the order form names it."""

    uai: str
    name: str
    siret: str
    address: Address

    @property
    def siren(self) -> str:
        return self.siret[:9]


@dataclass(frozen=True)
class InvoiceLine:
    """`quantity` packs of `sms` SMS at `price_ht_cents` a pack."""

    pack_id: str
    sms: int
    quantity: int
    price_ht_cents: int

    @property
    def ht_cents(self) -> int:
        return self.quantity * self.price_ht_cents


@dataclass(frozen=True)
class InvoiceVat:
    """`rate` percent; `reason` is the mention a rate of zero needs, else ""."""

    rate: Decimal
    category: VatCategory
    reason: str = ""


@dataclass(frozen=True)
class InvoiceContent:
    """All that the paper says besides its number and date. Amounts in euro cents."""

    order_id: str
    seller: Seller
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    vat: InvoiceVat
    ht_cents: int
    vat_cents: int
    served_on: date
    service_code: str = ""
    engagement_number: str = ""

    @property
    def ttc_cents(self) -> int:
        return self.ht_cents + self.vat_cents


@dataclass(frozen=True)
class Cancellation:
    """When the operator cancelled an invoice, and why: the credit note says it to the school."""

    on: date
    reason: str


@dataclass(frozen=True)
class Replaced:
    """The cancelled invoice that a new one of the same order replaces: the new one names it and its day."""

    number: str
    issued_on: date


@dataclass(frozen=True)
class Invoice:
    """`deposited_on` is the day it was mailed, `reception` what was recorded later of the day the school received it;
    `reminded_days` is the last reminder stage, 0 before the first. It is paid once nothing is left to pay.
    `credit_note` is the number of the credit note of a cancelled one, "" until it has one. `reissue_asked_on` is the
    day the operator asked for another invoice instead, `replaced_by` the number of that one, "" until it has one.
    """

    number: str
    issued_on: date
    content: InvoiceContent
    state: InvoiceState = "numbered"
    deposited_on: date | None = None
    payments: tuple[Payment, ...] = ()
    reception: Reception | None = None
    reminded_days: int = 0
    cancellation: Cancellation | None = None
    credit_note: str = ""
    reissue_asked_on: date | None = None
    replaced_by: str = ""
    replaces: Replaced | None = None

    @property
    def awaits_reissue(self) -> bool:
        """Whether another invoice of the order is asked for, and has no number yet."""
        return self.reissue_asked_on is not None and not self.replaced_by

    @property
    def paid_cents(self) -> int:
        """Sum of its payments, less what was given back of them."""
        return sum(payment.amount_cents for payment in self.payments)

    @property
    def rest_cents(self) -> int:
        """Euro cents that are left to pay; nothing of a cancelled one."""
        return 0 if self.cancellation else max(0, self.content.ttc_cents - self.paid_cents)

    @property
    def overpaid_cents(self) -> int:
        """Euro cents that were paid too much."""
        return 0 if self.cancellation else max(0, self.paid_cents - self.content.ttc_cents)

    @property
    def refund_due_cents(self) -> int:
        """Euro cents to give back: all that was paid of a cancelled invoice, and was not given back yet."""
        return self.paid_cents if self.cancellation else 0

    @property
    def to_give_back_cents(self) -> int:
        """Euro cents of the school's that are left with us, whether too much was paid or the invoice is cancelled."""
        return self.refund_due_cents + self.overpaid_cents

    @property
    def settled_by(self) -> Payment | None:
        """The payment after which nothing was left to pay."""
        return settling(self.payments, self.content.ttc_cents)

    def payment(self, reference: str) -> Payment | None:
        """The payment of that reference, if it is recorded."""
        return next((payment for payment in self.payments if payment.reference == reference), None)

    def paying(self, payment: Payment) -> Invoice:
        """With this payment too."""
        paid = replace(self, payments=(*self.payments, payment))
        return replace(paid, state="paid") if paid.settled_by and not self.cancellation else paid

    def cancelled(self, cancellation: Cancellation) -> Invoice:
        """Copy that is owed no more. What was paid of it is to be given back."""
        return replace(self, state="cancelled", cancellation=cancellation)

    def received(self, reception: Reception) -> Invoice:
        """Copy with this reception. Reminders start again only if the due date changes."""
        known = replace(self, reception=reception)
        return known if known.due_on == self.due_on else replace(known, reminded_days=0)

    @property
    def printed_due_on(self) -> date:
        """The due date on the paper: it is mailed on the day of its date, unless something failed in between."""
        return due_date(self.issued_on)

    @property
    def due_on(self) -> date:
        """The day the school has to have paid by: counted from its reception, never before the printed one.

        Unless another day is recorded, the school received it on the day it was mailed.
        """
        received_on = self.reception.received_on if self.reception else self.deposited_on or self.issued_on
        return max(self.printed_due_on, due_date(received_on))

    def standing(self, today: date) -> Standing:
        """Whether it is due, overdue, paid or cancelled on `today`, in Paris."""
        if self.state != "issued":
            return self.state
        return "overdue" if self.due_on < today else "due"

    def reminder_due(self, today: date) -> int | None:
        """The stage of the reminder to send `today`; the latest only, whatever was missed before it."""
        if self.standing(today) != "overdue":
            return None
        days_late = (today - self.due_on).days
        reached = max((stage for stage in REMINDER_STAGES if stage <= days_late), default=0)
        return reached if reached > self.reminded_days else None


def due_date(received_on: date) -> date:
    """The last day to pay an invoice received on `received_on`."""
    return received_on + timedelta(days=DAYS_TO_PAY)


def paris_day(moment: datetime) -> date:
    """The day of an aware moment on the clocks of Paris, by which invoices are dated."""
    return moment.astimezone(PARIS).date()


def invoice_number(year: int, rank: int) -> str:
    """The invoice of that rank, from 1, in a calendar year: `2026-000001`."""
    return f"{year}-{rank:06d}"


def missing_ranks(numbers: Iterable[str]) -> list[str]:
    """The numbers that a year's sequence lacks, which must always be none (R41)."""
    ranks: dict[int, set[int]] = {}
    for number in numbers:
        year, _, rank = number.partition("-")
        ranks.setdefault(int(year), set()).add(int(rank))
    return [
        invoice_number(year, rank)
        for year, taken in sorted(ranks.items())
        for rank in range(1, max(taken) + 1)
        if rank not in taken
    ]
