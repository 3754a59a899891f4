"""Lists the alterations of a form against the issued one (R5), in a few French words for the operator."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from schoolsms.adapters.order_forms.filled import links, notes, signature
from schoolsms.adapters.order_forms.filled.links import Links
from schoolsms.adapters.order_forms.pdf.acroform import (
    Rectangle,
    Widget,
    annotations,
    is_hidden,
    rectangle,
    resolve,
    text_of,
)
from schoolsms.adapters.order_forms.pdf.raster import Document
from schoolsms.domain.orders.forms.stipulations import names_terms

SPILL = 12.0
"""Points by which a signature may stand out of its frame; nothing is printed there."""

_MIN_PIXELS = 10
"""Changed pixels at 120 dpi that make a change: four square points, less than a letter of small print."""

_MAX_NODES = 30_000
_SHAPES = frozenset({"/Line", "/Polygon", "/Square", "/Circle"})
_MARKS = _SHAPES | {"/Ink", "/Stamp", "/PolyLine"}
_ACTIONS = frozenset(
    {"Launch", "SubmitForm", "ImportData", "URI", "GoToR", "GoToE", "Rendition", "Movie", "Sound", "Hide"}
)


@dataclass(frozen=True)
class Alteration:
    """One thing in French, and where it is: a rectangle of a page, as PDF counts; None when it has no place."""

    text: str
    page: int | None = None
    place: Rectangle | None = None


def of_fields(document: Sequence[Widget], issued: Sequence[Widget]) -> Iterator[Alteration]:
    """Fields added, removed, moved, overlong; the order id changed.

    A field that a program adds for a certificate's signature is none, when it shows nothing or lies in the frame.
    """
    frame = next(widget.rectangle for widget in issued if widget.name == "signature")
    expected = {widget.name: widget for widget in issued}
    seen: set[str] = set()
    for widget in document:
        known = expected.get(widget.name)
        if known is None and _only_signs(widget, frame):
            continue
        if known is None or widget.name in seen:
            yield Alteration(f"champ ajouté : {_short(widget.name)}", widget.page, widget.rectangle)
            continue
        seen.add(widget.name)
        if widget.kind != known.kind or widget.page != known.page or not _same_place(widget, known):
            yield Alteration(f"champ déplacé ou changé : {widget.name}", widget.page, widget.rectangle)
        if widget.hidden:
            yield Alteration(f"champ masqué : {widget.name}", widget.page, widget.rectangle)
        if widget.name == "order_id" and widget.value != known.value:
            yield Alteration("numéro de commande modifié", widget.page, widget.rectangle)
        if known.max_length and len(widget.value) > max(known.max_length, len(known.value)):
            yield Alteration(f"texte trop long : {widget.name}", widget.page, widget.rectangle)
    yield from (
        Alteration(f"champ retiré : {name}", gone.page, gone.rectangle)
        for name, gone in expected.items()
        if name not in seen
    )


def of_annotations(reader: PdfReader, page: int, frame: Rectangle, known: Links) -> Iterator[Alteration]:
    """Annotations beside fields and issued links that are no signature: what is drawn or stamped in `frame` is one."""
    listed = annotations(reader, page)
    keys = {key for key, _ in listed}
    for _, node in listed:
        kind = str(resolve(node.get("/Subtype")))
        if kind == "/Widget" or notes.is_idle_popup(node, keys) or links.is_kept(node, known):
            continue
        place = rectangle(node)
        if not _inside(place, frame):
            yield Alteration("annotation ajoutée hors du cadre de signature", page, place)
        elif kind not in _MARKS:
            yield Alteration("texte ou annotation ajouté dans le cadre de signature", page, place)
        elif kind in _SHAPES:
            # A box or an arrow shows where to sign: it is nobody's signature.
            yield Alteration("forme tracée dans le cadre de signature", page, place)
        elif is_hidden(node):
            yield Alteration("annotation masquée dans le cadre de signature", page, place)
        elif notes.text_of_note(node) or any(names_terms(text_of(node.get(key))) for key in ("/T", "/Subj")):
            yield Alteration("commentaire ajouté à la signature", page, place)


def of_structure(reader: PdfReader, known: Links) -> Iterator[Alteration]:
    """Scripts, attached files, layers and the like, wherever they hang; the form has `known` links itself."""
    found: set[str] = set()
    for count, node in enumerate(_dictionaries(reader.trailer["/Root"])):
        if count > _MAX_NODES:
            found.add("document trop complexe")
            break
        action = text_of(node.get("/S"))
        if "/JS" in node or action == "JavaScript":
            found.add("script ajouté")
        elif action in _ACTIONS and not links.leads_to(node, known):
            found.add("action ajoutée")
        if "/EF" in node or "/EmbeddedFiles" in node:
            found.add("fichier joint ajouté au document")
        if "/XFA" in node:
            found.add("formulaire XFA ajouté")
        if "/OCProperties" in node:
            found.add("calque ajouté")
    yield from map(Alteration, sorted(found))


def of_texts_beside(reader: PdfReader, page: int, issued: PdfReader) -> Iterator[Alteration]:
    """The things that viewers list or show beside the `page`, and that the issued form lacks."""
    if notes.bookmarks(reader) - notes.bookmarks(issued):
        yield Alteration("signet ajouté")
    if notes.hints(reader, page) - notes.hints(issued, 0):
        yield Alteration("infobulle d’un champ modifiée")


def of_notes(reader: PdfReader, pages: int, known: Links) -> Iterator[Alteration]:
    """Annotations of a form without fields that hold text, and stray fields; what is only drawn shows on the page."""
    for page in range(min(pages, len(reader.pages))):
        listed = annotations(reader, page)
        keys = {key for key, _ in listed}
        for _, node in listed:
            kind = str(resolve(node.get("/Subtype")))
            if (
                notes.is_idle_popup(node, keys)
                or (kind == "/Widget" and notes.is_idle_field(node))
                or links.is_kept(node, known)
            ):
                continue
            if kind not in _MARKS or notes.text_of_note(node):
                yield Alteration("annotation ajoutée", page, rectangle(node))


def of_page(
    document: Document, page: int, issued: Document, as_issued: int, frame: Rectangle | None
) -> Iterator[Alteration]:
    """Text or drawing of the page itself, fields and annotations left out; `frame` is the school's to write in."""
    size = issued.size(as_issued)
    if any(abs(a - b) > 1 for a, b in zip(document.size(page), size, strict=True)):
        yield Alteration(f"format modifié page {page + 1}")
        return
    if _squeezed(document.text(page)) != _squeezed(issued.text(as_issued)):
        yield Alteration("texte du formulaire modifié")
    ours = issued.picture(as_issued, signature.DPI, annotations=False)
    theirs = document.picture(page, signature.DPI, annotations=False)
    for name, changed in (
        ("ajouté", signature.darker(theirs, ours, signature.FAINT_LEVELS)),
        ("effacé", signature.darker(ours, theirs, signature.FAINT_LEVELS)),
    ):
        if frame:
            _blacken(changed, frame, size[1])
        if changed.histogram()[255] >= _MIN_PIXELS:
            yield Alteration(f"contenu {name} page {page + 1}", page, _bounds(changed, size[1]))


