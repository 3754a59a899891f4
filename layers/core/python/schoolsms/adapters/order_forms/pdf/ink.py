"""Finds ink that a scanned page has and the issued one lacks, and the reverse, by laying one over the other."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from schoolsms.adapters.order_forms.pdf.acroform import Rectangle
from schoolsms.adapters.order_forms.pdf.surroundings import lightest

if sys.version_info >= (3, 12):
    from math import sumprod
else:  # what Lambda does not run; four times slower

    def sumprod(one: Iterable[int], other: Iterable[int]) -> int:
        return sum(map(mul, one, other))


DPI = 144
PIXELS = DPI // 72
"""Pixels in a point."""

_LEVELS = tuple(range(256))
_SQUARES = tuple(level * level for level in _LEVELS)

_INK = 70
"""Grey levels by which a pen, a stamp or a pencil is darker than the paper."""

_PALE = 35
"""Grey levels by which a pen that runs dry, or one of a single dot, is darker: paper in a grey picture is not."""

_PRINTED = 24  # grey levels: what was issued so dark may be printed as dark as can be
_SOLID = 150  # grey levels: what was issued so dark must be seen again
_CELL = 12  # pixels: ink is counted in cells of 6 by 6 points, nine together
_SOFT = ImageFilter.GaussianBlur(0.6)  # evens out the dots of a picture in black and white
_LOST_SHARE = 0.55
_LOST_AREA = 6.0  # square points


@dataclass(frozen=True)
class Pages:
    """The issued page and the one that came back, both as darkness (0 is paper) at DPI."""

    issued: Image.Image
    seen: Image.Image

    @property
    def added(self) -> Image.Image:
        """White where there is ink away from anything that was issued."""
        return self._away(_inked(self.seen))

    @property
    def pale(self) -> Image.Image:
        """White where there is ink or what may be pale ink, likewise."""
        return self._away(_inked(self.seen, _PALE))

    def _away(self, inked: Image.Image) -> Image.Image:
        around = lightest(self.issued, 5).point([255] * _PRINTED + [0] * (256 - _PRINTED))
        return ImageChops.darker(inked, around)

    @property
    def lost(self) -> Image.Image:
        """White where solid print is not seen again."""
        gone = ImageChops.subtract(self._solid, lightest(self.seen, 5))
        return gone.point([0] * (255 - _INK) + [255] * (_INK + 1))

    @property
    def _solid(self) -> Image.Image:
        return self.issued.point([0] * _SOLID + [255] * (256 - _SOLID))

    def erased(self) -> Iterator[Rectangle]:
        """The cells (left, top, right, bottom) whose solid print is mostly gone."""
        ours, gone = self._solid.reduce(_CELL), self.lost.reduce(_CELL)
        for column, row in _cells(gone):
            printed, missing = _nine(ours, column, row), _nine(gone, column, row)
            if missing >= _LOST_AREA and missing >= _LOST_SHARE * printed:
                yield _square(column, row)


def darkness(page: Image.Image) -> Image.Image:
    """A grey picture of a page at DPI as darkness: 0 is paper."""
    return ImageChops.invert(page.filter(_SOFT))


def on_blank(seen: Image.Image) -> Image.Image:
    """White where there is ink on a grey picture of a page at DPI that should be blank."""
    return _inked(darkness(seen))


def blacken(image: Image.Image, rectangles: Sequence[Rectangle]) -> Image.Image:
    """`image` with nothing in `rectangles` (left, top, right, bottom, in points)."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for rectangle in rectangles:
        draw.rectangle([side * PIXELS for side in rectangle], fill=0)
    return image


def clusters(added: Image.Image, least: float) -> Iterator[Rectangle]:
    """The cells around which there are `least` square points of ink."""
    cells = added.reduce(_CELL)
    for column, row in _cells(cells):
        if _nine(cells, column, row) >= least:
            yield _square(column, row)


def area(image: Image.Image, rectangle: Rectangle) -> tuple[float, float]:
    """The ink of `image` in `rectangle`: square points, and the points it takes in width or height, gaps left out."""
    left, top, right, bottom = (round(side * PIXELS) for side in rectangle)
    part = image.crop((left, top, right, bottom))
    columns, rows = part.getprojection()
    return part.histogram()[255] / PIXELS**2, max(sum(columns), sum(rows)) / PIXELS


