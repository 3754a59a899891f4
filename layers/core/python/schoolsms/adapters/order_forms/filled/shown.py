"""Reads the fields, the box and the frame as a filled form's page shows them (R52).

One rule for all three: what counts is what a viewer draws on the page, and only when the file holds the same. A text
counts as far as each of its signs has ink where it should be; ink in a field of figures that belongs to none is a
drawing. A box counts as ticked when there is ink in it and both its value and its state say so. Ink in the frame is a
person's only when it remains without the drawings of the fields. The face and the size of a text are the viewer's own
affair.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from schoolsms.adapters.order_forms.filled import figures, signature
from schoolsms.adapters.order_forms.filled.alterations import Alteration
from schoolsms.adapters.order_forms.issuing.fields import showable
from schoolsms.adapters.order_forms.pdf.acroform import Rectangle, Widget
from schoolsms.adapters.order_forms.pdf.raster import Character, Document
from schoolsms.domain.orders.forms.order_forms import QUANTITY_PREFIX
from schoolsms.domain.orders.forms.stipulations import names_terms

_MONEY = frozenset({"total_ht", "vat", "total_ttc"})
_FIGURES = _MONEY | {"uai", "siret"}
_PIXELS = signature.DPI / 72
_LEVELS = 40
"""Grey levels by which a sign differs from what is under it: paler is not read at a glance."""

_LEAST_INKED = 0.1  # of the box of a sign: a dot of an i over its stem has 0.3
_LEAST_HEIGHT = 2.0  # points of a letter or a figure: smaller is not read; a full stop is
_NARROW = 2  # pixels: the stem of a small l, which is drawn on the next column when it begins late in its own
_MOST_STRAY = 1.5  # square points in a field beside its signs: a stroke by the finest pen is 4
_BORDER = 1.6  # points along the edge of a field, where viewers draw its frame
_CUT = 8.0  # points from the edge of a field, up to which a text that goes on beyond it reaches
_LINE, _MOST_OF_A_LINE = 12.0, 20.0  # points: a field is of one line up to the second
_TICK = (1.0, 4.0)  # square points: up to the first nothing, from the second on a tick; between them unsure
_MOST_OF_ITS_OWN = 1.0  # square points that an unsigned field of a signature may draw: it is to be blank


@dataclass(frozen=True)
class Page:
    """A page in grey at signature.DPI: bare, with the annotations that are no fields, and as people see it.

    `fine` is that once more, at figures.DPI.
    """

    number: int
    bare: Image.Image
    marked: Image.Image
    whole: Image.Image
    fine: Image.Image
    height: float
    characters: Sequence[Character]


def page_of(document: Document, number: int) -> Page:
    """The page `number`, from 0. Changes `document`: ask this last. Raises raster.Unreadable."""
    bare, marked, whole = (
        document.picture(number, signature.DPI, annotations=annotations, fields=fields)
        for annotations, fields in ((False, False), (True, False), (True, True))
    )
    fine = document.picture(number, figures.DPI, annotations=True)
    height = document.size(number)[1]
    return Page(number, bare, marked, whole, fine, height, document.characters(number))


@dataclass(frozen=True)
class Shown:
    """A field that shows something else than it holds, and what: "" for a check box."""

    name: str
    text: str
    alteration: Alteration


def of_fields(page: Page, widgets: Sequence[Widget]) -> Iterator[Shown]:
    """The text fields and check boxes of `page` that show something else than they hold."""
    ink = _differing(page.whole, page.bare)
    for widget in widgets:
        if widget.page != page.number:
            continue
        text, what = "", None
        if widget.kind == "Tx":
            text, what = _of_text(page, ink, widget)
        elif widget.kind == "Btn":
            what = _of_box(page, ink, widget)
        if what:
            yield Shown(widget.name, text, Alteration(f"{what} : {widget.name}", page.number, widget.rectangle))


def of_undrawn(widgets: Sequence[Widget]) -> Iterator[Alteration]:
    """The text fields that hold something and show nothing, unless a viewer draws them unasked."""
    for widget in widgets:
        if widget.kind == "Tx" and widget.value and not widget.drawn:
            yield Alteration(f"champ rempli, mais non affiché : {widget.name}", widget.page, widget.rectangle)


def _of_text(page: Page, ink: Image.Image, widget: Widget) -> tuple[str, str | None]:
    """Return the text that a field shows, and what is wrong with it."""
    signs = [sign for sign in page.characters if _lies_in(sign[1], widget.rectangle)]
    visible = [sign for sign in signs if _is_inked(ink, sign, page.height)]
    what = None
    if not _agree(widget, signs, visible):
        what = "champ affichant un autre texte que sa valeur"
    elif _is_figure(widget) and _stray(ink, widget.rectangle, signs, page.height) > _MOST_STRAY:
        what = "dessin dans un champ"
    elif _is_money(widget) and figures.unlike(page.fine, visible, page.height):
        what = "chiffre affiché autrement que sa valeur"
    return _joined(visible), what


def _of_box(page: Page, ink: Image.Image, box: Widget) -> str | None:
    """Return the fault of a check box: it shows another state than the file has, or something that is no tick."""
    area = _area(ink, _shrunk(box.rectangle, _BORDER), page.height)
    # ISO 32000-2, 12.7.5.2.3: the state says what is shown; without one, or without its drawing, viewers differ.
    says = {bool(box.value), box.state not in ("", "Off")}
    words = [sign for sign, place in page.characters if sign.isalnum() and _lies_in(place, box.rectangle)]
    if len(words) > 1:
        return "texte dans une case à cocher"
    if says == {True} and box.drawn and area >= _TICK[1] or says == {False} and area <= _TICK[0]:
        return None
    return "case affichée autrement que sa valeur"


def is_inked(page: Page, issued: Image.Image, frame: Rectangle) -> bool:
    """Whether a person's ink is seen in `frame`; `issued` is the bare page that was issued, of the same size."""
    seen = ImageChops.lighter(page.whole, page.marked)
    return seen.size == issued.size and signature.by_ink(seen, issued, frame, page.height)


