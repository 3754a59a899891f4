"""Records of the decisions about a school: numbered, append-only, each with who, when and why (R23, R27, R28)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ActKind = Literal[
    "suspension",
    "suspension-ended",
    "termination",
    "formal-notice",
    "formal-notice-answered",
    "formal-notice-lifted",
    "destinations-authorised",
    "destinations-accepted",
    "integration-granted",
    "integration-revoked",
    "notified-changed",
    "notified-confirmed",
    "sender-blocked",
    "sender-unblocked",
    "correction-proposed",
    "correction-confirmed",
    "correction-refused",
    "invoice-cancelled",
    "invoice-mailed",
    "invoice-reissued",
]


@dataclass(frozen=True)
class Act:
    """`number` counts the acts of a school; `by` is the subject of the token; `detail` what it was about."""

    number: int
    kind: ActKind
    at: datetime
    by: str
    by_email: str
    reason: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
