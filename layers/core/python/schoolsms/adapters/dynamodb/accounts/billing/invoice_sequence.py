"""The unbroken sequence of a year's invoices and credit notes in the accounts table (R41).

`INVOICES#<year>` / `SEQUENCE` holds the last rank of a year and its date. The transaction that writes an invoice or a
credit note increments it, on the condition that it is the one read: so every number that was taken has its content.
"""

from dataclasses import dataclass
from datetime import date

from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.table import NEW, Table, Write, assignments
from schoolsms.domain.orders.billing.invoices import invoice_number


@dataclass(frozen=True)
class NextNumber:
    """A number and its date, taken once `write` is done; its condition fails if another came first."""

    number: str
    issued_on: date
    write: Write


def next_number(table: Table, today: date) -> NextNumber:
    """Read which number is next."""
    key: Item = {"pk": f"INVOICES#{today.year}", "sk": "SEQUENCE"}
    sequence = table.get(key) or {"last_rank": 0, "last_issued_on": ""}
    read: int = sequence["last_rank"]
    # Numbers and dates rise together, also when this process's midnight is late.
    issued_on = max(today.isoformat(), sequence["last_issued_on"])
    moved_on = {"last_rank": read + 1, "last_issued_on": issued_on}
    as_read, values = ("last_rank = :read", {"read": read}) if read else (NEW, {})
    write = table.to_update(key, assignments(moved_on), as_read, moved_on | values)
    return NextNumber(invoice_number(today.year, read + 1), date.fromisoformat(issued_on), write)
