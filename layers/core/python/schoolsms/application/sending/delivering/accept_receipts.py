"""Check that a receipt comes from its provider, queue it, and answer the provider (R33, R48)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schoolsms.application.ports.core import ReceiptQueue
from schoolsms.application.ports.provider_calls import ReceiptCall, ReceiptParser
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.sending.delivering.webhook_secrets import is_authentic

if TYPE_CHECKING:
    from schoolsms.domain.sending.delivering.handoffs import Receipt

Accepted = Literal["queued", "unknown-code", "malformed"]


@dataclass(frozen=True)
class AcceptReceipts:
    parsers: Mapping[str, ReceiptParser]
    secret: Callable[[str, bool], str]
    """Webhook secret of a provider, "" if it has none; True bypasses the cache, for a secret just rotated."""
    queue: ReceiptQueue

    def accept(self, provider: str, secret: str, call: ReceiptCall) -> tuple[Accepted, Receipt | None]:
        """Queue an authentic receipt, and return it with what became of it.

        Raises NotFoundError for a forged one, TransientError if it must be called again.

        An authentic receipt that cannot be read is answered too, because calling again would not help. One with an
        unknown code is queued as not final.
        """
        parser = self.parsers.get(provider)
        if parser is None or not is_authentic(self.secret, parser.keys_of, secret):
            raise NotFoundError("Cette adresse n'existe pas.")
        receipt = parser.parse(call)
        if receipt is None:
            return "malformed", None
        self.queue.receipt_due(receipt)
        return "queued" if parser.is_known(receipt.code) else "unknown-code", receipt
