"""Whether figures on a scanned page are those that were issued: a 3 made an 8 leaves no ink far from the 3."""

from collections.abc import Iterator
from itertools import product

from PIL import Image

from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.pdf.acroform import Rectangle
from schoolsms.adapters.order_forms.scanned.differences import differences

QUANTITY = 0.94
"""Correlation that makes a figure the issued one. With itself: 0.957 at least, on a fax of 200 dpi; with the figure
most like it: 0.925 at most, on the best scanner."""

PRICE = 0.915
"""The same for prices and totals, whose print is smaller on the whole: with itself 0.927 at least. No credit hangs
on them, and whoever changes one in a PDF changes more than a figure."""

_FINE = 2  # times as fine as the pages are
_REACH = 3  # fine pixels: half a point to either side, after the page was placed
_MARGIN = 3
_DARK = 60  # grey levels that belong to a figure
_LEAST_AREA = 2.0  # square points: a comma is less
_LEAST_DARK = 170  # pale print has no say
_SOFTER = (0.0, 1.5, 3.0)  # fine pixels: how far a scanner may blur


def strange(pages: ink.Pages, rectangle: Rectangle, least: float) -> Rectangle | None:
    """The first figure in `rectangle` (left, top, right, bottom) whose likeness with the issued one is not `least`."""
    ours, theirs = _part(pages.issued, rectangle, 0), _part(pages.seen, rectangle, _REACH)
    side = range(2 * _REACH + 1)
    for left, top, right, bottom in _figures(ours):
        figure = ours.crop((left, top, right, bottom))
        around = theirs.crop((left, top, right + 2 * _REACH, bottom + 2 * _REACH))
        places = sorted(product(side, side), key=differences(figure, around))[:2]
        seen = [ink.measured(around.crop((dx, dy, dx + figure.width, dy + figure.height))) for dx, dy in places]
        softened = (ink.measured(ink.softer(figure, softness)) for softness in _SOFTER)
        if not any(ink.likeness(each, place) >= least for each in softened for place in seen):
            scale = ink.PIXELS * _FINE
            x, y = rectangle[0], rectangle[1]
            return x + left / scale, y + top / scale, x + right / scale, y + bottom / scale
    return None


def _part(image: Image.Image, rectangle: Rectangle, margin: int) -> Image.Image:
    left, top, right, bottom = (round(side * ink.PIXELS) for side in rectangle)
    wide = image.crop((left - margin, top - margin, right + margin, bottom + margin))
    fine = wide.resize((wide.width * _FINE, wide.height * _FINE), Image.Resampling.BICUBIC)
    cut = margin * (_FINE - 1)
    return fine.crop((cut, cut, fine.width - cut, fine.height - cut))


def _figures(page: Image.Image) -> Iterator[tuple[int, int, int, int]]:
    """The boxes of the dark signs of one line, from left to right."""
    dark = page.point([0] * _DARK + [255] * (256 - _DARK))
    columns, _ = dark.getprojection()
    start = None
    for column, inked in enumerate([*columns, 0]):
        if inked and start is None:
            start = column
        elif not inked and start is not None:
            sign = dark.crop((start, 0, column, dark.height))
            box = sign.getbbox()
            enough = sign.histogram()[255] >= _LEAST_AREA * (ink.PIXELS * _FINE) ** 2
            extrema = page.crop((start, 0, column, page.height)).getextrema()
            if box and enough and extrema[1] >= _LEAST_DARK:  # type: ignore[operator]
                top, bottom = max(0, box[1] - _MARGIN), min(page.height, box[3] + _MARGIN)
                yield max(0, start - _MARGIN), top, min(page.width, column + _MARGIN), bottom
            start = None
