"""What the history table still holds of a school year that ended, and its removal (R38).

Requests are found by the index of school years, and by the index of numbers, in which those stand that were written and
never accepted too. The mark `counted` and the figures of the purge are written in one transaction. Of an item only its
keys and figures are read: neither texts nor numbers come out of the table.

`HANDOFF#…` items are left to the table's TTL: a provider's id and ours, neither number nor content.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.accounts.ledger import transacted
from schoolsms.adapters.dynamodb.accounts.purges import counted, purge_key
from schoolsms.adapters.dynamodb.client.batches import write_all
from schoolsms.adapters.dynamodb.client.items import ConditionFailed, Item, from_wire, instant, to_wire, translated
from schoolsms.adapters.dynamodb.history.number_index import index_partition
from schoolsms.adapters.dynamodb.history.page_items import attempt_keys
from schoolsms.adapters.dynamodb.history.recent_sends import recent_partition
from schoolsms.adapters.dynamodb.history.replies import replies_partition
from schoolsms.adapters.dynamodb.history.request_items import request_key
from schoolsms.adapters.dynamodb.history.send_requests import message_state
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.history.purges import Attempt, Counts, PurgeableRequest, Remains
from schoolsms.domain.sending.send_requests import moment_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REPLIES_A_SLICE = 90
"""With the count they fit into one transaction, so that each is counted once."""

SLICE = 20
"""Requests between two looks at the time: with 30,000 messages each they take some 25,000 batches of deletions."""

_READ = (
    "pk, sk, #status, final_at, provider, lease_until, school_year, attempt, accepted, refused, cost_sms, "
    "expires_at, cancelled, counted"
)


class DynamoPurgeableHistory:
    """Implements the port `PurgeableHistory`."""

    def __init__(self, client: "DynamoDBClient", table: str, accounts_table: str) -> None:
        self._client = client
        self._table = table
        self._accounts_table = accounts_table

    def anything_left(self, uai: str, school_year: str) -> bool:
        return bool(
            self._listed(uai, school_year, None, 1)["Items"]
            or self._numbered(uai, school_year, None, 1)["Items"]
            or self._replies(uai, school_year, 1)
        )

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        answer = self._listed(uai, school_year, after, SLICE)
        keys = [from_wire(wire) for wire in answer["Items"]]
        ids = [key["pk"].removeprefix("REQUEST#") for key in keys]
        return Slice(ids, keys[-1]["accepted_key"] if "LastEvaluatedKey" in answer else None)

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[Attempt]:
        answer = self._numbered(uai, school_year, after, SLICE)
        places = [str(from_wire(wire)["sk"]) for wire in answer["Items"]]
        return Slice([_attempt(place) for place in places], places[-1] if "LastEvaluatedKey" in answer else None)

    def look(self, request_id: str) -> Remains:
        items = list(self._items("pk = :pk", {":pk": request_key(request_id)["pk"]}))
        states = [message_state(item) for item in items if item["sk"].startswith("MESSAGE#")]
        request = next((_request(item) for item in items if item["sk"] == "REQUEST"), None)
        return Remains(request and replace(request, states=states), [item["sk"] for item in items])

    def count(self, request_id: str, request: PurgeableRequest) -> None:
        mark = self._mark(request_id, request)
        addition = self._addition(request.school, request.school_year, request.counts)
        refused = transacted(self._client, [{"Update": mark}, {"Update": addition}])
        if refused is None or refused[0]:
            return  # another run counted it, or it is gone
        if not refused[1]:
            raise TransientError("DynamoDB: conflicting transactions")
        # Certified already: nothing is added, but it is marked, so that whoever finds it half taken away goes on.
        with suppress(ConditionFailed), translated():
            self._client.update_item(**mark)

    def remove(self, request_id: str, remains: Remains) -> None:
        key = request_key(request_id)
        records = [sk for sk in remains.keys if sk.startswith("MESSAGE#")]
        pages = [sk for sk in remains.keys if not sk.startswith("MESSAGE#") and sk != key["sk"]]
        # Pages first: to whoever finds one, a message without a record is still to be sent, or to be released.
        for some in (pages, records):
            self._delete([{"pk": key["pk"], "sk": sk} for sk in some])
        if remains.request is None:
            return
        # Another run may have been first, and the id been used again since.
        with suppress(ConditionFailed), translated():
            self._client.delete_item(
                TableName=self._table,
                Key=to_wire(key),
                ConditionExpression="attempt = :attempt",
                ExpressionAttributeValues=to_wire({":attempt": remains.request.attempt}),
            )

    def remove_pages(self, attempt: Attempt) -> int:
        pk = request_key(attempt.request_id)["pk"]
        ranges = [{":pk": pk, ":first": first, ":last": last} for first, last in attempt_keys(attempt.name)]
        return self._delete(
            [item for each in ranges for item in self._items("pk = :pk AND sk BETWEEN :first AND :last", each)]
        )

    def remove_number(self, uai: str, school_year: str, attempt: Attempt) -> None:
        self._delete([{"pk": index_partition(uai, school_year), "sk": attempt.place}])

    def remove_replies(self, uai: str, school_year: str) -> int:
        keys = self._replies(uai, school_year, REPLIES_A_SLICE)
        if not keys:
            return 0
        writes: list[Any] = [
            {"Delete": {"TableName": self._table, "Key": to_wire(key), "ConditionExpression": "attribute_exists(pk)"}}
            for key in keys
        ]
        writes.append({"Update": self._addition(uai, school_year, Counts(replies=len(keys)))})
        refused = transacted(self._client, writes)
        if refused and refused[-1]:
            # Certified already: nothing is added, and nothing may stay.
            self._delete(keys)
        elif refused is not None:
            raise TransientError("another run of the purge takes the same answers away")
        return len(keys)

    def forget_recent(self, uai: str, before: datetime) -> int:
        values = {":pk": recent_partition(uai), ":before": moment_key(before)}
        return self._delete(list(self._items("pk = :pk AND sk < :before", values)))

    def _mark(self, request_id: str, request: PurgeableRequest) -> Any:
        return {
            "TableName": self._table,
            "Key": to_wire(request_key(request_id)),
            "UpdateExpression": "SET counted = :true",
            "ConditionExpression": "attempt = :attempt AND attribute_not_exists(counted)",
            "ExpressionAttributeValues": to_wire({":true": True, ":attempt": request.attempt}),
        }

    def _addition(self, uai: str, school_year: str, counts: Counts) -> Any:
        figures = counted(counts)
        return {
            "TableName": self._accounts_table,
            "Key": to_wire(purge_key(uai, school_year)),
            "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in figures),
            "ConditionExpression": "attribute_not_exists(certified_at)",
            "ExpressionAttributeValues": to_wire({f":{name}": number for name, number in figures.items()}),
        }

    def _replies(self, uai: str, school_year: str, limit: int) -> Sequence[Item]:
        """The keys of some answers of recipients."""
        with translated():
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=to_wire({":pk": replies_partition(uai, school_year)}),
                ProjectionExpression="pk, sk",
                ConsistentRead=True,
                Limit=limit,
            )
        return [from_wire(wire) for wire in answer["Items"]]

    def _listed(self, uai: str, school_year: str, after: str | None, limit: int) -> Any:
        with translated():
            return self._client.query(
                TableName=self._table,
                IndexName="by_school_year",
                KeyConditionExpression="school_year = :year" + (" AND accepted_key > :after" if after else ""),
                ExpressionAttributeValues=to_wire(
                    {":year": f"{uai}#{school_year}"} | ({":after": after} if after else {})
                ),
                Limit=limit,
            )

    def _numbered(self, uai: str, school_year: str, after: str | None, limit: int) -> Any:
        with translated():
            return self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk" + (" AND sk > :after" if after else ""),
                ExpressionAttributeValues=to_wire(
                    {":pk": index_partition(uai, school_year)} | ({":after": after} if after else {})
                ),
                ProjectionExpression="pk, sk",
                ConsistentRead=True,
                Limit=limit,
            )

    def _items(self, condition: str, values: Item) -> Iterable[Item]:
        """Keys and figures of some items of a partition."""
        start: dict[str, Any] = {}
        while True:
            with translated():
                answer = self._client.query(
                    TableName=self._table,
                    KeyConditionExpression=condition,
                    ExpressionAttributeValues=to_wire(values),
                    ExpressionAttributeNames={"#status": "status"},
                    ProjectionExpression=_READ,
                    ConsistentRead=True,
                    **start,
                )
            yield from map(from_wire, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _delete(self, items: Sequence[Item]) -> int:
        keys = [to_wire({"pk": item["pk"], "sk": item["sk"]}) for item in items]
        write_all(self._client, self._table, [{"DeleteRequest": {"Key": key}} for key in keys])
        return len(keys)


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
