"""The typeface of the values of an order form: Lato, embedded for every sign of Windows-1252.

A font that is not embedded is drawn by each program with a substitute of its own, and a page printed by another
program than ours could not be compared with the issued one (R5). Viewers go on typing in it, so it has all the signs
that a French keyboard makes. It is a simple font because viewers write with no other.
"""

from functools import cache
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NumberObject, StreamObject

NAME = "/Lato"
"""The font in the resources of the form."""

_FIRST, _LAST = 32, 255
_NOT_SYMBOLIC = 32
_CAPITALS = 718
"""Thousandths of the size: fields are centred on it. Accents rise above it, into what a field leaves free."""


@cache
def _subset() -> tuple[bytes, tuple[int, ...], tuple[int, int, int, int]]:
    """The font file, the widths of its codes and its bounds, both in thousandths of the size."""
    # Imported here because forms are read without them, and they load slowly.
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    from schoolsms.adapters.drawing import FONTS, REGULAR

    font = TTFont(BytesIO((FONTS / REGULAR).read_bytes()), recalcTimestamp=False)
    # Without hints, which one program follows and another does not.
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[6])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(sign) for sign in _signs() if sign])
    subsetter.subset(font)
    unit = 1000 / font["head"].unitsPerEm
    glyphs, advances = font.getBestCmap(), font["hmtx"]
    widths = tuple(round(advances[glyphs.get(ord(sign or " "), ".notdef")][0] * unit) for sign in _signs())
    head = font["head"]
    bounds = tuple(round(side * unit) for side in (head.xMin, head.yMin, head.xMax, head.yMax))
    out = BytesIO()
    font.save(out)
    return out.getvalue(), widths, (bounds[0], bounds[1], bounds[2], bounds[3])


def _signs() -> list[str]:
    """Return the character of each code from _FIRST to _LAST; "" for the five that Windows-1252 leaves out."""
    return [bytes((code,)).decode("cp1252", errors="ignore") for code in range(_FIRST, _LAST + 1)]


def embedded(writer: PdfWriter) -> IndirectObject:
    """The font, added to `writer`."""
    data, widths, bounds = _subset()
    plain = StreamObject()
    plain.set_data(data)
    file = plain.flate_encode(9)
    file[NameObject("/Length1")] = NumberObject(len(data))
    descriptor = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/FontDescriptor"),
            NameObject("/FontName"): NameObject("/Lato-Regular"),
            NameObject("/Flags"): NumberObject(_NOT_SYMBOLIC),
            NameObject("/FontBBox"): ArrayObject(map(NumberObject, bounds)),
            NameObject("/ItalicAngle"): NumberObject(0),
            NameObject("/Ascent"): NumberObject(_CAPITALS),
            NameObject("/Descent"): NumberObject(-207),
            NameObject("/CapHeight"): NumberObject(_CAPITALS),
            NameObject("/StemV"): NumberObject(80),
            NameObject("/FontFile2"): writer._add_object(file),
        }
    )
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/TrueType"),
            NameObject("/BaseFont"): NameObject("/Lato-Regular"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            NameObject("/FirstChar"): NumberObject(_FIRST),
            NameObject("/LastChar"): NumberObject(_LAST),
            NameObject("/Widths"): ArrayObject(map(NumberObject, widths)),
            NameObject("/FontDescriptor"): writer._add_object(descriptor),
        }
    )
    return writer._add_object(font)
