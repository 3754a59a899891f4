"""Messages that a school sends within ten minutes, as fingerprints in the history table: `RECENT#<uai>` (R25).

One item a request, written before it and counting only through it: an item whose request does not exist, was cancelled,
or was accepted by another attempt, is ignored. The items are read between the balance and the debit, which is made on
the condition that the balance is still the same: another request accepted meanwhile has debited, so the debit is tried
again and its fingerprints are seen. So of two requests at once exactly one passes. Requests that cost nothing have no
debit and are not separated like this.
"""

from datetime import datetime, timedelta

from schoolsms.adapters.dynamodb.client.codec import Item, epoch
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.requests.request_items import request_key
from schoolsms.domain.sending.recent_sends import FINGERPRINT_BYTES, WITHIN, AlreadySent, Fingerprints
from schoolsms.domain.sending.send_requests import SendRequest, moment_key


def recent_partition(uai: str) -> str:
    """Return the partition of a school's fingerprints; they sort by the moment at which the messages are due."""
    return f"RECENT#{uai}"


def recent_key(uai: str, due_at: datetime, request_id: str, attempt: str) -> Item:
    """Return the primary key of the fingerprints of one attempt at a request."""
    return {"pk": recent_partition(uai), "sk": f"{moment_key(due_at)}#{request_id}#{attempt}"}


def recent_item(request: SendRequest, prints: Fingerprints) -> Item:
    """Return the item of `request`: 8 bytes a recipient, for 30,000 of them well under the 400 KB of an item."""
    return {
        **recent_key(request.school, request.due_at, request.id, request.attempt),
        "prints": b"".join(prints.of_lines),
        "purge_at": epoch(request.due_at + WITHIN + timedelta(hours=1)),
    }


def check_recent(table: Table, request: SendRequest, prints: Fingerprints) -> None:
    """Raise AlreadySent if other requests hold some of `prints`; the request's own id is not compared."""
    found: set[bytes] = set()
    wanted = frozenset(prints.of_lines)
    assert prints.since is not None
    values = {
        "pk": recent_partition(request.school),
        # "~" sorts after the rest of a key: a request of exactly ten minutes before or after is left out.
        "since": f"{moment_key(prints.since)}~",
        "until": moment_key(request.due_at + WITHIN),
    }
    for item in table.query_all("pk = :pk AND sk BETWEEN :since AND :until", values):
        _, request_id, attempt = item["sk"].split("#")
        common = wanted & _split(item["prints"])
        if common and request_id != request.id and _was_accepted(table, request_id, attempt):
            found |= common
    if found:
        raise AlreadySent(frozenset(found))


def _was_accepted(table: Table, request_id: str, attempt: str) -> bool:
    item = table.get(request_key(request_id), only="attempt, cancelled") or {}
    return item.get("attempt") == attempt and not item["cancelled"]


def _split(prints: bytes) -> set[bytes]:
    return {prints[start : start + FINGERPRINT_BYTES] for start in range(0, len(prints), FINGERPRINT_BYTES)}
