"""Messages that lie in a dead-letter queue: their ids, since when, and how often they were received (R46, R48).

A body may hold an address or a number, as AWS's own events do; only ids and codes that are named here are shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.operation.deployed.stack import Deployed

AT_ONCE = 10
"""Messages in one call, SQS's limit."""
WAIT_SECONDS = 2
"""With less than one SQS looks at some of its servers only, and may find nothing though something is there."""
MOST = 1_000
"""Letters that are listed at once."""
HIDDEN_SECONDS = 300
"""Time for which a listed letter is hidden from others, should nobody give it back. `MOST` are listed and given back in
a third of it at the worst, one in a call of 100 ms; so none comes twice."""

_IDS = (
    *("order_id", "invoice_number", "request_id", "page", "attempt", "school", "export_id", "reply_id", "kind"),
    *("provider", "provider_message_id", "message_id", "status", "code"),
)
_SHOWN = re.compile(r"[A-Za-z0-9._:#/-]{1,128}")


def dead_letter_queues(stack: Deployed) -> list[str]:
    """Return the queues that have a dead-letter queue, by their names in the template."""
    return sorted(name for name in stack.resources if f"{name}Dead" in stack.resources)


@dataclass(frozen=True)
class Letter:
    """`id` is SQS's own, `at` when it was sent, `ids` what its body names."""

    id: str
    at: datetime
    received: int
    ids: Mapping[str, str]

    def says(self) -> str:
        named = " ".join(f"{name}={value}" for name, value in self.ids.items()) or "no id that may be shown"
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}  received={self.received}  {named}  sqs={self.id}"

    def is_about(self, wanted: Iterable[str]) -> bool:
        """Whether it names one of these things, or a message of one of these requests."""
        named = {value.partition(":")[2] or value for value in self.ids.values()}
        return any(each == thing or each.startswith(f"{thing}-") for each in named for thing in wanted)


def letter_of(received: Mapping[str, Any]) -> Letter:
    """Read a message as SQS gives it."""
    attributes = received.get("Attributes", {})
    sent = int(attributes.get("SentTimestamp", 0)) / 1000
    times = int(attributes.get("ApproximateReceiveCount", 0))
    return Letter(str(received["MessageId"]), datetime.fromtimestamp(sent, UTC), times, ids_in(received["Body"]))


def ids_in(body: str) -> dict[str, str]:
    """The ids and codes that a body names, by their names; nothing else of it."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    found = {name: str(read[name]) for name in _IDS if isinstance(read.get(name), str | int)}
    found |= dict(_elsewhere(read))
    return {name: value for name, value in found.items() if _SHOWN.fullmatch(value)}


def _elsewhere(read: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The ids in a notice, and in events of S3 (a mail that arrived), SES (one that left) and AWS's SMS."""
    match read:
        case {"kind": str(), "ids": dict(ids)}:
            yield from ((str(name), str(value)) for name, value in ids.items())
        case {"Records": [{"s3": {"object": {"key": str(key)}}}, *_]}:
            yield "mail", key.rpartition("/")[2]
        case {"mail": {"messageId": str(mail)}}:
            yield "mail", mail
        case {"inboundMessageId": str(reply)}:
            yield "reply", reply
        case {"eventType": str(), "messageId": str(message), "context": dict(context)}:
            yield "provider_message_id", message
            yield "message_id", str(context.get("message_id", ""))


def letters_in(sqs: Any, url: str) -> list[Letter]:
    """All that lie there, or about `MOST` of more, oldest first. They are hidden meanwhile, and given back then."""
    letters: dict[str, Letter] = {}
    handles: list[str] = []
    try:
        while len(letters) < MOST:
            received = receive(sqs, url, VisibilityTimeout=HIDDEN_SECONDS)
            handles += (each["ReceiptHandle"] for each in received)
            new = [each for each in received if each["MessageId"] not in letters]
            if not new:
                break
            letters |= {each["MessageId"]: letter_of(each) for each in new}
    finally:
        _give_back(sqs, url, handles)
    return sorted(letters.values(), key=lambda letter: letter.at)


def _give_back(sqs: Any, url: str, handles: Sequence[str]) -> None:
    """Show the letters to others again. One that cannot be, such as one that is shown already, needs nothing more."""
    for start in range(0, len(handles), AT_ONCE):
        entries = [
            {"Id": str(place), "ReceiptHandle": handle, "VisibilityTimeout": 0}
            for place, handle in enumerate(handles[start : start + AT_ONCE])
        ]
        sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)


def receive(sqs: Any, url: str, **how: Any) -> Sequence[Any]:
    """Take up to ten messages."""
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=AT_ONCE,
        WaitTimeSeconds=WAIT_SECONDS,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
        **how,
    )
    return list(answer.get("Messages", ()))
