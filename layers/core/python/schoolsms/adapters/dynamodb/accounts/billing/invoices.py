"""Invoices in the accounts table, numbered without a gap (R41).

One transaction takes the next number (`invoice_sequence.py`), writes `INVOICE#<number>` / `INVOICE` and
`INVOICE_OF#<order>` / `INVOICE_OF`,
on the condition that the order has none. So every number that was taken has its invoice, and every order at most one.
The reissue of a cancelled invoice moves `INVOICE_OF` instead, which keeps the `earlier` numbers, and writes
`replaced_by` of the cancelled one, on the condition that it has none.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from schoolsms.adapters.dynamodb.accounts.billing.invoice_items import (
    content_from_item,
    content_item,
    replaced_from_item,
    replaced_item,
)
from schoolsms.adapters.dynamodb.accounts.billing.invoice_sequence import next_number
from schoolsms.adapters.dynamodb.accounts.listings import listed_between, listed_of_school
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed
from schoolsms.adapters.dynamodb.client.retries import tries_within
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, TableStore, Write, assignments, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.invoices import Cancellation, Invoice, InvoiceContent, Replaced
from schoolsms.domain.orders.billing.payments import Payment, Reception

_CURSOR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}#[0-9]{4}-[0-9]{6,}")
_END = "~"
"""Sorts after every due date."""

PATIENCE_SECONDS = 20.0
"""Time in which a number is asked for again while other invoices are faster."""


class DynamoInvoices(TableStore):
    """Implements the port `Invoices`. Once issued, they are listed by due date, as `unpaid` or `paid` and by school."""

    def number(self, content: InvoiceContent, today: Callable[[], date], replaced: Invoice | None = None) -> Invoice:
        for _ in tries_within(PATIENCE_SECONDS):
            known = self.of_order(content.order_id)
            if known and (replaced is None or known.number != replaced.number):
                return known
            if invoice := self._try(content, today(), replaced):
                return invoice
        raise TransientError("too many invoices are numbered at once")

    def of_order(self, order_id: str) -> Invoice | None:
        item = self._table.get(_order_key(order_id))
        return self.get(item["number"]) if item else None

    def get(self, number: str) -> Invoice | None:
        item = self._table.get(invoice_key(number))
        return _invoice(item) if item else None

    def issued(self, number: str, deposited_on: date) -> Invoice:
        invoice = self._standing(number)
        if invoice.state != "numbered":
            return invoice
        issued = Invoice(number, invoice.issued_on, invoice.content, "issued", deposited_on)
        return self._advance(
            number,
            "numbered",
            state="issued",
            deposited_on=deposited_on.isoformat(),
            list_pk="INVOICES#unpaid",
            list_sk=f"{issued.due_on.isoformat()}#{number}",
            school_list_pk=f"INVOICES#{invoice.content.buyer.uai}",
        )

    def paid(self, invoice: Invoice, paid: Invoice) -> bool:
        changes: Item = {
            "payments": [[each.paid_on.isoformat(), each.reference, each.amount_cents] for each in paid.payments],
            "payments_made": len(paid.payments),
            "state": paid.state,
            "list_pk": "INVOICES#paid" if paid.state == "paid" else "INVOICES#unpaid",
        }
        if paid.state == "cancelled":
            changes["list_pk"] = "INVOICES#cancelled"
        none_since = "payments_made = :before" if invoice.payments else "attribute_not_exists(payments_made)"
        as_read = f"{none_since} AND #state = :as_read"
        values = changes | {"as_read": invoice.state} | ({"before": len(invoice.payments)} if invoice.payments else {})
        return self._table.try_update(invoice_key(invoice.number), assignments(changes), as_read, values)

    def received(self, invoice: Invoice) -> Invoice:
        changes: Item = {
            "reception": _reception_item(invoice.reception),
            "list_sk": f"{invoice.due_on.isoformat()}#{invoice.number}",
            **({} if invoice.reminded_days else {"reminded_days": 0}),
        }
        self._table.update(invoice_key(invoice.number), assignments(changes), EXISTS, changes)
        return self._standing(invoice.number)

    def reminded(self, number: str, days: int) -> None:
        # A failed condition means that another run of the watch was faster.
        self._table.try_update(
            invoice_key(number), "SET reminded_days = :days", "reminded_days < :days", {"days": days}
        )

    def of_school(self, uai: str, cursor: str | None) -> Slice[Invoice]:
        return listed_of_school(self._table, f"INVOICES#{uai}", validated_cursor(cursor, _CURSOR), _invoice)

    def standing(
        self, standing: Literal["due", "overdue", "paid", "cancelled"], today: date, cursor: str | None
    ) -> Slice[Invoice]:
        # A day alone sorts before each `<day>#<number>`, and `$` right after the key it follows.
        day, after = today.isoformat(), f"{validated_cursor(cursor, _CURSOR) or ''}$"
        if standing == "overdue":
            first, last = after, day
        elif standing == "due":
            first, last = max(after, day), _END
        else:
            first, last = after, _END
        if first > last:
            return Slice([])
        state = standing if standing in ("paid", "cancelled") else "unpaid"
        return listed_between(self._table, f"INVOICES#{state}", first, last, _invoice)

    def _try(self, content: InvoiceContent, today: date, replaced: Invoice | None) -> Invoice | None:
        """Give the next number; return None, with nothing written, if another write was faster."""
        taken = next_number(self._table, today)
        before = Replaced(replaced.number, replaced.issued_on) if replaced else None
        invoice = Invoice(taken.number, taken.issued_on, content, replaces=before)
        links = self._moved(invoice, replaced) if replaced else [self._table.to_put(_link(invoice), NEW)]
        failed = self._table.try_transaction([taken.write, self._table.to_put(_item(invoice), NEW), *links])
        return invoice if failed is None else None

    def _moved(self, invoice: Invoice, replaced: Invoice) -> list[Write]:
        """Make `invoice` the order's, instead of the cancelled one that it replaces."""
        as_asked = "#state = :cancelled AND attribute_exists(reissue_asked_on) AND attribute_not_exists(replaced_by)"
        return [
            self._table.to_update(
                _order_key(invoice.content.order_id),
                "SET #number = :number, earlier = list_append(if_not_exists(earlier, :none), :replaced)",
                "#number = :before",
                {"number": invoice.number, "none": [], "replaced": [replaced.number], "before": replaced.number},
            ),
            self._table.to_update(
                invoice_key(replaced.number),
                "SET replaced_by = :number",
                as_asked,
                {"number": invoice.number, "cancelled": "cancelled"},
            ),
        ]

    def _advance(self, number: str, before: str, **changes: str) -> Invoice:
        """Set `changes` if the state is `before`; return the invoice as it is afterwards."""
        values = changes | {"before": before}
        try:
            item = self._table.update_returning(
                "ALL_NEW", invoice_key(number), assignments(changes), "#state = :before", values
            )
        except ConditionFailed:
            item = None
        return _invoice(item) if item else self._standing(number)

    def _standing(self, number: str) -> Invoice:
        invoice = self.get(number)
        if invoice is None:
            raise TransientError("the invoice is not there")
        return invoice


