"""Pictures for the operator: the part of a page where something was added, framed."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

from schoolsms.adapters.order_forms.acroform import Rectangle

Shown = tuple[str, int, bytes]
"""What was altered, on which page (from 1), and the PNG that shows where."""

MAX_PICTURES = 4
_AROUND = 60.0  # points of the page shown around the place
_MOST_SIDE = 900  # pixels


def framed(page: Image.Image, dpi: int, place: Rectangle) -> bytes:
    """`page` (at `dpi`) around `place` (left, top, right, bottom, in points) as PNG, the place framed in red."""
    scale = dpi / 72
    shown = page.convert("RGB")
    sides = [side * scale for side in place]
    box = (sides[0] - 4, sides[1] - 4, max(sides[2], sides[0]) + 4, max(sides[3], sides[1]) + 4)
    ImageDraw.Draw(shown).rectangle(box, outline=(200, 16, 46), width=3)
    margin = _AROUND * scale
    part = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    left, top = max(0, round(part[0])), max(0, round(part[1]))
    right, bottom = min(page.width, round(part[2])), min(page.height, round(part[3]))
    if right <= left or bottom <= top:
        return whole(page)
    return _png(shown.crop((left, top, right, bottom)))


def whole(page: Image.Image) -> bytes:
    """All of `page` as PNG."""
    return _png(page)


def all_framed(page: Image.Image, dpi: int, places: Sequence[tuple[str, Rectangle]], number: int) -> list[Shown]:
    """One picture a place, the first few; `number` is the page's, from 1."""
    return [(text, number, framed(page, dpi, place)) for text, place in places[:MAX_PICTURES]]


def _png(image: Image.Image) -> bytes:
    image.thumbnail((_MOST_SIDE, _MOST_SIDE))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
