"""The message that a provider (Prestataire) is handed, and its answers (R32-R34)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.delivering.statuses import Final

Coding = Literal["gsm", "unicode"]

LEASE = timedelta(seconds=60)
"""Validity of a claim: longer than any provider call, with credentials and clock look-ups; see the time-outs of
`adapters/providers`."""

GROUP_SIZE = 10
"""Messages of a page that are claimed by one write and handed over at once: as many as a process has under way, and as
may be `uncertain` when it dies."""

LATEST_START = timedelta(seconds=5)
"""Time within which a claimed message is offered, so that the rest of its claim is longer than any provider call."""

SHORTEST_VALIDITY = timedelta(seconds=60)

BEFORE_WINDOW_END = LEASE
"""Time before the window's end at which a message's validity at its provider ends, counted from the claim. The call may
reach the provider as late as the claim ends, and after the window's end the message must never reach a phone."""


def validity(now: datetime, window_end: datetime) -> timedelta:
    """Return how long a provider may try to deliver a message that is claimed `now`."""
    return max(SHORTEST_VALIDITY, window_end - now - BEFORE_WINDOW_END)


def never_had_from(lease_until: datetime, window_end: datetime) -> datetime:
    """The moment from which "I never had it" is a provider's last word on a message claimed until `lease_until` (R30).

    By then its validity has ended there, even the shortest. Before, it might wait in a queue that is not shown.
    """
    return max(window_end, lease_until + SHORTEST_VALIDITY)


@dataclass(frozen=True)
class OutgoingSms:
    """One message for one phone. `message_id`, at most 20 characters of `A-Z 0-9 -`, fits every provider's tag."""

    message_id: str
    phone: str
    text: str
    coding: Coding
    sender: str | None
    validity_seconds: int


@dataclass(frozen=True)
class Accepted:
    """The provider took the message under its own id; `delivered` when that is already the end of it."""

    provider_message_id: str
    delivered: bool = False


@dataclass(frozen=True)
class Refused:
    """The provider will never take this message (an invalid number, say): handed to nobody."""

    code: str


@dataclass(frozen=True)
class Unavailable:
    """The provider certainly did not take the message, this time: try later or elsewhere.

    `fault` is False if nothing is wrong with the provider itself, which for example does not take this sender.
    """

    code: str
    fault: bool = True


@dataclass(frozen=True)
class Uncertain:
    """The request was written and no answer came: the message may have been taken (R34)."""

    code: str


HandoffAnswer = Accepted | Refused | Unavailable | Uncertain


@dataclass(frozen=True)
class Receipt:
    """A provider's report on a message. `status` is None while nothing final is known.

    `code` is the provider's own, for the log. `message_id` is set where the provider tells ours back.
    """

    provider: str
    provider_message_id: str
    status: Final | None
    code: str
    message_id: str | None = None
    reason: ReasonCode | None = None
    """Why it did not arrive, where `code` says so."""
