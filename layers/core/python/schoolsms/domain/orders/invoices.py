"""An invoice, whose content never changes, and what becomes of it (R40-R42).

numbered ──mailed──▶ issued ──paid in full──▶ paid

The number is taken together with all that the paper says, so that after any interruption the same invoice is finished.
Its mentions are required by law: Code de commerce, art. L. 441-9 and D. 441-5; CGI, annexe II, art. 242 nonies A.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from schoolsms.domain.french import PARIS
from schoolsms.domain.orders.order_forms import LONGEST_REFERENCE, IssuedForm
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.packs import Totals, sms_of, totals
from schoolsms.domain.orders.payments import Payment, Reception, settling
from schoolsms.domain.schools.schools import Address, School
from schoolsms.domain.schools.vat import default_vat

DAYS_TO_PAY = 30
"""Days from the school's reception of the invoice: the day it is mailed, unless another one is recorded (§7)."""

REMINDER_STAGES = (7, 30)
"""Days after the due date at which the school is reminded, once each (R42)."""

InvoiceState = Literal["numbered", "issued", "paid"]
Standing = Literal["numbered", "due", "overdue", "paid"]

VatCategory = Literal["S", "E", "O"]
"""UNTDID 5305: standard rate, exempt, outside the scope of French VAT."""

_EXEMPT_TERRITORIES = frozenset(("GF", "YT"))  # in France, yet VAT is not in force there: CGI, art. 294
_EXEMPT = "Opération exonérée de TVA"


@dataclass(frozen=True)
class Seller:
    """The issuer of the invoice; `capital_euros` whole euros. `vat_on_debits`: VAT falls due with the invoice."""

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
class Invoice:
    """`deposited_on` is the day it was mailed, `reception` what was recorded later of the day the school received it;
    `reminded_days` is the last reminder stage, 0 before the first. It is paid once nothing is left to pay.
    """

    number: str
    issued_on: date
    content: InvoiceContent
    state: InvoiceState = "numbered"
    deposited_on: date | None = None
    payments: tuple[Payment, ...] = ()
    reception: Reception | None = None
    reminded_days: int = 0

    @property
    def paid_cents(self) -> int:
        """Sum of its payments."""
        return sum(payment.amount_cents for payment in self.payments)

    @property
    def rest_cents(self) -> int:
        """Euro cents that are left to pay."""
        return max(0, self.content.ttc_cents - self.paid_cents)

    @property
    def overpaid_cents(self) -> int:
        """Euro cents that were paid too much."""
        return max(0, self.paid_cents - self.content.ttc_cents)

    @property
    def settled_by(self) -> Payment | None:
        """The payment after which nothing was left to pay."""
        return settling(self.payments, self.content.ttc_cents)

    def payment(self, reference: str) -> Payment | None:
        """The payment of that reference, if it is recorded."""
        return next((payment for payment in self.payments if payment.reference == reference), None)

    def paying(self, payment: Payment) -> "Invoice":
        """With this payment too."""
        paid = replace(self, payments=(*self.payments, payment))
        return replace(paid, state="paid") if paid.settled_by else paid

    def received(self, reception: Reception) -> "Invoice":
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
        """Whether it is due, overdue or paid on `today`, in Paris."""
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


def vat_of(rate: Decimal, country: str) -> InvoiceVat:
    """Return how the invoice of a school in `country` (ISO code of its territory) names `rate` percent."""
    if rate:
        return InvoiceVat(rate, "S")
    mention = default_vat(country).mention
    if mention is None:
        return InvoiceVat(rate, "E", _EXEMPT)
    return InvoiceVat(rate, "E" if country in _EXEMPT_TERRITORIES else "O", mention)


def content_of(order: Order, form: IssuedForm, school: School, seller: Seller) -> InvoiceContent:
    """Return the content of a credited order's invoice: the form's prices and rate, the order's quantities.

    Raises ValueError when that is not the amount the order was accepted for, because a person must look then.
    """
    if order.credited_at is None:
        raise ValueError("only a credited order is invoiced")
    amounts = totals(form.packs, order.quantities, form.vat_rate)
    if amounts != Totals(order.ht_cents, order.vat_cents) or sms_of(form.packs, order.quantities) != order.sms:
        raise ValueError("the order and its form differ in amounts")
    return InvoiceContent(
        order_id=order.id,
        seller=seller,
        buyer=Buyer(form.uai, _clean(form.school_name), form.siret, _address(form.address, school.address)),
        lines=tuple(
            InvoiceLine(pack.id, pack.sms, order.quantities[pack.id], pack.price_ht_cents)
            for pack in form.packs
            if order.quantities.get(pack.id)
        ),
        vat=vat_of(form.vat_rate, school.country),
        ht_cents=amounts.ht_cents,
        vat_cents=amounts.vat_cents,
        served_on=paris_day(order.credited_at),
        service_code=_clean(order.read.get("service_code", ""), LONGEST_REFERENCE),
        engagement_number=_clean(order.read.get("engagement_number", ""), LONGEST_REFERENCE),
    )


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


def _address(printed: str, registered: Address) -> Address:
    """The address the form was issued with, in its parts; the registered one if it is not as we print them."""
    *lines, last = [_clean(line) for line in printed.splitlines()] or [""]
    postcode, _, city = last.partition(" ")
    if printed == registered.lines() or not (lines and postcode and city):
        line1, line2 = _clean(registered.line1), _clean(registered.line2)
        return Address(line1, _clean(registered.postcode), _clean(registered.city), registered.country, line2)
    return Address(lines[0], postcode, city, registered.country, ", ".join(lines[1:]))


def _clean(text: str, longest: int = 200) -> str:
    """`text` in one line, without control characters, because XML forbids them and each number must be issued."""
    visible = "".join(character for character in " ".join(text.split()) if unicodedata.category(character)[0] != "C")
    return visible[:longest].strip()
