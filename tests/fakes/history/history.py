"""In-memory stand-ins for the ports of the history side: requests, messages, consents and providers.

They check the same conditions as the adapters in `adapters/dynamodb`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import DailyLimitReached, IdempotencyKeyReused, InsufficientBalance, TransientError
from schoolsms.domain.schools.stock.ledger import Posting
from schoolsms.domain.sending.recent_sends import WITHIN, AlreadySent, Fingerprints
from schoolsms.domain.sending.send_requests import (
    ErasedMeanwhile,
    Line,
    MessageState,
    Refusal,
    RequestToPhone,
    SendRequest,
)
from tests.fakes.core import FakeLedger, TransactionConditionFailed
from tests.fakes.sending.request_pages import FakePages

REQUESTS_A_SLICE = 20


class FakeSendRequests(FakePages):
    """Pages count only through the attempt that wrote them, as in the adapter; one that fails takes its own back."""

    def __init__(self, ledger: FakeLedger) -> None:
        super().__init__()
        self.ledger = ledger
        self.known: dict[str, SendRequest] = {}
        self.records: dict[tuple[str, int], MessageState] = {}
        self.recent: dict[str, tuple[SendRequest, frozenset[bytes]]] = {}
        self.erasures: dict[str, int] = {}

    def store_and_debit(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        refusals: Sequence[Refusal],
        posting: Posting | None,
        prints: Fingerprints | None = None,
        erasure_mark: str = "",
    ) -> SendRequest:
        if prints:
            self._check_recent(request, prints)
            if request.id not in self.known:
                self.recent[request.id] = request, frozenset(prints.of_lines)
        self.write_pages(request, lines, refusals)
        try:
            if erasure_mark != self.erasure_mark(request.school) and request.id not in self.known:
                raise ErasedMeanwhile
            stored = self._stand(request, posting)
        except (
            TransactionConditionFailed,
            InsufficientBalance,
            DailyLimitReached,
            IdempotencyKeyReused,
            ErasedMeanwhile,
        ):
            self.take_back(request)
            raise
        if stored.attempt != request.attempt:
            self.take_back(request)
        return stored

    def erasure_mark(self, uai: str) -> str:
        return str(self.erasures.get(uai, ""))

    def _stand(self, request: SendRequest, posting: Posting | None) -> SendRequest:
        """The accepted request with the id."""
        if posting is None:
            return self.known.setdefault(request.id, request)
        try:
            self.ledger.post(
                request.school,
                posting,
                lambda: self.known.update({request.id: request}),
                allowed=request.id not in self.known,
            )
        except (TransactionConditionFailed, InsufficientBalance, DailyLimitReached):
            if request.id not in self.known:
                raise
        if request.id not in self.known:
            raise IdempotencyKeyReused
        return self.known[request.id]

    def _check_recent(self, request: SendRequest, prints: Fingerprints) -> None:
        found = {
            each
            for other, others in self.recent.values()
            if prints.since and prints.since < other.due_at < request.due_at + WITHIN and other.school == request.school
            if other.id in self.known and other.id != request.id and not self.known[other.id].cancelled
            for each in others.intersection(prints.of_lines)
        }
        if found and request.id not in self.known:
            raise AlreadySent(frozenset(found))

    def start(self, request_id: str) -> bool:
        request = self.known[request_id]
        if request.cancelled:
            return False
        self.known[request_id] = replace(request, started=True)
        return True

    def cancel(self, request: SendRequest, at: datetime, by: str, posting: Posting | None) -> bool:
        stored = self.known[request.id]
        if stored.cancelled or stored.started:
            return False
        self.known[request.id] = replace(stored, cancelled=True, cancelled_at=at, cancelled_by=by)
        if posting:
            self.ledger.post(request.school, posting)
        return True

    def get(self, request_id: str) -> SendRequest | None:
        return self.known.get(request_id)

    def refusals(self, request_id: str) -> Sequence[Refusal]:
        request = self.known.get(request_id)
        return self.refused.get((request_id, request.attempt), []) if request else []

    def lines(self, request: SendRequest, page: int) -> Sequence[Line]:
        found = self.pages.get((request.id, request.attempt, page))
        if not found:
            raise TransientError("a page of a request is not there")
        return found

    def states(self, request_id: str, first: int = 0, last: int = 99_999) -> Mapping[int, MessageState]:
        return {
            index: state
            for (request, index), state in sorted(self.records.items())
            if request == request_id and first <= index <= last
        }

    def of_school_year(
        self, uai: str, school_year: str, before: str | None, most: int | None = None
    ) -> Slice[SendRequest]:
        found = sorted(
            (each for each in self.known.values() if (each.school, each.school_year) == (uai, school_year)),
            key=lambda request: request.order_key,
            reverse=True,
        )
        left = [request for request in found if before is None or request.order_key < before]
        piece = left[: most or REQUESTS_A_SLICE]
        return Slice(piece, piece[-1].order_key if len(left) > len(piece) else None)

    def of_phone(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[RequestToPhone]:
        piece = self.of_school_year(uai, school_year, before)
        found = []
        for request in piece.items:
            pages = [
                page for page in range(request.pages) if phone in (line.phone for line in self.lines(request, page))
            ]
            refused = phone in (each.phone for each in self.refusals(request.id))
            if pages or refused:
                found.append(RequestToPhone(request, pages, refused))
        return Slice(found, piece.cursor)

    def statuses(self, request_id: str) -> dict[int, str]:
        """The recorded status of each message that has a record."""
        return {index: state.status for index, state in self.states(request_id).items()}

    def all_lines(self, request: SendRequest) -> list[Line]:
        return [line for page in range(request.pages) for line in self.lines(request, page)]


@dataclass
class FakeConsents:
    """Everybody consented but `withdrawn` and `erased`."""

    withdrawn: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)

    def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        return frozenset(phones) - self.withdrawn - self.erased

    def forgotten(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        return frozenset(phones) & self.erased
