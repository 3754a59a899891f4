"""The invoices' numbers as the audit reads them, and its progress: `AUDIT` / `RUN` (R18, R41)."""

from collections.abc import Iterator
from datetime import date

from schoolsms.adapters.dynamodb.accounts.billing.invoices import invoice_key
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.table import TableStore
from schoolsms.application.ports.audits import AuditRun
from schoolsms.domain.orders.billing.audits import Paper, PaperKind
from schoolsms.domain.orders.billing.invoices import invoice_number

RANKS_A_READ = 50
_RUN: Item = {"pk": "AUDIT", "sk": "RUN"}


class DynamoAuditedNumbers(TableStore):
    """Implements the port `AuditedNumbers`."""

    def last_rank(self, year: int) -> int:
        sequence = self._table.get({"pk": f"INVOICES#{year}", "sk": "SEQUENCE"})
        return sequence["last_rank"] if sequence else 0

    def papers(self, year: int, last_rank: int) -> Iterator[tuple[int, Paper | None]]:
        for first in range(1, last_rank + 1, RANKS_A_READ):
            ranks = range(first, min(first + RANKS_A_READ, last_rank + 1))
            found = self._read([invoice_number(year, rank) for rank in ranks])
            for rank in ranks:
                papers = found.get(invoice_number(year, rank))
                yield from ((rank, paper) for paper in papers or [None])

    def _read(self, numbers: list[str]) -> dict[str, list[Paper | None]]:
        keys = [key for number in numbers for key in (invoice_key(number), _note_key(number))]
        items = sorted(self._table.read_all(keys), key=lambda item: item["sk"], reverse=True)
        known = self._known_as(items)
        found: dict[str, list[Paper | None]] = {}
        for item in items:
            number = item["pk"].partition("#")[2]
            about = _about(item)
            issued_on = date.fromisoformat(item["issued_on"])
            kind: PaperKind = "invoice" if item["sk"] == "INVOICE" else "credit_note"
            numbers_known = known.get(about, [])
            known_as = number if number in numbers_known else "".join(numbers_known[-1:])
            found.setdefault(number, []).append(Paper(kind, number, issued_on, about, known_as))
        return found

    def _known_as(self, items: list[Item]) -> dict[str, list[str]]:
        """Return the numbers of the papers as their orders or invoices have them: an order its earlier invoices too."""
        keys = {_about(item): _known_by(item) for item in items}
        known: dict[str, list[str]] = {}
        for item in self._table.read_all(list(keys.values())):
            about = item["pk"].partition("#")[2]
            of_order = item["sk"] == "INVOICE_OF"
            known[about] = [*item.get("earlier", ()), item["number"]] if of_order else [item.get("credit_note", "")]
        return known


class DynamoAuditRuns(TableStore):
    """Implements the port `AuditRuns`."""

    def latest(self) -> AuditRun | None:
        item = self._table.get(_RUN)
        if item is None:
            return None
        return AuditRun(
            date.fromisoformat(item["night"]),
            item["after"],
            item["done"],
            item.get("looking_at", ""),
            tuple(item.get("given_up", ())),
        )

    def keep(self, run: AuditRun) -> None:
        self._table.put(
            {
                **_RUN,
                "night": run.night.isoformat(),
                "after": run.after,
                "done": run.done,
                "looking_at": run.looking_at,
                "given_up": list(run.given_up),
            }
        )


def _note_key(number: str) -> Item:
    return {"pk": f"CREDIT_NOTE#{number}", "sk": "CREDIT_NOTE"}


def _about(item: Item) -> str:
    """Return the order of an invoice, or the invoice of a credit note."""
    return str(item["content"]["order_id"] if item["sk"] == "INVOICE" else item["invoice"])


def _known_by(item: Item) -> Item:
    about = _about(item)
    return {"pk": f"INVOICE_OF#{about}", "sk": "INVOICE_OF"} if item["sk"] == "INVOICE" else invoice_key(about)
