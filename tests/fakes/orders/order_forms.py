"""Order forms, and what they say when they come back, as a test puts it down."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from schoolsms.application.ports.core import FormReader
from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, IssuedForm, Way


@dataclass
class FakeOrderForms:
    """Identifies and reads a document as what was put down for it; others are foreign."""

    identities: dict[bytes, FormIdentity] = field(default_factory=dict)
    readings: dict[bytes, FormReading] = field(default_factory=dict)

    def issue(self, form: IssuedForm) -> bytes:
        return f"%PDF issued {form.order_id}".encode()

    def reader(self) -> AbstractContextManager[FormReader]:
        return nullcontext(self)

    def identify(self, document: bytes) -> FormIdentity:
        return self.identities.get(document, FormIdentity("foreign"))

    def read_form(self, document: bytes, issued: bytes, way: Way = "filled") -> FormReading:
        assert issued.startswith(b"%PDF issued")
        return self.readings[document]
