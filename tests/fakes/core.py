"""In-memory stand-ins for the ports of the accounts side: the clock, schools, orders, ledger, mails and queues.

They check the same conditions as the adapters in `adapters/dynamodb`. See `history.py` for requests and messages.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.orders.forms.order_forms import IssuedForm
from schoolsms.domain.orders.mails import InboundMail, OutboundMail
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.sent_mails import SentMail
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting
from schoolsms.domain.schools.stock.subscription_ends import EndChanged
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.send_requests import SendRequest
from tests.fakes.orders.orders import FakeOrders
from tests.fakes.slices import sliced


def _nothing() -> None:
    return None


@dataclass
class ManualClock:
    time: datetime

    def now(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> None:
        self.time += by


@dataclass
class FakeHolidays:
    named: Mapping[date, str] = field(default_factory=dict)

    def name_of(self, day: date, country: str, department: str) -> str:
        return self.named.get(day, "")


@dataclass
class FakeWorkingDays:
    closed: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed

    def name_of(self, day: date) -> str:
        return "fermeture de Kosmos" if day.weekday() < 5 and day in self.closed else ""


CHANGED_BY_DECISIONS = (
    "state",
    "terminated_at",
    "destinations",
    "accepted_destinations",
    "integrations",
    "formal_notice",
    "blocked_senders",
    "notified",
    "acts",
)
NOT_REGISTERED = (*CHANGED_BY_DECISIONS, "last_warning", "pending_forfeiture_notice", "consents_offered_for")


class FakeSchools:
    def __init__(self, *schools: School) -> None:
        self.known = {school.uai: school for school in schools}

    def get(self, uai: str) -> School | None:
        return self.known.get(uai)

    def put(self, school: School, known_end: date | None = None) -> bool:
        known = self.known.get(school.uai)
        if known_end and (known is None or known.subscription_end != known_end):
            raise EndChanged
        ruled = known and {name: getattr(known, name) for name in NOT_REGISTERED}
        self.known[school.uai] = replace(school, **ruled) if ruled else school
        return known is None

    def all(self, cursor: str | None) -> Slice[School]:
        return sliced(sorted(self.known.values(), key=lambda school: school.uai), lambda school: school.uai, cursor)


@dataclass
class FakeSchoolActs:
    """Each act is written only if no other came since the school was read."""

    schools: FakeSchools
    recorded: dict[str, list[Act]] = field(default_factory=dict)

    def record(self, school: School, act: Act) -> bool:
        stored = self.schools.known[school.uai]
        if stored.acts != act.number - 1:
            return False
        self.schools.known[school.uai] = replace(
            stored, **{name: getattr(school, name) for name in CHANGED_BY_DECISIONS}
        )
        self.recorded.setdefault(school.uai, []).append(act)
        return True

    def numbered(self, uai: str, number: int) -> Act | None:
        return next((act for act in self.of(uai) if act.number == number), None)

    def of(self, uai: str) -> list[Act]:
        return self.recorded.get(uai, [])[::-1]

    def page(self, uai: str, cursor: str | None) -> Slice[Act]:
        return Slice(self.of(uai), None)


@dataclass
class FakePriceList:
    current: tuple[Pack, ...] = DEFAULT_PRICE_LIST

    def packs(self) -> tuple[Pack, ...]:
        return self.current

    def publish(self, packs: tuple[Pack, ...]) -> None:
        self.current = packs


class FakeIssuedForms:
    def __init__(self, *forms: IssuedForm) -> None:
        self.known = {form.order_id: form for form in forms}
        self.documents = {form.order_id: f"%PDF issued {form.order_id}".encode() for form in forms}

    def put(self, form: IssuedForm, document: bytes) -> None:
        assert form.order_id not in self.known, "a form is written once"
        self.known[form.order_id] = form
        self.documents[form.order_id] = document

    def get(self, order_id: str) -> IssuedForm | None:
        return self.known.get(order_id)

    def document(self, order_id: str) -> bytes:
        return self.documents[order_id]


class TransactionConditionFailed(Exception):
    """A write of the same transaction was refused, so that the entry was not posted."""


class FakeLedger:
    """`post` is also what requests debit and messages release with, in one step with their own write."""

    def __init__(self, orders: FakeOrders | None = None) -> None:
        self.orders = orders or FakeOrders()
        self.of: dict[str, list[Entry]] = {}
        self.balances: dict[str, Balance] = {}

    def balance(self, uai: str) -> Balance:
        return self.balances.get(uai, Balance(uai))

    def entries(self, uai: str, cursor: str | None) -> Slice[Entry]:
        return sliced(self.of.get(uai, [])[::-1], lambda entry: str(entry.seq), cursor)

    def entries_between(self, uai: str, first: int, last: int) -> Iterator[Entry]:
        return iter(self.of.get(uai, [])[first - 1 : last])

    def entries_from(self, uai: str, seq: int) -> Iterator[Entry]:
        return iter(self.of.get(uai, [])[seq - 1 :])

    def entry_numbered(self, uai: str, seq: int) -> Entry | None:
        return next((entry for entry in self.of.get(uai, []) if entry.seq == seq), None)

    def credit(self, order: Order, posting: Posting) -> Entry:
        stored = self.orders.known[order.id]

        def write() -> None:
            self.orders.known[order.id] = replace(stored, state="credited", credited_at=posting.at)

        try:
            return self.post(order.school, posting, write, allowed=stored.state == "accepted")
        except TransactionConditionFailed:
            made = self.entry(order.school, posting.id)
            if made is None:
                raise TransientError("the order to credit is not accepted") from None
            return made

    def post(self, uai: str, posting: Posting, write: Callable[[], None] = _nothing, *, allowed: bool = True) -> Entry:
        balance = self.balance(uai)
        entry = ledger.post(balance, posting)
        if not allowed:
            raise TransactionConditionFailed
        if stored := self.entry(uai, posting.id):
            return stored
        self.of.setdefault(uai, []).append(entry)
        self.balances[uai] = ledger.new_balance(balance, posting, entry)
        write()
        return entry

    def entry(self, uai: str, entry_id: str) -> Entry | None:
        return next((made for made in self.of.get(uai, []) if made.id == entry_id), None)

    def give(self, uai: str, sms: int, at: datetime) -> None:
        """Something to spend."""
        self.post(uai, ledger.credit(f"GIFT{len(self.of.get(uai, []))}", sms, at))

    def of_kind(self, uai: str, kind: str) -> list[tuple[str, int]]:
        """Id and amount of each entry of that kind."""
        return [(entry.id, entry.amount) for entry in self.of.get(uai, []) if entry.kind == kind]


@dataclass
class FakeInboxFiles:
    mails: dict[str, bytes] = field(default_factory=dict)
    received: dict[str, bytes] = field(default_factory=dict)

    def mail(self, key: str) -> bytes:
        return self.mails[key]

    def keep_form(self, order_id: str, mail_id: str, document: bytes) -> str:
        key = f"received/{order_id}/{mail_id}"
        self.received[key] = document
        return key

    def keep_picture(self, order_id: str, mail_id: str, number: int, png: bytes) -> str:
        key = f"received/{order_id}/{mail_id}-alteration-{number}.png"
        self.received[key] = png
        return key


@dataclass
class FakeMailReader:
    """Reads a mail as the one that was put down for those bytes."""

    mails: dict[bytes, InboundMail] = field(default_factory=dict)

    def parse(self, raw: bytes) -> InboundMail:
        return self.mails[raw]


class FakeNotices:
    LEASE = timedelta(minutes=2)

    def __init__(self) -> None:
        self.claimed: dict[str, datetime] = {}
        self.done: set[str] = set()
        self.within_caps: dict[tuple[str, date], set[str]] = {}
        self.mails: list[SentMail] = []

    def claim(self, notice_id: str, now: datetime) -> bool:
        if notice_id in self.done:
            return False
        if notice_id in self.claimed and self.claimed[notice_id] >= now:
            raise TransientError("somebody else is about to send this notice")
        self.claimed[notice_id] = now + self.LEASE
        return True

    def sent(self, notice_id: str, mail: SentMail | None = None) -> None:
        self.done.add(notice_id)
        if mail:
            self.mails.append(mail)

    def is_within_cap(self, counted: str, day: date, notice_id: str, most: int) -> bool:
        ids = self.within_caps.setdefault((counted, day), set())
        if notice_id not in ids and len(ids) >= most:
            return False
        ids.add(notice_id)
        return True


@dataclass
class FakeMailer:
    refuses: frozenset[str] = frozenset()
    sent: list[OutboundMail] = field(default_factory=list)

    def send(self, mail: OutboundMail) -> str:
        if self.refuses.intersection(mail.to):
            raise RefusedError("L'adresse est refusée.")
        self.sent.append(mail)
        return f"ses-{len(self.sent)}"


@dataclass
class FakeQueues:
    """All the queues, each a list of what was put on it."""

    orders: list[str] = field(default_factory=list)
    credited: list[str] = field(default_factory=list)
    notices: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pages: list[tuple[str, str, int]] = field(default_factory=list)
    again: list[tuple[str, int, int, int]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)

    def order_accepted(self, order_id: str) -> None:
        self.orders.append(order_id)

    def order_credited(self, order_id: str) -> None:
        self.credited.append(order_id)

    def notice_due(self, kind: str, **ids: str) -> None:
        self.notices.append((kind, ids))

    def pages_due(self, request_id: str, school: str, pages: Iterable[int]) -> None:
        self.pages += [(request_id, school, page) for page in pages]

    def page_due_again(self, request_id: str, school: str, page: int, attempt: int, delay_seconds: int) -> None:
        """Remembered as request, page, attempt, delay."""
        self.again.append((request_id, page, attempt, delay_seconds))

    def receipt_due(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)

    def reply_due(self, reply_id: str) -> None:
        self.replies.append(reply_id)


@dataclass
class FakeDeliveries:
    """`asked` counts every call; `started` holds one machine a request."""

    started: dict[str, SendRequest] = field(default_factory=dict)
    asked: int = 0

    def start(self, request: SendRequest) -> None:
        self.asked += 1
        self.started.setdefault(request.id, request)
