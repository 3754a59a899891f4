"""Ports of the use cases: what they ask of the outside, implemented in `adapters`, faked in `tests/fakes`.

Every method may raise TransientError; the caller is then tried again later.
"""

from __future__ import annotations  # no function needs to load the words of all

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from schoolsms.application.ports.notice_kinds import NoticeKind
    from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, IssuedForm, Way
    from schoolsms.domain.orders.mails import InboundMail, OutboundMail
    from schoolsms.domain.orders.orders import Order
    from schoolsms.domain.orders.packs import Pack
    from schoolsms.domain.schools.schools import School
    from schoolsms.domain.schools.sent_mails import SentMail
    from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting
    from schoolsms.domain.sending.delivering.handoffs import HandoffAnswer, OutgoingSms, Receipt
    from schoolsms.domain.sending.recent_sends import Fingerprints
    from schoolsms.domain.sending.send_requests import Line, MessageState, Refusal, RequestToPhone, SendRequest

T = TypeVar("T")


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Some items of a list; `cursor` leads to the next ones, None at the end."""

    items: Sequence[T]
    cursor: str | None = None


class Clock(Protocol):
    """The time now, aware, in UTC."""

    def now(self) -> datetime: ...


class WorkingDays(Protocol):
    """The operator's calendar, without week-ends, public holidays and closure days (R9)."""

    def is_working_day(self, day: date) -> bool: ...

    def name_of(self, day: date) -> str:
        """Why it is not worked, in French, for a public holiday or a closure day; "" for other days and week-ends."""


# ------------------------------------------------------------------ accounts: kept ten years


class Schools(Protocol):
    """The schools that the operator registered."""

    def get(self, uai: str) -> School | None: ...

    def put(self, school: School, known_end: date | None = None) -> bool:
        """Create or change it; whether it is new. Raises EndChanged if its subscription does not end on `known_end`."""

    def all(self, cursor: str | None) -> Slice[School]:
        """By UAI."""


class PriceList(Protocol):
    """The packs that are on offer now."""

    def packs(self) -> tuple[Pack, ...]: ...

    def publish(self, packs: tuple[Pack, ...]) -> None: ...


class Closures(Protocol):
    """The days on which the operator is closed besides public holidays (R9)."""

    def days(self) -> frozenset[date]: ...

    def publish(self, days: frozenset[date]) -> None: ...


class TrustedSigners(Protocol):
    """The certificates (PEM) of trusted signers of order forms, and of authorities."""

    def certificates(self) -> Sequence[str]: ...

    def publish(self, certificates: Sequence[str]) -> None: ...


class IssuedForms(Protocol):
    """The order forms that were handed out, each with its PDF."""

    def put(self, form: IssuedForm, document: bytes) -> None: ...

    def get(self, order_id: str) -> IssuedForm | None: ...

    def document(self, order_id: str) -> bytes: ...


class Ledger(Protocol):
    """Balances and their entries (R16, R18)."""

    def balance(self, uai: str) -> Balance: ...

    def entry(self, uai: str, entry_id: str) -> Entry | None:
        """The entry of that id, if it was made."""

    def entries(self, uai: str, cursor: str | None) -> Slice[Entry]:
        """Newest first."""

    def entries_between(self, uai: str, first: int, last: int) -> Iterator[Entry]:
        """Those numbered from `first` to `last`, oldest first."""

    def entries_from(self, uai: str, seq: int) -> Iterator[Entry]:
        """All of them from number `seq` on, oldest first, read page by page as they are taken."""

    def entry_numbered(self, uai: str, seq: int) -> Entry | None:
        """The entry of that number."""

    def credit(self, order: Order, posting: Posting) -> Entry:
        """Post the credit and make the order `credited`, in one transaction; the existing entry if it was done."""


class InboxFiles(Protocol):
    """Mails as they were received, and the forms found in them."""

    def mail(self, key: str) -> bytes: ...

    def keep_form(self, order_id: str, mail_id: str, document: bytes) -> str:
        """Keep the form as received; its key."""

    def keep_picture(self, order_id: str, mail_id: str, number: int, png: bytes) -> str:
        """Keep a picture of an alteration of that form; its key."""


class Notices(Protocol):
    """Record of the mails that were sent, so that each notice goes out once."""

    def claim(self, notice_id: str, now: datetime) -> bool:
        """Take the right to send it; whether nobody has sent it, or is about to."""

    def sent(self, notice_id: str, mail: SentMail | None = None) -> None: ...

    def is_within_cap(self, counted: str, day: date, notice_id: str, most: int) -> bool:
        """Whether the notice is one of the first `most` of what is `counted` that day; each counts once, however often
        it is asked about."""


# ------------------------------------------------------------------ history: kept one school year


