"""Checks that figures in a filled form look like their codes: a font may call a 1 a 9, or turn a 6 over (R52).

Readers of text believe the font. A figure is therefore compared with figures of common faces, drawn by the same
program; the most like one has to be the one it is called. Which face that is, is the viewer's own affair.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.pdf.raster import Character

DPI = 288
_PIXELS = DPI // 72
_FACES = (
    b"Helvetica",
    b"Helvetica-Bold",
    b"Helvetica-Oblique",
    b"Courier",
    b"Courier-Bold",
    b"Courier-Oblique",
    b"Times-Roman",
    b"Times-Bold",
    b"Times-Italic",
)
_DIGITS = "0123456789"
_SIZE = (12, 16)
_LEAST_LIKENESS = 0.4
_RIVALRY = 0.03  # by which a figure of another name may be more alike, in a face that is none of these
_STRETCH = 2.2
"""By how much the breadth of a figure may differ from that of the one it is like, for its height."""

_EVEN = 0.3  # of the height of a figure: how far its neighbour may lie above or below it
_FONT_PIXELS = 60

_Drawing = tuple[Image.Image, float]
"""A figure in _SIZE, ink light, and its breadth for its height."""


def unlike(page: Image.Image, figures: Sequence[Character], height: float) -> bool:
    """Whether one of `figures`, on a page drawn at DPI, is not what it is called, or lies in another line."""
    digits = [each for each in figures if each[0].isdecimal()]
    if any(_apart(one, other) for one, other in pairwise(digits)):
        return True
    return any(_called_otherwise(page, digit, height) for digit in digits)


def _apart(one: Character, other: Character) -> bool:
    (_, (_, bottom, _, top)), (_, place) = one, other
    allowed = _EVEN * (top - bottom)
    return abs(place[1] - bottom) > allowed or abs(place[3] - top) > allowed


def _called_otherwise(page: Image.Image, digit: Character, height: float) -> bool:
    sign, (left, bottom, right, top) = digit
    sides = (left * _PIXELS - 1, (height - top) * _PIXELS - 1, right * _PIXELS + 2, (height - bottom) * _PIXELS + 2)
    drawn = _drawing(page.crop((round(sides[0]), round(sides[1]), round(sides[2]), round(sides[3]))))
    if drawn is None:
        return True
    picture, breadth = drawn
    own, other = 0.0, 0.0
    for name, (known, usual) in _known():
        if 1 / _STRETCH < breadth / usual < _STRETCH:
            likeness = ink.likeness(picture, known)
            own, other = (max(own, likeness), other) if name == sign else (own, max(other, likeness))
    return own < max(_LEAST_LIKENESS, other - _RIVALRY)


def _drawing(part: Image.Image) -> _Drawing | None:
    """The figure that is darkest in `part`; None when there is none."""
    darkest, lightest = part.getextrema()
    if not isinstance(darkest, int | float) or not isinstance(lightest, int | float) or lightest - darkest < 30:
        return None
    middle = (darkest + lightest) / 2
    dark = part.point([255 if level < middle else 0 for level in range(256)])
    box = dark.getbbox()
    if box is None:
        return None
    figure = dark.crop(box)
    return figure.resize(_SIZE, Image.Resampling.BOX), figure.width / figure.height


@cache
def _known() -> tuple[tuple[str, _Drawing], ...]:
    found = [(name, drawn) for name, part in (*_standard(), *_ours()) if (drawn := _drawing(part))]
    return tuple(found)


def _ours() -> Iterator[tuple[str, Image.Image]]:
    """In the face in which forms are issued."""
    font = ImageFont.truetype(str(files("font_lato") / "files" / "Lato-Regular.ttf"), _FONT_PIXELS)
    for digit in _DIGITS:
        picture = Image.new("L", (2 * _FONT_PIXELS, 2 * _FONT_PIXELS), 255)
        ImageDraw.Draw(picture).text((_FONT_PIXELS // 2, _FONT_PIXELS // 4), digit, fill=0, font=font)
        yield digit, picture


def _standard() -> Iterator[tuple[str, Image.Image]]:
    """In the faces that every viewer has."""
    document = pdfium.PdfDocument.new()
    side = _FONT_PIXELS * 72 / DPI
    page = document.new_page(2 * side * len(_DIGITS), 2 * side * len(_FACES))
    for row, face in enumerate(_FACES):
        font = pdfium_c.FPDFText_LoadStandardFont(document, face)
        for column, digit in enumerate(_DIGITS):
            text = pdfium_c.FPDFPageObj_CreateTextObj(document, font, side)
            pdfium_c.FPDFText_SetCharcodes(text, (pdfium_c.c_uint32 * 1)(ord(digit)), 1)
            pdfium_c.FPDFPageObj_Transform(text, 1, 0, 0, 1, (2 * column + 0.5) * side, (2 * row + 0.5) * side)
            pdfium_c.FPDFPage_InsertObject(page, text)
    page.gen_content()
    sheet = page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    document.close()
    cell = 2 * _FONT_PIXELS
    for row in range(len(_FACES)):
        for column, digit in enumerate(_DIGITS):
            yield digit, sheet.crop((column * cell, row * cell, (column + 1) * cell, (row + 1) * cell))
