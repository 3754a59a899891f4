"""Rules of the simulated phone network: the treatment of a number by its last two digits, and the count of a text.

Both are written from docs/local-stack.md and from GSM 03.38, not from the service's own code, which they test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

News = Literal["pending", "delivered", "failed"]
"""States that a receipt reports."""

Busy = Literal["never", "first", "always", "ovh"]
"""Attempts that are answered 503: at the `first` attempt, `always`, or always by the primary provider (`ovh`).
The `simulated` provider of test numbers stands for both, so it takes what the secondary would."""


class UndeliveredReceiptError(Exception):
    """The service did not take a receipt; `again` says whether to try once more."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


@dataclass(frozen=True)
class Rule:
    """The fate of the SMS to one number."""

    receipts: tuple[News, ...] = ("delivered",)
    arrives: bool = True
    busy: Busy = "never"
    invalid: bool = False
    holds_answer: bool = False
    slow: bool = False


USUAL = Rule()

RULES: Mapping[str, Rule] = {
    "01": Rule(receipts=("failed",), arrives=False),
    "02": Rule(receipts=()),
    "03": Rule(busy="first"),
    "04": Rule(invalid=True),
    "05": Rule(holds_answer=True),
    "06": Rule(receipts=("delivered", "pending", "delivered", "delivered")),
    "07": Rule(busy="ovh"),
    "08": Rule(busy="always"),
    "09": Rule(slow=True),
}

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_SEPTETS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENSION, 2)


def rule_for(phone: str) -> Rule:
    return RULES.get(phone[-2:], USUAL)


def count(text: str, coding: str | None = None) -> tuple[Literal["gsm", "unicode"], int]:
    """Encoding and number of SMS of `text`. `coding` "8bit" forces Unicode, as OVHcloud does."""
    if coding != "8bit" and all(character in _SEPTETS for character in text):
        return "gsm", _pack([_SEPTETS[character] for character in text], alone=160, joined=153)
    return "unicode", _pack([2 if ord(character) > 0xFFFF else 1 for character in text], alone=70, joined=67)


def _pack(units: list[int], alone: int, joined: int) -> int:
    """Parts needed when no character may straddle two of them; `units` has the size of each character."""
    if sum(units) <= alone:
        return 1
    parts, room = 1, joined
    for size in units:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts
