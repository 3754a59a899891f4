"""Whether a school wrote into a box of a scanned form, and whether that is unsure (R7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from schoolsms.adapters.order_forms.filled.signature import INSET, MIN_EXTENT, MIN_INK
from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.pdf.acroform import Rectangle

_SIGNATURE = (MIN_INK / 3, MIN_INK)

_FLAG_HEIGHT = 1 / 6  # of the frame's
_FLAG_BODY, _FLAG_WIDTH = 4.0, 4.5  # times its height: without its point, and with it
_FLAG_OFF = 2.0  # points by which it may be off
_SOLID = 0.5  # share of it that is dark, white letters counted: 0.8 as printed; a pen's strokes are a tenth


@dataclass(frozen=True)
class Ink:
    """The writing on a page: white in `added` where there is ink, in `pale` where there may be pale ink too.

    In a picture in black and white both are the same, because its dots make every grey of paper.
    """

    added: Image.Image
    pale: Image.Image

    def without(self, rectangles: Sequence[Rectangle]) -> Ink:
        """The same with nothing in `rectangles`."""
        return Ink(ink.blacken(self.added, rectangles), ink.blacken(self.pale, rectangles))


def three_ways(written: Ink, box: Rectangle, limits: tuple[float, float], extent: float) -> tuple[bool, bool]:
    """Whether there is something in `box`, and whether that is unsure, as pale ink always is.

    `limits`: square points from which it is unsure, and sure; `extent`: points.
    """
    area, length = ink.area(written.added, box)
    if area >= limits[1] and length >= extent:
        return True, False
    pale, pale_length = ink.area(written.pale, box)
    return False, area >= limits[0] or (pale >= limits[1] and pale_length >= extent)


def signed(written: Ink, frame: Rectangle) -> tuple[bool, bool]:
    """Whether there is a signature in `frame`, and whether that is unsure.

    mupdf, and the viewers built on it, print a flag « SIGN » into the top left corner of a signature field, whatever
    the field says of its drawing: that is no signature.
    """
    left, top, right, bottom = frame
    height = (bottom - top) * _FLAG_HEIGHT
    flag = (left - _FLAG_OFF, top - _FLAG_OFF, left + _FLAG_WIDTH * height + _FLAG_OFF, top + height + _FLAG_OFF)
    inner = (left + INSET, top + INSET, right - INSET, bottom - INSET)
    signature, unsure = three_ways(written.without([flag]), inner, _SIGNATURE, MIN_EXTENT)
    body = (left + _FLAG_OFF, top + _FLAG_OFF, left + _FLAG_BODY * height - _FLAG_OFF, top + height - _FLAG_OFF)
    added = written.added
    if signature or ink.area(added, body)[0] >= _SOLID * (body[2] - body[0]) * (body[3] - body[1]):
        return signature, unsure
    return False, unsure or ink.area(added, (*inner[:2], *flag[2:]))[0] >= _SIGNATURE[0]
