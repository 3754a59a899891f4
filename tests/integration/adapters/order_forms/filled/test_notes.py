"""Text that viewers show beside the page, in a note, a hint or a bookmark, is an addition like any other (R5)."""

from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from local.players import paper
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import dictionary, edit, widgets

FORMS = FormsReadApart(b"a key of thirty-two bytes, or so.", "commande-sms@skolengo.test")
ISSUED = FORMS.issue(issued_form())
SIGNED = paper.ink(paper.fill(ISSUED, {"place_and_date": "Privas, le 3 septembre 2026"}))
CLAUSE = "sous réserve d’une remise de 50 %"
OUTSIDE = "annotation ajoutée hors du cadre de signature"


def add_popup(writer: PdfWriter, **entries: Any) -> None:
    place = ArrayObject(FloatObject(side) for side in (100, 400, 400, 500))
    more = {f"/{key}": value for key, value in entries.items()}
    popup = dictionary({"/Type": "/Annot", "/Subtype": "/Popup", "/Rect": place, "/Open": True, **more})
    page: Any = writer.pages[0]
    page["/Annots"].append(writer._add_object(popup))


def stroke(writer: PdfWriter) -> Any:
    page: Any = writer.pages[0]
    return next(each for each in page["/Annots"] if each.get_object()["/Subtype"] == "/Ink")


def of_the_stroke(writer: PdfWriter) -> None:
    add_popup(writer, Parent=stroke(writer))


def of_a_note_that_the_page_does_not_list(writer: PdfWriter) -> None:
    note = dictionary({"/Type": "/Annot", "/Subtype": "/Text", "/Contents": CLAUSE})
    add_popup(writer, Parent=writer._add_object(note))


def with_a_text_of_its_own(writer: PdfWriter) -> None:
    add_popup(writer, Contents=CLAUSE)


def with_a_styled_text_of_its_own(writer: PdfWriter) -> None:
    add_popup(writer, RC=f"<body><p>{CLAUSE}</p></body>")


def styled_on_the_stroke(writer: PdfWriter) -> None:
    stroke(writer).get_object()[NameObject("/RC")] = TextStringObject(f"<body><p>{CLAUSE}</p></body>")


def nothing_styled_on_the_stroke(writer: PdfWriter) -> None:
    stroke(writer).get_object()[NameObject("/RC")] = TextStringObject("<body><p/></body>")


def bookmarked(writer: PdfWriter) -> None:
    outline: DictionaryObject = writer.root_object["/Outlines"]  # type: ignore[assignment]
    first: Any = outline["/First"]
    first[NameObject("/Title")] = TextStringObject(CLAUSE)


def hinted(writer: PdfWriter) -> None:
    widgets(writer)["contact_role"][NameObject("/TU")] = TextStringObject(CLAUSE)


def hinted_at_the_signature(writer: PdfWriter) -> None:
    widgets(writer)["signature"][NameObject("/TU")] = TextStringObject(CLAUSE)


def hinted_as_programs_do(writer: PdfWriter) -> None:
    widgets(writer)["signature"][NameObject("/TU")] = TextStringObject("Cliquez pour signer")


def without_hints(writer: PdfWriter) -> None:
    for each in widgets(writer).values():
        each.pop("/TU", None)


def named_on_the_stroke(writer: PdfWriter) -> None:
    """Viewers show the author over the text of a note."""
    stroke(writer).get_object()[NameObject("/T")] = TextStringObject(CLAUSE)


def signed_by_its_author(writer: PdfWriter) -> None:
    stroke(writer).get_object()[NameObject("/T")] = TextStringObject("Zoé Lefèvre")


def without_bookmarks(writer: PdfWriter) -> None:
    del writer.root_object["/Outlines"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (of_the_stroke, ()),
        (nothing_styled_on_the_stroke, ()),
        (of_a_note_that_the_page_does_not_list, (OUTSIDE,)),
        (with_a_text_of_its_own, (OUTSIDE,)),
        (with_a_styled_text_of_its_own, (OUTSIDE,)),
        (styled_on_the_stroke, ("commentaire ajouté à la signature",)),
        (named_on_the_stroke, ("commentaire ajouté à la signature",)),
        (signed_by_its_author, ()),
        (hinted, ("infobulle d’un champ modifiée",)),
        (hinted_at_the_signature, ("infobulle d’un champ modifiée",)),
        (hinted_as_programs_do, ()),
        (without_hints, ()),
        (bookmarked, ("signet ajouté",)),
        (without_bookmarks, ()),
    ],
)
def test_a_text_beside_the_page_is_named_and_no_window_without_one(
    change: Callable[[PdfWriter], None], expected: tuple[str, ...]
) -> None:
    assert FORMS.read_form(edit(SIGNED, change), ISSUED).alterations == expected


def printed(change: Callable[[PdfWriter], None]) -> tuple[str, ...]:
    """The alterations of a form whose fields became part of the page, with `change` made to what a program left."""

    def left(writer: PdfWriter) -> None:
        page: Any = writer.pages[0]
        writer.root_object.pop("/AcroForm")
        page[NameObject("/Annots")] = ArrayObject()
        change(writer)

    return FORMS.read_form(edit(SIGNED, left), ISSUED, "printed").alterations


def test_a_note_of_a_print_is_named_too() -> None:
    assert "annotation ajoutée" in printed(with_a_text_of_its_own)


def left_over(**entries: Any) -> Callable[[PdfWriter], None]:
    """A field that no list of fields names. Its `Parent` is a field with the entries of that dictionary."""

    def change(writer: PdfWriter) -> None:
        place = ArrayObject(FloatObject(side) for side in (60, 465, 300, 480))
        field = dictionary({"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx", "/T": "note", "/Rect": place})
        for key, value in entries.items():
            entry = dictionary(value) if isinstance(value, dict) else TextStringObject(value)
            field[NameObject(f"/{key}")] = writer._add_object(entry)
        page: Any = writer.pages[0]
        page["/Annots"].append(writer._add_object(field))

    return change


@pytest.mark.parametrize(
    ("field", "added"),
    [
        pytest.param(left_over(), False, id="nothing"),
        pytest.param(left_over(V="", AP={}, MK={}), False, id="nothing, said at length"),
        pytest.param(left_over(V=CLAUSE), True, id="a value"),
        pytest.param(left_over(DV=CLAUSE), True, id="a value to go back to"),
        pytest.param(left_over(Parent={"/V": CLAUSE}), True, id="a value of the field above"),
        pytest.param(left_over(MK={"/CA": CLAUSE}), True, id="a caption"),
        pytest.param(left_over(Contents=CLAUSE), True, id="a comment"),
        pytest.param(left_over(AP={"/N": DictionaryObject()}), True, id="an appearance"),
    ],
)
def test_a_field_left_in_a_print_is_named_if_viewers_could_show_something_of_it(
    field: Callable[[PdfWriter], None], added: bool
) -> None:
    """R5: Firefox shows a value that has no appearance."""
    assert ("annotation ajoutée" in printed(field)) == added
