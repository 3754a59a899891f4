"""Ports of the stores and the queue that hold recipients' answers (R24). Every method may raise TransientError."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.replies import HeldReply, KeptReply, Reply


class IncomingReplies(Protocol):
    """Answers between the provider's call and the schools: queues carry their ids alone."""

    def hold(self, reply: Reply, phone: str, at: datetime, until: datetime) -> str:
        """The id of the answer of `phone` (E.164), stored now or before; the first one stays, until `until`."""

    def held(self, reply_id: str) -> HeldReply | None:
        """The answer, or None once it was forgotten."""

    def forget(self, reply_id: str) -> None:
        """Remove number and text. The id stays, so that the same answer brought again is not stored anew."""

    def forget_of(self, phone: str) -> int:
        """Forget all answers of a number; how many were stored."""


class ReplyQueue(Protocol):
    """Answers to handle."""

    def reply_due(self, reply_id: str) -> None: ...


class Replies(Protocol):
    """The answers that the managers of each school read, by school year."""

    def keep(self, uai: str, school_year: str, reply: KeptReply, purge_at: datetime, erasure_mark: str) -> bool:
        """Keep it, once; False, nothing written, when a number was erased since `erasure_mark` was read (R45)."""

    def of_school_year(self, uai: str, school_year: str, cursor: str | None) -> Slice[KeptReply]:
        """Newest first. Raises RefusedError for a cursor of another list."""

    def of_phone(self, uai: str, school_year: str, phone: str) -> Sequence[KeptReply]:
        """Those of one number, oldest first."""

    def erase(self, uai: str, school_year: str, phone: str) -> int:
        """Remove those of one number; how many there were."""
