"""In-memory stand-ins for the ports around invoices, and invoices as most tests want them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from schoolsms.application.ports.core import Slice
from schoolsms.domain.orders.billing.credit_notes import CreditNote, credit_note_of
from schoolsms.domain.orders.billing.invoices import (
    Buyer,
    Invoice,
    InvoiceContent,
    InvoiceLine,
    InvoiceVat,
    Replaced,
    Seller,
    invoice_number,
)
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import Address, School
from tests.fakes.core import FakeSchoolActs
from tests.fakes.slices import sliced
from tests.support.builders import ORDER_ID, UAI

TODAY = date(2026, 11, 23)
"""The day of `builders.NOW` in Paris."""

SELLER = Seller(
    name="Kosmos",
    legal_form="SAS",
    capital_euros=100_000,
    siren="123456782",
    siret="12345678200010",
    rcs_city="Nantes",
    vat_number="FR11123456782",
    address=Address("1 rue de l’Exemple", "44000", "Nantes", "FR"),
    iban="FR7612345678900000000000067",
    vat_on_debits=True,
    bic="TESTFRP0XXX",
    email="facturation@kosmos.test",
    phone="02 40 00 00 00",
)
BUYER = Buyer(UAI, "Lycée Paul Valéry", "73282932000074", Address("1 rue des Écoles", "75005", "Paris", "FR"))
STEPS_OF_ISSUING = [
    ("invoices", "before", "number"),
    ("invoices", "after", "number"),
    ("papers", "before", "keep"),
    ("papers", "after", "keep"),
    ("mailer", "before", "send"),
    ("notices", "after", "sent"),
    ("invoices", "before", "issued"),
    ("invoices", "after", "issued"),
]
"""Where a process may die while it issues an invoice: the port, before or after its call, and which."""


def content(**changes: Any) -> InvoiceContent:
    """Two packs of 1,000 SMS at 20 % VAT."""
    usual = InvoiceContent(
        order_id=ORDER_ID,
        seller=SELLER,
        buyer=BUYER,
        lines=(InvoiceLine("P1000", 1_000, 2, 8_500),),
        vat=InvoiceVat(Decimal("20"), "S"),
        ht_cents=17_000,
        vat_cents=3_400,
        served_on=TODAY,
        service_code="COMPTA",
        engagement_number="EJ-2026-0042",
    )
    return replace(usual, **changes)


def invoice(number: str = "2026-000001", **changes: Any) -> Invoice:
    """Issued and mailed today."""
    issued = Invoice(number, TODAY, content(), "issued", deposited_on=TODAY)
    return replace(issued, **changes)


class FakeInvoices:
    def __init__(self, *invoices: Invoice) -> None:
        self.known = {each.number: each for each in invoices}
        self.credit_notes: dict[str, CreditNote] = {}

    def number(self, content: InvoiceContent, today: Callable[[], date], replaced: Invoice | None = None) -> Invoice:
        stored = self.of_order(content.order_id)
        if stored and (replaced is None or stored.number != replaced.number):
            return stored
        day = today()
        rank = sum(number.startswith(f"{day.year}-") for number in (*self.known, *self.credit_notes)) + 1
        before = Replaced(replaced.number, replaced.issued_on) if replaced else None
        made = Invoice(invoice_number(day.year, rank), day, content, replaces=before)
        self.known[made.number] = made
        if replaced:
            cancelled = self.known[replaced.number]
            assert cancelled.awaits_reissue
            self.known[replaced.number] = replace(cancelled, replaced_by=made.number)
        return made

    def of_order(self, order_id: str) -> Invoice | None:
        made = (each for each in self.known.values() if each.content.order_id == order_id)
        return next((each for each in made if not each.replaced_by), None)

    def get(self, number: str) -> Invoice | None:
        return self.known.get(number)

    def issued(self, number: str, deposited_on: date) -> Invoice:
        if self.known[number].state == "numbered":
            self.known[number] = replace(self.known[number], state="issued", deposited_on=deposited_on)
        return self.known[number]

    def paid(self, invoice: Invoice, paid: Invoice) -> bool:
        stored = self.known[invoice.number]
        if (len(stored.payments), stored.state) != (len(invoice.payments), invoice.state):
            return False
        self.known[invoice.number] = replace(stored, payments=paid.payments, state=paid.state)
        return True

    def received(self, invoice: Invoice) -> Invoice:
        stored = self.known[invoice.number]
        self.known[invoice.number] = replace(stored, reception=invoice.reception, reminded_days=0)
        return self.known[invoice.number]

    def reminded(self, number: str, days: int) -> None:
        self.known[number] = replace(self.known[number], reminded_days=max(days, self.known[number].reminded_days))

    def of_school(self, uai: str, cursor: str | None) -> Slice[Invoice]:
        newest_first = sorted(self.known.values(), key=_list_key, reverse=True)
        listed = [each for each in newest_first if each.content.buyer.uai == uai and each.state != "numbered"]
        return sliced(listed, _list_key, cursor)

    def standing(
        self, standing: Literal["due", "overdue", "paid", "cancelled"], today: date, cursor: str | None
    ) -> Slice[Invoice]:
        listed = [each for each in sorted(self.known.values(), key=_list_key) if each.standing(today) == standing]
        return sliced(listed, _list_key, cursor)


def _list_key(each: Invoice) -> str:
    return f"{each.due_on.isoformat()}#{each.number}"


@dataclass
class FakeCreditNotes:
    """Beside the invoices, whose numbers they share."""

    invoices: FakeInvoices
    acts: FakeSchoolActs | None = None

    def cancel(self, invoice: Invoice, cancelled: Invoice, school: School, act: Act) -> bool:
        assert self.acts
        stored = self.invoices.known[invoice.number]
        if (len(stored.payments), stored.state) != (len(invoice.payments), invoice.state):
            return False
        if not self.acts.record(school, act):
            return False
        self.invoices.known[invoice.number] = cancelled
        return True

    def number(self, invoice: Invoice, today: Callable[[], date]) -> CreditNote:
        if stored := self.of_invoice(invoice.number):
            return stored
        day, papers = today(), (*self.invoices.known, *self.invoices.credit_notes)
        rank = sum(number.startswith(f"{day.year}-") for number in papers) + 1
        made = credit_note_of(invoice, invoice_number(day.year, rank), day)
        self.invoices.credit_notes[made.number] = made
        self.invoices.known[invoice.number] = replace(invoice, credit_note=made.number)
        return made

    def of_invoice(self, invoice_number: str) -> CreditNote | None:
        return self.invoices.credit_notes.get(self.invoices.known[invoice_number].credit_note)

    def get(self, number: str) -> CreditNote | None:
        return self.invoices.credit_notes.get(number)

    def issued(self, number: str) -> CreditNote:
        issued = replace(self.invoices.credit_notes[number], state="issued")
        self.invoices.credit_notes[number] = issued
        return issued


@dataclass
class FakeReissues:
    invoices: FakeInvoices
    acts: FakeSchoolActs

    def ask(self, invoice: Invoice, asked: Invoice, school: School, act: Act) -> bool:
        stored = self.invoices.known[invoice.number]
        if not stored.credit_note or stored.reissue_asked_on or not self.acts.record(school, act):
            return False
        self.invoices.known[invoice.number] = replace(stored, reissue_asked_on=asked.reissue_asked_on)
        return True


@dataclass
class FakePapers:
    kept: dict[str, bytes] = field(default_factory=dict)
    made: int = 0

    def make(self, paper: Invoice | CreditNote) -> bytes:
        """Never the same twice, as a real one that holds the time it was made at."""
        self.made += 1
        return f"%PDF {paper.number} made {self.made}".encode()

    def keep(self, number: str, document: bytes) -> bytes:
        return self.kept.setdefault(number, document)

    def get(self, number: str) -> bytes:
        return self.kept[number]
