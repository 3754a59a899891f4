"""Pictures for the operator: the part of a page where something was added, framed, over what was issued there."""

from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from schoolsms.adapters.order_forms.pdf.acroform import Rectangle

Shown = tuple[str, int, bytes]
"""An alteration, its page (from 1), and the PNG that shows the place."""

MAX_PICTURES = 4
_BESIDE, _ABOVE = (
    130.0,
    50.0,
)  # points of the page shown around the place: a line of the table is recognised by its pack
_MOST_SIDE = 900  # pixels
_CAPTION = 28  # pixels above each of the two pages
_FRAME = (200, 16, 46)
_SAME_PLACE = (120, 120, 120)
_PAPER = (238, 238, 238)


def framed(page: Image.Image, issued: Image.Image, dpi: int, place: Rectangle) -> bytes:
    """`page` around `place` (left, top, right, bottom, in points) as PNG, framed in red; below, the issued page there.

    Both pages are at `dpi`.
    """
    scale = dpi / 72
    sides = [side * scale for side in place]
    box = (sides[0] - 4, sides[1] - 4, max(sides[2], sides[0]) + 4, max(sides[3], sides[1]) + 4)
    left, top = max(0, round(box[0] - _BESIDE * scale)), max(0, round(box[1] - _ABOVE * scale))
    right, bottom = min(page.width, round(box[2] + _BESIDE * scale)), min(page.height, round(box[3] + _ABOVE * scale))
    if right <= left or bottom <= top:
        return whole(page)
    both = Image.new("RGB", (right - left, 2 * (bottom - top + _CAPTION)), _PAPER)
    draw = ImageDraw.Draw(both)
    font = ImageFont.truetype(str(files("font_lato") / "files" / "Lato-Bold.ttf"), _CAPTION - 10)
    for picture, caption, colour, above in (
        (page, "Reçu", _FRAME, 0),
        (issued, "Émis", _SAME_PLACE, both.height // 2),
    ):
        draw.text((6, above + 2), caption, fill=colour, font=font)
        both.paste(picture.convert("RGB").crop((left, top, right, bottom)), (0, above + _CAPTION))
        x, y = -left, above + _CAPTION - top
        draw.rectangle((box[0] + x, box[1] + y, box[2] + x, box[3] + y), outline=colour, width=3)
    return _png(both)


def whole(page: Image.Image) -> bytes:
    """All of `page` as PNG."""
    return _png(page)


def all_framed(
    page: Image.Image, issued: Image.Image, dpi: int, places: Sequence[tuple[str, Rectangle]], number: int
) -> list[Shown]:
    """One picture a place, the first few; `number` is the page's, from 1."""
    return [(text, number, framed(page, issued, dpi, place)) for text, place in places[:MAX_PICTURES]]


def _png(image: Image.Image) -> bytes:
    image.thumbnail((_MOST_SIDE, _MOST_SIDE))
    out = BytesIO()
    image.save(out, "PNG", compress_level=6)  # a fiftieth larger than the smallest, in a sixth of its time
    return out.getvalue()
