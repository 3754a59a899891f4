"""Hold orders, credits, invoices and credit notes against each other, and their numbers against a gap (R11, R41)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Invoice, invoice_number
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.stock.audits import Finding
from schoolsms.domain.schools.stock.ledger import Entry

PAPER_WITHIN = timedelta(days=1)
"""Time in which an invoice follows its credit, a credit note its cancellation, and a new invoice the reissue that was
asked for, before an auditor misses it."""


PaperKind = Literal["invoice", "credit_note"]

BEYOND = "number-beyond"
"""Kind of the finding about a paper after the last number given."""


@dataclass(frozen=True)
class Paper:
    """A number that was given: to an invoice of the order `about`, or to the credit note of the invoice `about`.

    `known_as` is the number that the order or the invoice has for it; an order knows the invoices that were replaced.
    """

    kind: PaperKind
    number: str
    issued_on: date
    about: str
    known_as: str


def audit_credit(entry: Entry, order: Order | None) -> list[Finding]:
    """Hold a credit against its order."""
    if order is None:
        return [Finding("credit-without-order", entry.school, entry.id, "there is no such order")]
    if (order.state, order.school, order.sms) != ("credited", entry.school, entry.amount):
        says = f"gave {entry.amount} SMS; the order is {order.state}, of {order.school or 'nobody'}, for {order.sms}"
        return [Finding("credit-differs", entry.school, entry.id, says)]
    return []


def audit_order(order: Order, credit: Entry | None, invoice: Invoice | None, now: datetime) -> list[Finding]:
    """Hold a credited order against its entry and its invoice. The entry is held against it by `audit_credit`."""
    wrong = []
    if credit is None:
        says = "is credited, without an entry"
        lost = Finding("order-without-credit", order.school, order.id, says, f"credit:{order.id}", order.sms)
        wrong.append(lost)
    if invoice is None:
        if order.credited_at is None or now - order.credited_at > PAPER_WITHIN:
            wrong.append(Finding("order-without-invoice", order.school, order.id, "was credited more than a day ago"))
        return wrong
    content = invoice.content
    of_order = (order.id, order.school, order.sms, order.ht_cents, order.vat_cents)
    sms = sum(line.sms * line.quantity for line in content.lines)
    if of_order != (content.order_id, content.buyer.uai, sms, content.ht_cents, content.vat_cents):
        says = f"is of order {content.order_id}, and differs from order {order.id} in its school, SMS or amounts"
        wrong.append(Finding("invoice-differs", order.school, invoice.number, says))
    return wrong


def audit_cancellation(invoice: Invoice, note: CreditNote | None, today: date) -> list[Finding]:
    """Hold an invoice against its credit note."""
    school = invoice.content.buyer.uai
    if invoice.cancellation is None:
        says = f"has the credit note {invoice.credit_note}, and is not cancelled"
        return [Finding("invoice-not-cancelled", school, invoice.number, says)] if invoice.credit_note else []
    if note is None:
        if not invoice.credit_note and today - invoice.cancellation.on <= PAPER_WITHIN:
            return []
        return [Finding("invoice-without-credit-note", school, invoice.number, "was cancelled more than a day ago")]
    if (note.invoice_number, note.content) != (invoice.number, invoice.content):
        says = f"does not cancel what invoice {invoice.number} says"
        return [Finding("credit-note-differs", school, note.number, says)]
    return []


def audit_reissue(invoice: Invoice, replaced: Invoice | None, today: date) -> list[Finding]:
    """Hold the invoice that an order has now against the reissue it waits for, and the cancelled one it replaces."""
    school, wrong = invoice.content.buyer.uai, []
    if invoice.replaced_by:
        says = f"is replaced by {invoice.replaced_by}, and is the one that the order has"
        wrong.append(Finding("invoice-replaced", school, invoice.number, says))
    elif invoice.reissue_asked_on and today - invoice.reissue_asked_on > PAPER_WITHIN:
        says = "was to be replaced more than a day ago"
        wrong.append(Finding("invoice-without-reissue", school, invoice.number, says))
    return [*wrong, *audit_replacement(invoice, replaced)]


def audit_replacement(invoice: Invoice, replaced: Invoice | None) -> list[Finding]:
    """Hold an invoice against the cancelled one of the same order that it replaces."""
    if invoice.replaces is None:
        return []
    content = invoice.content
    says = ""
    if replaced is None or replaced.cancellation is None:
        says = f"replaces {invoice.replaces.number}, which is not cancelled"
    elif replaced.replaced_by != invoice.number:
        says = f"replaces {replaced.number}, which names {replaced.replaced_by or 'none'}"
    elif (content.order_id, content.ht_cents, content.vat_cents) != (
        replaced.content.order_id,
        replaced.content.ht_cents,
        replaced.content.vat_cents,
    ):
        says = f"replaces {replaced.number}, and differs from it in its order or amounts"
    return [Finding("invoice-replaces-wrongly", content.buyer.uai, invoice.number, says)] if says else []


def audit_numbers(year: int, last_rank: int, papers: Iterable[tuple[int, Paper | None]]) -> Iterator[Finding]:
    """Walk the ranks of a year in order, each with its papers, None if it has none. After `last_rank` none is due."""
    latest = date.min
    before = 0
    for rank, paper in papers:
        number = invoice_number(year, rank)
        if paper is None:
            if rank <= last_rank:
                yield Finding("number-missing", "", number, "was given, and there is no paper of it")
            continue
        if rank == before:
            yield Finding("number-twice", "", number, "is an invoice and a credit note")
        if rank > last_rank:
            yield Finding(BEYOND, "", number, f"is after the last number given, {last_rank}")
        if paper.issued_on < latest or paper.issued_on.year != year:
            yield Finding("number-out-of-order", "", number, f"is dated {paper.issued_on}, the one before {latest}")
        if paper.known_as != number:
            says = f"is of {paper.about}, which has {paper.known_as or 'none'}"
            yield Finding("number-not-known", "", number, says)
        latest, before = max(latest, paper.issued_on), rank
