"""Other damage and other machines than those of `scanner`: folds, stains, holes, phones, faxes; for the second corpus.

The page is bent, held, lit and taken in by one map from the picture to the paper. Deterministic, Pillow only.
"""

from dataclasses import dataclass
from io import BytesIO
from math import cos, pi, radians, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.corpus.office.hands import POINT, Box

WIDTH, HEIGHT = 595.28, 841.89
_MESH = 22.0  # points


@dataclass(frozen=True)
class Machine:
    """How a sheet is taken in.

    `quad`: how far each corner is off, in shares of the page (a phone held at a slant); `bend`: points by which the
    paper waves; `margin`: points of the glass or desk seen around the page; `ground`: what is seen there; `light`:
    grey levels lost from one side to the other; `rows`: dpi across the lines, where it is not `dpi`.
    """

    dpi: int = 200
    mode: str = "L"
    kind: str = "PDF"
    quality: int = 70
    angle: float = 0.0
    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)
    quarter: int = 0
    quad: tuple[float, ...] = (0.0,) * 8
    bend: tuple[float, float, float] = (0.0, 0.0, 0.0)
    margin: float = 0.0
    ground: int = 255
    light: int = 0
    vignette: int = 0
    gamma: float = 1.0
    contrast: float = 1.0
    paper: int = 255
    blur: float = 0.0
    noise: int = 0
    threshold: int = 140
    rows: int = 0
    seed: int = 1

    def picture(self, sheet: Image.Image) -> Image.Image:
        """`sheet` (RGB at 300 dpi) as this machine sees it."""
        image = self._taken(sheet)
        if self.blur:
            image = image.filter(ImageFilter.GaussianBlur(self.blur * self.dpi / 72))
        image = self._lit(image)
        if self.mode == "1":
            image = image.convert("L").point([0] * self.threshold + [255] * (256 - self.threshold)).convert("1")
        elif self.mode == "dither":
            image = image.convert("L").convert("1")
        else:
            image = image.convert(self.mode)
        return image.rotate(90 * self.quarter, expand=True) if self.quarter else image

    def document(self, sheet: Image.Image) -> bytes:
        """The file this machine makes of `sheet`."""
        image = self.picture(sheet)
        out = BytesIO()
        settings: dict[str, object] = {}
        if image.mode != "1" and self.kind in ("PDF", "JPEG"):
            settings["quality"] = self.quality
        if self.kind == "TIFF":
            settings["compression"] = "group4" if image.mode == "1" else "tiff_lzw"
        resolution = (self.dpi, self.rows or self.dpi)
        if self.quarter % 2:
            resolution = resolution[::-1]
        settings["dpi"] = resolution
        image.save(out, self.kind, **settings)
        return out.getvalue()

    def _taken(self, sheet: Image.Image) -> Image.Image:
        wide, high = WIDTH + 2 * self.margin, HEIGHT + 2 * self.margin
        across, down = self.dpi / 72, (self.rows or self.dpi) / 72
        size = round(wide * across), round(high * down)
        shrink = max(1, int(POINT / across))
        small = sheet.reduce(shrink) if shrink > 1 else sheet
        share = POINT / shrink
        known: dict[tuple[int, int], tuple[float, float]] = {}
        columns, rows = _knots(size[0], _MESH * across), _knots(size[1], _MESH * down)
        for x in columns:
            for y in rows:
                u, v = self._place(x / across - self.margin, y / down - self.margin)
                known[x, y] = u * share, v * share
        mesh = []
        for left, right in zip(columns, columns[1:], strict=False):
            for top, bottom in zip(rows, rows[1:], strict=False):
                corners = ((left, top), (left, bottom), (right, bottom), (right, top))
                mesh.append(((left, top, right, bottom), tuple(side for at in corners for side in known[at])))
        method, way = Image.Transform.MESH, Image.Resampling.BICUBIC
        taken = small.transform(size, method, mesh, resample=way, fillcolor=(255, 255, 255))
        page = Image.new("L", small.size, 255).transform(size, method, mesh, resample=Image.Resampling.BILINEAR)
        ground = Image.new("RGB", size, (self.ground,) * 3)
        if self.ground not in (0, 255):  # a desk has a grain
            grain = Image.frombytes("L", (97, 41), Random(self.seed).randbytes(97 * 41)).resize(size)
            ground = ImageChops.subtract(ground, Image.merge("RGB", [grain.point([v // 8 for v in range(256)])] * 3))
        return Image.composite(taken, ground, page)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the picture to its place on the sheet, in points."""
        turn = radians(self.angle)
        x, y = x - WIDTH / 2 - self.offset[0], y - HEIGHT / 2 - self.offset[1]
        x, y = (x * cos(turn) + y * sin(turn)) / self.scale, (-x * sin(turn) + y * cos(turn)) / self.scale
        s, t = x / WIDTH + 0.5, y / HEIGHT + 0.5
        s, t = self._slanted(s, t)
        x, y = s * WIDTH, t * HEIGHT
        across, down, waves = self.bend
        return x + across * sin(waves * pi * t + 0.4), y + down * sin(waves * pi * s + 1.1)

    def _slanted(self, s: float, t: float) -> tuple[float, float]:
        """The plane as a camera sees it: the projective map given by the four corners' shifts (kept small)."""
        a, b, c, d, e, f, g, h = self.quad
        k = 1 + (a - c + e - g) * 0.5 * (s - 0.5) + (b - d + f - h) * 0.5 * (t - 0.5)
        x = s + (a * (1 - s) * (1 - t) + c * s * (1 - t) + e * s * t + g * (1 - s) * t) * 0.5
        y = t + (b * (1 - s) * (1 - t) + d * s * (1 - t) + f * s * t + h * (1 - s) * t) * 0.5
        return (x - 0.5) / k + 0.5, (y - 0.5) / k + 0.5

    def _lit(self, image: Image.Image) -> Image.Image:
        levels = [
            round(max(0, self.paper - (255 - 255 * (level / 255) ** self.gamma) * self.contrast))
            for level in range(256)
        ]
        image = image.point(levels * 3)
        shade = Image.new("L", image.size, 0)
        if self.light:
            ramp = Image.linear_gradient("L").rotate(90 * (self.seed % 4)).resize(image.size)
            shade = ramp.point([level * self.light // 255 for level in range(256)])
        if self.vignette:
            ring = Image.radial_gradient("L").resize(image.size)
            shade = ImageChops.add(shade, ring.point([level * self.vignette // 255 for level in range(256)]))
        if self.light or self.vignette:
            image = ImageChops.subtract(image, Image.merge("RGB", [shade] * 3))
        if self.noise:
            chance = Random(self.seed)
            grain = Image.frombytes("L", image.size, chance.randbytes(image.width * image.height))
            grain = grain.filter(ImageFilter.BoxBlur(0.5))
            up = grain.point([max(0, level - 128) * self.noise // 40 for level in range(256)])
            down = grain.point([max(0, 128 - level) * self.noise // 40 for level in range(256)])
            image = ImageChops.subtract(
                ImageChops.add(image, Image.merge("RGB", [up] * 3)), Image.merge("RGB", [down] * 3)
            )
        return image


def _knots(length: int, step: float) -> list[int]:
    count = max(1, round(length / step))
    return [round(length * index / count) for index in range(count + 1)]


def fold(sheet: Image.Image, at: float, *, upright: bool, depth: int, width: float = 1.5) -> None:
    """A crease across the sheet at `at` points: a shade of `depth` grey levels, and a light edge beside it."""
    shade = Image.new("L", sheet.size, 0)
    draw = ImageDraw.Draw(shade)
    place = at * POINT
    sides = (place, 0, place, sheet.height) if upright else (0, place, sheet.width, place)
    draw.line(sides, fill=depth, width=round(width * POINT))
    shade = shade.filter(ImageFilter.GaussianBlur(width * POINT / 3))
    sheet.paste(ImageChops.subtract(sheet, Image.merge("RGB", [shade] * 3)))


def stain(sheet: Image.Image, at: tuple[float, float], radius: float, depth: int) -> None:
    """The ring that a cup leaves."""
    mask = Image.new("L", sheet.size, 0)
    sides = [(v + s * radius) * POINT for s in (-1, 1) for v in at]
    draw = ImageDraw.Draw(mask)
    draw.ellipse(sides, fill=depth // 3, outline=depth, width=round(3 * POINT))
    mask = mask.filter(ImageFilter.GaussianBlur(1.2 * POINT))
    brown = [mask.point([level * share // 10 for level in range(256)]) for share in (5, 8, 12)]
    sheet.paste(ImageChops.subtract(sheet, Image.merge("RGB", brown)))


def holes(sheet: Image.Image, seen: int) -> None:
    """Two holes in the left margin, 80 mm apart; through them the lid is `seen`."""
    draw = ImageDraw.Draw(sheet)
    for y in (HEIGHT / 2 - 113.4, HEIGHT / 2 + 113.4):
        sides = [(v + s * 8.5) * POINT for s in (-1, 1) for v in (34.0, y)]
        draw.ellipse(sides, fill=(seen,) * 3, outline=(190,) * 3, width=3)


def staple(sheet: Image.Image, depth: int) -> None:
    """A staple in the top left corner, with its shadow."""
    draw = ImageDraw.Draw(sheet)
    draw.line((16 * POINT, 38 * POINT, 38 * POINT, 18 * POINT), fill=(depth,) * 3, width=round(1.2 * POINT))


def dust(sheet: Image.Image, box: Box, chance: Random, count: int) -> None:
    """`count` specks in `box`, each half a point across or less."""
    draw = ImageDraw.Draw(sheet)
    for _ in range(count):
        x, y = chance.uniform(box[0], box[2]) * POINT, chance.uniform(box[1], box[3]) * POINT
        side = chance.uniform(0.5, 2.2)
        draw.ellipse((x - side, y - side, x + side, y + side), fill=(chance.randrange(40, 140),) * 3)
