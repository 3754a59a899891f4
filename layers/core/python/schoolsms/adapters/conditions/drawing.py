"""The published conditions laid out on A4 with fpdf2, in points: headings and paragraphs, each tagged (R4)."""

import hashlib
from contextlib import AbstractContextManager
from typing import Any

from fpdf import FPDF

from schoolsms.adapters.drawing import BRAND, INK, heading, started, tagged
from schoolsms.domain.orders.forms.conditions_layout import pieces

_WIDTH, _HEIGHT, _MARGIN = 595.28, 841.89, 56.0
_SIZES = {0: 9.5, 1: 15.0, 2: 11.0}


def draw(text: bytes, version: str) -> bytes:
    """The conditions of that version as a PDF."""
    page = FPDF(unit="pt", format=(_WIDTH, _HEIGHT))
    started(page, f"Conditions particulières SMS, version {version}", "Kosmos")
    page.set_margins(_MARGIN, _MARGIN)
    page.set_xy(_MARGIN, _MARGIN)
    named = f"Version {version} – SHA-256 du texte publié : {hashlib.sha256(text).hexdigest()}"
    for level, said in [*pieces(text.decode()), (0, named)]:
        _piece(page, level, said)
        page.ln(5)
    return bytes(page.output())


def _piece(page: FPDF, level: int, said: str) -> None:
    """A heading or a paragraph; one that goes on over the page is an element on each, as fpdf2 wants it."""
    page.set_font("Lato", "B" if level else "", _SIZES[level])
    page.set_text_color(*(BRAND if level else INK))
    width, height = _WIDTH - 2 * _MARGIN, _SIZES[level] * 1.4
    lines: Any = page.multi_cell(width, height, said, align="L", dry_run=True, output="LINES")
    while lines:
        room = int((_HEIGHT - _MARGIN - page.get_y()) / height)
        if room < (3 if level else 1):  # a heading stays with what it heads
            page.add_page()
            continue
        with _element(page, level, said):
            together = "\n".join(lines[:room])
            page.multi_cell(width, height, together, align="L", new_x="LMARGIN", new_y="NEXT")
        lines = lines[room:]


def _element(page: FPDF, level: int, said: str) -> AbstractContextManager[None]:
    if level == 0:
        return tagged(page, "P")
    return heading(page, 1 if level == 1 else 2, said, page.get_y())