def is_covered(page: Page, issued: Image.Image, frame: Rectangle) -> bool:
    """Whether anything at all is seen in `frame`, which a person may take for ink."""
    seen = ImageChops.lighter(page.whole, page.marked)
    return seen.size == issued.size and signature.is_covered(seen, issued, frame, page.height)


def of_frame(page: Page, frame: Rectangle, widgets: Sequence[Widget]) -> Iterator[Alteration]:
    """Return what the frame shows besides a signature: the drawing of a field that nobody signed, typed words."""
    signatures = [one for one in widgets if one.kind == "Sig" and one.page == page.number]
    words = _joined([each for each in page.characters if _lies_in(each[1], frame)])
    if any(each.value and _overlap(each.rectangle, frame) for each in signatures):
        # A certificate's signature draws the signer's name, the day and the like.
        if names_terms(words):
            yield Alteration("clause possible dans le cadre de signature", page.number, frame)
        return
    own = _differing(page.whole, page.marked)
    drawn = [each for each in signatures if not each.value and _draws(own, each.rectangle, page.height)]
    if drawn:
        text = "champ de signature non signé, mais affichant un texte ou un dessin"
        yield Alteration(text, page.number, drawn[0].rectangle)
    elif any(map(str.isalnum, words)) and not _goes_on(words, widgets):
        yield Alteration("texte ajouté dans le cadre de signature", page.number, frame)


def _goes_on(words: str, widgets: Sequence[Widget]) -> bool:
    """Whether `words` are those of a text longer than its field: the place and the date lie beside the frame."""
    letters = _letters(words)
    held = [_letters(showable(each.value)) for each in widgets if each.kind == "Tx"]
    return bool(letters) and any(letters in text for text in held)