class SendRequests(Protocol):
    """Requests, the pages of their lines, and the record of each message from its claim on."""

    def store_and_debit(
        self,
        request: SendRequest,
        lines: Sequence[Line],
        refusals: Sequence[Refusal],
        posting: Posting | None,
        prints: Fingerprints | None = None,
        erasure_mark: str = "",
    ) -> SendRequest:
        """Store it all and post the debit, in one transaction; the existing request if its id was taken.

        Raises InsufficientBalance, DailyLimitReached, AlreadySent, and ErasedMeanwhile when the school's mark is not
        `erasure_mark` any more; nothing that counts is then written. Of two requests at once with the same fingerprint,
        one is accepted.
        """

    def erasure_mark(self, uai: str) -> str:
        """A value that changes with every erasure. Read it before the consents (R45)."""

    def start(self, request_id: str) -> bool:
        """Mark a scheduled request as started; False if it was cancelled before. Repeatable."""

    def cancel(self, request: SendRequest, at: datetime, by: str, posting: Posting | None) -> bool:
        """Mark it cancelled by that subject and post its release, in one transaction; False if it was started or
        cancelled before."""

    def get(self, request_id: str) -> SendRequest | None: ...

    def refusals(self, request_id: str) -> Sequence[Refusal]: ...

    def lines(self, request: SendRequest, page: int) -> Sequence[Line]: ...

    def states(self, request_id: str, first: int = 0, last: int = 99_999) -> Mapping[int, MessageState]:
        """The messages that were in a group, by index, up to `last`; `first` is the first of a page, or `last`."""

    def of_school_year(
        self, uai: str, school_year: str, before: str | None, most: int | None = None
    ) -> Slice[SendRequest]:
        """Newest first, `most` at most; `before` is the cursor of an earlier slice."""

    def of_phone(self, uai: str, school_year: str, phone: str, before: str | None) -> Slice[RequestToPhone]:
        """Those that named a number (E.164), newest first, cancelled ones too; a slice may be empty, and lead on."""


class Consents(Protocol):
    """Numbers that a school may write to (R24)."""

    def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        """Those of `phones` (E.164) whose consent is recorded and not withdrawn."""

    def forgotten(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
        """Those of `phones` that were erased or corrected away, and may not be stored again (R45)."""


# ------------------------------------------------------------------ documents, mails, queues, providers


class FormReader(Protocol):
    """Reads the documents of one mail."""

    def identify(self, document: bytes) -> FormIdentity:
        """Find how `document` came back and which order its authenticated QR names. Never raises on bad bytes."""

    def read_form(self, document: bytes, issued: bytes, way: Way = "filled") -> FormReading:
        """The form `document` against the PDF that was issued; `way` is "filled", "printed" or "scanned"."""


class OrderForms(Protocol):
    """Order forms as PDF documents."""

    def issue(self, form: IssuedForm) -> bytes:
        """The fillable PDF of `form`, prefilled, with its QR."""

    def reader(self) -> AbstractContextManager[FormReader]:
        """A reader for the documents of one mail; what it holds open of them ends with the context."""


class MailReader(Protocol):
    """Raw mails of the inbox."""

    def parse(self, raw: bytes) -> InboundMail:
        """Parse `raw`, below the headers of SES. Never raises on bad bytes; `problems` says what is wrong."""


class Mailer(Protocol):
    """Mails to schools and to the operator."""

    def send(self, mail: OutboundMail) -> str:
        """Hand `mail` to SES; its id there. Raises RefusedError when SES will never take it."""


class OrderQueue(Protocol):
    """Orders to credit."""

    def order_accepted(self, order_id: str) -> None: ...


class NoticeQueue(Protocol):
    """Mails to send: the kind, and the ids of what it is about."""

    def notice_due(self, kind: NoticeKind, **ids: str) -> None: ...


class MessageQueue(Protocol):
    """Pages of messages to hand over."""

    def pages_due(self, request_id: str, school: str, pages: Iterable[int]) -> None: ...

    def page_due_again(self, request_id: str, school: str, page: int, attempt: int, delay_seconds: int) -> None: ...


class ReceiptQueue(Protocol):
    """Receipts to record."""

    def receipt_due(self, receipt: Receipt) -> None: ...


class Deliveries(Protocol):
    """The state machine that queues a request when due and closes it at the end of its window."""

    def start(self, request: SendRequest) -> None:
        """Start it, once: a second start of the same request changes nothing."""


class SmsProvider(Protocol):
    """One SMS provider (Prestataire), see docs/providers.md for how to add one."""

    @property
    def name(self) -> str: ...

    @property
    def can_be_asked(self) -> bool:
        """Whether it answers what became of a message; otherwise only its receipts say so."""

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        """Offer `sms` to the provider, once. Never raises."""

    def find(self, provider_message_id: str) -> Receipt | None:
        """Ask the provider about a message by its own id; None if it knows none."""

    def find_by_message_id(self, message_id: str) -> Receipt | None:
        """Ask it by our id; None if it knows none. That is proof once the message's validity there has ended; before,
        the message may wait in a queue that is not shown. Raises TransientError for any other answer."""


class Providers(Protocol):
    """The providers there are, and which one takes a message."""

    def in_order(self, line: Line) -> Sequence[SmsProvider]:
        """The providers to offer the message to, in order; the next only if it was certainly not taken."""

    def named(self, name: str) -> SmsProvider | None: ...
