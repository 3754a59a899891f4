"""Credit notes in the accounts table, numbered in the sequence of the invoices (R41).

`CREDIT_NOTE#<number>` / `CREDIT_NOTE` holds one. It is written in one transaction with the next number of the sequence
and with `credit_note` of its invoice, on the condition that the invoice has none: so every number has its paper, and
every invoice at most one credit note.
"""

from collections.abc import Callable
from datetime import date

from schoolsms.adapters.dynamodb.accounts.billing.invoice_items import content_from_item, content_item
from schoolsms.adapters.dynamodb.accounts.billing.invoice_sequence import next_number
from schoolsms.adapters.dynamodb.accounts.billing.invoices import PATIENCE_SECONDS, invoice_key
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import act_writes
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.retries import tries_within
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, TableStore, assignments
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.credit_notes import CreditNote, credit_note_of
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School


class DynamoCreditNotes(TableStore):
    """Implements the port `CreditNotes`."""

    def cancel(self, invoice: Invoice, cancelled: Invoice, school: School, act: Act) -> bool:
        if cancelled.cancellation is None:
            raise ValueError("the invoice is not cancelled")
        changes: Item = {
            "state": cancelled.state,
            "list_pk": "INVOICES#cancelled",
            "cancellation": {"on": cancelled.cancellation.on.isoformat(), "reason": cancelled.cancellation.reason},
        }
        # A payment made since in part leaves the state: the act would say that less is to be given back.
        as_read = "#state = :as_read AND (attribute_not_exists(payments_made) OR payments_made = :paid)"
        values = changes | {"as_read": invoice.state, "paid": len(invoice.payments)}
        write = self._table.to_update(invoice_key(invoice.number), assignments(changes), as_read, values)
        return self._table.try_transaction([write, *act_writes(self._table, school, act)]) is None

    def number(self, invoice: Invoice, today: Callable[[], date]) -> CreditNote:
        for _ in tries_within(PATIENCE_SECONDS):
            note = self.of_invoice(invoice.number) or self._try(invoice, today())
            if note:
                return note
        raise TransientError("too many invoices are numbered at once")

    def of_invoice(self, invoice_number: str) -> CreditNote | None:
        item = self._table.get(invoice_key(invoice_number))
        return self.get(item["credit_note"]) if item and item.get("credit_note") else None

    def get(self, number: str) -> CreditNote | None:
        item = self._table.get(_key(number))
        return _credit_note(item) if item else None

    def issued(self, number: str) -> CreditNote:
        item = self._table.update_returning("ALL_NEW", _key(number), "SET #state = :state", EXISTS, {"state": "issued"})
        if item is None:
            raise TransientError("the credit note is not there")
        return _credit_note(item)

    def _try(self, invoice: Invoice, today: date) -> CreditNote | None:
        """Give the next number; return None, with nothing written, if another write was faster."""
        taken = next_number(self._table, today)
        note = credit_note_of(invoice, taken.number, taken.issued_on)
        failed = self._table.try_transaction(
            [
                taken.write,
                self._table.to_put(_item(note), NEW),
                self._table.to_update(
                    invoice_key(invoice.number),
                    "SET credit_note = :number",
                    "#state = :cancelled AND attribute_not_exists(credit_note)",
                    {"number": note.number, "cancelled": "cancelled"},
                ),
            ]
        )
        return note if failed is None else None


def _key(number: str) -> Item:
    return {"pk": f"CREDIT_NOTE#{number}", "sk": "CREDIT_NOTE"}


def _item(note: CreditNote) -> Item:
    return {
        **_key(note.number),
        "state": note.state,
        "issued_on": note.issued_on.isoformat(),
        "invoice": note.invoice_number,
        "invoice_issued_on": note.invoice_issued_on.isoformat(),
        "reason": note.reason,
        "content": content_item(note.content),
    }


def _credit_note(item: Item) -> CreditNote:
    return CreditNote(
        number=item["pk"].removeprefix("CREDIT_NOTE#"),
        issued_on=date.fromisoformat(item["issued_on"]),
        invoice_number=item["invoice"],
        invoice_issued_on=date.fromisoformat(item["invoice_issued_on"]),
        content=content_from_item(item["content"]),
        reason=item["reason"],
        state=item["state"],
    )
