"""What a school sends within ten minutes, as fingerprints in the history table: `RECENT#<uai>` (R25).

One item a request, written before it and counting only through it: an item whose request is not there, or was
cancelled, or stands by another attempt, says nothing. They are read between the balance and the debit that is made on
the condition that the balance is still the same: a request accepted meanwhile would have debited, and is then seen when
the debit is tried again. So of two at once one passes, and one only; requests that cost nothing are not parted so.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.client.items import Item, epoch, from_wire, to_wire, translated
from schoolsms.adapters.dynamodb.history.request_items import request_key
from schoolsms.domain.sending.recent_sends import FINGERPRINT_BYTES, WITHIN, AlreadySent, Fingerprints
from schoolsms.domain.sending.send_requests import SendRequest, moment_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def recent_partition(uai: str) -> str:
    """Where the fingerprints of a school are; they sort by the moment at which the messages are due."""
    return f"RECENT#{uai}"


def recent_key(uai: str, due_at: datetime, request_id: str, attempt: str) -> Item:
    """Where those of an attempt at a request are."""
    return {"pk": recent_partition(uai), "sk": f"{moment_key(due_at)}#{request_id}#{attempt}"}


def recent_item(request: SendRequest, prints: Fingerprints) -> Item:
    """What is kept of `request`; 8 bytes a recipient, for 30,000 of them well under the 400 KB of an item."""
    return {
        **recent_key(request.school, request.due_at, request.id, request.attempt),
        "prints": b"".join(prints.of_lines),
        "purge_at": epoch(request.due_at + WITHIN + timedelta(hours=1)),
    }


def check_recent(client: "DynamoDBClient", table: str, request: SendRequest, prints: Fingerprints) -> None:
    """Raises AlreadySent when other requests hold some of `prints`; the caller's own id is none of them."""
    found: set[bytes] = set()
    wanted = frozenset(prints.of_lines)
    assert prints.since is not None
    start: dict[str, Any] = {}
    while True:
        with translated():
            answer = client.query(
                TableName=table,
                KeyConditionExpression="pk = :pk AND sk BETWEEN :since AND :until",
                # "~" sorts after what follows the instant: one of exactly ten minutes before or after is left out.
                ExpressionAttributeValues=to_wire(
                    {
                        ":pk": recent_partition(request.school),
                        ":since": f"{moment_key(prints.since)}~",
                        ":until": moment_key(request.due_at + WITHIN),
                    }
                ),
                ConsistentRead=True,
                **start,
            )
        for item in map(from_wire, answer["Items"]):
            _, request_id, attempt = item["sk"].split("#")
            common = wanted & _split(item["prints"])
            if common and request_id != request.id and _was_accepted(client, table, request_id, attempt):
                found |= common
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    if found:
        raise AlreadySent(frozenset(found))


def _was_accepted(client: "DynamoDBClient", table: str, request_id: str, attempt: str) -> bool:
    with translated():
        answer = client.get_item(
            TableName=table,
            Key=to_wire(request_key(request_id)),
            ProjectionExpression="attempt, cancelled",
            ConsistentRead=True,
        )
    item = from_wire(answer.get("Item", {}))
    return item.get("attempt") == attempt and not item["cancelled"]


def _split(prints: bytes) -> set[bytes]:
    return {prints[start : start + FINGERPRINT_BYTES] for start in range(0, len(prints), FINGERPRINT_BYTES)}