def _draws(own: Image.Image, field: Rectangle, height: float) -> bool:
    return _area(own, _shrunk(field, signature.INSET), height) > _MOST_OF_ITS_OWN


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0 and high > 0


def _is_figure(widget: Widget) -> bool:
    return widget.name in _FIGURES or _is_money(widget)


def _is_money(widget: Widget) -> bool:
    return widget.name in _MONEY or widget.name.startswith(QUANTITY_PREFIX)


def _agree(widget: Widget, signs: Sequence[Character], visible: Sequence[Character]) -> bool:
    held = showable(widget.value)
    if _is_figure(widget):
        # A sign too pale to be seen is one that somebody may make out: not a text that is simply cut off.
        return _in_line(visible) == _squeezed(held) == _in_line(signs)
    shown = _letters(_joined(visible))
    return shown == _letters(held) or (_is_part(shown, _letters(held)) and _reaches_the_edge(visible, widget.rectangle))


def _joined(signs: Sequence[Character]) -> str:
    return "".join(sign for sign, _ in signs)


def _in_line(signs: Sequence[Character]) -> str:
    return _squeezed(_joined(sorted(signs, key=lambda sign: sign[1][0])))


def _is_part(shown: str, held: str) -> bool:
    """Whether `held` has all of `shown` in this order."""
    rest = iter(held)
    return all(letter in rest for letter in shown)


def _reaches_the_edge(visible: Sequence[Character], field: Rectangle) -> bool:
    """Whether a text goes on beyond the field, as far as can be seen: viewers cut it off there, and say so."""
    lines = field[3] - field[1] > _MOST_OF_A_LINE
    return any(place[2] > field[2] - _CUT or (lines and place[1] < field[1] + _LINE) for _, place in visible)


def _squeezed(text: str) -> str:
    """All signs but spaces, and the euro sign, which some faces lack."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isprintable() and sign not in " €")


def _letters(text: str) -> str:
    """The letters and digits of `text`, without case and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def _differing(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where two pictures of a page differ."""
    return ImageChops.difference(one, other).point([0] * _LEVELS + [255] * (256 - _LEVELS))


def _lies_in(place: Rectangle, field: Rectangle) -> bool:
    x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
    return field[0] <= x <= field[2] and field[1] <= y <= field[3]


def _shrunk(place: Rectangle, by: float) -> Rectangle:
    return place[0] + by, place[1] + by, place[2] - by, place[3] - by


def _sides(place: Rectangle, height: float) -> tuple[int, int, int, int]:
    """`place` in pixels, from the top, outwards."""
    left, bottom, right, top = place
    return (
        int(left * _PIXELS),
        int((height - top) * _PIXELS),
        max(int(left * _PIXELS), int(right * _PIXELS)) + 1,
        max(int((height - top) * _PIXELS), int((height - bottom) * _PIXELS)) + 1,
    )


def _area(ink: Image.Image, place: Rectangle, height: float) -> float:
    """Square points of ink in `place`."""
    return ink.crop(_sides(place, height)).histogram()[255] / _PIXELS**2


def _is_inked(ink: Image.Image, character: Character, height: float) -> bool:
    sign, place = character
    if sign.isalnum() and place[3] - place[1] < _LEAST_HEIGHT:
        return False
    left, top, right, bottom = _sides(place, height)
    if sign.isalpha() and right - left <= _NARROW:
        left, right = left - 1, right + 1
    part = ink.crop((left, top, right, bottom))
    return part.histogram()[255] >= _LEAST_INKED * part.width * part.height


def _stray(ink: Image.Image, field: Rectangle, signs: Sequence[Character], height: float) -> float:
    """Square points of ink in `field` beside its signs."""
    rest = ink.copy()
    draw = ImageDraw.Draw(rest)
    for _, place in signs:
        draw.rectangle(_sides(_shrunk(place, -1), height), fill=0)
    return _area(rest, _shrunk(field, _BORDER), height)
