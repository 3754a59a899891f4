"""Invoices in the accounts table, numbered without a gap (R41).

`INVOICES#<year>` / `SEQUENCE` holds the last rank of a year and its date. One transaction moves it on, on the
condition that it is the one read, and writes `INVOICE#<number>` / `INVOICE` and `INVOICE_OF#<order>` / `INVOICE_OF`,
on the condition that the order has none. So a number that was taken has its invoice, and an order has one.
"""

import random
import re
import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ClientError

from schoolsms.adapters.dynamodb.accounts.invoice_items import content_from_item, content_item
from schoolsms.adapters.dynamodb.client.items import ConditionFailed, Item, from_wire, own_cursor, to_wire, translated
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.invoices import Invoice, InvoiceContent, invoice_number

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

PAGE = 50
_CURSOR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}#[0-9]{4}-[0-9]{6,}")
_END = "~"
"""Sorts after every due date."""

PATIENCE_SECONDS = 20.0
"""How long a number is asked for again while other invoices come first."""


class DynamoInvoices:
    """Implements the port `Invoices`. Once issued, they are listed by due date, as `unpaid` or `paid` and by school."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def number(self, content: InvoiceContent, today: Callable[[], date]) -> Invoice:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        pause = 0.005
        while True:
            standing = self.of_order(content.order_id)
            if standing:
                return standing
            invoice = self._try(content, today())
            if invoice:
                return invoice
            if time.monotonic() > give_up_at:
                raise TransientError("too many invoices are numbered at once")
            time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads rivals, guards nothing
            pause = min(2 * pause, 0.2)

    def of_order(self, order_id: str) -> Invoice | None:
        item = self._get({"pk": f"INVOICE_OF#{order_id}", "sk": "INVOICE_OF"})
        return self.get(item["number"]) if item else None

    def get(self, number: str) -> Invoice | None:
        item = self._get(_key(number))
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

    def paid(self, number: str, paid_on: date, reference: str) -> Invoice:
        return self._advance(
            number,
            "issued",
            state="paid",
            paid_on=paid_on.isoformat(),
            payment_reference=reference,
            list_pk="INVOICES#paid",
        )

    def reminded(self, number: str, days: int) -> None:
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=to_wire(_key(number)),
                    UpdateExpression="SET reminded_days = :days",
                    ConditionExpression="reminded_days < :days",
                    ExpressionAttributeValues=to_wire({":days": days}),
                )
        except ConditionFailed:
            return  # another run of the watch was faster

    def of_school(self, uai: str, cursor: str | None) -> Slice[Invoice]:
        cursor = own_cursor(cursor, _CURSOR)
        bound = " AND list_sk < :cursor" if cursor else ""
        values = {":value": f"INVOICES#{uai}"} | ({":cursor": cursor} if cursor else {})
        return self._list("school_listing", f"school_list_pk = :value{bound}", values, forward=False)

    def standing(self, standing: Literal["due", "overdue", "paid"], today: date, cursor: str | None) -> Slice[Invoice]:
        # A day alone sorts before each `<day>#<number>`, and `$` right after the key it follows.
        day, after = today.isoformat(), f"{own_cursor(cursor, _CURSOR) or ''}$"
        if standing == "overdue":
            first, last = after, day
        elif standing == "due":
            first, last = max(after, day), _END
        else:
            first, last = after, _END
        if first > last:
            return Slice([])
        values = {
            ":value": "INVOICES#paid" if standing == "paid" else "INVOICES#unpaid",
            ":first": first,
            ":last": last,
        }
        return self._list("listing", "list_pk = :value AND list_sk BETWEEN :first AND :last", values)

    def _try(self, content: InvoiceContent, today: date) -> Invoice | None:
        """The invoice, or None when another came first: then nothing was written."""
        sequence = self._get(_sequence(today.year)) or {"last_rank": 0, "last_issued_on": ""}
        rank: int = sequence["last_rank"] + 1
        # Numbers and dates rise together, also when this process's midnight is late.
        issued_on = max(today.isoformat(), sequence["last_issued_on"])
        invoice = Invoice(invoice_number(today.year, rank), date.fromisoformat(issued_on), content)
        with translated():
            try:
                self._client.transact_write_items(TransactItems=self._writes(invoice, today.year, rank))
            except ClientError as exc:
                if exc.response["Error"]["Code"] != "TransactionCanceledException":
                    raise
                return None
        return invoice

    def _writes(self, invoice: Invoice, year: int, rank: int) -> list["TransactWriteItemTypeDef"]:
        first = rank == 1
        return [
            {
                "Update": {
                    "TableName": self._table,
                    "Key": to_wire(_sequence(year)),
                    "UpdateExpression": "SET last_rank = :rank, last_issued_on = :day",
                    "ConditionExpression": "attribute_not_exists(pk)" if first else "last_rank = :read",
                    "ExpressionAttributeValues": to_wire(
                        {":rank": rank, ":day": invoice.issued_on.isoformat()} | ({} if first else {":read": rank - 1})
                    ),
                }
            },
            {
                "Put": {
                    "TableName": self._table,
                    "Item": to_wire(_item(invoice)),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            },
            {
                "Put": {
                    "TableName": self._table,
                    "Item": to_wire(
                        {
                            "pk": f"INVOICE_OF#{invoice.content.order_id}",
                            "sk": "INVOICE_OF",
                            "number": invoice.number,
                        }
                    ),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            },
        ]

    def _advance(self, number: str, before: str, **changes: str) -> Invoice:
        """Set `changes` if the state is `before`; what stands afterwards."""
        names = {f"#{name}": name for name in changes} | {"#state": "state"}
        try:
            with translated():
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=to_wire(_key(number)),
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in changes),
                    ConditionExpression="#state = :before",
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=to_wire(
                        {f":{name}": value for name, value in changes.items()} | {":before": before}
                    ),
                    ReturnValues="ALL_NEW",
                )
        except ConditionFailed:
            return self._standing(number)
        return _invoice(from_wire(answer["Attributes"]))

    def _standing(self, number: str) -> Invoice:
        invoice = self.get(number)
        if invoice is None:
            raise TransientError("the invoice is not there")
        return invoice

    def _get(self, key: Item) -> Item | None:
        with translated():
            found = self._client.get_item(TableName=self._table, Key=to_wire(key), ConsistentRead=True).get("Item")
        return from_wire(found) if found else None

    def _list(self, index: str, condition: str, values: Item, *, forward: bool = True) -> Slice[Invoice]:
        """Items of an index; list_sk is unique (due date and number), so it alone is the cursor."""
        with translated():
            answer = self._client.query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=to_wire(values),
                ScanIndexForward=forward,
                Limit=PAGE,
            )
        items = [from_wire(wire) for wire in answer["Items"]]
        return Slice([_invoice(item) for item in items], items[-1]["list_sk"] if "LastEvaluatedKey" in answer else None)


def _key(number: str) -> Item:
    return {"pk": f"INVOICE#{number}", "sk": "INVOICE"}


def _sequence(year: int) -> Item:
    return {"pk": f"INVOICES#{year}", "sk": "SEQUENCE"}


def _item(invoice: Invoice) -> Item:
    """As it is when its number is taken; listed apart, lest one that was never finished is forgotten."""
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
    return Invoice(
        number=item["pk"].removeprefix("INVOICE#"),
        issued_on=date.fromisoformat(item["issued_on"]),
        content=content_from_item(item["content"]),
        state=item["state"],
        deposited_on=_optional_day(item.get("deposited_on")),
        paid_on=_optional_day(item.get("paid_on")),
        payment_reference=item.get("payment_reference", ""),
        reminded_days=item["reminded_days"],
    )


def _optional_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
