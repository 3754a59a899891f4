"""Whether a school wrote into a box of a scanned form, and whether that is unsure (R7)."""

from PIL import Image

from schoolsms.adapters.order_forms import ink
from schoolsms.adapters.order_forms.acroform import Rectangle
from schoolsms.adapters.order_forms.signature import INSET, MIN_EXTENT, MIN_INK

_SIGNATURE = (MIN_INK / 3, MIN_INK)

_FLAG_HEIGHT = 1 / 6  # of the frame's
_FLAG_BODY, _FLAG_WIDTH = 4.0, 4.5  # times its height: without its point, and with it
_FLAG_OFF = 2.0  # points by which it may be off
_SOLID = 0.5  # share of it that is dark, white letters counted: 0.8 as printed; a pen's strokes are a tenth


def three_ways(added: Image.Image, box: Rectangle, limits: tuple[float, float], extent: float) -> tuple[bool, bool]:
    """Whether there is something in `box`, and whether that is unsure.

    `added`: white where there is ink; `limits`: square points from which it is unsure, and sure; `extent`: points.
    """
    area, length = ink.area(added, box)
    if area >= limits[1] and length >= extent:
        return True, False
    return False, area >= limits[0]


def signed(added: Image.Image, frame: Rectangle) -> tuple[bool, bool]:
    """Whether there is a signature in `frame`, and whether that is unsure.

    mupdf, and the viewers built on it, print a flag « SIGN » into the top left corner of a signature field, whatever
    the field says of its drawing: that is no signature.
    """
    left, top, right, bottom = frame
    height = (bottom - top) * _FLAG_HEIGHT
    flag = (left - _FLAG_OFF, top - _FLAG_OFF, left + _FLAG_WIDTH * height + _FLAG_OFF, top + height + _FLAG_OFF)
    inner = (left + INSET, top + INSET, right - INSET, bottom - INSET)
    signature, unsure = three_ways(ink.blacken(added, [flag]), inner, _SIGNATURE, MIN_EXTENT)
    body = (left + _FLAG_OFF, top + _FLAG_OFF, left + _FLAG_BODY * height - _FLAG_OFF, top + height - _FLAG_OFF)
    if signature or ink.area(added, body)[0] >= _SOLID * (body[2] - body[0]) * (body[3] - body[1]):
        return signature, unsure
    return False, unsure or ink.area(added, (*inner[:2], *flag[2:]))[0] >= _SIGNATURE[0]
