"""What a filled form holds, against the form that was issued (runs in the sandbox; see `PdfOrderForms.read`)."""

from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PdfReader

from schoolsms.adapters.order_forms import alterations, signature
from schoolsms.adapters.order_forms.acroform import Rectangle, TooManyFields, Widget, reader_of, widgets
from schoolsms.adapters.order_forms.raster import Document
from schoolsms.domain.order_forms import Signature

_MAX_ALTERATIONS = 20
_MAX_VALUE = 500


def read(document: bytes, issued: bytes) -> dict[str, Any]:
    """`{"fields": …, "signature": …, "alterations": […]}` as `FormReading` has them."""
    ours = reader_of(issued)
    theirs = reader_of(document)
    ours_seen, theirs_seen = Document(issued), Document(document)
    pages = min(len(theirs_seen), len(ours_seen))
    expected = widgets(ours, len(ours_seen))
    frame = next(widget.rectangle for widget in expected if widget.name == "signature")
    try:
        found = widgets(theirs, pages)
    except TooManyFields:
        return {"fields": {}, "signature": "absent", "alterations": ["champs ajoutés en nombre"]}
    # Before the alterations: looking for those changes what `theirs_seen` shows.
    signed = _signature(document, found, theirs_seen, ours_seen, frame)
    seen = dict.fromkeys(_alterations(theirs, theirs_seen, ours_seen, found, expected))
    names = {widget.name for widget in expected}
    return {
        "fields": {
            widget.name: widget.value[:_MAX_VALUE]
            for widget in reversed(found)
            if widget.name in names and widget.kind != "Sig"
        },
        "signature": signed,
        "alterations": list(seen)[:_MAX_ALTERATIONS],
    }


def _signature(
    document: bytes, found: Sequence[Widget], theirs: Document, ours: Document, frame: Rectangle
) -> Signature:
    if any(widget.name == "signature" and widget.value for widget in found):
        return signature.by_certificate(document)
    page, issued = (one.picture(0, signature.DPI, annotations=True) for one in (theirs, ours))
    if page.size == issued.size and signature.by_ink(page, issued, frame, ours.size(0)[1]):
        return "ink"
    return "absent"


def _alterations(
    reader: PdfReader, theirs: Document, ours: Document, found: Sequence[Widget], expected: Sequence[Widget]
) -> Iterator[str]:
    pages = max(len(theirs), len(reader.pages))  # two readers may disagree on a page tree made for that
    if pages != len(ours):
        yield "page ajoutée" if pages > len(ours) else "page retirée"
    yield from alterations.of_fields(found, expected)
    yield from alterations.of_structure(reader)
    frame = next(widget.rectangle for widget in expected if widget.name == "signature")
    for page in range(min(len(theirs), len(ours))):
        yield from alterations.of_annotations(reader, page, frame)
        yield from alterations.of_page(theirs, ours, page, frame)
        yield from alterations.of_appearances(theirs, page, found)
