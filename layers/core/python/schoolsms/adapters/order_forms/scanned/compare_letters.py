"""Whether each letter and figure on a scanned page is the one that was issued (R5).

A letter that another program drew, blurred, thickened or jagged, is less like the issued one than any threshold may
ask. But it is liker to it than to every other letter: that is what is asked of each.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.pdf.acroform import Rectangle
from schoolsms.adapters.order_forms.pdf.raster import Sign
from schoolsms.adapters.order_forms.scanned.differences import differences

TYPEFACE = "Lato"
DPI = 2 * ink.DPI
SCALE = DPI // 72
"""Pixels in a point."""

_SURE = 0.9
"""Correlation of a letter with the issued one from which on no other is tried."""

_SURE_FIGURE = 0.95
"""The same for a figure: an 8 has 0.9 with a 3."""

_STRANGE = 0.45
"""Correlation below which a letter is not the issued one, whatever else it is like. Unchanged: 0.56 at least."""

_LIKER = 0.1
"""Correlation by which a letter must be liker to another one. Unchanged: 0.06 at most, but on a standard fax 0.17 in
small print; another letter: 0.31 at least, on any machine."""

_LIKER_IN_SMALL_PRINT = 0.22
_STRANGE_IN_SMALL_PRINT = -1.0  # a copier in black and white loses half of an i: rivals alone decide
_LIKER_FIGURE = 0.06

_SMALL_PRINT = 8.2  # points: labels and hints
_MARGIN = 2  # pixels around a sign
_REACH = 3  # pixels to either side, after the page was placed
_SOFTER = (0.0, 1.5, 3.0)  # pixels: how far a scanner may blur
_RIVALS = 8
_TOO_ALIKE = 0.97  # nobody tells l from I
_FIGURES = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZç"
_LEAST_HEIGHT = 3.0  # points: a comma, a hyphen and a point are less
_SOFT = ImageFilter.GaussianBlur(0.8)  # evens out the dots of a picture in black and white
_SOFT_REACH = 3  # pixels: what is farther does not change a softened pixel
_DARK_GROUND = 90  # darkness around a white letter on a bar


_Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels at DPI."""


@dataclass(frozen=True)
class Letter:
    """A letter or a figure of the issued page, and what it looks like as darkness (0 is paper) in `box`."""

    sign: Sign
    box: _Box
    drawn: Image.Image

    @cached_property
    def as_issued(self) -> ink.Measured:
        """The drawing, measured."""
        return ink.measured(self.drawn)

    @cached_property
    def softened(self) -> Sequence[ink.Measured]:
        """The drawing in each of the softnesses of `_SOFTER`."""
        return [ink.measured(ink.softer(self.drawn, each)) for each in _SOFTER]


