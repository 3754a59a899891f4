"""Answers of recipients in memory, with the conditions of the adapters."""

from collections.abc import Sequence
from datetime import datetime

from schoolsms.application.ports.core import Slice
from schoolsms.domain.consents.replies import HeldReply, KeptReply, Reply
from tests.fakes.history.history import FakeSendRequests

A_SLICE = 50


class FakeIncomingReplies:
    """The id is what the provider calls the answer."""

    def __init__(self) -> None:
        self.known: dict[str, HeldReply | None] = {}

    def hold(self, reply: Reply, phone: str, at: datetime, until: datetime) -> str:
        reply_id = f"{reply.provider}-{reply.provider_reply_id}"
        self.known.setdefault(reply_id, HeldReply(reply_id, reply.provider, phone, reply.text, at))
        return reply_id

    def held(self, reply_id: str) -> HeldReply | None:
        return self.known.get(reply_id)

    def forget(self, reply_id: str) -> None:
        self.known[reply_id] = None

    def forget_of(self, phone: str) -> int:
        held = [reply.id for reply in self.known.values() if reply and reply.phone == phone]
        self.known |= dict.fromkeys(held)
        return len(held)


class FakeReplies:
    """By school, school year and id; erasures are those of the requests."""

    def __init__(self, requests: FakeSendRequests) -> None:
        self.requests = requests
        self.known: dict[tuple[str, str], dict[str, KeptReply]] = {}

    def keep(self, uai: str, school_year: str, reply: KeptReply, purge_at: datetime, erasure_mark: str) -> bool:
        assert purge_at > reply.received_at
        if erasure_mark != self.requests.erasure_mark(uai):
            return False
        self.known.setdefault((uai, school_year), {})[reply.id] = reply
        return True

    def of_school_year(self, uai: str, school_year: str, cursor: str | None) -> Slice[KeptReply]:
        every = sorted(self._of(uai, school_year), key=lambda each: (each.received_at, each.id), reverse=True)
        left = [each for each in every if cursor is None or each.id < cursor]
        return Slice(left[:A_SLICE], left[A_SLICE - 1].id if len(left) > A_SLICE else None)

    def of_phone(self, uai: str, school_year: str, phone: str) -> Sequence[KeptReply]:
        return [each for each in self._of(uai, school_year) if each.phone == phone]

    def erase(self, uai: str, school_year: str, phone: str) -> int:
        found = self.of_phone(uai, school_year, phone)
        for each in found:
            del self.known[uai, school_year][each.id]
        return len(found)

    def texts(self, uai: str) -> list[str]:
        """Of all years, oldest first."""
        return [each.text for (school, _), kept in self.known.items() if school == uai for each in kept.values()]

    def _of(self, uai: str, school_year: str) -> list[KeptReply]:
        return list(self.known.get((uai, school_year), {}).values())
