"""What the use cases ask of the outside: one Protocol a thing, implemented in `adapters`, faked in `tests/fakes.py`."""

from datetime import datetime
from typing import Protocol

from schoolsms.domain.handoffs import HandoffAnswer, OutgoingSms, Receipt
from schoolsms.domain.mails import InboundMail, OutboundMail
from schoolsms.domain.order_forms import FormIdentity, FormReading, IssuedForm


class Clock(Protocol):
    """The time now, aware, in UTC."""

    def now(self) -> datetime: ...


class OrderForms(Protocol):
    """Order forms as PDF documents."""

    def issue(self, form: IssuedForm) -> bytes:
        """The fillable PDF of `form`, prefilled, with its QR."""

    def identify(self, document: bytes) -> FormIdentity:
        """How `document` came back and which order its authenticated QR names. Never raises on bad bytes."""

    def read(self, document: bytes, issued: bytes) -> FormReading:
        """The filled form `document` against the PDF that was issued. Only for the way "filled"."""


class MailReader(Protocol):
    """Raw mails of the inbox."""

    def read(self, raw: bytes) -> InboundMail:
        """`raw` with the headers SES put on top. Never raises on bad bytes: what is wrong is in `problems`."""


class Mailer(Protocol):
    """Mails to schools and to the operator."""

    def send(self, mail: OutboundMail) -> None:
        """Hand `mail` to SES. Raises TransientError when it may be tried again."""


class SmsProvider(Protocol):
    """One provider (Prestataire): a new one is a new file and a status table."""

    @property
    def name(self) -> str: ...

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        """Offer `sms` to the provider, once. Never raises."""

    def find(self, provider_message_id: str) -> Receipt | None:
        """Ask the provider about a message; None when it knows none of that id. Raises TransientError."""
