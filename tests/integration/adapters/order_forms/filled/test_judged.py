"""Altered is not incomplete: only what is certainly missing on a form read whole is answered as missing (R5, R7)."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import TextStringObject

from local.players import paper
from schoolsms.adapters.order_forms.filled.read import read
from schoolsms.adapters.order_forms.issuing.imprint import Imprint
from schoolsms.adapters.order_forms.issuing.issue import issue
from schoolsms.domain.orders.forms.order_forms import FormReading
from schoolsms.domain.orders.review.order_completeness import judge
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import edit, form_of, widgets

IMPRINT = Imprint("commande-sms@skolengo.test")
FORM = issued_form(uai="0750655E")
ISSUED = issue(FORM, b"a key of thirty-two bytes, or so.", IMPRINT)
DATED = {"place_and_date": "Privas, le 3 septembre 2026"}
FILLED = paper.fill(ISSUED, DATED)
LEFT, BOTTOM, RIGHT, TOP = paper.signature_rectangle(ISSUED)


def place(name: str) -> paper.Rectangle:
    page: Any = PdfReader(BytesIO(ISSUED)).pages[0]
    field = next(item.get_object() for item in page["/Annots"] if item.get_object()["/T"] == name)
    left, bottom, right, top = (float(side) for side in field["/Rect"])
    return left, bottom, right, top


def typed_over(pdf: bytes, name: str, text: str) -> bytes:
    """A text put over a field by a viewer that knows no forms."""
    return paper.annotate(pdf, "/FreeText", place(name), b"", {"/Contents": TextStringObject(text)})


def without_frame(writer: PdfWriter) -> None:
    gone = widgets(writer)["signature"].indirect_reference
    page: Any = writer.pages[0]
    for items in (page["/Annots"], form_of(writer)["/Fields"]):
        items.remove(gone)


def pale_stamp() -> Image.Image:
    """A signature as a photo in poor light keeps it: a person makes it out."""
    return paper.round_stamp().point(lambda level: 225 if level < 160 else 255)


def codes(document: bytes) -> set[str]:
    answer = read(document, ISSUED)
    reading = FormReading(answer["fields"], answer["signature"], tuple(answer["alterations"]))
    return {reason.code for reason in judge(FORM, reading, "filled").reasons}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            paper.ink(paper.ink(paper.fill(ISSUED, DATED, terms=False)), paper.INITIAL, place("accept_terms")),
            id="ticked with a pen",
        ),
        pytest.param(typed_over(paper.ink(paper.fill(ISSUED, {})), "place_and_date", "Privas, le 3"), id="dated so"),
        pytest.param(paper.ink(FILLED, rectangle=(LEFT - 200, BOTTOM, LEFT - 40, TOP)), id="signed beside the frame"),
        pytest.param(paper.stamp(FILLED, pale_stamp()), id="signed palely"),
        pytest.param(paper.stamp(FILLED, Image.new("L", (90, 90), 180)), id="a photo of blank paper in the frame"),
        pytest.param(edit(FILLED, without_frame), id="unsigned, and without its frame"),
        pytest.param(edit(FILLED, lambda writer: writer.insert_blank_page(595, 842, 0)), id="unsigned, behind a page"),
        pytest.param(edit(FILLED, lambda writer: writer.pages[0].scale_by(0.97)), id="unsigned, and reduced"),
        pytest.param(FILLED[: FILLED.rindex(b"%%EOF")], id="unsigned, and its end lost"),
    ],
)
def test_a_form_that_was_altered_is_only_for_a_person_to_judge(document: bytes) -> None:
    assert codes(document) == {"form-altered"}


@pytest.mark.parametrize(
    ("document", "missing"),
    [
        pytest.param(FILLED, {"signature-missing"}, id="unsigned"),
        pytest.param(edit(FILLED, lambda w: w.pages[0].rotate(90)), {"signature-missing"}, id="unsigned, and turned"),
        pytest.param(paper.ink(paper.fill(ISSUED, DATED, terms=False)), {"terms-not-accepted"}, id="not ticked"),
        pytest.param(paper.ink(paper.fill(ISSUED, {})), {"field-missing"}, id="not dated"),
    ],
)
def test_what_a_form_read_whole_lacks_is_answered(document: bytes, missing: set[str]) -> None:
    assert codes(document) == missing


def test_a_form_read_whole_that_lacks_nothing_is_an_order() -> None:
    assert codes(paper.ink(FILLED)) == set()
