"""What crosses the line to a provider (Prestataire), and what it answers (R32-R34)."""

from dataclasses import dataclass
from typing import Literal

from schoolsms.domain.statuses import Final

Coding = Literal["gsm", "unicode"]


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

    `fault` is False where nothing is wrong with the provider itself: it does not take this sender, say.
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
    """What a provider says became of a message. `status` is None while nothing final is known.

    `code` is the provider's own, for the log. `message_id` is set where the provider tells ours back.
    """

    provider: str
    provider_message_id: str
    status: Final | None
    code: str
    message_id: str | None = None
