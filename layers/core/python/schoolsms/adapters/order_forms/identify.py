"""Finds in which way a document came back, and reads its QR (runs in the sandbox; see `PdfFormReader.identify`)."""

from typing import Any

from schoolsms.adapters.order_forms.pdf import opening, raster
from schoolsms.adapters.order_forms.scanned import pages
from schoolsms.domain.orders.forms.order_forms import Way

_FIELDS_OF_OURS = frozenset({"order_id", "uai", "siret", "school_name", "accept_terms", "signature"})


def identify(returned: pages.Returned) -> dict[str, Any]:
    """`{"way": …, "qr": [texts that look like ours]}`: authenticating them needs the key, which is not here."""
    if not pages.is_picture(returned.content) and b"%PDF-" not in returned.content[:1024]:
        return _answer("unreadable")
    try:
        source = returned.source
        return _of_pdf(returned, source) if isinstance(source, raster.Document) else _of_picture(returned)
    except raster.Locked:
        return _answer("encrypted")
    except raster.Unreadable:
        return _answer("unreadable")


def _answer(way: Way, texts: list[str] | None = None) -> dict[str, Any]:
    return {"way": way, "qr": texts or []}


def _of_picture(returned: pages.Returned) -> dict[str, Any]:
    return _answer("scanned", pages.texts(returned))


def _of_pdf(returned: pages.Returned, pdf: raster.Document) -> dict[str, Any]:
    looked_at = [page for page in range(min(len(pdf), raster.MAX_PAGES)) if pdf.has(page)]
    if not looked_at:
        return _answer("unreadable")
    names = _names(returned.content, pdf)
    texts = pages.texts(returned)
    is_form = bool(names) if names is not None else pdf.has_fields()
    if is_form and (texts or len(_FIELDS_OF_OURS & (names or set())) > len(_FIELDS_OF_OURS) // 2):
        return _answer("filled", texts)
    if all(pdf.is_picture(page) or not pdf.text(page).strip() for page in looked_at):
        return _answer("scanned", texts)
    return _answer("printed" if texts else "foreign", texts)


def _names(document: bytes, pdf: raster.Document) -> frozenset[str] | None:
    """The names of its fields; None when only the other reader understands the file, which a person is to look at.

    A program that draws the values on the page and takes their fields away leaves the blank one of the signature: it
    makes no form.
    """
    try:
        with opening.defects():
            reader, _ = opening.opened(document, pdf)
            fields = reader.get_fields() or {}
            return frozenset(name for name, field in fields.items() if field.get("/FT") != "/Sig" or "/V" in field)
    except Exception:  # noqa: BLE001  pypdf raises what it likes on a damaged file
        return None
