"""In-memory stand-in for the port of messages; a message has one state, whether its group or its record says so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from schoolsms.domain.ids import message_id, split_message_id
from schoolsms.domain.schools.stock.ledger import Posting
from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.delivering.statuses import Final
from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest
from tests.fakes.core import TransactionConditionFailed
from tests.fakes.history.history import FakeSendRequests

HANDED_OVER = ("claimed", "sent", "uncertain")


class FakeMessages:
    def __init__(self, requests: FakeSendRequests) -> None:
        self.requests = requests
        self.handoffs: dict[tuple[str, str], str] = {}
        self.kept: dict[tuple[str, str], tuple[Final, datetime, ReasonCode | None]] = {}
        self.groups: dict[tuple[str, int], datetime] = {}

    def claim_together(
        self, request: SendRequest, group: Sequence[Line], offered: Mapping[int, str], lease_until: datetime
    ) -> bool:
        key = request.id, group[0].index
        if key in self.groups:
            return False
        self.groups[key] = lease_until
        for line in group:
            if self._state(request.id, line.index) is None:
                provider = offered.get(line.index)
                claimed = MessageState(line.index, "claimed", lease_until, provider=provider)
                self._write(request.id, claimed if provider else MessageState(line.index, "queued"))
        return True

    def sent_together(self, request: SendRequest, group: Sequence[Line], taken: Sequence[Line]) -> None:
        for line in taken:
            state, lease_until = self._state(request.id, line.index), self.groups[request.id, group[0].index]
            if state and state.status in ("claimed", "uncertain") and state.lease_until == lease_until:
                self._write(request.id, replace(state, status="sent"))

    def claim(self, request: SendRequest, line: Line, provider: str, lease_until: datetime) -> bool:
        state = self._state(request.id, line.index)
        if state is not None and state.status != "queued":
            return False
        self._write(request.id, MessageState(line.index, "claimed", lease_until=lease_until, provider=provider))
        return True

    def unclaim(self, request: SendRequest, line: Line, lease_until: datetime) -> None:
        state = self._state(request.id, line.index)
        if state and state.status in ("claimed", "uncertain") and state.lease_until == lease_until:
            self._write(request.id, replace(state, status="queued"))

    def sent(self, request: SendRequest, line: Line, provider: str, provider_message_id: str | None) -> None:
        if provider_message_id:
            self.handoffs[provider, provider_message_id] = message_id(request.id, line.index)
        state = self._state(request.id, line.index)
        if state and state.status in ("claimed", "uncertain") and state.provider == provider:
            self._write(request.id, replace(state, status="sent"))
        if came_first := self.kept.get((provider, provider_message_id or "")):
            status, at, reason = came_first
            self._finish(request.id, line.index, status, at, provider, reason)

    def uncertain(self, request: SendRequest, line: Line, lease_until: datetime | None = None) -> None:
        state = self._state(request.id, line.index)
        if state and state.status == "claimed" and lease_until in (None, state.lease_until):
            self._write(request.id, replace(state, status="uncertain"))

    def settle(
        self, message_id: str, provider: str, status: Final, at: datetime, reason: ReasonCode | None = None
    ) -> bool:
        parts = split_message_id(message_id)
        return parts is not None and self._finish(*parts, status, at, provider, reason)

    def known_sent(self, message_id: str, provider: str) -> None:
        parts = split_message_id(message_id)
        state = self._state(*parts) if parts else None
        if parts and state and state.status == "uncertain" and state.provider == provider:
            self._write(parts[0], replace(state, status="sent"))

    def never_handed_over(
        self,
        request: SendRequest,
        line: Line,
        status: Final,
        at: datetime,
        posting: Posting | None,
        reason: ReasonCode | None = None,
    ) -> bool:
        allowed = _waits(self._state(request.id, line.index))

        def write() -> None:
            self._write(request.id, MessageState(line.index, status, final_at=at, reason=reason))

        return self._write_beside(request, posting, write, allowed=allowed)

    def _write_beside(
        self, request: SendRequest, posting: Posting | None, write: Callable[[], None], *, allowed: bool
    ) -> bool:
        """Write with the entry of the ledger, if there is one, and only if `allowed`; whether it was written."""
        if posting is None:
            if allowed:
                write()
            return allowed
        try:
            self.requests.ledger.post(request.school, posting, write, allowed=allowed)
        except TransactionConditionFailed:
            return False
        return True

    def none_handed_over(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        status: Final,
        posting: Posting,
        reasons: Mapping[int, ReasonCode] = {},
    ) -> bool:
        def write() -> None:
            for line in lines:
                state = MessageState(line.index, status, final_at=posting.at, reason=reasons.get(line.index))
                self._write(request.id, state)

        allowed = all(_waits(self._state(request.id, line.index)) for line in lines)
        return self._write_beside(request, posting, write, allowed=allowed)

    def never_taken(
        self, request: SendRequest, line: Line, state: MessageState, at: datetime, posting: Posting | None
    ) -> bool:
        found = self._state(request.id, line.index)
        allowed = (
            found is not None
            and found.status in ("claimed", "uncertain")
            and (found.provider, found.lease_until) == (state.provider, state.lease_until)
        )

        def write() -> None:
            self._write(request.id, replace(state, status="failed", final_at=at))

        return self._write_beside(request, posting, write, allowed=allowed)

    def expired(self, request: SendRequest, line: Line, at: datetime) -> bool:
        return self._finish(request.id, line.index, "expired", at)

    def by_provider_id(self, provider: str, provider_message_id: str) -> str | None:
        return self.handoffs.get((provider, provider_message_id))

    def keep_receipt(self, receipt: Receipt, at: datetime, until: datetime) -> bool:
        key = receipt.provider, receipt.provider_message_id
        if receipt.status is None or key in self.kept or key in self.handoffs:
            return False
        self.kept[key] = receipt.status, at, receipt.reason
        return True

    def _finish(
        self,
        request_id: str,
        index: int,
        status: Final,
        at: datetime,
        provider: str | None = None,
        reason: ReasonCode | None = None,
    ) -> bool:
        state = self._state(request_id, index)
        if state is None or state.status not in HANDED_OVER or provider not in (None, state.provider):
            return False
        self._write(request_id, replace(state, status=status, final_at=at, reason=reason))
        return True

    def _state(self, request_id: str, index: int) -> MessageState | None:
        return self.requests.records.get((request_id, index))

    def _write(self, request_id: str, state: MessageState) -> None:
        self.requests.records[request_id, state.index] = state


def _waits(state: MessageState | None) -> bool:
    return state is None or state.status == "queued"