def invoice_key(number: str) -> Item:
    return {"pk": f"INVOICE#{number}", "sk": "INVOICE"}


def _order_key(order_id: str) -> Item:
    return {"pk": f"INVOICE_OF#{order_id}", "sk": "INVOICE_OF"}


def _link(invoice: Invoice) -> Item:
    return {**_order_key(invoice.content.order_id), "number": invoice.number}


def _item(invoice: Invoice) -> Item:
    """Return a new invoice as an item. It is listed apart, so that one that was never finished is not forgotten."""
    return {
        **invoice_key(invoice.number),
        "list_pk": "INVOICES#numbered",
        "list_sk": f"{invoice.issued_on.isoformat()}#{invoice.number}",
        "state": invoice.state,
        "issued_on": invoice.issued_on.isoformat(),
        "reminded_days": 0,
        "content": content_item(invoice.content),
        **({"replaces": replaced_item(invoice.replaces)} if invoice.replaces else {}),
    }


def _invoice(item: Item) -> Invoice:
    content = content_from_item(item["content"])
    return Invoice(
        number=item["pk"].removeprefix("INVOICE#"),
        issued_on=date.fromisoformat(item["issued_on"]),
        content=content,
        state=item["state"],
        deposited_on=_optional_day(item.get("deposited_on")),
        payments=_payments(item, content.ttc_cents),
        reception=_reception(item.get("reception")),
        reminded_days=item["reminded_days"],
        cancellation=_cancellation(item.get("cancellation")),
        credit_note=item.get("credit_note", ""),
        reissue_asked_on=_optional_day(item.get("reissue_asked_on")),
        replaced_by=item.get("replaced_by", ""),
        replaces=replaced_from_item(item.get("replaces")),
    )


def _payments(item: Item, total_cents: int) -> tuple[Payment, ...]:
    """The payments of an invoice. One paid before payments had amounts holds the day and reference of the whole."""
    if "payments" not in item and item.get("paid_on"):
        return (Payment(date.fromisoformat(item["paid_on"]), item.get("payment_reference", ""), total_cents),)
    return tuple(
        Payment(date.fromisoformat(paid_on), reference, cents) for paid_on, reference, cents in item.get("payments", ())
    )


def _reception_item(reception: Reception | None) -> Item | None:
    return {"on": reception.received_on.isoformat(), "reference": reception.reference} if reception else None


def _reception(item: Item | None) -> Reception | None:
    return Reception(date.fromisoformat(item["on"]), item["reference"]) if item else None


def _cancellation(item: Item | None) -> Cancellation | None:
    return Cancellation(date.fromisoformat(item["on"]), item["reason"]) if item else None


def _optional_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
