"""Reads and removes the history of a school year that ended (R38).

Requests are found by the index of school years and by the phone-number index, which also holds attempts that were
written and never accepted. The mark `counted` and the figures of the purge are written in one transaction. Only keys
and figures of an item are read, so that neither texts nor numbers leave the table.

`HANDOFF#…` items are left to the table's TTL: a provider's id and ours, neither number nor content.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from schoolsms.adapters.dynamodb.accounts.purges import counted, purge_key
from schoolsms.adapters.dynamodb.client.codec import Item, instant
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed
from schoolsms.adapters.dynamodb.client.table import EXISTS, Page, Table, Write, bounded
from schoolsms.adapters.dynamodb.history.messages.replies import replies_partition
from schoolsms.adapters.dynamodb.history.messages.tallies import tally_key
from schoolsms.adapters.dynamodb.history.requests.message_items import states_in
from schoolsms.adapters.dynamodb.history.requests.number_index import index_partition
from schoolsms.adapters.dynamodb.history.requests.page_items import attempt_keys
from schoolsms.adapters.dynamodb.history.requests.recent_sends import recent_partition
from schoolsms.adapters.dynamodb.history.requests.request_items import request_key
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.history.purges import Attempt, Counts, PurgeableRequest, Remains
from schoolsms.domain.sending.send_requests import moment_key

REPLIES_A_SLICE = 90
"""With the count they fit into one transaction of 100 writes, so that each is counted once."""

SLICE = 20
"""Requests between two looks at the time: with 30,000 messages each they take some 25,000 batches of deletions."""

_READ = (
    "pk, sk, #status, final_at, provider, lease_until, school_year, attempt, accepted, refused, cost_sms, "
    "expires_at, cancelled, counted, covers, offered, sent, purge_at"
)


class DynamoPurgeableHistory:
    """Implements the port `PurgeableHistory`."""

    def __init__(self, history: Table, accounts: Table) -> None:
        self._table = history
        self._accounts = accounts

    def anything_left(self, uai: str, school_year: str) -> bool:
        return bool(
            self._listed(uai, school_year, None, 1).items
            or self._numbered(uai, school_year, None, 1).items
            or self._replies(uai, school_year, 1)
        )

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        page = self._listed(uai, school_year, after, SLICE)
        return page.slice(lambda item: str(item["pk"]).removeprefix("REQUEST#"), "accepted_key")

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[Attempt]:
        return self._numbered(uai, school_year, after, SLICE).slice(lambda item: _attempt(item["sk"]), "sk")

    def look(self, request_id: str) -> Remains:
        items = list(self._items("pk = :pk", {"pk": request_key(request_id)["pk"]}))
        states = list(states_in(item for item in items if item["sk"].startswith("MESSAGE#")).values())
        request = next((_request(item) for item in items if item["sk"] == "REQUEST"), None)
        return Remains(request and replace(request, states=states), [item["sk"] for item in items])

    def count(self, request_id: str, request: PurgeableRequest) -> None:
        key, mark = request_key(request_id), "SET counted = :true"
        unmarked = "attempt = :attempt AND attribute_not_exists(counted)"
        values = {"true": True, "attempt": request.attempt}
        addition = self._addition(request.school, request.school_year, request.counts)
        failed = self._table.try_transaction([self._table.to_update(key, mark, unmarked, values), addition])
        if failed is None or failed[0]:
            return  # another run counted it, or it is gone
        if not failed[1]:
            raise TransientError("DynamoDB: conflicting transactions")
        # The year is certified already. Nothing is added, but the request is marked, so that a run that finds it half
        # removed removes the rest.
        self._table.try_update(key, mark, unmarked, values)

    def delete_request(self, request_id: str, remains: Remains) -> None:
        key = request_key(request_id)
        records = [sk for sk in remains.keys if sk.startswith("MESSAGE#")]
        pages = [sk for sk in remains.keys if not sk.startswith("MESSAGE#") and sk != key["sk"]]
        # Pages first: to a run that finds a page, a message without a record is still to be sent, or to be released.
        for some in (pages, records):
            self._table.delete_all([{"pk": key["pk"], "sk": sk} for sk in some])
        self._table.delete(tally_key(request_id))
        if remains.request is None:
            return
        try:
            self._table.delete(key, "attempt = :attempt", {"attempt": remains.request.attempt})
        except ConditionFailed:
            return  # another run was faster, and the id may have been used again since

    def remove_pages(self, attempt: Attempt) -> int:
        pk = request_key(attempt.request_id)["pk"]
        ranges = [{"pk": pk, "first": first, "last": last} for first, last in attempt_keys(attempt.name)]
        return self._table.delete_all(
            [item for each in ranges for item in self._items("pk = :pk AND sk BETWEEN :first AND :last", each)]
        )

    def remove_number(self, uai: str, school_year: str, attempt: Attempt) -> None:
        self._table.delete_all([{"pk": index_partition(uai, school_year), "sk": attempt.place}])

    def remove_replies(self, uai: str, school_year: str) -> int:
        keys = self._replies(uai, school_year, REPLIES_A_SLICE)
        if not keys:
            return 0
        deletions = [self._table.to_delete(key, EXISTS) for key in keys]
        failed = self._table.try_transaction([*deletions, self._addition(uai, school_year, Counts(replies=len(keys)))])
        if failed and failed[-1]:
            # The year is certified already. Nothing is added, and nothing may stay.
            self._table.delete_all(keys)
        elif failed is not None:
            raise TransientError("another run of the purge removes the same answers")
        return len(keys)

    def forget_recent(self, uai: str, before: datetime) -> int:
        values = {"pk": recent_partition(uai), "before": moment_key(before)}
        return self._table.delete_all(list(self._items("pk = :pk AND sk < :before", values)))

    def _addition(self, uai: str, school_year: str, counts: Counts) -> Write:
        figures = counted(counts)
        additions = "ADD " + ", ".join(f"{name} :{name}" for name in figures)
        not_certified = "attribute_not_exists(certified_at)"
        return self._accounts.to_update(purge_key(uai, school_year), additions, not_certified, dict(figures))

    def _replies(self, uai: str, school_year: str, limit: int) -> Sequence[Item]:
        """Return the keys of some answers of recipients."""
        return self._table.query("pk = :pk", {"pk": replies_partition(uai, school_year)}, limit, only="pk, sk").items

    def _listed(self, uai: str, school_year: str, after: str | None, limit: int) -> Page:
        since = bounded("school_year", f"{uai}#{school_year}", "accepted_key >", after)
        return self._table.query(*since, limit, index="by_school_year")

    def _numbered(self, uai: str, school_year: str, after: str | None, limit: int) -> Page:
        since = bounded("pk", index_partition(uai, school_year), "sk >", after)
        return self._table.query(*since, limit, only="pk, sk")

    def _items(self, condition: str, values: Item) -> Iterable[Item]:
        """Yield keys and figures of some items of a partition."""
        return self._table.query_all(condition, values, only=_READ)


def _attempt(place: str) -> Attempt:
    _, request_id, name = place.split("#")
    return Attempt(request_id, name, place)


def _request(item: Item) -> PurgeableRequest:
    school, _, school_year = item["school_year"].partition("#")
    return PurgeableRequest(
        school=school,
        school_year=school_year,
        attempt=item["attempt"],
        accepted=item["accepted"],
        refused=item["refused"],
        cost_sms=item["cost_sms"],
        expires_at=instant(item["expires_at"]),
        cancelled=item["cancelled"],
        counted=item.get("counted", False),
    )
