"""Port of what the history has of one number (R45). Every method may raise TransientError."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.sending.send_requests import Line, Refusal, SendRequest


@dataclass(frozen=True)
class Occurrence:
    """A mention of a number: in `request`, or in an attempt at one that came to nothing or is not accepted yet.

    `place` sorts occurrences of a school year by the acceptance, and tells where to go on; `due_at` None: not known.
    """

    school: str
    school_year: str
    place: str
    request_id: str
    attempt: str
    due_at: datetime | None
    request: SendRequest | None


@dataclass(frozen=True)
class PersonalDataOfRequest:
    """Mentions of a number in one request: its messages, and its refusals."""

    lines: Sequence[Line]
    refusals: Sequence[Refusal]


class PhoneOccurrences(Protocol):
    """Finds one number in requests, where it is in E.164, and in refusals, where it is as it was written."""

    def occurrences(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[Occurrence]:
        """Newest first, those of attempts that were never accepted too; almost certainly they name the number."""

    def held(self, request: SendRequest, phone: str) -> PersonalDataOfRequest: ...

    def begin_erasure(self, uai: str, at: datetime) -> None:
        """Make requests fail whose consents were read before now (see `SendRequests.store_and_debit`)."""

    def erase(self, occurrence: Occurrence, phone: str) -> int:
        """Remove number and content and leave the counts; how many messages of a request lost them now.

        May be repeated, run beside another, and continue after an interruption.
        """
