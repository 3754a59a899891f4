"""Fair queues, as SQS's are by `MessageGroupId`: one school's backlog does not make another wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any


def in_fair_order(messages: Sequence[dict[str, Any]], now: float) -> list[dict[str, Any]]:
    """`messages` as a consumer should get them: of the group with the fewest in flight next, oldest first.

    SQS prefers the groups that take little of the consumers' time. A new list, because senders append to `messages`
    meanwhile, and a list that is sorted in place forgets what is appended to it.
    """
    waiting = list(messages)
    taken = Counter(
        message["group_id"]
        for message in waiting
        if message.get("group_id") and message["receive_count"] and message["visible_at"] > now
    )
    return sorted(waiting, key=lambda message: (taken[message.get("group_id")], message["sent_at"]))
