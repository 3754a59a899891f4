"""Colours, Lato, text on a baseline and tags, shared by the pages that the service draws. Points from the top left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib.resources import files
from typing import Literal

from fpdf import FPDF, ViewerPreferences

Colour = tuple[int, int, int]
Tag = Literal["H1", "H2", "P", "Figure"]

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
    page.viewer_preferences = ViewerPreferences(display_doc_title=True)
    page.add_page()
    return page


@contextmanager
def tagged(page: FPDF, tag: Tag, alternative: str | None = None) -> Iterator[None]:
    """Make one element of the structure of what is drawn inside: read aloud in the order in which it is drawn.

    fpdf2 has no public way to tag text, and knows no element inside another: no table, no list.
    """
    number = page.struct_builder.next_mcid_for_page(page.page)
    page._add_marked_content(struct_type=f"/{tag}", mcid=number, alt_text=alternative)
    page._out(f"/{tag} <</MCID {number}>> BDC")
    yield
    page._out("EMC")


@contextmanager
def decoration(page: FPDF) -> Iterator[None]:
    """Mark what is drawn inside as nothing to read aloud: bars, frames and rules."""
    page._out("/Artifact BMC")
    yield
    page._out("EMC")


@contextmanager
def heading(page: FPDF, level: Literal[1, 2], title: str, top: float) -> Iterator[None]:
    """Tag what is drawn inside as a heading, and put `title` into the outline, leading to `top` of this sheet."""
    page.set_y(top)
    page.start_section(title, level - 1, strict=False)
    with tagged(page, "H1" if level == 1 else "H2"):
        yield


def write(
    page: FPDF,
    x: float,
    y: float,
    text: str,
    *,
    drawable: Callable[[str], str],
    size: float = 9,
    bold: bool = False,
    colour: Colour = INK,
    right: bool = False,
    width: float = 0,
    tag: bool = True,
) -> None:
    """`text` on the baseline `y`, from `x` on, or up to it when `right`; smaller if it would not fit `width`.

    `drawable` replaces the characters that Lato lacks. `tag`: an element of its own; False for a part of one, after
    which a space moves nothing and keeps it apart from what goes on elsewhere on the page.
    """
    shown = drawable(text)
    with tagged(page, "P") if tag else nullcontext():
        page.set_font("Lato", "B" if bold else "", size)
        page.set_text_color(*colour)
        long = page.get_string_width(shown)
        if width and long > width:
            page.set_font_size(size * width / long)
            long = width
        page.text(x - long if right else x, y, shown if tag else f"{shown} ")


def band(page: FPDF, width: float) -> None:
    """The bar along the top of a page."""
    page.set_fill_color(*BRAND)
    with decoration(page):
        page.rect(0, 0, width, 14, style="F")


def framed(
    page: FPDF, x: float, y: float, width: float, height: float, radius: float, style: Literal["D", "F", "DF"] = "DF"
) -> None:
    """A tinted frame with round corners."""
    page.set_fill_color(*TINT)
    pen(page)
    with decoration(page):
        page.rect(x, y, width, height, style=style, round_corners=True, corner_radius=radius)


def rule(page: FPDF, left: float, y: float, right: float) -> None:
    """A thin pale line across a page."""
    pen(page)
    with decoration(page):
        page.line(left, y, right, y)


def pen(page: FPDF) -> None:
    """The thin pale line of frames and tables from now on."""
    page.set_draw_color(*RULE)
    page.set_line_width(0.6)
