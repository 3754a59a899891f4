"""The QR of an order form: `BDC1|UAI|school year|order id|hmac`, so that any copy of it names its order."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

PREFIX = "BDC1|"
"""Marks a QR as ours and gives the version of its text."""

_MAC_BYTES = 15  # 120 bits: 24 signs of base32 without padding


@dataclass(frozen=True)
class QrIdentity:
    """The content of an authentic QR."""

    uai: str
    school_year: str
    order_id: str


def text_of(identity: QrIdentity, key: bytes) -> str:
    """The text to encode. ValueError when a part holds the separator."""
    parts = (identity.uai, identity.school_year, identity.order_id)
    if any("|" in part for part in parts):
        raise ValueError("a part of the QR holds the separator")
    signed = PREFIX + "|".join(parts)
    return f"{signed}|{_mac(signed, key)}"


def authenticate(text: str, key: bytes) -> QrIdentity | None:
    """The identity in `text`, or None when it is none of ours or its HMAC is wrong."""
    signed, _, mac = text.rpartition("|")
    parts = signed.removeprefix(PREFIX).split("|")
    if not signed.startswith(PREFIX) or len(parts) != 3:
        return None
    if not hmac.compare_digest(mac.encode(), _mac(signed, key).encode()):
        return None
    return QrIdentity(*parts)


def _mac(signed: str, key: bytes) -> str:
    digest = hmac.digest(key, signed.encode(), hashlib.sha256)
    return base64.b32encode(digest[:_MAC_BYTES]).decode()
