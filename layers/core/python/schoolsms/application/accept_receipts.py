"""A provider calls: who it is is checked, what it says is queued, and it has its answer (R33, R48)."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from schoolsms.application.ports import ReceiptQueue
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.handoffs import Receipt

Accepted = Literal["queued", "unknown-code", "malformed"]


@dataclass(frozen=True)
class ReceiptCall:
    """What a provider's call brings, beside its path."""

    query: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class ReceiptParser:
    """`keys_of` names whose secret the path holds; `parse` gives None for a call that is no receipt; `is_known` tells
    whether the provider's table has a receipt's code."""

    keys_of: str
    parse: Callable[[ReceiptCall], Receipt | None]
    is_known: Callable[[str], bool]


@dataclass(frozen=True)
class AcceptReceipts:
    parsers: Mapping[str, ReceiptParser]
    secret: Callable[[str, bool], str]
    """The receipt secret of a provider, "" if it has none; with True as it is now, perhaps just rotated."""
    queue: ReceiptQueue

    def accept(self, provider: str, secret: str, call: ReceiptCall) -> Accepted:
        """Queue an authentic receipt. Raises NotFoundError for a forged one, TransientError if it must be called again.

        An authentic one that cannot be read is answered all the same: calling again would not help. One whose code is
        not known is queued, and is not final.
        """
        parser = self.parsers.get(provider)
        if parser is None or not is_authentic(self.secret, parser.keys_of, secret):
            raise NotFoundError("Cette adresse n'existe pas.")
        receipt = parser.parse(call)
        if receipt is None:
            return "malformed"
        self.queue.receipt_due(receipt)
        return "queued" if parser.is_known(receipt.code) else "unknown-code"


def is_authentic(secret: Callable[[str, bool], str], keys_of: str, given: str) -> bool:
    """Whether `given` is the receipt secret of that provider, as known or as it is now."""
    return any(_same(secret(keys_of, fresh), given) for fresh in (False, True))


def _same(expected: str, given: str) -> bool:
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
