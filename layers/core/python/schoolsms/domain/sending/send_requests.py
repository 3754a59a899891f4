"""A send request, its recipients in pages, and the state of each message (R19-R22, R26, R35).

A request is stored once; its recipients in pages of `PAGE_SIZE`, each page the unit that is queued and dispatched. A
message gets a record of its own only when it is claimed for handoff: before that it is simply `queued`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.ids import message_id
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import Calendar, zone
from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.delivering.handoffs import GROUP_SIZE
from schoolsms.domain.sending.delivering.statuses import FINAL, Status

PAGE_SIZE = 50
MAX_RECIPIENTS = 10_000

MOMENT_KEY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}"
"""Pattern of a `moment_key`."""

ORDER_KEY = MOMENT_KEY + "#[A-Z0-9]{14}"
"""Pattern of the `order_key` of a request."""

ListedState = Literal["scheduled", "accepted", "finished", "cancelled"]

RefusalCode = Literal[
    "invalid-number",
    "not-a-mobile",
    "country-not-authorised",
    "no-consent",
    "missing-variable",
    "too-long",
    "duplicate",
    "forbidden-content",
    "suspicious-placeholder",
]


class Line(NamedTuple):
    """One accepted recipient: `index` in the request as it was posted, `text` as this phone will read it.

    Of an erased one neither number nor text is left (R45). A NamedTuple for speed: a request has ten thousand.
    """

    index: int  # type: ignore[assignment]  # a tuple's method of that name is of no use here
    phone: str
    text: str
    coding: Literal["gsm", "unicode"]
    sms_count: int
    cost_sms: int
    is_test: bool

    @property
    def erased(self) -> bool:
        return not self.phone


@dataclass(frozen=True)
class Refusal:
    """One recipient to whom nothing is sent, as `phone` was written, and why; `row` of the list it came from."""

    index: int
    phone: str
    code: RefusalCode
    detail: str
    row: int | None = None


@dataclass(frozen=True)
class SendRequest:
    """`accepted` recipients and `cost_sms` are of the whole request; `body_digest` tells a retry from another request
    ("" without an idempotency key); `attempt` tells the pages of the try that was accepted from those of any other.

    `window`: it may be handed over from `due_at` until `expires_at` (R31). One that is `scheduled` may be cancelled
    until it is `started` (R29); the others start as they are accepted.
    """

    id: str
    school: str
    school_year: str
    purge_at: datetime
    author: str
    author_name: str
    text: str
    accepted: int
    refused: int
    cost_sms: int
    sender: str | None
    accepted_at: datetime
    due_at: datetime
    expires_at: datetime
    body_digest: str
    attempt: str
    cancelled: bool = False
    started: bool = False
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    """The subject of who cancelled it; "" for one that was cancelled when that was not recorded yet."""
    client_id: str = ""
    """The machine client that asked for the author, "" for a person (R26, R28)."""
    calendar: Calendar = "metropole"
    """The school's calendar when the request was accepted, which names its clock."""

    @property
    def due_at_local(self) -> datetime:
        """`due_at` on the school's own clock."""
        return self.due_at.astimezone(zone(self.calendar))

    @property
    def scheduled(self) -> bool:
        """Whether it is due later than it was accepted."""
        return self.due_at > self.accepted_at

    @property
    def waits(self) -> bool:
        """Whether it can still be cancelled."""
        return self.scheduled and not (self.started or self.cancelled)

    @property
    def shown_author(self) -> str:
        """The author as shown (R26): the address, or the subject of the token if it has none."""
        return self.author_name or self.author

    @property
    def order_key(self) -> str:
        """Sorts requests by acceptance, each apart."""
        return f"{moment_key(self.accepted_at)}#{self.id}"

    @property
    def pages(self) -> int:
        """Number of pages of lines."""
        return -(-self.accepted // PAGE_SIZE)


class ErasedMeanwhile(Exception):
    """A number was erased since the consents were read (R45). Nothing was written; read them again."""


@dataclass(frozen=True)
class RequestToPhone:
    """A request that named a number: on which `pages` of its lines, and whether among those it refused.

    Almost certainly, so that the page itself has to be read.
    """

    request: SendRequest
    pages: Sequence[int]
    refused: bool


@dataclass(frozen=True)
class MessageState:
    """Progress of the message at `index`. `claimed` until `lease_until` means that it may be being handed over.

    `provider`: the last one it was claimed for. `reason`: why it did not arrive, as the receipt that settled it said.
    """

    index: int
    status: Status | Literal["claimed"]
    lease_until: datetime | None = None
    final_at: datetime | None = None
    provider: str | None = None
    reason: ReasonCode | None = None

    def shown(self) -> Status:
        """The status that people see, to whom a claimed message is still `queued` (R35)."""
        return "queued" if self.status == "claimed" else self.status


def listed_state(request: SendRequest, counts: Mapping[Status, int] | None, now: datetime) -> ListedState:
    """`finished` once none of its messages can change: all of them are final, or its window ended.

    `counts`: its messages by status; None if they were never counted.
    """
    if request.cancelled:
        return "cancelled"
    if request.waits:
        return "scheduled"
    final = counts is not None and FINAL.issuperset(counts)
    return "finished" if final or now >= request.expires_at else "accepted"


def moment_key(moment: datetime) -> str:
    """An instant as it sorts in `order_key`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"


def paged(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """`lines` in the pages they are stored and queued in."""
    return [lines[start : start + PAGE_SIZE] for start in range(0, len(lines), PAGE_SIZE)]


def groups_of(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """All lines of a page in the groups in which they are claimed; always the same ones."""
    return [lines[start : start + GROUP_SIZE] for start in range(0, len(lines), GROUP_SIZE)]


def totals(accepted: int, states: Sequence[MessageState], *, cancelled: bool = False) -> Mapping[Status, int]:
    """Count the messages in each status; those without a record are queued, or cancelled with their request."""
    counts: dict[Status, int] = {}
    for state in states:
        counts[state.shown()] = counts.get(state.shown(), 0) + 1
    without_record = accepted - len(states)
    if without_record:
        status: Status = "cancelled" if cancelled else "queued"
        counts[status] = counts.get(status, 0) + without_record
    return counts


def id_of(request: SendRequest, line: Line) -> str:
    """The message id of `line`."""
    return message_id(request.id, line.index)


def visible_to(caller: Caller, request: SendRequest | None) -> SendRequest:
    """`request`, if it is the caller's own or of the school they manage. Others raise NotFoundError (R2, R36)."""
    uai = caller.require_school("sms_sender", "sms_manager")
    if request is None or request.school != uai or not (caller.manages or request.author == caller.subject):
        raise NotFoundError("Cet envoi n'existe pas.")
    return request
