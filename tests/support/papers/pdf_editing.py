"""Changes PDFs below what a viewer offers: for tests of what may happen to an order form on its way."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, cast

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

Change = Callable[[PdfWriter], object]


def saved(writer: PdfWriter) -> bytes:
    """The bytes of what `writer` holds."""
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def edit(pdf: bytes, change: Change) -> bytes:
    """`pdf` written anew after `change`."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    change(writer)
    return saved(writer)


def update(pdf: bytes, change: Change) -> bytes:
    """`pdf` with `change` appended as an incremental update."""
    writer = PdfWriter(BytesIO(pdf), incremental=True)
    change(writer)
    return saved(writer)


def widgets(writer: PdfWriter) -> dict[str, DictionaryObject]:
    """The fields' dictionaries of the first page, by name."""
    page: Any = writer.pages[0]
    found = (item.get_object() for item in page["/Annots"])
    return {str(item["/T"]): item for item in found if item["/Subtype"] == "/Widget"}


def form_of(writer: PdfWriter) -> Any:
    """The /AcroForm dictionary."""
    return writer.root_object["/AcroForm"].get_object()


def dictionary(entries: Mapping[str, PdfObject | str | float | bool]) -> DictionaryObject:
    """A PDF dictionary: `"/Name"` is a name, other text a string."""
    return DictionaryObject({NameObject(key): _object(value) for key, value in entries.items()})


def _object(value: PdfObject | str | float | bool) -> PdfObject:
    if isinstance(value, PdfObject):
        return value
    if isinstance(value, bool):
        return BooleanObject(value)
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    return NumberObject(value) if isinstance(value, int) else FloatObject(value)


def draw(writer: PdfWriter, content: bytes) -> None:
    """Append `content` to what the first page draws; /F1 of the page is its regular font."""
    page: Any = writer.pages[0]
    stream = DecodedStreamObject()
    stream.set_data(content)
    before = page["/Contents"].get_object()
    parts = list(before) if isinstance(before, ArrayObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject([*parts, writer._add_object(stream)])


def with_helvetica(writer: PdfWriter) -> None:
    """Let the first page draw in Helvetica, as /Z."""
    helvetica = dictionary({"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"})
    page: Any = writer.pages[0]
    resources = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    fonts[NameObject("/Z")] = writer._add_object(helvetica)


def drawing(writer: PdfWriter, widget: DictionaryObject, content: bytes, face: str = "/Helvetica") -> None:
    """Let `widget` show `content`, which may use `face` as /F, whatever its value is."""
    left, bottom, right, top = (float(side) for side in cast(ArrayObject, widget["/Rect"]))
    stream = DecodedStreamObject()
    stream.set_data(content)
    font = dictionary({"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": face, "/Encoding": "/WinAnsiEncoding"})
    fonts = dictionary({"/F": writer._add_object(font)})
    bounds = ArrayObject(FloatObject(side) for side in (0, 0, right - left, top - bottom))
    stream.update(dictionary({"/Type": "/XObject", "/Subtype": "/Form", "/BBox": bounds}))
    stream[NameObject("/Resources")] = dictionary({"/Font": fonts})
    widget[NameObject("/AP")] = dictionary({"/N": writer._add_object(stream)})


def add_annotation(writer: PdfWriter, annotation: DictionaryObject) -> None:
    """Hang `annotation` on the first page."""
    page: Any = writer.pages[0]
    page["/Annots"].append(writer._add_object(annotation))


def add_field(writer: PdfWriter, name: str, rectangle: tuple[int, int, int, int], value: str = "") -> None:
    """One more text field on the first page."""
    corners = ArrayObject(NumberObject(side) for side in rectangle)
    field = dictionary(
        {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx", "/T": name, "/Rect": corners, "/V": value}
    )
    add_annotation(writer, field)
    page: Any = writer.pages[0]
    form_of(writer)["/Fields"].append(page["/Annots"][-1])


def with_page(pdf: bytes) -> bytes:
    """`pdf` and an empty page behind it."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    writer.add_blank_page(595, 842)
    return saved(writer)


def with_unused_bytes(pdf: bytes, size: int) -> bytes:
    """`pdf` with `size` bytes that nothing on its pages uses."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    unused = DecodedStreamObject()
    unused.set_data(bytes(size))
    writer.root_object[NameObject("/Unused")] = writer._add_object(unused)
    return saved(writer)
