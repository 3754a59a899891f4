"""Colours, Lato and text on a baseline, shared by the pages that the service draws. Points from the top left."""

from importlib.resources import files
from typing import Literal

from fpdf import FPDF

Colour = tuple[int, int, int]

INK: Colour = (31, 41, 55)
BRAND: Colour = (23, 64, 139)
PAPER: Colour = (255, 255, 255)
TINT: Colour = (238, 243, 251)
RULE: Colour = (196, 206, 222)

FONTS = files("font_lato") / "files"
REGULAR, BOLD = "Lato-Regular.ttf", "Lato-Bold.ttf"


def started(page: FPDF, title: str, author: str) -> FPDF:
    """`page`, with Lato embedded and its first sheet, without margins or breaks of its own."""
    page.add_font("Lato", "", str(FONTS / REGULAR))
    page.add_font("Lato", "B", str(FONTS / BOLD))
    page.set_auto_page_break(auto=False)
    page.set_margin(0)
    page.c_margin = 0
    page.set_title(title)
    page.set_author(author)
    page.set_lang("fr-FR")
    page.add_page()
    return page


def write(
    page: FPDF, x: float, y: float, text: str, *, size: float, bold: bool, colour: Colour, right: bool, width: float = 0
) -> None:
    """`text` on the baseline `y`, from `x` on, or up to it when `right`; smaller if it would not fit `width`."""
    page.set_font("Lato", "B" if bold else "", size)
    page.set_text_color(*colour)
    long = page.get_string_width(text)
    if width and long > width:
        page.set_font_size(size * width / long)
        long = width
    page.text(x - long if right else x, y, text)


def band(page: FPDF, width: float) -> None:
    """The bar along the top of a page."""
    page.set_fill_color(*BRAND)
    page.rect(0, 0, width, 14, style="F")


def framed(
    page: FPDF, x: float, y: float, width: float, height: float, radius: float, style: Literal["D", "F", "DF"] = "DF"
) -> None:
    """A tinted frame with round corners."""
    page.set_fill_color(*TINT)
    pen(page)
    page.rect(x, y, width, height, style=style, round_corners=True, corner_radius=radius)


def pen(page: FPDF) -> None:
    """The thin pale line of frames and tables from now on."""
    page.set_draw_color(*RULE)
    page.set_line_width(0.6)
