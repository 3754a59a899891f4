"""Open a PDF of a stranger for its data: as it is, or as rebuilt; what was wrong with it is kept (R5)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from schoolsms.adapters.order_forms.pdf.acroform import reader_of
from schoolsms.adapters.order_forms.pdf.raster import Document

DAMAGED = "fichier PDF endommagé, dont la structure a été reconstituée"
"""French notice that the reader had to guess: another reader may have guessed otherwise."""


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.any = False

    def emit(self, record: logging.LogRecord) -> None:
        """Only that there was something: its words may be the document's."""
        del record
        self.any = True


@contextmanager
def defects() -> Iterator[_Kept]:
    """Whether the reader complained of a document meanwhile, as `any`."""
    kept = _Kept()
    log = logging.getLogger("pypdf")
    before = log.propagate
    log.addHandler(kept)
    log.propagate = False
    try:
        yield kept
    finally:
        log.removeHandler(kept)
        log.propagate = before


def opened(document: bytes, seen: Document) -> tuple[PdfReader, bool]:
    """A reader of `document`, and whether only of what `seen`, another reader, made of it. Raises what pypdf does."""
    try:
        return _walked(document), False
    except Exception:  # noqa: BLE001  pypdf raises what it likes on a damaged file
        return _walked(seen.rebuilt()), True


def as_kept(reader: PdfReader) -> bytes:
    """The document without its wish that viewers draw the fields anew: some do not."""
    writer = PdfWriter(clone_from=reader)
    writer.root_object["/AcroForm"].get_object().pop("/NeedAppearances", None)  # type: ignore[union-attr]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _walked(document: bytes) -> PdfReader:
    reader = reader_of(document)
    len(reader.pages)
    _ = reader.trailer["/Root"]
    return reader
