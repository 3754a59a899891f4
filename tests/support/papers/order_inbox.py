"""The order inbox over fakes: mails are put down, judged, and what became of them is looked at."""

from collections.abc import Mapping
from datetime import datetime

from schoolsms.application.orders.credit_order import CreditOrder
from schoolsms.application.orders.ingest_order_email import IngestOrderEmail
from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, IssuedForm
from schoolsms.domain.orders.mails import Attachment, InboundMail
from schoolsms.domain.orders.orders import MailRecord
from schoolsms.domain.schools.schools import School
from tests.fakes.core import (
    FakeInboxFiles,
    FakeIssuedForms,
    FakeLedger,
    FakeMailReader,
    FakeQueues,
    FakeSchools,
    FakeWorkingDays,
    ManualClock,
)
from tests.fakes.orders.order_forms import FakeOrderForms
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import FILLED, FORM, IDENTITY, NOW, PDF, SCHOOL, mail, reading


class OrderInbox:
    """`FILLED` is a complete form of `FORM` unless `documents` says otherwise (identity and reading by content)."""

    def __init__(self, *schools: School, form: IssuedForm = FORM) -> None:
        self.files = FakeInboxFiles()
        self.reader = FakeMailReader()
        self.documents = FakeOrderForms({FILLED: IDENTITY}, {FILLED: reading()})
        self.forms = FakeIssuedForms(form)
        self.orders = FakeOrders()
        self.ledger = FakeLedger(self.orders)
        self.queues = FakeQueues()
        self.clock = ManualClock(NOW)
        self.ingest = IngestOrderEmail(
            inbox=self.files,
            reader=self.reader,
            order_forms=self.documents,
            forms=self.forms,
            schools=FakeSchools(*(schools or (SCHOOL,))),
            orders=self.orders,
            order_queue=self.queues,
            notices=self.queues,
            working_days=FakeWorkingDays(),
            clock=self.clock,
        )

    def put(self, key: str, message: InboundMail) -> str:
        raw = key.encode()
        self.files.mails[key] = raw
        self.reader.mails[raw] = message
        return key

    def receive(self, message: InboundMail | None = None, key: str = "mail-1", at: datetime = NOW) -> MailRecord:
        """A manager's mail with the complete form, unless another is given; it makes one order."""
        (record,) = self.receive_all(message or mail(PDF), key, at)
        return record

    def receive_all(self, message: InboundMail, key: str = "mail-1", at: datetime = NOW) -> tuple[MailRecord, ...]:
        """A mail that may make several orders."""
        return self.ingest.ingest(self.put(key, message), at)

    def receive_form(self, form: FormReading, message: InboundMail | None = None, key: str = "mail-1") -> MailRecord:
        """A mail whose form reads as `form`."""
        self.documents.readings[FILLED] = form
        return self.receive(message, key)

    def document(self, content: bytes, identity: FormIdentity, form: FormReading | None = None) -> Attachment:
        """A file that is identified as `identity` and read as `form`."""
        self.documents.identities[content] = identity
        if form:
            self.documents.readings[content] = form
        if content.startswith(b"\x89PNG"):
            return Attachment("document.png", "image/png", content)
        return Attachment("document.pdf", "application/pdf", content)

    def credit_all(self) -> None:
        """Credit every queued order, once for each time it was queued."""
        credit = CreditOrder(self.orders, self.ledger, self.queues, self.queues, ManualClock(NOW))
        while self.queues.orders:
            credit.credit(self.queues.orders.pop(0))

    def notice_kinds(self) -> list[str]:
        """The kinds of notices that are due."""
        return [kind for kind, _ in self.queues.notices]

    def codes(self, record: MailRecord) -> Mapping[str, str | None]:
        """The reasons of a mail, code to field."""
        return {reason.code: reason.field for reason in record.reasons}
