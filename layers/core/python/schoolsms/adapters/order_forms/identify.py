"""How a document came back, and what its QR says (runs in the sandbox; see `PdfOrderForms.identify`)."""

from collections.abc import Iterator
from typing import Any

import zxingcpp
from PIL import Image

from schoolsms.adapters.order_forms import qr, raster
from schoolsms.adapters.order_forms.acroform import reader_of
from schoolsms.domain.order_forms import Way

MAX_PAGES = 20
"""Pages that are looked at; an order form has one."""

_RESOLUTIONS = (200, 300)  # dpi
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_FIELDS_OF_OURS = frozenset({"order_id", "uai", "siret", "school_name", "accept_terms", "signature"})
_PICTURE_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*")


def identify(document: bytes) -> dict[str, Any]:
    """`{"way": …, "qr": [texts that look like ours]}`: authenticating them needs the key, which is not here."""
    if document.startswith(_PICTURE_SIGNATURES):
        return _of_picture(document)
    if b"%PDF-" not in document[:1024]:
        return _answer("unreadable")
    try:
        return _of_pdf(document)
    except raster.Locked:
        return _answer("encrypted")
    except raster.Unreadable:
        return _answer("unreadable")


def _answer(way: Way, texts: list[str] | None = None) -> dict[str, Any]:
    return {"way": way, "qr": texts or []}


def _of_picture(document: bytes) -> dict[str, Any]:
    try:
        frames = raster.pictures(document, MAX_PAGES)
    except raster.Unreadable:
        return _answer("unreadable")
    return _answer("scanned", _first_of_ours(iter(frames)))


def _of_pdf(document: bytes) -> dict[str, Any]:
    pdf = raster.Document(document)
    pages = range(min(len(pdf), MAX_PAGES))
    if not pages:
        return _answer("unreadable")
    names = frozenset(reader_of(document).get_fields() or ())
    texts = _first_of_ours(pdf.picture(page, dpi, annotations=True) for page in pages for dpi in _RESOLUTIONS)
    ours = _FIELDS_OF_OURS & names
    if names and (texts or len(ours) > len(_FIELDS_OF_OURS) // 2):
        return _answer("filled", texts)
    if all(pdf.is_picture(page) or not pdf.text(page).strip() for page in pages):
        return _answer("scanned", texts)
    return _answer("printed" if texts else "foreign", texts)


def _first_of_ours(images: Iterator[Image.Image]) -> list[str]:
    """The texts of our QRs in the first image that has any."""
    for image in images:
        found = zxingcpp.read_barcodes(image, formats=_QR)
        if texts := [code.text[:300] for code in found if code.text.startswith(qr.PREFIX)]:
            return texts
    return []