def _short(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:40]


def _only_signs(widget: Widget, frame: Rectangle) -> bool:
    left, bottom, right, top = widget.rectangle
    blank = widget.page is None or right - left < 1 or top - bottom < 1
    return widget.kind == "Sig" and bool(widget.value) and (blank or _inside(widget.rectangle, frame))


def _same_place(one: Widget, other: Widget) -> bool:
    return all(abs(a - b) <= 1 for a, b in zip(one.rectangle, other.rectangle, strict=True))


def _inside(inner: Rectangle, frame: Rectangle) -> bool:
    left, bottom, right, top = frame
    return (
        inner[0] >= left - SPILL
        and inner[1] >= bottom - SPILL
        and inner[2] <= right + SPILL
        and inner[3] <= top + SPILL
    )


def _blacken(image: Image.Image, frame: Rectangle, height: float) -> None:
    left, bottom, right, top = frame
    sides = (left - SPILL, height - top - SPILL, right + SPILL, height - bottom + SPILL)
    ImageDraw.Draw(image).rectangle([side * signature.DPI / 72 for side in sides], fill=0)


def _bounds(changed: Image.Image, height: float) -> Rectangle:
    left, top, right, bottom = (side * 72 / signature.DPI for side in changed.getbbox() or (0, 0, 0, 0))
    return left, height - bottom, right, height - top


def _squeezed(text: str) -> str:
    """`text` without spaces, hyphens that a reader put in at line ends, and the like."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isprintable() and sign != " ")


def _dictionaries(root: Any) -> Iterator[DictionaryObject]:
    """Every dictionary that hangs on `root`, each once."""
    stack, seen = [root], set()
    while stack:
        item = stack.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = resolve(item)
        if isinstance(item, DictionaryObject):
            yield item
            stack.extend(item.values())
        elif isinstance(item, ArrayObject):
            stack.extend(item[:_MAX_NODES])
