"""What a filled form holds, against the form that was issued (runs in the sandbox; see `PdfOrderForms.read`)."""

from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PdfReader

from schoolsms.adapters.order_forms import alterations, field_drawings, pictures, signature
from schoolsms.adapters.order_forms.acroform import Rectangle, TooManyFields, Widget, reader_of, widgets
from schoolsms.adapters.order_forms.alterations import Alteration
from schoolsms.adapters.order_forms.raster import Document
from schoolsms.domain.order_forms import Signature

_MAX_ALTERATIONS = 20
_MAX_VALUE = 500


def read(document: bytes, issued: bytes, trusted: Sequence[bytes] = ()) -> dict[str, Any]:
    """What `FormReading` holds. `trusted`: certificates (PEM) that vouch for signers."""
    ours = reader_of(issued)
    theirs = reader_of(document)
    ours_seen, theirs_seen = Document(issued), Document(document)
    pages = min(len(theirs_seen), len(ours_seen))
    expected = widgets(ours, len(ours_seen))
    frame = next(widget.rectangle for widget in expected if widget.name == "signature")
    try:
        found = widgets(theirs, pages)
    except TooManyFields:
        return _answer({}, ("absent", ""), ["champs ajoutés en nombre"], [])
    # Before the alterations: looking for those changes what `theirs_seen` shows.
    signed = _signature(document, trusted, found, theirs_seen, ours_seen, frame)
    seen = list(_alterations(theirs, theirs_seen, ours_seen, found, expected))
    names = {widget.name for widget in expected}
    fields = {
        widget.name: widget.value[:_MAX_VALUE]
        for widget in reversed(found)
        if widget.name in names and widget.kind != "Sig"
    }
    texts = list(dict.fromkeys(each.text for each in seen))[:_MAX_ALTERATIONS]
    return _answer(fields, signed, texts, _pictures(document, issued, seen))


def _answer(
    fields: dict[str, str], signed: tuple[Signature, str], texts: Sequence[str], shown: Sequence[pictures.Shown]
) -> dict[str, Any]:
    return {
        "fields": fields,
        "signature": signed[0],
        "signer": signed[1],
        "alterations": texts,
        "pictures": shown,
    }


def _pictures(document: bytes, issued: bytes, seen: Sequence[Alteration]) -> list[pictures.Shown]:
    """Where the alterations are, each place once."""
    placed = {(each.page, each.place): each for each in seen if each.page is not None and each.place is not None}
    if not placed:
        return []
    opened, ours = Document(document), Document(issued)  # anew: looking for alterations changed what the others show
    shown = []
    for (page, place), altered in list(placed.items())[: pictures.MAX_PICTURES]:
        if page is None or place is None or page >= min(len(opened), len(ours)):
            continue
        height = opened.size(page)[1]
        picture = opened.picture(page, signature.DPI, annotations=True)
        dpi = signature.DPI * picture.height / max(1.0, height * signature.DPI / 72)
        left, bottom, right, top = place
        as_issued = ours.picture(page, signature.DPI, annotations=True)
        png = pictures.framed(picture, as_issued, round(dpi), (left, height - top, right, height - bottom))
        shown.append((altered.text, page + 1, png))
    return shown


def _signature(
    document: bytes,
    trusted: Sequence[bytes],
    found: Sequence[Widget],
    theirs: Document,
    ours: Document,
    frame: Rectangle,
) -> tuple[Signature, str]:
    """How it is signed, and by whom if a certificate tells."""
    if any(widget.name == "signature" and widget.value for widget in found):
        return signature.by_certificate(document, trusted)
    page, issued = (one.picture(0, signature.DPI, annotations=True) for one in (theirs, ours))
    if page.size == issued.size and signature.by_ink(page, issued, frame, ours.size(0)[1]):
        return "ink", ""
    return "absent", ""


def _alterations(
    reader: PdfReader, theirs: Document, ours: Document, found: Sequence[Widget], expected: Sequence[Widget]
) -> Iterator[Alteration]:
    pages = max(len(theirs), len(reader.pages))  # two readers may disagree on a page tree made for that
    if pages != len(ours):
        yield Alteration("page ajoutée" if pages > len(ours) else "page retirée")
    yield from alterations.of_fields(found, expected)
    yield from alterations.of_structure(reader)
    frame = next(widget.rectangle for widget in expected if widget.name == "signature")
    for page in range(min(len(theirs), len(ours))):
        yield from alterations.of_annotations(reader, page, frame)
        yield from field_drawings.of_drawn_fields(reader, page)
        yield from alterations.of_page(theirs, ours, page, frame)
        yield from alterations.of_appearances(theirs, page, found)
