"""The transitions of one message, each a conditional write on `REQUEST#<id>` / `MESSAGE#<index>` (R30-R35).

(none) ─claim→ claimed ─sent→ sent ─settle→ delivered | undeliverable
   ↑             │  └─uncertain→ uncertain ─settle, known_sent→ …
   └──unclaim────┘──────────┘─never_taken→ failed, released
(none), queued ─never_handed_over→ failed | cancelled, released        handed over or maybe ─expired→ expired
"""

from collections.abc import Sequence
from datetime import datetime

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.codec import Item, epoch, iso
from schoolsms.adapters.dynamodb.client.errors import TransactionConditionFailed
from schoolsms.adapters.dynamodb.client.table import NEW, Table
from schoolsms.adapters.dynamodb.history.send_requests import message_sk
from schoolsms.domain.ids import message_id, random_id, split_message_id
from schoolsms.domain.schools.ledger import Posting
from schoolsms.domain.sending.failure_reasons import ReasonCode
from schoolsms.domain.sending.handoffs import Receipt
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest
from schoolsms.domain.sending.statuses import Final

HANDED_OVER = ("claimed", "sent", "uncertain")
"""Statuses in which a provider has the message, or may have it."""


Transition = tuple[str, str, Item]
"""Update expression, condition and their values."""


class DynamoMessages:
    """Implements the port `Messages`."""

    def __init__(self, table: Table, ledger: DynamoLedger) -> None:
        self._table = table
        self._ledger = ledger

    def claim(self, request: SendRequest, line: Line, provider: str, lease_until: datetime) -> bool:
        key, mark = _key(request.id, line.index), random_id()
        claimed = self._table.try_update(
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
        return claimed or self._is_ours(key, mark)

    def _is_ours(self, key: Item, mark: str) -> bool:
        """Return whether the claim is our own: its answer was lost, so that the client wrote it again."""
        item = self._table.get(key) or {}
        return item.get("status") == "claimed" and item.get("claimed_by") == mark

    def unclaim(self, request: SendRequest, line: Line, lease_until: datetime) -> None:
        # `uncertain` too: another worker may have found our claim outdated, but there was no other handoff than ours.
        # Only the claim that expires at `lease_until`: if this write is repeated because its answer was lost, it must
        # not undo the next claim.
        self._table.try_update(
            _key(request.id, line.index),
            "SET #status = :to",
            "#status IN (:f0, :f1) AND lease_until = :lease",
            {"to": "queued", "f0": "claimed", "f1": "uncertain", "lease": iso(lease_until)},
        )

    def sent(self, request: SendRequest, line: Line, provider: str, provider_message_id: str) -> None:
        # The provider's id is written first: once it is known, a receipt finds its message even if we die here.
        handoff = self._table.update_returning(
            "ALL_NEW",
            _handoff_key(provider, provider_message_id),
            "SET message_id = :message_id, purge_at = :purge_at",
            values={"message_id": message_id(request.id, line.index), "purge_at": epoch(request.purge_at)},
        )
        # `uncertain` too: another worker may have found our claim outdated just before this answer came.
        key = _key(request.id, line.index)
        self._move(key, "sent", ["claimed", "uncertain"], provider)
        if handoff and "status" in handoff:  # its final receipt came before
            at, reason = handoff["at"], handoff.get("reason")
            self._move(key, handoff["status"], HANDED_OVER, provider, final_at=at, reason=reason)

    def uncertain(self, request: SendRequest, line: Line) -> None:
        self._move(_key(request.id, line.index), "uncertain", ["claimed"])

    def settle(
        self, message_id: str, provider: str, status: Final, at: datetime, reason: ReasonCode | None = None
    ) -> bool:
        key = _key_of(message_id)
        return key is not None and self._move(key, status, HANDED_OVER, provider, final_at=iso(at), reason=reason)

    def known_sent(self, message_id: str, provider: str) -> None:
        key = _key_of(message_id)
        if key is not None:
            self._move(key, "sent", ["uncertain"], provider)

    def never_handed_over(
        self, request: SendRequest, line: Line, status: Final, at: datetime, posting: Posting | None
    ) -> bool:
        return self._close(request, [line], _never_handed_over(request, status, at), posting)

    def none_handed_over(self, request: SendRequest, lines: Sequence[Line], status: Final, posting: Posting) -> bool:
        return self._close(request, lines, _never_handed_over(request, status, posting.at), posting)

    def never_taken(
        self, request: SendRequest, line: Line, state: MessageState, at: datetime, posting: Posting | None
    ) -> bool:
        if state.lease_until is None:
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
        return self._close(request, [line], closing, posting)

    def _close(self, request: SendRequest, lines: Sequence[Line], closing: Transition, posting: Posting | None) -> bool:
        """Close `lines` and make `posting`, in one transaction; None for one line that cost nothing."""
        keys = [_key(request.id, line.index) for line in lines]
        if posting is None:
            return self._table.try_update(keys[0], *closing)
        try:
            self._ledger.post(request.school, posting, [self._table.to_update(key, *closing) for key in keys])
        except TransactionConditionFailed:
            return False
        return True

    def expired(self, request: SendRequest, line: Line, at: datetime) -> bool:
        return self._move(_key(request.id, line.index), "expired", HANDED_OVER, final_at=iso(at))

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
        key: Item,
        to: str,
        after: Sequence[str],
        provider: str | None = None,
        final_at: str | None = None,
        reason: str | None = None,
    ) -> bool:
        """Change the status from one of `after`, only if `provider` was the last one to be offered the message."""
        before = {f"f{number}": status for number, status in enumerate(after)}
        condition = f"#status IN ({', '.join(f':{name}' for name in before)})"
        values: Item = {"to": to, **before}
        change = "SET #status = :to"
        if final_at:
            change += ", final_at = :at"
            values["at"] = final_at
        if reason:
            change += ", reason = :reason"
            values["reason"] = reason
        if provider is not None:
            condition += " AND provider = :provider"
            values["provider"] = provider
        return self._table.try_update(key, change, condition, values)


def _never_handed_over(request: SendRequest, status: Final, at: datetime) -> Transition:
    values = {"to": status, "at": iso(at), "purge_at": epoch(request.purge_at), "from": "queued"}
    change = "SET #status = :to, final_at = :at, purge_at = :purge_at"
    return change, "attribute_not_exists(pk) OR #status = :from", values


def _key(request_id: str, index: int) -> Item:
    return {"pk": f"REQUEST#{request_id}", "sk": message_sk(index)}


def _key_of(message_id: str) -> Item | None:
    parts = split_message_id(message_id)
    return _key(*parts) if parts else None


def _handoff_key(provider: str, provider_message_id: str) -> Item:
    return {"pk": f"HANDOFF#{provider}#{provider_message_id}", "sk": "HANDOFF"}
