"""What the rights of recipients ask of the history (R45). Every method may raise TransientError."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schoolsms.domain.send_requests import Line, Refusal, SendRequest


@dataclass(frozen=True)
class HeldByRequest:
    """What one request holds of a number: its messages, and where it was refused."""

    lines: Sequence[Line]
    refusals: Sequence[Refusal]


class PersonalHistory(Protocol):
    """What requests hold of one number, in E.164; refusals hold it as it was written."""

    def held(self, request: SendRequest, phone: str) -> HeldByRequest: ...

    def erase(self, request: SendRequest, phone: str) -> int:
        """Take number and content out of the request, and leave its counts; how many messages lost them now.

        May be done again, by several at once, and from wherever it died.
        """
