"""Send requests as the audit reads them: figures, statuses and ledger entries (R18).

Of the pages only index and cost of each recipient are kept.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.table import Table, bounded
from schoolsms.adapters.dynamodb.history.requests.message_items import is_group
from schoolsms.adapters.dynamodb.history.requests.request_items import request_key
from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.stock.ledger import Entry, debit_id
from schoolsms.domain.sending.request_audits import RequestFigures
from schoolsms.domain.sending.send_requests import PAGE_SIZE

SLICE = 100
_READ = "pk, sk, #status, school_year, attempt, accepted, cost_sms, cancelled, #lines"


class DynamoAuditedRequests:
    """Implements the port `AuditedRequests`."""

    def __init__(self, history: Table, ledger: DynamoLedger, purges: DynamoPurges) -> None:
        self._table = history
        self._ledger = ledger
        self._purges = purges

    def ids(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        since = bounded("school_year", f"{uai}#{school_year}", "accepted_key >", after)
        page = self._table.query(*since, SLICE, index="by_school_year")
        return page.slice(lambda item: str(item["pk"]).removeprefix("REQUEST#"), "accepted_key")

    def schools_of(self, request_ids: Sequence[str]) -> dict[str, str]:
        items = self._table.read_all([request_key(request_id) for request_id in request_ids])
        return {item["pk"].removeprefix("REQUEST#"): _school(item) for item in items}

    def figures(self, request_id: str) -> RequestFigures | None:
        request: Item | None = None
        pages: dict[str, dict[int, int]] = {}
        statuses: dict[int, str] = {}
        for item in self._table.query_all("pk = :pk", {"pk": request_key(request_id)["pk"]}, only=_READ):
            kind, _, named = item["sk"].partition("#")
            if kind == "REQUEST":
                request = item
            elif kind == "PAGE":
                pages[named] = {line[0]: line[5] for line in json.loads(item["lines"])}
            elif kind == "MESSAGE" and not is_group(named):
                statuses[int(named)] = item["status"]
        if request is None:
            return None
        wanted = [f"{request['attempt']}#{number:04d}" for number in range(-(-request["accepted"] // PAGE_SIZE))]
        return RequestFigures(
            id=request_id,
            school=_school(request),
            accepted=request["accepted"],
            cost_sms=request["cost_sms"],
            cancelled=request["cancelled"],
            costs={index: cost for name in wanted for index, cost in pages.get(name, {}).items()},
            missing_pages=[number for number, name in enumerate(wanted) if name not in pages],
            statuses=statuses,
        )

    def entries(self, uai: str, request_id: str) -> tuple[Entry | None, Sequence[Entry]]:
        debit = self._ledger.entry(uai, debit_id(request_id))
        return debit, list(self._ledger.entries_named(uai, f"release:{request_id}"))

    def purge_began(self, uai: str, school_year: str) -> bool:
        return self._purges.get(uai, school_year).started_at is not None

    def purged_at(self, uai: str) -> datetime | None:
        return self._purges.last_start(uai)


def _school(item: Item) -> str:
    return str(item["school_year"]).partition("#")[0]
