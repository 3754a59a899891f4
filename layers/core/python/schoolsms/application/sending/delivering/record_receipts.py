"""Record a provider's receipt as the status of its message; the first final one wins (R31, R33, R34)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from schoolsms.application.ports.core import Clock, Providers, SmsProvider
from schoolsms.application.ports.history.messages import Messages
from schoolsms.application.sending.delivering.count_outcomes import CountOutcomes
from schoolsms.application.sending.delivering.keep_totals import Changes, KeepTotals
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import Receipt

if TYPE_CHECKING:
    NoteId = Callable[[str], None]

Recorded = Literal["settled", "unchanged", "not-final", "unknown", "kept"]

KEPT = timedelta(days=4)
"""Longer than a message may be under way; by then its handoff is written or never will be."""

LOOKED_FOR = 5
"""Times, over an hour and more, that a provider is asked about an id that its books do not show."""


@dataclass(frozen=True)
class SmsEvents:
    """Receipts that come by a topic: `parse` gives None for what is none, `is_known` whether the table has a code."""

    parse: Callable[[str], Receipt | None]
    is_known: Callable[[str], bool]


@dataclass(frozen=True)
class RecordReceipts:
    messages: Messages
    providers: Providers
    clock: Clock
    totals: KeepTotals
    outcomes: CountOutcomes
    changes: Changes = field(default_factory=Changes)
    """Changes recorded since the last call of `note`: receipts come ten at a time, and mostly of one request."""

    def record(self, receipt: Receipt, times: int = 1, note_id: NoteId | None = None) -> Recorded:
        """Apply the receipt; return its effect. Raises TransientError, also while its provider does not confirm it.

        `times`: how often the queue gave it, this time included. `note_id` is called with the id of the message that it
        is about, if that is known.

        A receipt for an unknown message changes no message. A final one of a provider that cannot be asked is kept, in
        case its handoff is written later.
        """
        provider = self.providers.named(receipt.provider)
        if provider and provider.can_be_asked:
            return self._confirm(provider, receipt, times, note_id)
        message_id = receipt.message_id or self._known(receipt)
        if message_id:
            return self._apply(message_id, receipt, note_id)
        if receipt.status is None or provider is None:
            return "unknown"
        now = self.clock.now()
        if self.messages.keep_receipt(receipt, now, now + KEPT):
            return "kept"
        # Kept already, or the handoff was written since we looked.
        message_id = self._known(receipt)
        return self._apply(message_id, receipt, note_id) if message_id else "unchanged"

    def note(self) -> None:
        """Note what was recorded in the totals of the requests. Raises TransientError; then record them again."""
        self.totals.follow(self.changes.taken())
        self.outcomes.write()

    def _confirm(self, provider: SmsProvider, receipt: Receipt, times: int, note_id: NoteId | None) -> Recorded:
        """Apply what the provider says when asked, because the secret address may be known to others (R33).

        It also names our id, so that its own is kept nowhere (R34).
        """
        found = provider.find(receipt.provider_message_id)
        if found is None:
            if receipt.status is None or times >= LOOKED_FOR:
                return "unknown"  # if it is ours after all, the provider is asked at the end of the window
            raise TransientError(f"{provider.name} does not show the message of its receipt")
        if found.message_id is None:
            return "unknown"
        if found.status is None and receipt.status is not None:
            # Its records may be later than its receipts: the queue delivers this one again, and finally alarms.
            raise TransientError(f"{provider.name} does not confirm its receipt")
        reason = found.reason or (receipt.reason if receipt.status == found.status else None)
        return self._apply(found.message_id, replace(receipt, status=found.status, reason=reason), note_id)

    def _known(self, receipt: Receipt) -> str | None:
        """Our id for the provider's, once it is written."""
        return self.messages.by_provider_id(receipt.provider, receipt.provider_message_id)

    def _apply(self, message_id: str, receipt: Receipt, note_id: NoteId | None = None) -> Recorded:
        """Only to a message that its provider was offered last: our id may travel with a message of another one."""
        if note_id:
            note_id(message_id)
        if receipt.status is None:
            self.messages.known_sent(message_id, receipt.provider)
            self.changes.may_have_changed(message_id)
            return "not-final"
        now = self.clock.now()
        if self.messages.settle(message_id, receipt.provider, receipt.status, now, receipt.reason):
            self.changes.became(message_id, receipt.status)
            self.outcomes.receipted(receipt.provider, receipt.status)
            return "settled"
        # A run before this one may have settled it, and died before its status was noted.
        self.changes.may_have_changed(message_id)
        return "unchanged"
