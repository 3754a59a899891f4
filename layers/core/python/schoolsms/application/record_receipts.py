"""A provider's receipt becomes the status of its message; the first final one wins (R31, R33, R34)."""

from dataclasses import dataclass
from typing import Literal

from schoolsms.application.ports import Clock, Messages, Providers
from schoolsms.domain.handoffs import Receipt

Recorded = Literal["settled", "unchanged", "not-final", "unknown"]


@dataclass(frozen=True)
class RecordReceipts:
    messages: Messages
    providers: Providers
    clock: Clock

    def record(self, receipt: Receipt) -> Recorded:
        """What the receipt changed. One for a message nobody knows changes nothing. Raises TransientError."""
        message_id = self._message_id(receipt)
        if message_id is None:
            return "unknown"
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
