"""The fields of a PDF as data, bounded whatever their tree looks like."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, IndirectObject, NameObject, StreamObject

MAX_WIDGETS = 300
_MAX_DEPTH = 8
_HIDDEN = 1 << 1 | 1 << 5  # not shown at all, or on no screen

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


@dataclass(frozen=True)
class Widget:
    """One place of a field on a page; `page` is None when no page shows it, `state` the drawing of a box it shows.

    `drawn`: the file has a drawing of it, and of that state; else it is the viewer's to draw, if it likes.
    """

    name: str
    kind: str
    rectangle: Rectangle
    page: int | None
    value: str
    max_length: int | None
    hidden: bool = False
    state: str = ""
    drawn: bool = True


class TooManyFields(Exception):
    """More fields than any form has."""


def reader_of(document: bytes) -> PdfReader:
    """A lenient reader of `document`, opened with the empty password if it has one."""
    reader = PdfReader(BytesIO(document))
    if reader.is_encrypted:
        reader.decrypt("")
    return reader


def widgets(reader: PdfReader, pages: int) -> list[Widget]:
    """Every field of the form tree and every widget of the first `pages` pages, in the tree or not.

    Raises TooManyFields.
    """
    shown = _shown_on(reader, pages)
    found: list[Widget] = []
    seen: set[int] = set()
    form = resolve(resolve(reader.trailer["/Root"]).get("/AcroForm"))
    roots = resolve(form.get("/Fields")) if isinstance(form, DictionaryObject) else []
    for key, node, inherited in _terminals(roots if isinstance(roots, ArrayObject) else [], {}, 0):
        seen.add(key)
        found.append(_widget(node, inherited, shown.get(key, (None, node))[0]))
        if len(found) > MAX_WIDGETS:
            raise TooManyFields
    for key, (page, node) in shown.items():
        if key not in seen:
            found.append(_widget(node, {}, page))
    if len(found) > MAX_WIDGETS:
        raise TooManyFields
    return found


def annotations(reader: PdfReader, page: int) -> list[tuple[int, DictionaryObject]]:
    """The annotations of a page, each with a key that tells it apart. Raises TooManyFields."""
    listed = resolve(reader.pages[page].get("/Annots"))
    items = list(listed) if isinstance(listed, ArrayObject) else []
    if len(items) > MAX_WIDGETS:
        raise TooManyFields
    return [(key_of(item), node) for item in items if isinstance(node := resolve(item), DictionaryObject)]


def is_hidden(node: DictionaryObject) -> bool:
    """Whether viewers leave an annotation out."""
    flags = resolve(node.get("/F"))
    return isinstance(flags, int) and bool(flags & _HIDDEN)


def resolve(item: Any) -> Any:
    """Return the object that a reference points to, or the object itself."""
    return item.get_object() if isinstance(item, IndirectObject) else item


def needs_appearances(reader: PdfReader) -> bool:
    """Whether viewers are asked to draw the fields anew."""
    form = resolve(resolve(reader.trailer["/Root"]).get("/AcroForm"))
    asked = resolve(form.get("/NeedAppearances")) if isinstance(form, DictionaryObject) else None
    return isinstance(asked, BooleanObject) and bool(asked.value)


def rectangle(node: DictionaryObject) -> Rectangle:
    """/Rect in order; empty when there is none."""
    sides = resolve(node.get("/Rect"))
    if not isinstance(sides, ArrayObject) or len(sides) != 4:
        return 0.0, 0.0, 0.0, 0.0
    x1, y1, x2, y2 = (float(resolve(side)) for side in sides)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def text_of(value: Any) -> str:
    """A text, a name or a text stream as str."""
    value = resolve(value)
    if isinstance(value, StreamObject):
        value = value.get_data()[:4_000]
    if isinstance(value, bytes):
        return value.decode("utf-16" if value[:2] in (b"\xfe\xff", b"\xff\xfe") else "latin-1", "replace")
    if isinstance(value, NameObject):
        return str(value).removeprefix("/")
    return value if isinstance(value, str) else ""


def key_of(item: Any) -> int:
    """The mark by which an object differs from all others of its file."""
    return item.idnum if isinstance(item, IndirectObject) else -id(item)


def _shown_on(reader: PdfReader, pages: int) -> dict[int, tuple[int, DictionaryObject]]:
    return {
        key: (page, node)
        for page in range(pages)
        for key, node in annotations(reader, page)
        if node.get("/Subtype") == "/Widget"
    }


def _terminals(
    items: list[Any] | ArrayObject, inherited: dict[str, Any], depth: int
) -> Iterator[tuple[int, DictionaryObject, dict[str, Any]]]:
    """The leaves of the field tree, each with what it inherits and with `name`, its full name."""
    if depth > _MAX_DEPTH:
        raise TooManyFields
    for item in items:
        node = resolve(item)
        if not isinstance(node, DictionaryObject):
            continue
        known = inherited | {key: node[key] for key in ("/FT", "/V", "/MaxLen") if key in node}
        if "/T" in node:
            known["name"] = ".".join(filter(None, (inherited.get("name"), text_of(node["/T"]))))
        kids = resolve(node.get("/Kids"))
        if isinstance(kids, ArrayObject) and kids:
            yield from _terminals(kids, known, depth + 1)
        else:
            yield key_of(item), node, known


def _widget(node: DictionaryObject, inherited: dict[str, Any], page: int | None) -> Widget:
    known = {key: node[key] for key in ("/FT", "/V", "/MaxLen") if key in node} | inherited
    kind = text_of(known.get("/FT"))
    if kind == "Btn":
        state = text_of(known["/V"] if "/V" in known else node.get("/AS"))
        value = "yes" if state not in ("", "Off") else ""
    elif kind == "Sig":
        value = "yes" if isinstance(resolve(known.get("/V")), DictionaryObject) else ""
    else:
        value = text_of(known.get("/V")).strip()
    length = resolve(known.get("/MaxLen"))
    return Widget(
        name=inherited.get("name") or text_of(node.get("/T")),
        kind=kind,
        rectangle=rectangle(node),
        page=page,
        value=value,
        max_length=int(length) if isinstance(length, int) else None,
        hidden=is_hidden(node),
        state=text_of(node.get("/AS")),
        drawn=_is_drawn(node),
    )


def _is_drawn(node: DictionaryObject) -> bool:
    kinds = resolve(node.get("/AP"))
    shown = resolve(kinds.get("/N")) if isinstance(kinds, DictionaryObject) else None
    if isinstance(shown, DictionaryObject) and not isinstance(shown, StreamObject):
        shown = resolve(shown.get("/" + text_of(node.get("/AS"))))
    return isinstance(shown, StreamObject)
