"""Other programs than ours that draw or print a form. Debian has them: poppler-utils, mupdf-tools, ghostscript.

Run by `python -m tests.corpus.prints` alone: the tests judge the files that it left in `tests/corpus/prints`.
"""

import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

_GHOSTSCRIPT = ("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pnggray", "-r{dpi}", "-sOutputFile=out.png")
DRAWING: dict[str, Sequence[str]] = {
    "poppler": ("pdftoppm", "-gray", "-png", "-singlefile", "-r", "{dpi}", "in.pdf", "out"),
    "cairo": ("pdftocairo", "-gray", "-png", "-singlefile", "-r", "{dpi}", "in.pdf", "out"),
    "mupdf": ("mutool", "draw", "-q", "-c", "gray", "-r", "{dpi}", "-o", "out.png", "in.pdf"),
    "ghostscript": (*_GHOSTSCRIPT, "-dTextAlphaBits=4", "-dGraphicsAlphaBits=4", "in.pdf"),
    "ghostscript, jagged": (*_GHOSTSCRIPT, "in.pdf"),
}
PRINTING: dict[str, Sequence[Sequence[str]]] = {
    "cairo": (("pdftocairo", "-pdf", "in.pdf", "out.pdf"),),
    "mupdf": (("mutool", "convert", "-o", "out.pdf", "in.pdf"),),
    "PostScript": (("pdftops", "in.pdf", "x.ps"), ("ps2pdf", "x.ps", "out.pdf")),
    "ghostscript": (
        ("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite", "-sOutputFile=out.pdf", "in.pdf"),
    ),
}


def drawn(engine: str, pdf: bytes, dpi: int) -> Image.Image:
    """The first page of `pdf` as `engine` draws it, in grey."""
    command = [word.replace("{dpi}", str(dpi)) for word in DRAWING[engine]]
    return Image.open(BytesIO(_made(pdf, [command], "out.png"))).convert("L")


def printed(engine: str, pdf: bytes) -> bytes:
    """`pdf` as `engine` prints it to a PDF without fields."""
    return _made(pdf, PRINTING[engine], "out.pdf")


def _made(pdf: bytes, commands: Sequence[Sequence[str]], result: str) -> bytes:
    with TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(pdf)
        for command in commands:
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return (Path(folder) / result).read_bytes()
