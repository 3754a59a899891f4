"""The published conditions, which are part of the package: their exact text, and as a PDF (R4)."""

import hashlib
import re
from importlib.resources import files

from schoolsms.domain.orders.conditions_layout import pieces

_version = re.compile(r"[0-9]{4}-[0-9]{2}").fullmatch
_TEXTS = files("schoolsms.domain.orders") / "conditions"
_WIDTH, _HEIGHT, _MARGIN = 595.28, 841.89, 56.0
_SIZES = {0: 9.5, 1: 15.0, 2: 11.0}


class PublishedConditions:
    """Every version that is in the package."""

    def text(self, version: str) -> bytes | None:
        """The file as it was published, whose SHA-256 orders keep; None for a version that there is not."""
        file = _TEXTS / f"{version}.txt"
        return file.read_bytes() if _version(version) and file.is_file() else None

    def pdf(self, text: bytes, version: str) -> bytes:
        """`text` laid out on A4."""
        from fpdf import FPDF  # only for who wants a PDF

        from schoolsms.adapters.drawing import BRAND, INK, started

        page = FPDF(unit="pt", format=(_WIDTH, _HEIGHT))
        started(page, f"Conditions particulières SMS, version {version}", "Kosmos")
        page.set_margins(_MARGIN, _MARGIN)
        page.set_auto_page_break(auto=True, margin=_MARGIN)
        page.set_xy(_MARGIN, _MARGIN)
        named = f"Version {version} – SHA-256 du texte publié : {hashlib.sha256(text).hexdigest()}"
        for level, said in [*pieces(text.decode()), (0, named)]:
            page.set_font("Lato", "B" if level else "", _SIZES[level])
            page.set_text_color(*(BRAND if level else INK))
            page.multi_cell(_WIDTH - 2 * _MARGIN, _SIZES[level] * 1.4, said, align="L", new_x="LMARGIN", new_y="NEXT")
            page.ln(5)
        return bytes(page.output())
