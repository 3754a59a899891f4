"""Records of messages and groups as items of the history table, in the partition of their request.

- `MESSAGE#<index>`: the record of one message;
- `MESSAGE#<first>#GROUP`: messages of a page that were claimed together; `first` is the first one's index.

A group is written once, before their providers are called, and once more when these answered: `sent` then lists the
messages that were taken. A message without a record is what its group says. Whoever changes such a message writes its
record on the condition that there is none, so that this record is the only lock of the message from its group on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from schoolsms.adapters.dynamodb.client.codec import Item, instant, optional_instant
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.sending.delivering.handoffs import GROUP_SIZE
from schoolsms.domain.sending.send_requests import MessageState

_GROUP = "#GROUP"


class Group(NamedTuple):
    """The messages that a group `covers`, the provider of each that was `offered`, and those that were `sent`."""

    covers: frozenset[int]
    offered: Mapping[int, str]
    sent: frozenset[int]
    lease_until: datetime
    purge_at: int

    def state(self, index: int, record: MessageState | None) -> MessageState | None:
        """The state of a message by its record, and by its group where it has none."""
        if record:
            # Another process found the claim outdated and wrote a record; then the answer came after all.
            late = record.status in ("claimed", "uncertain") and record.lease_until == self.lease_until
            return replace(record, status="sent") if late and index in self.sent else record
        if index not in self.covers:
            return None
        if index not in self.offered:
            return MessageState(index, "queued")
        claimed = MessageState(index, "claimed", self.lease_until, provider=self.offered[index])
        return replace(claimed, status="sent") if index in self.sent else claimed


def message_sk(index: int) -> str:
    """The sort key of the message at `index`."""
    return f"MESSAGE#{index:05d}"


def group_sk(first: int) -> str:
    """The sort key of the group of the messages from index `first` on."""
    return message_sk(first) + _GROUP


def is_group(sk: str) -> bool:
    """Whether it is the sort key of a group."""
    return sk.endswith(_GROUP)


def message_state(item: Item) -> MessageState:
    """The state a message's record holds."""
    return MessageState(
        index=int(item["sk"].removeprefix("MESSAGE#")),
        status=item["status"],
        lease_until=optional_instant(item.get("lease_until")),
        final_at=optional_instant(item.get("final_at")),
        provider=item.get("provider"),
        reason=item.get("reason"),
    )


def states_in(items: Iterable[Item]) -> dict[int, MessageState]:
    """The states that records and groups hold, by index and in its order."""
    states: dict[int, MessageState] = {}
    groups: list[Group] = []
    for item in items:
        if is_group(item["sk"]):
            groups.append(group_in(item))
        else:
            state = message_state(item)
            states[state.index] = state
    for group in groups:
        for index in group.covers:
            said = group.state(index, states.get(index))
            if said:
                states[index] = said
    return dict(sorted(states.items()))


def group_in(item: Item) -> Group:
    """The group that an item holds."""
    offered = {index: provider for provider, indexes in item["offered"].items() for index in indexes}
    return Group(
        covers=frozenset(item["covers"]),
        offered=offered,
        sent=frozenset(item.get("sent", ())),
        lease_until=instant(item["lease_until"]),
        purge_at=item["purge_at"],
    )


def states_between(table: Table, request_id: str, first: int, last: int) -> Mapping[int, MessageState]:
    """The states of the messages from `first`, the first one of a page, to `last` inclusive."""
    values = {"pk": f"REQUEST#{request_id}", "first": message_sk(first), "last": message_sk(last) + "#~"}
    return states_in(table.query_all("pk = :pk AND sk BETWEEN :first AND :last", values))


def find_message(table: Table, request_id: str, index: int) -> tuple[MessageState | None, Group | None]:
    """The record of a message, and the group that covers it."""
    # Between a group and the last message that it covers lie the records of the others at most.
    values = {"pk": f"REQUEST#{request_id}", "first": message_sk(0), "last": message_sk(index) + "#~"}
    page = table.query("pk = :pk AND sk BETWEEN :first AND :last", values, GROUP_SIZE + 1, descending=True)
    record = next((message_state(item) for item in page.items if item["sk"] == message_sk(index)), None)
    groups = (group_in(item) for item in page.items if is_group(item["sk"]))
    return record, next((group for group in groups if index in group.covers), None)
