"""Reads a filled form, compared with the issued one (runs in the sandbox; see `PdfFormReader.read_form`)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from PIL import Image
from pypdf import PdfReader

from schoolsms.adapters.order_forms.filled import alterations, field_drawings, shown, signature
from schoolsms.adapters.order_forms.filled.alterations import Alteration
from schoolsms.adapters.order_forms.filled.links import Links, links_of
from schoolsms.adapters.order_forms.pdf import opening, pictures
from schoolsms.adapters.order_forms.pdf.acroform import (
    Rectangle,
    TooManyFields,
    Widget,
    needs_appearances,
    reader_of,
    widgets,
)
from schoolsms.adapters.order_forms.pdf.raster import MAX_PAGES, Document
from schoolsms.domain.orders.forms.order_forms import Signature

_MAX_ALTERATIONS = 20
_MAX_VALUE = 500


def read(document: bytes, issued: bytes, trusted: Sequence[bytes] = ()) -> dict[str, Any]:
    """Return the fields of a `FormReading`. `trusted`: certificates (PEM) that vouch for signers."""
    ours_seen, theirs_seen = Document(issued), Document(document)
    ours = reader_of(issued)
    expected, known = widgets(ours, 1), links_of(ours)
    with opening.defects() as defects:
        theirs, rebuilt = opening.opened(document, theirs_seen)
        try:
            found = widgets(theirs, min(len(theirs_seen), len(theirs.pages), MAX_PAGES))
        except TooManyFields:
            return _answer({}, ("absent", ""), ["champs ajoutés en nombre"], [])
        number = _form_page(found, expected)
        theirs_seen.upright(number)
        expected = [replace(widget, page=number) for widget in expected]
        seen = list(_of_file(theirs, theirs_seen, found, expected, known))
        seen += alterations.of_texts_beside(theirs, number, ours)
        seen += alterations.of_page(theirs_seen, number, ours_seen, 0, _frame(expected))
    if rebuilt or defects.any:
        seen.append(Alteration(opening.DAMAGED))
    page = shown.page_of(theirs_seen, number)
    fields, unlike = _fields(page, found, expected)
    seen += unlike
    seen += _undrawn(theirs, number, found)
    bare = ours_seen.picture(0, signature.DPI, annotations=False)
    signed = _signature(document, trusted, found, page, bare, _frame(expected))
    if signed[0] == "absent" and shown.is_covered(page, bare, _frame(expected)):
        seen.append(Alteration("image ou trait peu lisible dans le cadre de signature", number, _frame(expected)))
    texts = list(dict.fromkeys(each.text for each in seen))[:_MAX_ALTERATIONS]
    return _answer(fields, signed, texts, _pictures(document, issued, seen))


def _answer(
    fields: dict[str, str], signed: tuple[Signature, str], texts: Sequence[str], shown_there: Sequence[pictures.Shown]
) -> dict[str, Any]:
    return {
        "fields": fields,
        "signature": signed[0],
        "signer": signed[1],
        "alterations": texts,
        "pictures": shown_there,
    }


def _form_page(found: Sequence[Widget], expected: Sequence[Widget]) -> int:
    """The page, from 0, that has most of the fields: a covering letter may lie before it."""
    names = {widget.name for widget in expected}
    places = [widget.page for widget in found if widget.name in names and widget.page is not None]
    return max(sorted(set(places)), key=places.count, default=0)


def _frame(expected: Sequence[Widget]) -> Rectangle:
    return next(widget.rectangle for widget in expected if widget.name == "signature")


def _of_file(
    reader: PdfReader,
    theirs: Document,
    found: Sequence[Widget],
    expected: Sequence[Widget],
    known: Links,
) -> Iterator[Alteration]:
    """Read the data of the file; an issued form has one page."""
    pages = max(len(theirs), len(reader.pages))  # two readers may disagree on a page tree made for that
    if pages != 1:
        yield Alteration("page ajoutée" if pages > 1 else "page retirée")
    yield from alterations.of_fields(found, expected)
    yield from alterations.of_structure(reader, known)
    page = expected[0].page or 0
    yield from alterations.of_annotations(reader, page, _frame(expected), known)
    yield from field_drawings.of_drawn_fields(reader, page)


def _fields(
    page: shown.Page, found: Sequence[Widget], expected: Sequence[Widget]
) -> tuple[dict[str, str], list[Alteration]]:
    """The values by field name, as shown; and where what is shown is not what the file holds."""
    names = {widget.name for widget in expected}
    ours = [widget for widget in found if widget.name in names and widget.kind != "Sig"]
    on_the_page_last = sorted(reversed(ours), key=lambda widget: widget.page == page.number)
    fields = {widget.name: widget.value[:_MAX_VALUE] for widget in on_the_page_last}
    unlike = list(shown.of_frame(page, _frame(expected), found))
    for each in shown.of_fields(page, ours):
        fields[each.name] = each.text[:_MAX_VALUE]
        unlike.append(each.alteration)
    return fields, unlike


def _undrawn(reader: PdfReader, number: int, found: Sequence[Widget]) -> Iterator[Alteration]:
    """Report that the file leaves its fields to the viewer to draw: some do, others show its drawings, or nothing."""
    if not needs_appearances(reader):
        yield from shown.of_undrawn(found)
    elif any(widget.drawn and widget.value for widget in found):
        kept = shown.page_of(Document(opening.as_kept(reader)), number)
        yield from (each.alteration for each in shown.of_fields(kept, [one for one in found if one.drawn]))


def _pictures(document: bytes, issued: bytes, seen: Sequence[Alteration]) -> list[pictures.Shown]:
    """Return the place of each alteration, each place once."""
    placed = {(each.page, each.place): each for each in seen if each.page is not None and each.place is not None}
    if not placed:
        return []
    opened, ours = Document(document), Document(issued)  # anew: looking for alterations changed what the others show
    shown = []
    for (page, place), altered in list(placed.items())[: pictures.MAX_PICTURES]:
        if page is None or place is None or page >= len(opened):
            continue
        opened.upright(page)
        height = opened.size(page)[1]
        picture = opened.picture(page, signature.DPI, annotations=True)
        dpi = signature.DPI * picture.height / max(1.0, height * signature.DPI / 72)
        left, bottom, right, top = place
        as_issued = ours.picture(0, signature.DPI, annotations=True)
        png = pictures.framed(picture, as_issued, round(dpi), (left, height - top, right, height - bottom))
        shown.append((altered.text, page + 1, png))
    return shown


def _signature(
    document: bytes,
    trusted: Sequence[bytes],
    found: Sequence[Widget],
    page: shown.Page,
    issued: Image.Image,
    frame: Rectangle,
) -> tuple[Signature, str]:
    """Return the kind of signature, and the signer's name if a certificate has it."""
    if any(widget.kind == "Sig" and widget.value for widget in found):
        return signature.by_certificate(document, trusted)
    return ("ink" if shown.is_inked(page, issued, frame) else "absent"), ""