def letters(issued: Image.Image, signs: Sequence[Sign]) -> Sequence[Letter]:
    """Those of `signs` that are compared, in the picture of the `issued` page, grey at DPI."""
    found = []
    for sign in signs:
        left, top, right, bottom = (round(side * SCALE) for side in sign.box)
        if bottom - top >= _LEAST_HEIGHT * SCALE:
            box = (left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
            drawn = _darkness(issued, box)
            if drawn.getpixel((0, 0)) <= _DARK_GROUND:  # type: ignore[operator]
                found.append(Letter(sign, box, drawn))
    return found


def changed(issued: Sequence[Letter], seen: Image.Image, free: Sequence[Rectangle]) -> Iterator[Rectangle]:
    """The places (left, top, right, bottom, in points) of letters and figures that others replaced, not in `free`.

    `seen`: the page that came back, laid over the issued one, grey at DPI.
    """
    for letter in issued:
        if not any(_touches(letter.sign.box, each) for each in free) and _is_another(letter, seen):
            yield letter.sign.box


def _darkness(page: Image.Image, box: _Box) -> Image.Image:
    """The part of a grey picture of a page at DPI that is in `box`, as darkness: 0 is paper."""
    left, top, right, bottom = box
    part = page.crop((left - _SOFT_REACH, top - _SOFT_REACH, right + _SOFT_REACH, bottom + _SOFT_REACH))
    inner = (_SOFT_REACH, _SOFT_REACH, part.width - _SOFT_REACH, part.height - _SOFT_REACH)
    return ImageChops.invert(part.filter(_SOFT).crop(inner))


def _is_another(letter: Letter, page: Image.Image) -> bool:
    sign, ours, box = letter.sign, letter.drawn, letter.box
    sure, liker, strange = _limits(sign)
    around = _darkness(page, (box[0] - _REACH, box[1] - _REACH, box[2] + _REACH, box[3] + _REACH))
    if ink.likeness(letter.as_issued, _at(around, (_REACH, _REACH), ours.size)) >= sure:  # nearly always
        return False
    place = _place(ours, around)
    seen = ink.measured(_at(around, place, ours.size))
    own, softness = max(
        (ink.likeness(each, seen), softness) for each, softness in zip(letter.softened, _SOFTER, strict=True)
    )
    if own >= sure or own < strange:
        return own < strange
    places = [(place[0] + dx, place[1] + dy) for dx, dy in _NEAR if _fits(place, dx, dy)]
    near = [ink.measured(_at(around, each, ours.size)) for each in places]
    drawn = (_with(rival, sign, ours, box) for rival in _rivals(sign.text, sign.bold))
    rivals = (ink.measured(ink.softer(each, softness)) for each in drawn)
    return any(ink.likeness(rival, each) > own + liker for rival in rivals for each in near)


def _limits(sign: Sign) -> tuple[float, float, float]:
    """The likeness that makes `sign` sure, by how much a rival must be liker, and what likeness is too little."""
    if sign.size < _SMALL_PRINT:
        return _SURE, _LIKER_IN_SMALL_PRINT, _STRANGE_IN_SMALL_PRINT
    if sign.text in _FIGURES:
        return _SURE_FIGURE, _LIKER_FIGURE, _STRANGE
    return _SURE, _LIKER, _STRANGE


_NEAR = ((0, 0), (-2, 0), (2, 0), (0, -1), (0, 1))


def _fits(place: tuple[int, int], dx: int, dy: int) -> bool:
    return 0 <= place[0] + dx <= 2 * _REACH and 0 <= place[1] + dy <= 2 * _REACH


def _touches(box: Rectangle, other: Rectangle) -> bool:
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def _at(around: Image.Image, place: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    return around.crop((place[0], place[1], place[0] + size[0], place[1] + size[1]))


def _place(ours: Image.Image, around: Image.Image) -> tuple[int, int]:
    """The offset at which the sign differs least, sought in steps of two pixels and then of one."""
    best = (_REACH, _REACH)
    cost = differences(ours, around)
    costs: dict[tuple[int, int], int] = {}
    for step in (2, 1):
        x, y = best
        for place in ((x + dx, y + dy) for dx in (-step, 0, step) for dy in (-step, 0, step)):
            if place not in costs and _fits(place, 0, 0):
                costs[place] = cost(place)
        best = min(costs, key=costs.__getitem__)
    return best


def _with(rival: str, sign: Sign, ours: Image.Image, box: _Box) -> Image.Image:
    """`ours` with `rival` in the place of its sign, on the same line and around the same middle."""
    drawn = Image.new("L", ours.size, 0)
    font = _font(sign.bold, round(sign.size * SCALE, 1))
    left, _, right, _ = font.getbbox(rival, anchor="ls")
    x = (ours.width - (right - left)) / 2 - left
    dark = ours.getextrema()[1]
    ImageDraw.Draw(drawn).text((x, sign.baseline * SCALE - box[1]), rival, fill=dark, font=font, anchor="ls")
    return drawn.filter(_SOFT)


@cache
def _font(bold: bool, size: float) -> ImageFont.FreeTypeFont:
    name = "Lato-Bold.ttf" if bold else "Lato-Regular.ttf"
    return ImageFont.truetype(str(files("font_lato") / "files" / name), size)


@cache
def _rivals(text: str, bold: bool) -> tuple[str, ...]:
    """The signs most like `text`: every figure for a figure, a few letters for a letter."""
    if text in _FIGURES:
        return tuple(each for each in _FIGURES if each != text)
    ours = _alone(text, bold)
    bare = unicodedata.normalize("NFKD", text)[0]  # an accent is outside the ink of its letter
    alike = {each: ink.likeness(ours, _alone(each, bold)) for each in _LETTERS + _FIGURES if each not in (text, bare)}
    distinct = sorted((each for each in alike if alike[each] < _TOO_ALIKE), key=alike.__getitem__, reverse=True)
    return tuple(distinct[:_RIVALS])


@cache
def _alone(text: str, bold: bool) -> Image.Image:
    image = Image.new("L", (40, 48), 0)
    ImageDraw.Draw(image).text((20, 36), text, fill=255, font=_font(bold, 32.0), anchor="ms")
    return image