def spread(image: Image.Image, rectangle: Rectangle) -> float:
    """Return the standard deviation of the ink of `image` in `rectangle` from its own best line, in points."""
    left, top, right, bottom = (round(side * PIXELS) for side in rectangle)
    part = image.crop((left, top, right, bottom))
    dots = [divmod(index, part.width) for index, level in enumerate(part.tobytes()) if level]
    count = max(1, len(dots))
    y0, x0 = (sum(dot[axis] for dot in dots) / count for axis in (0, 1))
    across = sum((x - x0) ** 2 for _, x in dots) / count
    down = sum((y - y0) ** 2 for y, _ in dots) / count
    both = sum((x - x0) * (y - y0) for y, x in dots) / count
    least = (across + down) / 2 - (((across - down) / 2) ** 2 + both**2) ** 0.5
    return float(max(0.0, least) ** 0.5 / PIXELS)


def joined(rectangles: Iterator[Rectangle]) -> list[Rectangle]:
    """`rectangles`, those that touch made one."""
    groups: list[Rectangle] = []
    for each in rectangles:
        whole = each
        while touching := [one for one in groups if _touch(one, whole)]:
            for one in touching:
                groups.remove(one)
                whole = (min(one[0], whole[0]), min(one[1], whole[1]), max(one[2], whole[2]), max(one[3], whole[3]))
        groups.append(whole)
    return groups


class Measured(NamedTuple):
    """A picture that is compared with several others, the sum of its levels, of their squares, and how uneven it is."""

    picture: Image.Image
    total: int
    squares: int
    spread: float


def measured(picture: Image.Image) -> Measured:
    """Sum up the levels of `picture`, once for all comparisons."""
    histogram = picture.im.histogram()
    total, squares = sumprod(histogram, _LEVELS), sumprod(histogram, _SQUARES)
    return Measured(picture, total, squares, squares - total * total / (picture.width * picture.height))


def softer(picture: Image.Image, softness: float) -> Image.Image:
    """`picture` as a scanner blurs it, by so many pixels; itself by none."""
    return picture.filter(ImageFilter.GaussianBlur(softness)) if softness else picture


def likeness(one: Image.Image | Measured, other: Image.Image | Measured) -> float:
    """The correlation of two pictures of one size, from -1 to 1; 0 when one of them is even."""
    a, b = (each if isinstance(each, Measured) else measured(each) for each in (one, other))
    if a.spread <= 0 or b.spread <= 0:
        return 0.0
    # 2ab = a² + b² - (a - b)², summed up by Pillow's code instead of pixel by pixel.
    apart = sumprod(a.picture.im.chop_difference(b.picture.im).histogram(), _SQUARES)
    both = (a.squares + b.squares - apart) // 2 - a.total * b.total / (a.picture.width * a.picture.height)
    return float(both / (a.spread * b.spread) ** 0.5)


def _inked(dark: Image.Image, levels: int = _INK) -> Image.Image:
    return dark.point([0] * levels + [255] * (256 - levels))


def _cells(image: Image.Image) -> Iterator[tuple[int, int]]:
    """Column and row of each pixel that is not black, row by row."""
    for index, level in enumerate(image.tobytes()):
        if level:
            row, column = divmod(index, image.width)
            yield column, row


def _nine(cells: Image.Image, column: int, row: int) -> float:
    """Square points of what is white in a cell and the eight around it."""
    around = cells.crop((column - 1, row - 1, column + 2, row + 2))
    return sum(around.tobytes()) / 255 * (_CELL / PIXELS) ** 2


def _square(column: int, row: int) -> Rectangle:
    side = _CELL / PIXELS
    return column * side, row * side, (column + 1) * side, (row + 1) * side


def _touch(one: Rectangle, other: Rectangle) -> bool:
    near = 12.0
    return (
        one[0] <= other[2] + near
        and other[0] <= one[2] + near
        and one[1] <= other[3] + near
        and other[1] <= one[3] + near
    )
