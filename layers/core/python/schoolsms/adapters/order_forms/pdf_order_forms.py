"""Order forms as PDF documents: the port `OrderForms`."""

from schoolsms.adapters.order_forms.issue import issue
from schoolsms.domain.order_forms import IssuedForm


class PdfOrderForms:
    """Issues order forms and reads them when they come back."""

    def __init__(self, hmac_key: bytes, order_inbox: str) -> None:
        """`hmac_key` authenticates the QR, `order_inbox` is the address printed on the form."""
        self._hmac_key = hmac_key
        self._order_inbox = order_inbox

    def issue(self, form: IssuedForm) -> bytes:
        """The fillable PDF of `form`, prefilled, with its QR: the same bytes for the same form."""
        return issue(form, self._hmac_key, self._order_inbox)
