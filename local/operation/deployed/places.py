"""A thing may wait among the dead letters, or in a queue that nobody reads: where, and what to type then (R48, R49)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from local.operation.deployed.dead_letters import MOST, letters_in
from local.operation.deployed.readings import readings_of, state_of
from local.operation.deployed.stack import Deployed
from schoolsms.domain.ids import split_message_id

OF_REQUESTS = ("QueuedMessages", "Receipts", "SmsEvents")
OF_ORDERS = ("InboundMails", "AcceptedOrders", "CreditedOrders", "CancelledInvoices", "Notices")
"""Queues through which each passes, in that order."""
NAMELESS = ("Receipts", "SmsEvents")
"""Queues whose messages may name the provider's id alone."""
OF_PAGES = ("QueuedMessages",)
"""Queues whose messages name a request and one of its pages, and so none of the messages on it."""


def places_of(stack: Deployed, queues: Sequence[str], wanted: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each queue in which one of `wanted` waits, or may wait, and what is said of it.

    Queues that work are not looked into, because to receive a message counts as one of its tries.
    """
    sqs, named = stack.client("sqs"), set(wanted)
    requests = {(split_message_id(each) or (each,))[0] for each in named}
    readings = list(readings_of(stack))
    for name in queues:
        read = state_of(name, readings)
        waiting = _count(sqs, stack.resources[name])
        if waiting and read in ("NO", "never"):
            says = f"is not read; messages wait there: {waiting}. It may be one of them: make maintenance STATE=OFF"
            yield name, says
        dead = f"{name}Dead"
        if not _count(sqs, stack.resources[dead]):
            continue
        nameless, things = 0, requests if name in OF_PAGES else named
        letters = letters_in(sqs, stack.resources[dead])
        for letter in letters:
            if letter.is_about(things):
                page = f" page={letter.ids['page']}" if "page" in letter.ids else ""
                says = f"lies here since {letter.at:%Y-%m-%dT%H:%M:%SZ} or later, received={letter.received}{page}"
                yield dead, f"{says}; once the cause is repaired: make redrive QUEUE={name}"
            elif name in NAMELESS and "message_id" not in letter.ids:
                nameless += 1
        if nameless:
            yield dead, f"letters that do not name their message: {nameless}; see make redrive QUEUE={name} LIST=1"
        if len(letters) >= MOST:
            says = f"only {len(letters)} of its letters were looked through"
            yield dead, f"{says}; once the cause is repaired: make redrive QUEUE={name}"


def _count(sqs: object, url: str) -> int:
    asked = {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    found = sqs.get_queue_attributes(**asked).get("Attributes", {})  # type: ignore[attr-defined]
    return int(found.get("ApproximateNumberOfMessages", 0))
