"""Hold orders against their credits and invoices, and the numbers of all papers against a gap (R11, R41)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from schoolsms.application.ports.accounts.credit_notes import CreditNotes
from schoolsms.application.ports.accounts.invoices import Invoices
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.audits import AuditedNumbers
from schoolsms.application.ports.core import Clock, Ledger
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.orders.billing.audits import (
    BEYOND,
    audit_cancellation,
    audit_credit,
    audit_numbers,
    audit_order,
    audit_reissue,
    audit_replacement,
)
from schoolsms.domain.orders.billing.invoices import Invoice, paris_day
from schoolsms.domain.schools.stock.audits import Finding
from schoolsms.domain.schools.stock.ledger import Entry

YEARS_KEPT = 10
"""Years for which invoices are kept, besides the running one."""


@dataclass(frozen=True)
class AuditOrders:
    orders: Orders
    ledger: Ledger
    invoices: Invoices
    credit_notes: CreditNotes
    numbers: AuditedNumbers
    clock: Clock

    def of_entries(self, uai: str, entries: Sequence[Entry]) -> Iterator[Finding]:
        """Each credit is that of its order."""
        for entry in entries:
            if entry.kind == "credit":
                yield from audit_credit(entry, self.orders.get(entry.cause.id))

    def of_school(self, uai: str) -> Iterator[Finding]:
        """Each credited order has its entry and its invoice, each cancelled invoice what cancels and replaces it."""
        for listed in every_item(partial(self.orders.of_school, uai)):
            order = self.orders.get(listed.id)  # the list is a moment behind
            if order is None or order.state != "credited":
                continue  # one that was credited too early shows at its entry
            credit = self.ledger.entry(uai, f"credit:{order.id}")
            invoice = self.invoices.of_order(order.id)
            yield from audit_order(order, credit, invoice, self.clock.now())
            if invoice:
                yield from self._of_papers(invoice)

    def _of_papers(self, invoice: Invoice) -> Iterator[Finding]:
        """The invoice that an order has, and before it each that was cancelled and replaced."""
        today = paris_day(self.clock.now())
        replaced = self._replaced(invoice)
        yield from audit_reissue(invoice, replaced, today)
        yield from self._of_cancellation(invoice, today)
        while replaced:
            yield from self._of_cancellation(replaced, today)
            before = self._replaced(replaced)
            yield from audit_replacement(replaced, before)
            replaced = before

    def _of_cancellation(self, invoice: Invoice, today: date) -> list[Finding]:
        note = self.credit_notes.get(invoice.credit_note) if invoice.credit_note else None
        return audit_cancellation(invoice, note, today)

    def _replaced(self, invoice: Invoice) -> Invoice | None:
        """The one it replaces, which always has a lower number: so the walk ends."""
        before = invoice.replaces
        return self.invoices.get(before.number) if before and before.number < invoice.number else None

    def of_all(self) -> Iterator[Finding]:
        """Each number that was given has one paper, in the order of the dates, and no other number has one."""
        this_year = paris_day(self.clock.now()).year
        for year in range(this_year - YEARS_KEPT, this_year + 1):
            last = self.numbers.last_rank(year)
            for found in audit_numbers(year, last, self.numbers.papers(year, last + 1)):
                if found.code != BEYOND or self.numbers.last_rank(year) == last:  # else it was given meanwhile
                    yield found
