"""Whether the words on a scanned page are those that were issued: another word in a word's place adds no ink elsewhere.

The page is compared place by place, each as large as a word or two.
"""

from array import array
from collections.abc import Iterator, Sequence
from itertools import product

from PIL import Image

from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.pdf.acroform import Rectangle
from schoolsms.adapters.order_forms.scanned.differences import differences

WORDS = 0.84
"""Correlation of a place with the issued one. Unchanged: 0.87 at least on a fax of 98 lines an inch, 0.90 on any other
machine; with four figures of a version changed: 0.80 at most. A single letter changes too little:
`compare_letters` sees it."""

_PLACE = (24.0, 14.0)  # points
_STEP = (12.0, 7.0)
_AREA = (54.0, 30.0, 555.0, 801.0)  # what must be in the picture, but where binders punch
_DARK = 150  # what was issued so dark is print, not a rule or a tint
_PRINT = (10.0, 150.0)  # square points of it: less is no word, more is a bar
_REACH = 2  # pixels, after the page was placed
_SOFTER = (0.0, 1.0, 2.0)  # pixels: how far a scanner may blur


def changed(pages: ink.Pages, free: Sequence[Rectangle], least: float) -> Iterator[Rectangle]:
    """The places (left, top, right, bottom, in points) with other words than issued, those in `free` left out.

    `least`: the correlation of a place with the issued one that makes its words the same.
    """
    width, height = _PLACE
    across = int((_AREA[2] - width - _AREA[0]) / _STEP[0])
    down = int((_AREA[3] - height - _AREA[1]) / _STEP[1])
    printed = _printed(pages.issued, across + 2, down + 2)
    for column, row in product(range(across + 1), range(down + 1)):
        first = row * (across + 2) + column
        second = first + across + 2
        here = printed[first] + printed[first + 1] + printed[second] + printed[second + 1]
        if not _PRINT[0] <= here <= _PRINT[1]:
            continue
        left, top = _AREA[0] + column * _STEP[0], _AREA[1] + row * _STEP[1]
        place = (left, top, left + width, top + height)
        if any(left < r and place[2] > x and top < b and place[3] > t for x, t, r, b in free):
            continue
        ours = pages.issued.crop(_pixels(place, 0))
        if not _alike(ours, pages.seen.crop(_pixels(place, _REACH)), least):
            yield place


def _printed(issued: Image.Image, columns: int, rows: int) -> array[float]:
    """The square points of print in each cell of _STEP from the corner of _AREA on, row by row: a place has four."""
    left, top, right, bottom = _pixels(
        (_AREA[0], _AREA[1], _AREA[0] + columns * _STEP[0], _AREA[1] + rows * _STEP[1]), 0
    )
    dark = issued.crop((left, top, right, bottom)).point([0] * _DARK + [1] * (256 - _DARK)).convert("F")
    shares = dark.reduce(((right - left) // columns, (bottom - top) // rows))
    area = _STEP[0] * _STEP[1]
    return array("f", (round(share * area * ink.PIXELS**2) / ink.PIXELS**2 for share in array("f", shares.tobytes())))


def _pixels(place: Rectangle, margin: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(side * ink.PIXELS) for side in place)
    return left - margin, top - margin, right + margin, bottom + margin


def _alike(ours: Image.Image, around: Image.Image, least: float) -> bool:
    side = range(2 * _REACH + 1)
    middle = around.crop((_REACH, _REACH, _REACH + ours.width, _REACH + ours.height))
    if ink.likeness(ours, middle) >= least:  # nearly always
        return True
    dx, dy = min(product(side, side), key=differences(ours, around))
    best = ink.measured(around.crop((dx, dy, dx + ours.width, dy + ours.height)))
    softened = (ink.softer(ours, softness) for softness in _SOFTER)
    return any(ink.likeness(each, best) >= least for each in softened)
