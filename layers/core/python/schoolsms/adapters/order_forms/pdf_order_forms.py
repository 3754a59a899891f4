"""Order forms as PDF documents: the port `OrderForms`."""

from schoolsms.adapters.order_forms import qr
from schoolsms.adapters.order_forms.sandbox import ask
from schoolsms.domain.order_forms import FormIdentity, FormReading, IssuedForm


class PdfOrderForms:
    """Issues order forms and reads them when they come back."""

    def __init__(self, hmac_key: bytes, order_inbox: str) -> None:
        """`hmac_key` authenticates the QR, `order_inbox` is the address printed on the form."""
        self._hmac_key = hmac_key
        self._order_inbox = order_inbox

    def issue(self, form: IssuedForm) -> bytes:
        """The fillable PDF of `form`, prefilled, with its QR: the same bytes for the same form."""
        from schoolsms.adapters.order_forms.issue import issue  # a third of a second, for who issues only

        return issue(form, self._hmac_key, self._order_inbox)

    def identify(self, document: bytes) -> FormIdentity:
        """How `document` (PDF, JPEG, PNG or TIFF) came back and which order its authentic QR names.

        Whatever the bytes, this answers; TransientError only when this machine has no process left.
        """
        answer = ask("identify", [document])
        if answer is None:
            return FormIdentity("unreadable")
        for text in answer["qr"]:
            if identity := qr.authenticate(text, self._hmac_key):
                return FormIdentity(answer["way"], identity.order_id, identity.uai)
        return FormIdentity(answer["way"])

    def read(self, document: bytes, issued: bytes) -> FormReading:
        """The filled form `document` against the PDF that was issued. Only for the way "filled".

        A document that cannot be read is an alteration, like anything else a person has to look at.
        """
        answer = ask("read", [document, issued])
        if answer is None:
            return FormReading({}, "absent", ("document illisible",))
        return FormReading(answer["fields"], answer["signature"], tuple(answer["alterations"]))
