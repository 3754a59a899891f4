"""Types into an order form as people do in Chromium's viewer, whose PDF library draws what is typed."""

import ctypes
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
from pypdf import PdfReader


def typed(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """`pdf` with `values` typed into its fields, by name, the conditions ticked with the mouse, and saved."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    form, page = document.formenv.raw, document[0]
    middles = _middles(pdf)
    for name, value in values.items():
        _click(form, page, middles[name])
        pdfium_c.FORM_SelectAllText(form, page)
        codes = (value + "\0").encode("utf-16-le")
        pdfium_c.FORM_ReplaceSelection(form, page, (ctypes.c_ushort * (len(codes) // 2)).from_buffer_copy(codes))
    _click(form, page, middles["accept_terms"])
    pdfium_c.FORM_ForceToKillFocus(form)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _middles(pdf: bytes) -> dict[str, tuple[float, float]]:
    page: Any = PdfReader(BytesIO(pdf)).pages[0]
    fields = [item.get_object() for item in page["/Annots"]]
    boxes = {str(field["/T"]): [float(side) for side in field["/Rect"]] for field in fields if "/T" in field}
    return {name: ((left + right) / 2, (low + high) / 2) for name, (left, low, right, high) in boxes.items()}


def _click(form: Any, page: Any, at: tuple[float, float]) -> None:
    pdfium_c.FORM_OnMouseMove(form, page, 0, *at)
    pdfium_c.FORM_OnLButtonDown(form, page, 0, *at)
    pdfium_c.FORM_OnLButtonUp(form, page, 0, *at)
