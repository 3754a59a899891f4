"""The three texts that a signed order form accepts, each in a version and with the digest of its words (§2, R4)."""

from dataclasses import dataclass
from typing import Literal

TextName = Literal["conditions-particulieres", "conditions-generales", "annexe-rgpd"]


@dataclass(frozen=True)
class AcceptedText:
    """`sha256`: of the published file, in hexadecimal, so that anybody can show which words were accepted."""

    name: TextName
    version: str
    sha256: str


CONDITIONS = AcceptedText(
    "conditions-particulieres", "2026-09", "42e98c28074d0ad5ca8f4099f23b34a57634386890abae8df879b44ebb8d5f5e"
)
"""The particular conditions that a form issued now refers to: `conditions/2026-09.txt`."""


def declared(name: TextName, written: str) -> AcceptedText:
    """A text as the operator declares it: its version, a space, its digest. Raises ValueError."""
    version, sha256 = written.split(" ")
    if len(sha256) != 64:
        raise ValueError("a SHA-256 has 64 hexadecimal digits")
    return AcceptedText(name, version, sha256)
