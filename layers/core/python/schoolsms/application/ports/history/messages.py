"""Port of the messages of requests, one by one (R30-R35). Every method may raise TransientError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from schoolsms.domain.schools.stock.ledger import Posting
    from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
    from schoolsms.domain.sending.delivering.handoffs import Receipt
    from schoolsms.domain.sending.delivering.statuses import Final
    from schoolsms.domain.sending.send_requests import Line, MessageState, SendRequest


class Messages(Protocol):
    """The transitions of one message, each a conditional write: False or None when another came first (R33)."""

    def claim_together(
        self, request: SendRequest, group: Sequence[Line], offered: Mapping[int, str], lease_until: datetime
    ) -> bool:
        """None → claimed, for the provider that `offered` names by index; the others of the group become queued.

        Once for each group. A message without a state goes through its group before anything else, because only a
        group tells two processes apart that found none.
        """

    def sent_together(self, request: SendRequest, group: Sequence[Line], taken: Sequence[Line]) -> None:
        """Claimed by the group → `sent`, of providers that can be asked whose message a receipt is of."""

    def claim(self, request: SendRequest, line: Line, provider: str, lease_until: datetime) -> bool:
        """Queued → claimed."""

    def unclaim(self, request: SendRequest, line: Line, lease_until: datetime) -> None:
        """Return a claimed message to `queued`, because the provider did not take it. Only the claim that expires at
        `lease_until` is undone."""

    def sent(self, request: SendRequest, line: Line, provider: str, provider_message_id: str | None) -> None:
        """Claimed or `uncertain` → `sent`.

        Whatever it became meanwhile, remember the provider's id for its receipts, and settle it by one that was kept
        under that id. None for a provider that can be asked whose message a receipt is of.
        """

    def uncertain(self, request: SendRequest, line: Line, lease_until: datetime | None = None) -> None:
        """Claimed → `uncertain` (R34), only the claim that expires at `lease_until`; None for any."""

    def settle(
        self, message_id: str, provider: str, status: Final, at: datetime, reason: ReasonCode | None = None
    ) -> bool:
        """Handed over to `provider`, or perhaps → final `status`. The first of `provider` wins (R33)."""

    def known_sent(self, message_id: str, provider: str) -> None:
        """`uncertain` → `sent`, because the provider that was offered it last has it after all."""

    def never_handed_over(
        self,
        request: SendRequest,
        line: Line,
        status: Final,
        at: datetime,
        posting: Posting | None,
        reason: ReasonCode | None = None,
    ) -> bool:
        """Queued → `status`, its SMS released in the same transaction; `posting` is None for one that cost nothing."""

    def none_handed_over(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        status: Final,
        posting: Posting,
        reasons: Mapping[int, ReasonCode] = {},
    ) -> bool:
        """Queued → `status` for all of a page's `lines`, released by one entry; False, nothing written, else.

        `reasons` says why by the index of the line.
        """

    def never_taken(
        self, request: SendRequest, line: Line, state: MessageState, at: datetime, posting: Posting | None
    ) -> bool:
        """Claimed or `uncertain` by the claim in `state` → `failed`, released likewise: its provider never had it."""

    def expired(self, request: SendRequest, line: Line, at: datetime) -> bool:
        """Handed over, or perhaps, without final receipt → `expired` (R31)."""

    def by_provider_id(self, provider: str, provider_message_id: str) -> str | None:
        """Our message id for the provider's id."""

    def keep_receipt(self, receipt: Receipt, at: datetime, until: datetime) -> bool:
        """Store a final receipt whose provider id is not known yet, so that `sent` can apply it. The first wins, and
        expires at `until`."""
