"""Plays the school that received an order form: fills it, signs it, prints it, scans it.

For tests and the demo, it knows of the product only what a school sees. Every function takes a PDF and
returns another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import cast

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

Stroke = Sequence[tuple[float, float]]
"""Points of a pen stroke, as fractions of a rectangle."""

AUTOGRAPH: tuple[Stroke, ...] = (
    ((0.15, 0.3), (0.2, 0.85), (0.28, 0.2), (0.36, 0.6), (0.42, 0.3), (0.5, 0.55), (0.56, 0.3)),
    ((0.56, 0.3), (0.62, 0.5), (0.68, 0.3), (0.8, 0.62)),
    ((0.18, 0.18), (0.85, 0.26)),
)
INITIAL: tuple[Stroke, ...] = (((0.45, 0.35), (0.48, 0.65), (0.51, 0.35)), ((0.46, 0.47), (0.5, 0.47)))


def fill(pdf: bytes, values: Mapping[str, str], terms: bool = True) -> bytes:
    """Type `values` into the fields, by name, and tick the box of the conditions."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    ticked = {"accept_terms": "/Yes"} if terms else {}
    writer.update_page_form_field_values(writer.pages[0], {**values, **ticked}, auto_regenerate=None)
    return _bytes(writer)


def signature_rectangle(pdf: bytes) -> Rectangle:
    """Place of the signature."""
    annotations = PdfReader(BytesIO(pdf)).pages[0].annotations or ()
    box = next(cast(ArrayObject, item["/Rect"]) for item in annotations if item.get("/T") == "signature")
    left, bottom, right, top = (float(side) for side in box)
    return left, bottom, right, top


def ink(pdf: bytes, strokes: Sequence[Stroke] = AUTOGRAPH, rectangle: Rectangle | None = None) -> bytes:
    """Draw with the pen of a PDF viewer: an Ink annotation with its appearance."""
    left, bottom, right, top = rectangle or signature_rectangle(pdf)
    lines = [[(left + x * (right - left), bottom + y * (top - bottom)) for x, y in s] for s in strokes]
    width = 1.4
    xs, ys = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    bounds = (min(xs) - width, min(ys) - width, max(xs) + width, max(ys) + width)
    drawing = f"0.05 0.1 0.45 RG {width} w 1 J 1 j\n" + "\n".join(
        " ".join(f"{x:.2f} {y:.2f} {'l' if index else 'm'}" for index, (x, y) in enumerate(line)) + " S"
        for line in lines
    )
    points = ArrayObject(_numbers(value for point in line for value in point) for line in lines)
    return annotate(pdf, "/Ink", bounds, drawing.encode(), {"/InkList": points})


def stamp(pdf: bytes, image: Image.Image | None = None, rectangle: Rectangle | None = None) -> bytes:
    """Put a picture (by default a round school stamp) into the signature rectangle, as a Stamp annotation."""
    left, bottom, right, top = rectangle or signature_rectangle(pdf)
    image = (image or round_stamp()).convert("L")
    picture = StreamObject()
    picture.set_data(image.tobytes())
    picture.update(
        {
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(image.width),
            NameObject("/Height"): NumberObject(image.height),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )
    side = min(right - left, top - bottom) - 8
    bounds = (left + 4, bottom + 4, left + 4 + side, bottom + 4 + side)
    drawing = f"q {side:.2f} 0 0 {side:.2f} {bounds[0]:.2f} {bounds[1]:.2f} cm /Im Do Q"
    return annotate(pdf, "/Stamp", bounds, drawing.encode(), {}, picture)


def round_stamp() -> Image.Image:
    """The picture of a stamp: two circles and a word."""
    image = Image.new("L", (160, 160), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((6, 6, 154, 154), outline=60, width=5)
    draw.ellipse((28, 28, 132, 132), outline=60, width=2)
    draw.text((58, 74), "LE PROVISEUR", fill=60, anchor="lm")
    return image


def annotate(
    pdf: bytes,
    kind: str,
    bounds: Rectangle,
    drawing: bytes,
    entries: Mapping[str, ArrayObject | TextStringObject],
    picture: StreamObject | None = None,
) -> bytes:
    """Add an annotation to the first page, `drawing` being its appearance in the page's coordinates."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    page = writer.pages[0]
    appearance = StreamObject()
    appearance.set_data(drawing)
    appearance.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): RectangleObject(bounds),
            NameObject("/Resources"): _resources(writer, picture),
        }
    )
    annotation = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(kind),
            NameObject("/Rect"): RectangleObject(bounds),
            NameObject("/F"): NumberObject(4),
            NameObject("/P"): cast(IndirectObject, page.indirect_reference),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(appearance)}),
        }
    )
    annotation.update({NameObject(key): value for key, value in entries.items()})
    cast(ArrayObject, page["/Annots"]).append(writer._add_object(annotation))
    return _bytes(writer)


def flatten(pdf: bytes) -> bytes:
    """Print to PDF: what the fields show stays as text of the page, the fields are gone."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    for page in document:
        pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_PRINT)
    out = BytesIO()
    document.save(out)
    document.close()
    writer = PdfWriter(clone_from=BytesIO(out.getvalue()))
    writer.root_object.pop("/AcroForm", None)
    return _bytes(writer)


def photograph(pdf: bytes, dpi: int = 200, angle: float = 0.0) -> Image.Image:
    """The first page as a scanner sees it, turned by `angle` degrees."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    image: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("L")
    document.close()
    return image.rotate(angle, expand=True, fillcolor=255) if angle else image


def scan(pdf: bytes, dpi: int = 200, angle: float = 0.0, quality: int = 75, fax: bool = False) -> bytes:
    """Print, scan: a PDF that holds nothing but the picture of the page; `fax` is black and white."""
    image = photograph(pdf, dpi, angle)
    out = BytesIO()
    if fax:
        image.convert("1").save(out, "PDF", resolution=dpi)
    else:
        image.save(out, "PDF", resolution=dpi, quality=quality)
    return out.getvalue()


def _resources(writer: PdfWriter, picture: StreamObject | None) -> DictionaryObject:
    if picture is None:
        return DictionaryObject()
    images = DictionaryObject({NameObject("/Im"): writer._add_object(picture)})
    return DictionaryObject({NameObject("/XObject"): images})


def _numbers(values: Iterable[float]) -> ArrayObject:
    return ArrayObject(FloatObject(round(value, 2)) for value in values)


def _bytes(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
