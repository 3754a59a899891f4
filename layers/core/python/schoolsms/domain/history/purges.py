"""The purge of an ended school year, and the certificate that proves it (R37-R39): counts, neither number nor text."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from schoolsms.domain.errors import ConflictError
from schoolsms.domain.schools.stock.subscription_ends import Warned
from schoolsms.domain.sending.delivering.statuses import FINAL, Status
from schoolsms.domain.sending.send_requests import MessageState, totals

GRACE = timedelta(hours=1)
"""The time from the end of the year to its purge, in which everything that was under way is written."""


class YearNotEnded(ConflictError):
    """A year that still runs is never purged."""

    code = "school-year-not-ended"


@dataclass(frozen=True)
class Counts:
    """`requests` accepted, their recipients refused, SMS debited for them, their messages by status, and `replies` of
    recipients."""

    requests: int = 0
    refused: int = 0
    sms: int = 0
    messages: Mapping[Status, int] = field(default_factory=dict)
    replies: int = 0


@dataclass(frozen=True)
class PurgeableRequest:
    """A request as the purge reads it, without its text and its numbers.

    `attempt`: that made it; `states`: of its messages.
    """

    school: str
    school_year: str
    attempt: str
    accepted: int
    refused: int
    cost_sms: int
    expires_at: datetime
    cancelled: bool
    counted: bool
    states: Sequence[MessageState] = ()

    @property
    def counts(self) -> Counts:
        """The counts that it adds to the certificate."""
        return Counts(1, self.refused, self.cost_sms, self._totals)

    @property
    def settled(self) -> bool:
        """Whether nothing can happen to its messages any more."""
        return FINAL.issuperset(self._totals)

    @property
    def _totals(self) -> Mapping[Status, int]:
        return totals(self.accepted, self.states, cancelled=self.cancelled)


@dataclass(frozen=True)
class Attempt:
    """An attempt at a request, accepted or not; `place` is its position in the index of numbers."""

    request_id: str
    name: str
    place: str


@dataclass(frozen=True)
class Remains:
    """All that is left under the id of a request, with or without the request; `keys` names the items."""

    request: PurgeableRequest | None
    keys: Sequence[str]


@dataclass(frozen=True)
class Certificate:
    """The proof that nothing is left of a school year: its days (both included), counts before and after."""

    school: str
    school_year: str
    first_day: date
    last_day: date
    started_at: datetime
    certified_at: datetime
    before: Counts
    after: Counts = field(default_factory=Counts)

    def content(self) -> dict[str, object]:
        """Its content as it is shown, and over which the digest is made."""
        return {
            "school": self.school,
            "school_year": self.school_year,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "started_at": _utc(self.started_at),
            "certified_at": _utc(self.certified_at),
            "before": _counts(self.before, self._with_replies),
            "after": _counts(self.after, self._with_replies),
        }

    @property
    def _with_replies(self) -> bool:
        """The count of answers, left out if there were none, so that older certificates keep their digest."""
        return self.before.replies > 0

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal over `content` as canonical JSON: names sorted, no spaces, UTF-8."""
        canonical = json.dumps(self.content(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Purge:
    """Progress of the purge of a school's year: announced, started, counted, certified."""

    school: str
    school_year: str
    announced: Warned | None = None
    started_at: datetime | None = None
    counted: Counts = field(default_factory=Counts)
    certificate: Certificate | None = None


def _counts(counts: Counts, with_replies: bool) -> dict[str, object]:
    return {
        "requests": counts.requests,
        "recipients_refused": counts.refused,
        "sms_debited": counts.sms,
        "messages": sum(counts.messages.values()),
        "messages_by_status": {status: number for status, number in sorted(counts.messages.items()) if number},
        **({"replies": counts.replies} if with_replies else {}),
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
