"""Reads a scanned or printed form, compared with the issued one (runs in the sandbox).

The page is laid over the issued one. Ink is looked for where the school may write; anywhere else it is an addition
(R5). What is unsure is named too: it is for a person, never for a credit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from PIL import Image

from schoolsms.adapters.order_forms.filled import alterations
from schoolsms.adapters.order_forms.filled.links import Links
from schoolsms.adapters.order_forms.issuing import layout
from schoolsms.adapters.order_forms.pdf import ink, pictures, raster
from schoolsms.adapters.order_forms.pdf.acroform import Rectangle, Widget, reader_of
from schoolsms.adapters.order_forms.pdf.pictures import Shown
from schoolsms.adapters.order_forms.scanned import (
    binder_marks,
    compare_digits,
    compare_letters,
    compare_words,
    marks,
    normalise,
    pages,
    printed_text,
    registration,
)
from schoolsms.adapters.order_forms.scanned.issued_page import BY_HAND, IssuedPage
from schoolsms.domain.orders.forms.order_forms import BILLING_REFERENCES, QUANTITY_PREFIX, Signature
from schoolsms.domain.orders.review.order_reasons import Reason


@dataclass(frozen=True)
class _Least:
    """Correlations with what was issued: of figures, of prices and totals, of words."""

    quantity: float
    price: float
    words: float


@dataclass(frozen=True)
class _Large:
    """The letters of the issued page, and the page that came back laid over it, grey at `compare_letters.DPI`."""

    letters: Sequence[compare_letters.Letter]
    seen: Image.Image


_Place = tuple[str, Rectangle]
"""A strange thing and its place: left, top, right, bottom, in points."""

_INVERTED = range(255, -1, -1)
UNREADABLE = "page illisible ou coupée"
_TOTALS = {box.name: box.label for box in layout.TOTALS}
_QR = (layout.QR_LEFT, layout.QR_TOP, layout.QR_LEFT + layout.QR_SIDE, layout.QR_TOP + layout.QR_SIDE)

_EDGE = 12.0  # points along the edges of the page that printers do not reach and scanners darken
_BLEED = 30.0  # points along the edges where a bar may be printed or not
_QR_SPILL = 9.0  # a stamp across the QR; nobody reads a clause there
_SIGNATURE_SPILL = (18.0, 12.0, 18.0, 17.0)  # stamps are larger than the frame
_TICK_SPILL = 8.0
_HAND_SPILL = 6.0
_LEAST_ADDED = 4.5  # square points of ink together: a short word by a fine pen is 15, a speck 2
_LEAST_IN_FIGURES = 2.0  # in a box whose figures count: a stroke by a fine pen is 8
_TICK = (2.5, 6.0)  # square points: up to the first nothing, from the second on a tick; between them unsure
_DATE = (4.0, 12.0)
_DARK_PAPER, _MOST_DARK = 110, 0.08  # grey level, share of a page that should be blank: an edge of 12 points is 0.07
_LETTERED = _Least(quantity=0.85, price=0.8, words=0.76)
_ALONE = _Least(compare_digits.QUANTITY, compare_digits.PRICE, compare_words.WORDS)
_NEEDED = (36.0, 34.0, 559.0, 801.0)  # the part of the page that must be in the picture: from the QR to the signature


@dataclass(frozen=True)
class _Answer:
    signature: Signature = "absent"
    ticked: bool = False
    dated: bool = False
    written: tuple[str, ...] = ()
    alterations: tuple[str, ...] = ()
    pictures: tuple[Shown, ...] = ()


def read_page(returned: pages.Returned, issued: bytes) -> dict[str, Any]:
    """`FormReading` without its fields."""
    ours = IssuedPage(issued)
    source = returned.source
    extra = tuple(each.text for each in _of_file(returned.content, source, ours.links))
    found = [code for code in returned.codes if code.text in ours.codes]
    if len(found) != 1:
        shown = pictures.whole(source.picture(0, 72, annotations=True))
        answer = _Answer(alterations=(UNREADABLE,), pictures=((UNREADABLE, 1, shown),))
    else:
        answer = _of_page(found[0], ours)
        if isinstance(source, raster.Document) and printed_text.holds_a_clause(ours.document, source, found[0].page):
            extra = (*extra, printed_text.CLAUSE)
        answer = _with_others(answer, source, found[0].page)
    return vars(replace(answer, alterations=tuple(dict.fromkeys((*extra, *answer.alterations)))))


def _of_file(document: bytes, source: pages.Source, known: Links) -> Iterator[alterations.Alteration]:
    """Return what the file contains beside its pages."""
    if isinstance(source, raster.Document):
        reader = reader_of(document)
        yield from alterations.of_structure(reader, known)
        yield from alterations.of_notes(reader, min(len(source), raster.MAX_PAGES), known)


def _of_page(found: pages.Found, ours: IssuedPage) -> _Answer:
    start = registration.by_corners(found.corners, _QR, ours.size)
    seen = normalise.even(found.picture, start.scale())
    try:
        placement = registration.refined(seen, start, ours.landmarks)
    except registration.Misplaced:
        return _unreadable(found)
    if not _within(placement, seen.size):
        return _unreadable(found)
    laid = ink.Pages(ours.dark, ink.darkness(registration.warped(seen, placement, ink.DPI)))
    letters = [each for each in ours.letters if _is_needed(each.sign.box)]
    large = _Large(letters, registration.warped(seen, placement, compare_letters.DPI))
    grey = any(found.picture.convert("L").histogram()[1:255])
    places, answer = _judged(laid, large, ours, grey=grey)
    if places:
        as_seen, as_issued = registration.warped(found.picture, placement, ink.DPI), laid.issued.point(_INVERTED)
        framed = pictures.all_framed(as_seen, as_issued, ink.DPI, places, found.page + 1)
        answer = replace(answer, pictures=tuple(framed))
    if binder_marks.written_beside(found.picture, seen, placement):
        beside = "écriture ou image ajoutée à côté de la page"
        shown = (*answer.pictures, (beside, found.page + 1, pictures.whole(found.picture.copy())))
        answer = replace(answer, alterations=(*answer.alterations, beside), pictures=shown)
    return answer


def _unreadable(found: pages.Found) -> _Answer:
    shown = pictures.whole(found.picture.copy())
    return _Answer(alterations=(UNREADABLE,), pictures=((UNREADABLE, found.page + 1, shown),))


def _judged(
    laid: ink.Pages,
    large: _Large,
    ours: IssuedPage,
    *,
    grey: bool,
) -> tuple[Sequence[_Place], _Answer]:
    """Read the laid-over page, and name the places that the operator is to see; `grey`: whether it has greys."""
    boxes = {field.name: ours.box(field, 0) for field in ours.fields}
    blank = [name for name in BY_HAND if name in boxes and not _value(ours.fields, name)]
    added = laid.added
    written_on = marks.Ink(added, laid.pale if grey else added)
    signature, unsure_signature = marks.signed(written_on, boxes["signature"])
    ticked, unsure_tick = marks.three_ways(written_on, _grown(boxes["accept_terms"], 2), _TICK, 3)
    dated, unsure_date = marks.three_ways(written_on, _grown(boxes["place_and_date"], 2), _DATE, 12)
    doubts = [
        (text, boxes[name])
        for text, name, unsure in (
            ("signature peu visible", "signature", unsure_signature),
            ("case à cocher incertaine", "accept_terms", unsure_tick),
            ("lieu et date peu visibles", "place_and_date", unsure_date),
        )
        if unsure
    ]
    places = [*doubts, *_additions(laid, large, added, boxes, blank, ours)]
    written = tuple(name for name in blank if ink.area(added, _grown(boxes[name], 2))[0] >= _DATE[0])
    to_read = [(Reason("handwritten", name).label, boxes[name]) for name in BILLING_REFERENCES if name in written]
    answer = _Answer(
        signature="ink" if signature or unsure_signature else "absent",
        ticked=ticked,
        dated=dated,
        written=written,
        alterations=tuple(dict.fromkeys(text for text, _ in places)),
    )
    return [*to_read, *places], answer


def _additions(
    laid: ink.Pages,
    large: _Large,
    added: Image.Image,
    boxes: dict[str, Rectangle],
    blank: Sequence[str],
    ours: IssuedPage,
) -> Iterator[_Place]:
    """Return the ink on the page beside what was issued and what the school may write."""
    size = ours.size
    left, top, right, bottom = boxes["signature"]
    spill = _SIGNATURE_SPILL
    allowed = [
        (left - spill[0], top - spill[1], right + spill[2], bottom + spill[3]),
        _grown(boxes["accept_terms"], _TICK_SPILL),
        _grown(_QR, _QR_SPILL),
        *(_grown(boxes[name], _HAND_SPILL) for name in blank),
    ]
    elsewhere = ink.blacken(binder_marks.without_traces(added, size), [*allowed, *_edges(size)])
    least = _LETTERED if large.letters else _ALONE
    figures = [(name, box) for name, box in boxes.items() if name in _TOTALS or name.startswith(QUANTITY_PREFIX)]
    for name, box in figures:
        pack = name.removeprefix(QUANTITY_PREFIX)
        label = _TOTALS.get(name, f"quantité du pack {pack}")
        if ink.area(elsewhere, _grown(box, 1))[0] >= _LEAST_IN_FIGURES:
            yield f"écriture ajoutée ou chiffre modifié : {label}", box
        elif place := compare_digits.strange(laid, box, least.price if name in _TOTALS else least.quantity):
            yield f"chiffre modifié : {label}", place
    elsewhere = ink.blacken(elsewhere, [_grown(box, 1) for _, box in figures])
    for place in ink.joined(ink.clusters(elsewhere, _LEAST_ADDED)):
        yield "écriture ajoutée hors des cadres, page 1", place
    for place in ink.joined(_lost(laid, allowed, size)):
        yield "texte effacé ou masqué, page 1", place
    for line in _price_lines(ours.fields, boxes):
        if place := compare_digits.strange(laid, line, least.price):
            yield "prix ou pack modifié", place
    free = [*allowed, *(_grown(box, 1) for _, box in figures)]
    for place in ink.joined(
        chain(
            compare_words.changed(laid, free, least.words), compare_letters.changed(large.letters, large.seen, allowed)
        )
    ):
        yield "texte modifié, page 1", place


def _lost(laid: ink.Pages, allowed: Sequence[Rectangle], size: tuple[float, float]) -> Iterator[Rectangle]:
    for cell in laid.erased():
        x, y = (cell[0] + cell[2]) / 2, (cell[1] + cell[3]) / 2
        if not (_BLEED < x < size[0] - _BLEED and _BLEED < y < size[1]):
            continue
        if not any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in allowed):
            yield cell


def _price_lines(expected: Sequence[Widget], boxes: dict[str, Rectangle]) -> Iterator[Rectangle]:
    """The line of each pack in the table, up to its quantity."""
    for widget in expected:
        if widget.name.startswith(QUANTITY_PREFIX):
            left, top, _, bottom = boxes[widget.name]
            yield layout.MARGIN + 6, top, left - 6, bottom


def _with_others(answer: _Answer, source: pages.Source, form: int) -> _Answer:
    """Any page beside the form must be blank."""
    count = len(source)
    others = [page for page in range(min(count, raster.MAX_PAGES)) if page != form]
    for page in others:
        picture = source.picture(page, 100, annotations=True)
        if not _is_blank(picture):
            shown = (*answer.pictures, ("page ajoutée", page + 1, pictures.whole(picture)))
            return replace(answer, alterations=(*answer.alterations, "page ajoutée"), pictures=shown)
    if count > raster.MAX_PAGES:
        return replace(answer, alterations=(*answer.alterations, "pages ajoutées en nombre"))
    return answer


def _is_blank(picture: Image.Image) -> bool:
    if sum(picture.histogram()[:_DARK_PAPER]) > _MOST_DARK * picture.width * picture.height:
        return False  # what is light on dark is no ink
    scale = max(picture.size) / layout.PAGE_HEIGHT
    size = (max(1, round(picture.width * ink.PIXELS / scale)), max(1, round(picture.height * ink.PIXELS / scale)))
    seen = normalise.even(picture, scale, gain=False).resize(size, Image.Resampling.BOX)
    inner = ink.blacken(ink.on_blank(seen), _edges((size[0] / ink.PIXELS, size[1] / ink.PIXELS)))
    return not any(ink.clusters(inner, _LEAST_ADDED))


def _edges(size: tuple[float, float]) -> list[Rectangle]:
    width, height = size
    return [
        (0.0, 0.0, width, _EDGE),
        (0.0, height - _EDGE, width, height),
        (0.0, 0.0, _EDGE, height),
        (width - _EDGE, 0.0, width, height),
    ]


def _is_needed(box: Rectangle) -> bool:
    left, top, right, bottom = _NEEDED
    return left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom


def _within(placement: registration.Placement, size: tuple[int, int]) -> bool:
    left, top, right, bottom = _NEEDED
    corners = [placement.at((x, y)) for x in (left, right) for y in (top, bottom)]
    return all(-1 <= x <= size[0] + 1 and -1 <= y <= size[1] + 1 for x, y in corners)


def _value(expected: Sequence[Widget], name: str) -> str:
    return next((widget.value for widget in expected if widget.name == name), "")


def _grown(box: Rectangle, by: float) -> Rectangle:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
