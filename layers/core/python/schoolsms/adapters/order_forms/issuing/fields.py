"""The form fields of an order form, laid over the drawn page with pypdf."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from schoolsms.adapters.order_forms.issuing import layout, typeface
from schoolsms.adapters.order_forms.issuing.layout import Box

_LOOKALIKES = {"\u02bb": "’", "\u02bc": "’", "\u2011": "-", "ı": "i", "ł": "l", "Ł": "L", "đ": "d", "ħ": "h"}
_PRINTED = 4
_READ_ONLY = 1
_REQUIRED = 1 << 1
_MULTILINE = 1 << 12
_NO_SPELL_CHECK = 1 << 22
_COLOUR = "0.08 0.11 0.2 rg"
_TICK = b"q 0.09 0.25 0.55 RG 1.6 w 1 J 1 j 2.6 6.6 m 5.2 3.4 l 10.4 10 l S Q"


def add_fields(writer: PdfWriter, boxes: Sequence[Box], values: Mapping[str, str]) -> None:
    """Make the first page a form, `values` filled in: `boxes` as text fields, a check box, the signature."""
    page = writer.pages[0]
    widgets = [_text(writer, page, layout.ORDER_ID, _READ_ONLY)]
    widgets += [_text(writer, page, box) for box in boxes if box is not layout.PLACE_AND_DATE]
    widgets.append(_check_box(writer, page))
    widgets.append(_text(writer, page, layout.PLACE_AND_DATE))
    widgets.append(_add(writer, _widget(page, layout.SIGNATURE, "/Sig")))
    page[NameObject("/Annots")] = ArrayObject([*widgets, *page.get("/Annots", ())])
    page[NameObject("/Tabs")] = NameObject("/A")
    form = DictionaryObject(
        {
            NameObject("/Fields"): ArrayObject(widgets),
            NameObject("/DA"): TextStringObject(f"{typeface.NAME} {layout.TEXT_SIZE:g} Tf {_COLOUR}"),
            NameObject("/DR"): DictionaryObject({NameObject("/Font"): _fonts(writer)}),
        }
    )
    writer.root_object[NameObject("/AcroForm")] = _add(writer, form)
    shown = {name: _sized(showable(value)) for name, value in values.items() if value}
    writer.update_page_form_field_values(page, shown, auto_regenerate=None)
    for widget in widgets:  # what could not be shown as it is still is the value
        field = cast(DictionaryObject, widget.get_object())
        if value := values.get(str(field["/T"])):
            field[NameObject("/V")] = TextStringObject(value)


def showable(text: str) -> str:
    """`text` in what WinAnsi has: a macron is left out, its letter stays."""
    return "".join(sign if _in_win_ansi(sign) else _plain(sign) for sign in unicodedata.normalize("NFC", text))


def _plain(sign: str) -> str:
    base = _LOOKALIKES.get(sign) or unicodedata.normalize("NFKD", sign)[0]
    return base if _in_win_ansi(base) else "?"


def _in_win_ansi(sign: str) -> bool:
    return sign == "\n" or (sign.isprintable() or sign == "\u00a0") and _encodes(sign)


def _encodes(sign: str) -> bool:
    try:
        return len(sign.encode("cp1252")) == 1
    except UnicodeEncodeError:
        return False


def _sized(value: str) -> str | tuple[str, str, float]:
    """A short address at the size of the other fields; anything else shrinks to fit."""
    lines = value.splitlines()
    if 1 < len(lines) <= 3 and all(len(line) <= 45 for line in lines):
        return value, typeface.NAME, layout.TEXT_SIZE - 0.5
    return value


def _add(writer: PdfWriter, item: DictionaryObject) -> IndirectObject:
    return writer._add_object(item)


def _fonts(writer: PdfWriter) -> DictionaryObject:
    return DictionaryObject({NameObject(typeface.NAME): typeface.embedded(writer)})


def _widget(page: PageObject, box: Box, kind: str) -> DictionaryObject:
    """Field and widget in one dictionary, as a field with a single widget may be."""
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject(kind),
            NameObject("/T"): TextStringObject(box.name),
            NameObject("/TU"): TextStringObject(box.label),
            NameObject("/Rect"): ArrayObject(FloatObject(side) for side in box.rectangle),
            NameObject("/F"): NumberObject(_PRINTED),
            NameObject("/Ff"): NumberObject(_REQUIRED if box.required else 0),
            NameObject("/P"): page.indirect_reference or page,
        }
    )


def _text(writer: PdfWriter, page: PageObject, box: Box, flags: int = 0) -> IndirectObject:
    widget = _widget(page, box, "/Tx")
    flags |= _NO_SPELL_CHECK | (_MULTILINE if box.multiline else 0) | (_REQUIRED if box.required else 0)
    widget[NameObject("/Ff")] = NumberObject(flags)
    widget[NameObject("/Q")] = NumberObject(box.alignment)
    widget[NameObject("/DA")] = TextStringObject(f"{typeface.NAME} {box.text_size:g} Tf {_COLOUR}")
    widget[NameObject("/BS")] = DictionaryObject({NameObject("/W"): NumberObject(0)})
    widget[NameObject("/MK")] = DictionaryObject()
    widget[NameObject("/MaxLen")] = NumberObject(box.max_length)
    empty = _add(writer, _drawing(box, b"/Tx BMC EMC"))
    widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): empty})
    return _add(writer, widget)


def _check_box(writer: PdfWriter, page: PageObject) -> IndirectObject:
    box = layout.ACCEPT
    widget = _widget(page, box, "/Btn")
    states = DictionaryObject(
        {
            NameObject("/Yes"): _add(writer, _drawing(box, _TICK)),
            NameObject("/Off"): _add(writer, _drawing(box, b"")),
        }
    )
    widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): states})
    widget[NameObject("/MK")] = DictionaryObject({NameObject("/CA"): TextStringObject("4")})
    widget[NameObject("/V")] = NameObject("/Off")
    widget[NameObject("/AS")] = NameObject("/Off")
    return _add(writer, widget)


def _drawing(box: Box, content: bytes) -> DecodedStreamObject:
    """An appearance stream of the size of `box`."""
    left, bottom, right, top = box.rectangle
    stream = DecodedStreamObject()
    stream.set_data(content)
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(v) for v in (0, 0, right - left, top - bottom)),
        }
    )
    return stream
