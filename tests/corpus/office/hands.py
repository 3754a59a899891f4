"""Other pens, hands and stamps than those of `scanner`, in colour, drawn by chance: for the second corpus."""

from collections.abc import Sequence
from importlib.resources import files
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.corpus.office.scanner import PAPER_DPI

POINT = PAPER_DPI / 72
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

PENS: tuple[Colour, ...] = (
    (25, 25, 30),  # black ballpoint
    (20, 40, 140),  # blue ballpoint
    (60, 90, 175),  # pale blue ballpoint
    (15, 20, 60),  # fountain pen
    (175, 25, 35),  # red
    (20, 105, 60),  # green
)
PENCIL: Colour = (120, 120, 122)
STAMPS: tuple[Colour, ...] = ((40, 60, 150), (185, 40, 60), (95, 60, 140), (70, 70, 75))
_FACES = ("Lato-LightItalic.ttf", "Lato-Italic.ttf", "Lato-Light.ttf", "Lato-ThinItalic.ttf")


def line(paper: Image.Image, dots: Sequence[tuple[float, float]], width: float, colour: Colour) -> None:
    """A stroke through `dots`, in points from the top left corner; ink darkens what is under it."""
    mark = Image.new("RGB", paper.size, (255, 255, 255))
    draw = ImageDraw.Draw(mark)
    radius = width * POINT / 2
    placed = [(x * POINT, y * POINT) for x, y in dots]
    draw.line(placed, fill=colour, width=max(1, round(2 * radius)), joint="curve")
    for x, y in placed:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    _lay(paper, mark)


def signature(paper: Image.Image, box: Box, chance: Random, width: float, colour: Colour) -> None:
    """Loops and a flourish by chance that fill `box`."""
    left, top, right, bottom = box
    height = bottom - top
    turns = chance.uniform(3, 7)
    tilt, phase = chance.uniform(-0.25, 0.25), chance.uniform(0, pi)
    dots = []
    for step in range(90):
        t = step / 89
        swing = cos(t * 3 + phase) * 0.5 + 0.55
        x = left + (right - left) * (t + 0.06 * sin(2 * pi * turns * t + phase))
        y = (top + bottom) / 2 - height * 0.42 * swing * sin(2 * pi * turns * t) - tilt * height * (t - 0.5)
        dots.append((min(right, max(left, x)), min(bottom, max(top, y))))
    line(paper, dots, width, colour)
    if chance.random() < 0.6:
        y = bottom - height * chance.uniform(0, 0.2)
        line(paper, [(left + 3, y), (right - 3, y - height * chance.uniform(-0.1, 0.3))], width, colour)


def handwriting(
    paper: Image.Image, at: tuple[float, float], text: str, chance: Random, size: float, colour: Colour, turn: float = 0
) -> None:
    """Letters that dance, from the left end of their middle line."""
    face = str(files("font_lato") / "files" / chance.choice(_FACES[:3] if size < 11 else _FACES))
    sheet = Image.new("L", (round((len(text) + 3) * size * POINT * 0.75), round(size * POINT * 2.4)), 0)
    x, middle = size * POINT * 0.3, sheet.height / 2
    for letter in text:
        font = ImageFont.truetype(face, max(8, round(size * POINT * chance.uniform(0.92, 1.1))))
        glyph = Image.new("L", (round(size * POINT * 1.5), sheet.height), 0)
        at_y = middle + chance.uniform(-0.06, 0.06) * size * POINT
        pen = round(size * 0.028 * POINT)
        ImageDraw.Draw(glyph).text((6, at_y), letter, fill=255, font=font, anchor="lm", stroke_width=pen)
        glyph = glyph.rotate(chance.uniform(-5, 5), resample=Image.Resampling.BICUBIC)
        sheet.paste(255, (round(x), 0), glyph)
        x += font.getlength(letter) * chance.uniform(0.95, 1.08) + 1
    sheet = sheet.crop((0, 0, round(x + size * POINT * 0.3), sheet.height))
    sheet = sheet.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    paper.paste(colour, (round(at[0] * POINT), round(at[1] * POINT) - sheet.height // 2), sheet)


def round_stamp(paper: Image.Image, at: tuple[float, float], radius: float, colour: Colour, chance: Random) -> None:
    """A round stamp, unevenly inked."""
    x, y = at
    mark = Image.new("RGB", paper.size, (255, 255, 255))
    draw = ImageDraw.Draw(mark)
    for share, width in ((1.0, 1.5), (0.93, 0.5), (0.62, 0.8)):
        sides = [(v + s * share * radius) * POINT for s in (-1, 1) for v in (x, y)]
        draw.ellipse(sides, outline=colour, width=max(1, round(width * POINT)))
    font = ImageFont.load_default(round(radius * 0.22 * POINT))
    draw.text((x * POINT, y * POINT), "COLLÈGE", fill=colour, font=font, anchor="mm")
    for index, letter in enumerate("ÉDUCATION NATIONALE • LE PRINCIPAL • "):
        at_angle = index * 2 * pi / 37
        place = ((x + 0.78 * radius * sin(at_angle)) * POINT, (y - 0.78 * radius * cos(at_angle)) * POINT)
        draw.text(place, letter, fill=colour, font=font, anchor="mm")
    worn = Image.effect_noise((60, 60), 90).resize(paper.size).point([0] * 90 + [255] * 166)
    mark.paste((255, 255, 255), None, ImageChops.invert(worn).point([level // 3 for level in range(256)]))
    del chance
    _lay(paper, mark)


def word_stamp(paper: Image.Image, at: tuple[float, float], text: str, colour: Colour, turn: float) -> None:
    """A rectangular rubber stamp with `text`."""
    font = ImageFont.load_default(round(13 * POINT))
    left, top, right, bottom = font.getbbox(text)
    label = Image.new("L", (round(right - left) + 50, round(bottom - top) + 40), 0)
    draw = ImageDraw.Draw(label)
    draw.rectangle((4, 4, label.width - 5, label.height - 5), outline=255, width=6)
    draw.text((25 - left, 20 - top), text, fill=255, font=font)
    label = label.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    paper.paste(colour, (round(at[0] * POINT), round(at[1] * POINT)), label)


def _lay(paper: Image.Image, mark: Image.Image) -> None:
    paper.paste(ImageChops.darker(paper, mark))
