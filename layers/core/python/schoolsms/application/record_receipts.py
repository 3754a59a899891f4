"""A provider's receipt becomes the status of its message; the first final one wins (R31, R33, R34)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from schoolsms.application.ports import Clock, Messages, Providers
from schoolsms.domain.handoffs import Receipt

Recorded = Literal["settled", "unchanged", "not-final", "unknown", "kept"]

KEPT = timedelta(days=4)
"""Longer than a message may be under way: by then its handoff is written, or never will be."""


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

    def record(self, receipt: Receipt) -> Recorded:
        """What the receipt changed. Raises TransientError.

        One for a message nobody knows changes no message; a final one is kept in case its handoff is yet to be written.
        """
        message_id = self._message_id(receipt)
        if message_id is None:
            if receipt.status is None or self.providers.named(receipt.provider) is None:
                return "unknown"
            now = self.clock.now()
            if self.messages.keep_receipt(receipt, now, now + KEPT):
                return "kept"
            # Kept already, or the handoff was written since we looked.
            message_id = self.messages.by_provider_id(receipt.provider, receipt.provider_message_id)
            if message_id is None:
                return "unchanged"
        if receipt.status is None:
            self.messages.known_sent(message_id)
            return "not-final"
        settled = self.messages.settle(message_id, receipt.status, self.clock.now())
        return "settled" if settled else "unchanged"

    def _message_id(self, receipt: Receipt) -> str | None:
        """Ours for the provider's id. One we never learned (no answer came, or not yet) the provider is asked for."""
        if receipt.message_id:
            return receipt.message_id
        known = self.messages.by_provider_id(receipt.provider, receipt.provider_message_id)
        if known:
            return known
        provider = self.providers.named(receipt.provider)
        found = provider.find(receipt.provider_message_id) if provider else None
        return found.message_id if found else None
