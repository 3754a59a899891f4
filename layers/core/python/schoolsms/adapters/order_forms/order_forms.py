"""Order forms as PDF documents: the ports `OrderForms` and `FormReader`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from schoolsms.adapters.order_forms import qr
from schoolsms.adapters.order_forms.issuing.imprint import Imprint
from schoolsms.adapters.order_forms.sandbox.parent import Child
from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, IssuedForm, Picture, Way
from schoolsms.domain.schools.support_contact import SupportContact

_NOBODY = SupportContact()


class PdfOrderForms:
    """Issues order forms, and makes readers for when they come back."""

    def __init__(
        self,
        hmac_key: bytes,
        order_inbox: str,
        trusted_signers: Callable[[], Sequence[str]] = tuple,
        *,
        contact: SupportContact = _NOBODY,
        public_url: str = "",
    ) -> None:
        """`hmac_key` authenticates the QR; `order_inbox`, `contact` and `public_url` are printed on the form.

        `trusted_signers`: the certificates (PEM) that vouch for who signs digitally, their own or their issuers';
        asked for at each form that is read, so that a change works at once.
        """
        self._hmac_key = hmac_key
        self._imprint = Imprint(order_inbox, contact, public_url)
        self._trusted_signers = trusted_signers

    def issue(self, form: IssuedForm) -> bytes:
        """The fillable PDF of `form`, prefilled, with its QR: the same bytes for the same form."""
        from schoolsms.adapters.order_forms.issuing.issue import issue  # a third of a second, for who issues only

        return issue(form, self._hmac_key, self._imprint)

    @contextmanager
    def reader(self) -> Iterator[PdfFormReader]:
        """A reader for the documents of one mail."""
        reader = PdfFormReader(self._hmac_key, self._trusted_signers)
        try:
            yield reader
        finally:
            reader.close()


class PdfFormReader:
    """Reads documents in child processes.

    The process that identified a document stays for reading it, because starting one and rendering the pages takes as
    long as reading some forms. It stays for the first form alone, because each process has memory of its own and a mail
    rarely has two forms.
    """

    def __init__(self, hmac_key: bytes, trusted_signers: Callable[[], Sequence[str]]) -> None:
        self._hmac_key = hmac_key
        self._trusted_signers = trusted_signers
        self._kept: Child | None = None

    def identify(self, document: bytes) -> FormIdentity:
        """Find how `document` (PDF, JPEG, PNG or TIFF) came back and which orders its authentic QRs name.

        Whatever the bytes, this answers; TransientError only when this machine has no process left.
        """
        child = Child(document)
        try:
            identity = self._identified(child.ask("identify"))
            if identity.order_id and self._kept is None:
                self._kept = child
        finally:
            if child is not self._kept:
                child.close()
        return identity

    def _identified(self, answer: dict[str, Any] | None) -> FormIdentity:
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
        child = self._taken(document) or Child(document)
        try:
            if way == "filled":
                answer = child.ask("read", issued, *(each.encode() for each in self._trusted_signers()))
            else:
                answer = child.ask("read_page", issued)
        finally:
            child.close()
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

    def close(self) -> None:
        """End the process that stayed."""
        if self._kept:
            self._kept.close()
            self._kept = None

    def _taken(self, document: bytes) -> Child | None:
        """The process that identified `document`, if it stayed: for one reading."""
        kept = self._kept
        if kept is None or kept.document != document:
            return None
        self._kept = None
        return kept
