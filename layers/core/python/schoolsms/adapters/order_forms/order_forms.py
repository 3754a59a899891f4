"""Order forms as PDF documents: the port `OrderForms`."""

import base64
from collections.abc import Callable, Sequence

from schoolsms.adapters.order_forms import qr
from schoolsms.adapters.order_forms.sandbox.parent import ask
from schoolsms.domain.orders.order_forms import FormIdentity, FormReading, IssuedForm, Picture, Way


class PdfOrderForms:
    """Issues order forms and reads them when they come back."""

    def __init__(self, hmac_key: bytes, order_inbox: str, trusted_signers: Callable[[], Sequence[str]] = tuple) -> None:
        """`hmac_key` authenticates the QR, `order_inbox` is the address printed on the form.

        `trusted_signers`: the certificates (PEM) that vouch for who signs digitally, their own or their issuers';
        asked for at each form that is read, so that a change works at once.
        """
        self._hmac_key = hmac_key
        self._order_inbox = order_inbox
        self._trusted_signers = trusted_signers

    def issue(self, form: IssuedForm) -> bytes:
        """The fillable PDF of `form`, prefilled, with its QR: the same bytes for the same form."""
        from schoolsms.adapters.order_forms.issuing.issue import issue  # a third of a second, for who issues only

        return issue(form, self._hmac_key, self._order_inbox)

    def identify(self, document: bytes) -> FormIdentity:
        """Find how `document` (PDF, JPEG, PNG or TIFF) came back and which orders its authentic QRs name.

        Whatever the bytes, this answers; TransientError only when this machine has no process left.
        """
        answer = ask("identify", [document])
        if answer is None:
            return FormIdentity("unreadable")
        authentic = [identity for text in answer["qr"] if (identity := qr.authenticate(text, self._hmac_key))]
        if not authentic:
            return FormIdentity(answer["way"])
        first, *others = {each.order_id: each for each in authentic}.values()
        return FormIdentity(answer["way"], first.order_id, first.uai, tuple(each.order_id for each in others))

    def read_form(self, document: bytes, issued: bytes, way: Way = "filled") -> FormReading:
        """The form `document` against the PDF that was issued; `way` is "filled", "printed" or "scanned".

        A document that cannot be read is an alteration, like anything else a person has to look at.
        """
        if way == "filled":
            answer = ask("read", [document, issued, *(each.encode() for each in self._trusted_signers())])
        else:
            answer = ask("read_page", [document, issued])
        if answer is None:
            return FormReading({}, "absent", ("document illisible",))
        return FormReading(
            fields=answer.get("fields", {}),
            signature=answer["signature"],
            alterations=tuple(answer["alterations"]),
            pictures=tuple(Picture(text, page, base64.b64decode(png)) for text, page, png in answer["pictures"]),
            ticked=answer.get("ticked", False),
            dated=answer.get("dated", False),
            written=tuple(answer.get("written", ())),
            signer=answer.get("signer", ""),
        )
