"""Marks of handling that nobody reads as a clause: binder holes, a staple, the desk around the page.

Each differs from writing by a measure that no writing has, and by its place.
"""

from PIL import Image, ImageChops, ImageDraw

from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.pdf.surroundings import darkest, lightest
from schoolsms.adapters.order_forms.scanned import registration

_BINDING = 56.0  # points along the edges: a hole of 8 mm, 12 mm from the edge, ends at 45
_CELL = 4  # pixels, 2 points
_SOLID = 5  # cells wholly inked, 10 points: a hole of 5 mm is 14 points across, the broadest felt pen draws 6
_RIM = 5  # cells: what is around them in a hole, and its shadow
_CORNER = (6.0, 14.0, 58.0, 62.0)  # where sheets are stapled, below the bar
_STAPLE_AREA = 90.0  # square points of ink: a staple is 12 mm by 0.5, with its shadow 70 at most
_STAPLE_SPREAD = (
    1.1  # points to either side of its line (standard deviation): a staple 0.4 to 0.8, writing of 6 points 1.7
)

_PAPER = 200  # what is lighter on the evened page is paper
_GROUND = 0.78  # of the light of the page: what is darker is no paper; recycled paper beside white has 0.85
_BROAD = 8.0  # points: a desk or the dark of a copier is broader than any line of writing
_EDGE = 12.0
_MOST_BESIDE = 20.0  # square points of ink beside the page


def without_traces(added: Image.Image, size: tuple[float, float]) -> Image.Image:
    """`added` (a page at ink.DPI, ink white) without holes and a staple."""
    width, height = size
    cells = darkest(added.reduce(_CELL).point([0] * 255 + [255]), _SOLID)
    if cells.getbbox():
        cells = lightest(lightest(cells, _SOLID), _RIM)
        solid = cells.resize((cells.width * _CELL, cells.height * _CELL), Image.Resampling.NEAREST)
        inner = (_BINDING, _BINDING, width - _BINDING, height - _BINDING)
        solid = ink.blacken(solid.crop((0, 0, *added.size)), [inner])
        added = ImageChops.subtract(added, solid)
    area, _ = ink.area(added, _CORNER)
    if 0 < area <= _STAPLE_AREA and ink.spread(added, _CORNER) <= _STAPLE_SPREAD:
        added = ink.blacken(added, [_CORNER])
    return added


def written_beside(picture: Image.Image, evened: Image.Image, placement: registration.Placement) -> bool:
    """Whether there is ink in the picture (grey; and evened out) beside the page."""
    width, height = placement.size
    factor = max(1, round(placement.scale()))
    small = evened.reduce(factor).point([255] * _PAPER + [0] * (256 - _PAPER))
    corners = [(-_EDGE, -_EDGE), (width + _EDGE, -_EDGE), (width + _EDGE, height + _EDGE), (-_EDGE, height + _EDGE)]
    outline = [(x / factor, y / factor) for x, y in map(placement.at, corners)]
    ImageDraw.Draw(small).polygon(outline, fill=0)
    if not small.getbbox():
        return False
    small = ImageChops.subtract(small, _ground(picture.reduce(factor), outline, placement.scale() / factor))
    return small.histogram()[255] * (factor / placement.scale()) ** 2 >= _MOST_BESIDE


def _ground(picture: Image.Image, outline: list[tuple[float, float]], scale: float) -> Image.Image:
    """White where the picture shows what the page lies on: dark, and broader than writing is."""
    page = Image.new("L", picture.size, 0)
    ImageDraw.Draw(page).polygon(outline, fill=255)
    dark = round(_light(picture.histogram(page)) * _GROUND)
    shown = picture.point([255] * dark + [0] * (256 - dark))
    shown.paste(0, (0, 0), page)
    side = 2 * round(_BROAD * scale / 2) + 1
    # The rim of the picture counts as broad: what is cut off by it goes on.
    framed = Image.new("L", (picture.width + 2 * side, picture.height + 2 * side), 255)
    framed.paste(shown, (side, side))
    broad = lightest(darkest(framed, side), side + 4)
    return broad.crop((side, side, side + picture.width, side + picture.height))


def _light(histogram: list[int]) -> int:
    """The median level."""
    half, seen = sum(histogram) / 2, 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= half:
            return level
    return 255
