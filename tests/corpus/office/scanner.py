"""Plays the office machines: pens and stamps on paper, scanners, faxes, phones. Deterministic, Pillow only."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import cos, pi, radians, sin

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

PAPER_DPI = 300
_POINT = PAPER_DPI / 72


def printed(pdf: bytes, mode: str = "L") -> Image.Image:
    """The first page on paper: grey or in colour, at PAPER_DPI."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    image: Image.Image = document[0].render(scale=_POINT).to_pil().convert(mode)
    document.close()
    return image


def pen(
    paper: Image.Image, strokes: Sequence[Sequence[tuple[float, float]]], width: float = 1.2, grey: int = 50
) -> None:
    """Draw `strokes`, in points from the top left corner, with a pen `width` points wide."""
    draw = ImageDraw.Draw(paper)
    radius = width * _POINT / 2
    for stroke in strokes:
        dots = [(x * _POINT, y * _POINT) for x, y in stroke]
        draw.line(dots, fill=grey, width=round(2 * radius), joint="curve")
        for x, y in dots:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=grey)


def handwriting(
    paper: Image.Image, x: float, y: float, text: str, size: float = 12, grey: int = 60, turn: float = 0
) -> None:
    """Write `text` from the left end of its middle line, `size` points high."""
    font = ImageFont.load_default(round(size * _POINT))
    left, top, right, bottom = font.getbbox(text)
    label = Image.new("L", (round(right - left) + 8, round(bottom - top) + 8), 0)
    ImageDraw.Draw(label).text((4 - left, 4 - top), text, fill=255, font=font)
    label = label.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    paper.paste(grey, (round(x * _POINT), round(y * _POINT) - label.height // 2), label)


def autograph(paper: Image.Image, box: tuple[float, float, float, float], width: float = 1.3, grey: int = 60) -> None:
    """Sign in `box` (left, top, right, bottom)."""
    left, top, right, bottom = box
    wave = [
        (left + (right - left) * t / 60, (top + bottom) / 2 - (bottom - top) * 0.38 * sin(t * 0.9) * cos(t / 24))
        for t in range(61)
    ]
    pen(paper, [wave, [(left, bottom), (right, bottom - 6)]], width, grey)


def round_stamp(paper: Image.Image, x: float, y: float, radius: float = 48, grey: int = 95) -> None:
    """A school's round stamp around `x`, `y`: two rings, an emblem, letters; it lets what is under it through."""
    mark = Image.new("L", paper.size, 255)
    draw = ImageDraw.Draw(mark)
    for share, width in ((1.0, 1.6), (0.66, 0.8)):
        sides = [(v + s * share * radius) * _POINT for s in (-1, 1) for v in (x, y)]
        draw.ellipse(sides, outline=grey, width=round(width * _POINT))
    font = ImageFont.load_default(round(radius * 0.2 * _POINT))
    draw.text((x * _POINT, y * _POINT), "LYCÉE", fill=grey, font=font, anchor="mm")
    for index, letter in enumerate("RÉPUBLIQUE FRANÇAISE • ACADÉMIE •"):
        at = index * 2 * pi / 33
        place = ((x + 0.83 * radius * sin(at)) * _POINT, (y - 0.83 * radius * cos(at)) * _POINT)
        draw.text(place, letter, fill=grey, font=font, anchor="mm")
    paper.paste(ImageChops.darker(paper, mark))


@dataclass(frozen=True)
class Scanner:
    """How a page is taken in. `angle` degrees; `noise` grey levels; `specks` per million pixels; `crop` points."""

    dpi: int = 200
    angle: float = 0.0
    quarter: int = 0
    shear: float = 0.0
    stretch: float = 1.0
    slant: float = 0.0
    scale: float = 1.0
    noise: int = 0
    specks: int = 0
    paper: int = 255
    shade: int = 0
    contrast: float = 1.0
    blur: float = 0.0
    quality: int = 75
    fax: str = ""
    seed: int = 1

    def picture(self, paper: Image.Image) -> Image.Image:
        """The page as this machine sees it."""
        image = self._placed(paper)
        if self.blur:
            image = image.filter(ImageFilter.GaussianBlur(self.blur * self.dpi / 72))
        image = self._toned(image)
        if self.fax == "threshold":
            image = image.point([0] * 128 + [255] * 128).convert("1")
        elif self.fax:
            image = image.convert("1")
        return image.rotate(90 * self.quarter, expand=True) if self.quarter else image

    def _placed(self, paper: Image.Image) -> Image.Image:
        width, height = (round(side * self.dpi / PAPER_DPI) for side in paper.size)
        small = paper.resize((width, height), Image.Resampling.BOX, reducing_gap=None)
        turn = radians(self.angle)
        a, b = cos(turn) / self.scale, sin(turn) / self.scale
        x0, y0 = width / 2, height / 2
        # From a place in the scan to the place on the paper; `slant` makes far things smaller.
        g, h = self.slant / width * 0.3, self.slant / height
        c1, c2 = a, b + self.shear
        c3 = x0 - c1 * x0 - c2 * y0
        c4, c5 = -b * self.stretch, a * self.stretch
        c6 = y0 - c4 * x0 - c5 * y0
        k = 1 + g * x0 + h * y0
        data = (c1 * k, c2 * k, c3 * k, c4 * k, c5 * k, c6 * k, g, h)
        return small.transform(
            (width, height), Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC, fillcolor=255
        )

    def _toned(self, image: Image.Image) -> Image.Image:
        levels = [round(max(0, self.paper - (255 - level) * self.contrast)) for level in range(256)]
        image = image.point(levels)
        if self.shade:
            ramp = Image.linear_gradient("L").rotate(30).resize(image.size)
            image = ImageChops.subtract(image, ramp.point([level * self.shade // 255 for level in range(256)]))
        chance = random.Random(self.seed)
        if self.noise:
            grain = Image.frombytes("L", image.size, chance.randbytes(image.width * image.height))
            grain = grain.filter(ImageFilter.BoxBlur(0.5))
            image = ImageChops.add(image, grain.point([level * self.noise // 40 for level in range(256)]), 1, 0)
            image = ImageChops.subtract(image, Image.new("L", image.size, self.noise * 128 // 40))
        for _ in range(self.specks * image.width * image.height // 1_000_000):
            image.putpixel((chance.randrange(image.width), chance.randrange(image.height)), chance.choice((0, 60)))
        return image


def as_pdf(pictures: Sequence[Image.Image], dpi: int, quality: int = 75) -> bytes:
    """A PDF that holds nothing but the pictures of its pages."""
    out = BytesIO()
    first, *others = pictures
    settings = {} if first.mode == "1" else {"quality": quality}
    first.save(out, "PDF", resolution=dpi, save_all=True, append_images=others, **settings)
    return out.getvalue()


def as_picture(image: Image.Image, kind: str, dpi: int, quality: int = 75) -> bytes:
    """A JPEG, PNG or TIFF."""
    out = BytesIO()
    image.save(out, kind, dpi=(dpi, dpi), **({"quality": quality} if kind == "JPEG" else {}))
    return out.getvalue()
