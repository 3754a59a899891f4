"""A provider calls: who it is is checked, what it says is queued, and it has its answer (R33, R48)."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from schoolsms.application.ports import ReceiptQueue
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.handoffs import Receipt


@dataclass(frozen=True)
class ReceiptParser:
    """`parse` gives None for a query that is no receipt; `keys_of` names whose secret the path holds."""

    keys_of: str
    parse: Callable[[Mapping[str, str]], Receipt | None]


@dataclass(frozen=True)
class AcceptReceipts:
    parsers: Mapping[str, ReceiptParser]
    secret: Callable[[str, bool], str]
    """The receipt secret of a provider, "" if it has none; with True as it is now, perhaps just rotated."""
    queue: ReceiptQueue

    def accept(self, provider: str, secret: str, query: Mapping[str, str]) -> Literal["queued", "malformed"]:
        """Queue an authentic receipt. Raises NotFoundError for a forged one, TransientError if it must be called again.

        An authentic one that cannot be read is answered all the same: calling again would not help.
        """
        parser = self.parsers.get(provider)
        if parser is None or not any(_same(self.secret(parser.keys_of, fresh), secret) for fresh in (False, True)):
            raise NotFoundError("Cette adresse n'existe pas.")
        receipt = parser.parse(query)
        if receipt is None:
            return "malformed"
        self.queue.receipt_due(receipt)
        return "queued"


def _same(expected: str, given: str) -> bool:
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
