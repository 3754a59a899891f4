"""Invoices in the accounts table, numbered without a gap (R41).

`INVOICES#<year>` / `SEQUENCE` holds the last rank of a year and its date. One transaction increments it, on the
condition that it is the one read, and writes `INVOICE#<number>` / `INVOICE` and `INVOICE_OF#<order>` / `INVOICE_OF`,
on the condition that the order has none. So every number that was taken has its invoice, and every order at most one.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from schoolsms.adapters.dynamodb.accounts.invoice_items import content_from_item, content_item
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed
from schoolsms.adapters.dynamodb.client.retries import tries_within
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, TableStore, assignments, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.invoices import Invoice, InvoiceContent, invoice_number
from schoolsms.domain.orders.payments import Payment, Reception

PAGE = 50
_CURSOR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}#[0-9]{4}-[0-9]{6,}")
_END = "~"
"""Sorts after every due date."""

PATIENCE_SECONDS = 20.0
"""Time in which a number is asked for again while other invoices are faster."""


class DynamoInvoices(TableStore):
    """Implements the port `Invoices`. Once issued, they are listed by due date, as `unpaid` or `paid` and by school."""

    def number(self, content: InvoiceContent, today: Callable[[], date]) -> Invoice:
        for _ in tries_within(PATIENCE_SECONDS):
            invoice = self.of_order(content.order_id) or self._try(content, today())
            if invoice:
                return invoice
        raise TransientError("too many invoices are numbered at once")

    def of_order(self, order_id: str) -> Invoice | None:
        item = self._table.get(_order_key(order_id))
        return self.get(item["number"]) if item else None

    def get(self, number: str) -> Invoice | None:
        item = self._table.get(_key(number))
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
        as_read = "payments_made = :before" if invoice.payments else "attribute_not_exists(payments_made)"
        values = changes | ({"before": len(invoice.payments)} if invoice.payments else {})
        return self._table.try_update(_key(invoice.number), assignments(changes), as_read, values)

    def received(self, invoice: Invoice) -> Invoice:
        changes: Item = {
            "reception": _reception_item(invoice.reception),
            "list_sk": f"{invoice.due_on.isoformat()}#{invoice.number}",
            **({} if invoice.reminded_days else {"reminded_days": 0}),
        }
        self._table.update(_key(invoice.number), assignments(changes), EXISTS, changes)
        return self._standing(invoice.number)

    def reminded(self, number: str, days: int) -> None:
        # A failed condition means that another run of the watch was faster.
        self._table.try_update(_key(number), "SET reminded_days = :days", "reminded_days < :days", {"days": days})

    def of_school(self, uai: str, cursor: str | None) -> Slice[Invoice]:
        cursor = validated_cursor(cursor, _CURSOR)
        bound = " AND list_sk < :cursor" if cursor else ""
        values = {"value": f"INVOICES#{uai}"} | ({"cursor": cursor} if cursor else {})
        return self._list("school_listing", f"school_list_pk = :value{bound}", values, newest_first=True)

    def standing(self, standing: Literal["due", "overdue", "paid"], today: date, cursor: str | None) -> Slice[Invoice]:
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
        listed = "INVOICES#paid" if standing == "paid" else "INVOICES#unpaid"
        values = {"value": listed, "first": first, "last": last}
        return self._list("listing", "list_pk = :value AND list_sk BETWEEN :first AND :last", values)

    def _try(self, content: InvoiceContent, today: date) -> Invoice | None:
        """Give the next number; return None, with nothing written, if another write was faster."""
        sequence = self._table.get(_sequence_key(today.year)) or {"last_rank": 0, "last_issued_on": ""}
        read: int = sequence["last_rank"]
        # Numbers and dates rise together, also when this process's midnight is late.
        issued_on = max(today.isoformat(), sequence["last_issued_on"])
        invoice = Invoice(invoice_number(today.year, read + 1), date.fromisoformat(issued_on), content)
        moved_on = {"last_rank": read + 1, "last_issued_on": issued_on}
        as_read, values = ("last_rank = :read", {"read": read}) if read else (NEW, {})
        failed = self._table.try_transaction(
            [
                self._table.to_update(_sequence_key(today.year), assignments(moved_on), as_read, moved_on | values),
                self._table.to_put(_item(invoice), NEW),
                self._table.to_put({**_order_key(content.order_id), "number": invoice.number}, NEW),
            ]
        )
        return invoice if failed is None else None

    def _advance(self, number: str, before: str, **changes: str) -> Invoice:
        """Set `changes` if the state is `before`; return the invoice as it is afterwards."""
        values = changes | {"before": before}
        try:
            item = self._table.update_returning(
                "ALL_NEW", _key(number), assignments(changes), "#state = :before", values
            )
        except ConditionFailed:
            item = None
        return _invoice(item) if item else self._standing(number)

    def _standing(self, number: str) -> Invoice:
        invoice = self.get(number)
        if invoice is None:
            raise TransientError("the invoice is not there")
        return invoice

    def _list(self, index: str, condition: str, values: Item, *, newest_first: bool = False) -> Slice[Invoice]:
        # `list_sk` alone is the cursor, because it is unique (due date and number).
        page = self._table.query(condition, values, PAGE, index=index, descending=newest_first)
        return page.slice(_invoice, "list_sk")


def _key(number: str) -> Item:
    return {"pk": f"INVOICE#{number}", "sk": "INVOICE"}


def _order_key(order_id: str) -> Item:
    return {"pk": f"INVOICE_OF#{order_id}", "sk": "INVOICE_OF"}


def _sequence_key(year: int) -> Item:
    return {"pk": f"INVOICES#{year}", "sk": "SEQUENCE"}


def _item(invoice: Invoice) -> Item:
    """Return a new invoice as an item. It is listed apart, so that one that was never finished is not forgotten."""
    return {
        **_key(invoice.number),
        "list_pk": "INVOICES#numbered",
        "list_sk": f"{invoice.issued_on.isoformat()}#{invoice.number}",
        "state": invoice.state,
        "issued_on": invoice.issued_on.isoformat(),
        "reminded_days": 0,
        "content": content_item(invoice.content),
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


def _optional_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
