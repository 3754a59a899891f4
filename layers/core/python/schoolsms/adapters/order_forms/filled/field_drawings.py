"""Text fields that show a picture or a drawing: whoever reads the page reads it, and no reader of text does (R5)."""

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, StreamObject

from schoolsms.adapters.order_forms.filled.alterations import Alteration
from schoolsms.adapters.order_forms.pdf.acroform import annotations, rectangle, resolve, text_of

_LINES = frozenset((b"l", b"c", b"v", b"y"))
_MOST_LINES = 12
"""Most lines of a bevelled frame; four letters drawn by lines take more."""

_PICTURES = frozenset((b"INLINE IMAGE", b"sh"))
_MOST_BYTES = 50_000
_DEEPEST = 3


def of_drawn_fields(reader: PdfReader, page: int) -> Iterator[Alteration]:
    """The text fields of `page` whose appearance is more than text in a frame."""
    for _, node in annotations(reader, page):
        if str(resolve(node.get("/Subtype"))) != "/Widget" or text_of(_inherited(node, "/FT")) != "Tx":
            continue
        if _inherited(node, "/RV") is not None:
            name = text_of(_inherited(node, "/T"))[:40]
            yield Alteration(f"texte mis en forme dans un champ : {name}", page, rectangle(node))
        appearances = resolve(node.get("/AP"))
        shown = resolve(appearances.get("/N")) if isinstance(appearances, DictionaryObject) else None
        if isinstance(shown, StreamObject) and _draws(shown, reader, 0):
            name = text_of(_inherited(node, "/T"))[:40]
            yield Alteration(f"dessin dans un champ : {name}", page, rectangle(node))


def _inherited(node: DictionaryObject, key: str) -> Any:
    if key in node:
        return node[key]
    parent = resolve(node.get("/Parent"))
    return parent.get(key) if isinstance(parent, DictionaryObject) else None


def _draws(shown: StreamObject, reader: PdfReader, depth: int) -> bool:
    if str(resolve(shown.get("/Subtype"))) == "/Image" or depth > _DEEPEST or len(shown.get_data()) > _MOST_BYTES:
        return True
    named = resolve(resolve(shown.get("/Resources", {})).get("/XObject", {}))
    lines = 0
    for operands, operator in ContentStream(shown, reader).operations:
        lines += operator in _LINES
        if operator in _PICTURES or lines > _MOST_LINES:
            return True
        if operator == b"Do":
            inner = resolve(named.get(operands[0]))
            if isinstance(inner, StreamObject) and _draws(inner, reader, depth + 1):
                return True
    return False
