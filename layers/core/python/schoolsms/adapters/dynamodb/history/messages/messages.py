"""The transitions of messages, each a conditional write on the group or on the record of the message (R30-R35).

(none) ─claim_together→ claimed ─sent, sent_together→ sent ─settle→ delivered | undeliverable
           or queued ─claim→ │  └─uncertain→ uncertain ─settle, known_sent→ …
                ↑──unclaim───┘──────────┘─never_taken→ failed, released
queued ─never_handed_over→ failed | cancelled, released        handed over or maybe ─expired→ expired
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.codec import Item, epoch, iso
from schoolsms.adapters.dynamodb.client.errors import TransactionConditionFailed
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, Table
from schoolsms.adapters.dynamodb.history.requests.message_items import find_message, group_sk, message_sk
from schoolsms.domain.errors import TransientError
from schoolsms.domain.ids import message_id, random_id, split_message_id
from schoolsms.domain.schools.stock.ledger import Posting
from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.delivering.statuses import Final
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest

HANDED_OVER = ("claimed", "sent", "uncertain")
"""Statuses in which a provider has the message, or may have it."""


Transition = tuple[str, str, Item]
"""Update expression, condition and their values."""


class DynamoMessages:
    """Implements the port `Messages`."""

    def __init__(self, table: Table, ledger: DynamoLedger) -> None:
        self._table = table
        self._ledger = ledger

    def claim_together(
        self, request: SendRequest, group: Sequence[Line], offered: Mapping[int, str], lease_until: datetime
    ) -> bool:
        by_provider: dict[str, list[int]] = {}
        for index, provider in offered.items():
            by_provider.setdefault(provider, []).append(index)
        key, mark = _group_key(request.id, group), random_id()
        return self._claim(
            key,
            "SET covers = :covers, offered = :offered, claimed_by = :mark, lease_until = :lease, purge_at = :purge_at",
            NEW,
            {
                "covers": [line.index for line in group],
                "offered": by_provider,
                "mark": mark,
                "lease": iso(lease_until),
                "purge_at": epoch(request.purge_at),
            },
        )

    def sent_together(self, request: SendRequest, group: Sequence[Line], taken: Sequence[Line]) -> None:
        # No condition on the messages: a record that one of them has by now counts more, see `Group.state`.
        sent = {"sent": [line.index for line in taken]}
        self._table.try_update(_group_key(request.id, group), "SET sent = :sent", EXISTS, sent)

    def claim(self, request: SendRequest, line: Line, provider: str, lease_until: datetime) -> bool:
        key, mark = _key(request.id, line.index), random_id()
        return self._claim(
            key,
            "SET #status = :to, claimed_by = :mark, provider = :provider, lease_until = :lease, purge_at = :purge_at",
            "attribute_not_exists(pk) OR #status IN (:f0)",
            {
                "to": "claimed",
                "mark": mark,
                "f0": "queued",
                "provider": provider,
                "lease": iso(lease_until),
                "purge_at": epoch(request.purge_at),
            },
        )

    def _claim(self, key: Item, change: str, condition: str, values: Item) -> bool:
        """Write a claim; whether it stands. If its answer was lost, only its mark tells whether it is our own."""
        try:
            if self._table.try_update(key, change, condition, values):
                return True
        except TransientError:
            if self._has_mark(key, values["mark"]):
                return True
            raise  # perhaps nobody has it
        return self._has_mark(key, values["mark"])

    def _has_mark(self, key: Item, mark: str) -> bool:
        """Whether a group, or a message that is still claimed, has the mark."""
        item = self._table.get(key) or {}
        return item.get("status", "claimed") == "claimed" and item.get("claimed_by") == mark

    def unclaim(self, request: SendRequest, line: Line, lease_until: datetime) -> None:
        # `uncertain` too: another worker may have found our claim outdated, but there was no other handoff than ours.
        # Only the claim that expires at `lease_until`: if this write is repeated because its answer was lost, it must
        # not undo the next claim.
        self._move(request.id, line.index, "queued", ("claimed", "uncertain"), lease_until=lease_until)

    def sent(self, request: SendRequest, line: Line, provider: str, provider_message_id: str | None) -> None:
        # The provider's id is written first: once it is known, a receipt finds its message even if we die here.
        handoff = provider_message_id and self._table.update_returning(
            "ALL_NEW",
            _handoff_key(provider, provider_message_id),
            "SET message_id = :message_id, purge_at = :purge_at",
            values={"message_id": message_id(request.id, line.index), "purge_at": epoch(request.purge_at)},
        )
        # `uncertain` too: another worker may have found our claim outdated just before this answer came.
        self._move(request.id, line.index, "sent", ("claimed", "uncertain"), provider)
        if handoff and "status" in handoff:  # its final receipt came before
            at, reason = handoff["at"], handoff.get("reason")
            self._move(request.id, line.index, handoff["status"], HANDED_OVER, provider, final_at=at, reason=reason)

    def uncertain(self, request: SendRequest, line: Line, lease_until: datetime | None = None) -> None:
        self._move(request.id, line.index, "uncertain", ("claimed",), lease_until=lease_until)

    def settle(
        self, message_id: str, provider: str, status: Final, at: datetime, reason: ReasonCode | None = None
    ) -> bool:
        parts = split_message_id(message_id)
        return parts is not None and self._move(*parts, status, HANDED_OVER, provider, final_at=iso(at), reason=reason)

    def known_sent(self, message_id: str, provider: str) -> None:
        if parts := split_message_id(message_id):
            self._move(*parts, "sent", ("uncertain",), provider)

    def never_handed_over(
        self,
        request: SendRequest,
        line: Line,
        status: Final,
        at: datetime,
        posting: Posting | None,
        reason: ReasonCode | None = None,
    ) -> bool:
        return self._close(request, {line.index: _never_handed_over(request, status, at, reason)}, posting)

    def none_handed_over(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        status: Final,
        posting: Posting,
        reasons: Mapping[int, ReasonCode] = {},
    ) -> bool:
        closings = {
            line.index: _never_handed_over(request, status, posting.at, reasons.get(line.index)) for line in lines
        }
        return self._close(request, closings, posting)

    def never_taken(
        self, request: SendRequest, line: Line, state: MessageState, at: datetime, posting: Posting | None
    ) -> bool:
        if state.lease_until is None or not self._is_claimed(request, line):
            return False
        values = {
            "to": "failed",
            "at": iso(at),
            "f0": "claimed",
            "f1": "uncertain",
            "provider": state.provider,
            "lease": iso(state.lease_until),
        }
        closing = (
            "SET #status = :to, final_at = :at",
            "#status IN (:f0, :f1) AND provider = :provider AND lease_until = :lease",
            values,
        )
        return self._close(request, {line.index: closing}, posting)

    def _close(self, request: SendRequest, closings: Mapping[int, Transition], posting: Posting | None) -> bool:
        """Close the lines of `closings` and make `posting`, in one transaction; None for one line that cost nothing."""
        updates = [(_key(request.id, index), *closing) for index, closing in closings.items()]
        if posting is None:
            return self._table.try_update(*updates[0])
        try:
            self._ledger.post(request.school, posting, [self._table.to_update(*update) for update in updates])
        except TransactionConditionFailed:
            return False
        return True

    def expired(self, request: SendRequest, line: Line, at: datetime) -> bool:
        return self._move(request.id, line.index, "expired", HANDED_OVER, final_at=iso(at))

    def by_provider_id(self, provider: str, provider_message_id: str) -> str | None:
        handoff = self._table.get(_handoff_key(provider, provider_message_id)) or {}
        known = handoff.get("message_id")
        return str(known) if known else None

    def keep_receipt(self, receipt: Receipt, at: datetime, until: datetime) -> bool:
        return self._table.try_update(
            _handoff_key(receipt.provider, receipt.provider_message_id),
            "SET #status = :status, #at = :at, reason = :reason, purge_at = :purge_at",
            NEW,
            {"status": receipt.status, "at": iso(at), "reason": receipt.reason, "purge_at": epoch(until)},
        )

    def _move(
        self,
        request_id: str,
        index: int,
        to: str,
        after: Sequence[str],
        provider: str | None = None,
        final_at: str | None = None,
        reason: str | None = None,
        lease_until: datetime | None = None,
    ) -> bool:
        """Change the status from one of `after`, only if `provider` was the last one to be offered the message, and
        only if its claim expires at `lease_until`. None for any."""
        key, last = _key(request_id, index), {"final_at": final_at, "reason": reason}
        written: Item = {name: value for name, value in last.items() if value}
        wanted: Item = {"provider": provider, "lease_until": iso(lease_until) if lease_until else None}
        expected = {name: value for name, value in wanted.items() if value is not None}
        claim = self._claim_by_group(request_id, index)
        if claim:
            if claim["status"] not in after or not expected.items() <= claim.items():
                return False
            if self._table.try_update(key, *_change(to, {**claim, **written}, NEW)):
                return True  # else it has a record by now
        before = {f"f{number}": status for number, status in enumerate(after)}
        condition = f"#status IN ({', '.join(f':{name}' for name in before)})"
        condition += "".join(f" AND {name} = :{name}" for name in expected)
        return self._table.try_update(key, *_change(to, written, condition, {**before, **expected}))

    def _is_claimed(self, request: SendRequest, line: Line) -> bool:
        """Whether nobody knows if its provider took it; then its record says so, if only its group did."""
        claim = self._claim_by_group(request.id, line.index)
        if claim:
            self._table.try_update(_key(request.id, line.index), *_change(claim["status"], claim, NEW))
        record, group = find_message(self._table, request.id, line.index)
        state = group.state(line.index, record) if group else record
        return state is not None and state.status in ("claimed", "uncertain")

    def _claim_by_group(self, request_id: str, index: int) -> Item | None:
        """Return what the record of a message that only its group claimed would hold; None if there is a record."""
        record, group = find_message(self._table, request_id, index)
        state = group.state(index, record) if group else None
        if record or group is None or state is None or state.lease_until is None:
            return None
        return {
            "status": state.status,
            "provider": state.provider,
            "lease_until": iso(state.lease_until),
            "purge_at": group.purge_at,
        }


def _change(to: str, written: Item, condition: str, values: Mapping[str, object] = {}) -> Transition:
    """The change of a record to the status `to`, with the other attributes of `written`."""
    others = {name: value for name, value in written.items() if name != "status"}
    change = "SET #status = :to" + "".join(f", {name} = :{name}" for name in others)
    return change, condition, {"to": to, **others, **values}


def _never_handed_over(
    request: SendRequest, status: Final, at: datetime, reason: ReasonCode | None = None
) -> Transition:
    values = {"to": status, "at": iso(at), "purge_at": epoch(request.purge_at), "from": "queued"}
    change = "SET #status = :to, final_at = :at, purge_at = :purge_at"
    if reason:
        values["reason"] = reason
        change += ", reason = :reason"
    return change, "attribute_not_exists(pk) OR #status = :from", values


def _key(request_id: str, index: int) -> Item:
    return {"pk": f"REQUEST#{request_id}", "sk": message_sk(index)}


def _group_key(request_id: str, group: Sequence[Line]) -> Item:
    return {"pk": f"REQUEST#{request_id}", "sk": group_sk(group[0].index)}


def _handoff_key(provider: str, provider_message_id: str) -> Item:
    return {"pk": f"HANDOFF#{provider}#{provider_message_id}", "sk": "HANDOFF"}
