"""Clauses that a school adds to an order form are excluded (R5): none passes unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject, TextStringObject

from local.players import paper
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import (
    add_annotation,
    add_field,
    dictionary,
    draw,
    edit,
    form_of,
    update,
    widgets,
    with_helvetica,
)

FORMS = FormsReadApart(b"a key of thirty-two bytes, or so.", "commande-sms@skolengo.test")
ISSUED = FORMS.issue(issued_form())
SIGNED = paper.ink(paper.fill(ISSUED, {"place_and_date": "Privas, le 3 septembre 2026"}))
FRAME = paper.signature_rectangle(ISSUED)
ABOVE_THE_TABLE = (300.0, 440.0, 520.0, 460.0)
OUTSIDE = "annotation ajoutée hors du cadre de signature"
INSIDE = "texte ou annotation ajouté dans le cadre de signature"


def alterations(document: bytes) -> tuple[str, ...]:
    return FORMS.read_form(document, ISSUED).alterations


def action(writer: PdfWriter, entries: dict[str, Any]) -> None:
    writer.root_object[NameObject("/OpenAction")] = dictionary(entries)


def rename(writer: PdfWriter) -> None:
    widgets(writer)["place_and_date"][NameObject("/T")] = TextStringObject("conditions")


def remove(writer: PdfWriter) -> None:
    gone = widgets(writer)["place_and_date"].indirect_reference
    page: Any = writer.pages[0]
    for items in (page["/Annots"], form_of(writer)["/Fields"]):
        items.remove(gone)


def move(writer: PdfWriter) -> None:
    rectangle: Any = widgets(writer)["signature"]["/Rect"]
    rectangle[1] = NumberObject(20)


def hide_from_the_form(writer: PdfWriter) -> None:
    """A field on the page that the form's own list does not have."""
    add_field(writer, "remise", (300, 440, 400, 455), "remise de 20 %")
    form_of(writer)["/Fields"].pop()


def show_twice(writer: PdfWriter) -> None:
    add_field(writer, "place_and_date", (300, 440, 400, 455), "sous réserve de remise")


def another_order(writer: PdfWriter) -> None:
    widgets(writer)["order_id"][NameObject("/V")] = TextStringObject("BC-2026-AUTRE")


def lie(writer: PdfWriter) -> None:
    """The field holds one thing and shows another."""
    writer.update_page_form_field_values(
        writer.pages[0], {"place_and_date": "Privas, sous réserve de remise"}, auto_regenerate=None
    )
    widgets(writer)["place_and_date"][NameObject("/V")] = TextStringObject("Privas")


def overlong(writer: PdfWriter) -> None:
    text = "Sous réserve de l’accord du conseil d’administration. " * 4
    widgets(writer)["contact_role"][NameObject("/V")] = TextStringObject(text)


def layer(writer: PdfWriter) -> None:
    group = writer._add_object(dictionary({"/Type": "/OCG", "/Name": "conditions"}))
    settings = dictionary({"/Order": ArrayObject([group])})
    properties = dictionary({"/OCGs": ArrayObject([group]), "/D": settings})
    writer.root_object[NameObject("/OCProperties")] = properties


def xfa(writer: PdfWriter) -> None:
    form_of(writer)[NameObject("/XFA")] = TextStringObject("<xdp/>")


def script_of_a_field(writer: PdfWriter) -> None:
    script = dictionary({"/S": "/JavaScript", "/JS": "app.alert(1)"})
    widgets(writer)["qty_P500"][NameObject("/AA")] = dictionary({"/K": script})


def narrower(writer: PdfWriter) -> None:
    writer.pages[0].cropbox.upper_right = (500, 842)


def hidden(writer: PdfWriter) -> None:
    widgets(writer)["qty_P1000"][NameObject("/F")] = NumberObject(2)


def sketched(writer: PdfWriter) -> None:
    """Letters as lines, which no reader of text sees."""
    strokes = b"".join(b"%d 3 m %d 9 l %d 3 l S " % (x, x + 3, x + 6) for x in range(4, 120, 9))
    appearance(writer)._data = b"/Tx BMC q 1 w " + strokes + b"Q EMC"


def pictured(writer: PdfWriter) -> None:
    appearance(writer)._data = b"q 90 0 0 9 4 3 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"


def appearance(writer: PdfWriter) -> Any:
    """The appearance stream of the field `contact_role`, to be changed."""
    field: Any = widgets(writer)["contact_role"]
    return field["/AP"]["/N"].get_object()


def drawn(content: str) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        with_helvetica(writer)
        draw(writer, f"\nq 0 g {content} Q".encode("latin-1"))

    return change


def marked(kind: str, **entries: str) -> bytes:
    left, bottom = FRAME[0] + 10, FRAME[1] + 10
    bounds = (left, bottom, left + 90, bottom + 30)
    texts = {f"/{key}": TextStringObject(value) for key, value in entries.items()}
    return paper.annotate(SIGNED, kind, bounds, f"{left} {bottom} 9 9 re f".encode(), texts)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(edit(SIGNED, lambda w: w.add_blank_page(595, 842)), "page ajoutée", id="a page more"),
        pytest.param(edit(SIGNED, lambda w: w.insert_blank_page(595, 842, 0)), "page ajoutée", id="a page before"),
        pytest.param(
            edit(SIGNED, lambda w: add_field(w, "remise", (300, 440, 400, 455))),
            "champ ajouté : remise",
            id="a field more",
        ),
        pytest.param(edit(SIGNED, hide_from_the_form), "champ ajouté : remise", id="a stray field"),
        pytest.param(edit(SIGNED, show_twice), "champ ajouté : place_and_date", id="a field twice"),
        pytest.param(edit(SIGNED, remove), "champ retiré : place_and_date", id="a field less"),
        pytest.param(edit(SIGNED, rename), "champ ajouté : conditions", id="a field renamed"),
        pytest.param(edit(SIGNED, move), "champ déplacé ou changé : signature", id="a field moved"),
        pytest.param(edit(SIGNED, another_order), "numéro de commande modifié", id="another order"),
        pytest.param(edit(SIGNED, lie), "champ affichant un autre texte que sa valeur : place_and_date", id="a lie"),
        pytest.param(edit(SIGNED, overlong), "texte trop long : contact_role", id="a field overlong"),
        pytest.param(
            edit(SIGNED, lambda w: action(w, {"/S": "/JavaScript", "/JS": "app.alert(1)"})),
            "script ajouté",
            id="a script of the document",
        ),
        pytest.param(edit(SIGNED, script_of_a_field), "script ajouté", id="a script of a field"),
        pytest.param(
            edit(SIGNED, lambda w: action(w, {"/S": "/Launch", "/F": "cmd"})), "action ajoutée", id="a launch"
        ),
        pytest.param(
            edit(SIGNED, lambda w: w.add_attachment("cgv.txt", b"nos conditions")),
            "fichier joint ajouté au document",
            id="a file",
        ),
        pytest.param(edit(SIGNED, layer), "calque ajouté", id="a layer"),
        pytest.param(edit(SIGNED, xfa), "formulaire XFA ajouté", id="an XFA form"),
        pytest.param(edit(SIGNED, hidden), "champ masqué : qty_P1000", id="a field that nobody sees"),
        pytest.param(edit(SIGNED, sketched), "dessin dans un champ : contact_role", id="words drawn in a field"),
        pytest.param(edit(SIGNED, pictured), "dessin dans un champ : contact_role", id="a picture in a field"),
        pytest.param(edit(SIGNED, narrower), "format modifié page 1", id="a page cropped"),
    ],
)
def test_a_change_of_the_document_is_named(document: bytes, expected: str) -> None:
    assert expected in alterations(document)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param("BT /Z 9 Tf 300 450 Td (remise de 20 %) Tj ET", "contenu ajouté page 1", id="text"),
        pytest.param("BT /Z 9 Tf 300 450 Td (remise de 20 %) Tj ET", "texte du formulaire modifié", id="the same text"),
        pytest.param(
            "BT 3 Tr /Z 9 Tf 300 450 Td (remise de 20 %) Tj ET",
            "texte du formulaire modifié",
            id="text that nobody sees",
        ),
        pytest.param(
            "BT 1 g /Z 9 Tf 300 450 Td (remise de 20 %) Tj ET", "texte du formulaire modifié", id="white text"
        ),
        pytest.param(
            f"BT /Z 9 Tf {FRAME[0] + 9} {FRAME[1] + 9} Td (sauf remise) Tj ET",
            "texte du formulaire modifié",
            id="text in the frame of the signature",
        ),
        pytest.param("1.2 w 300 450 m 306 456 l 312 450 l S", "contenu ajouté page 1", id="a small drawing"),
        pytest.param("0.95 g 300 445 60 12 re f", "contenu ajouté page 1", id="a pale box"),
        pytest.param("1 g 340 300 80 130 re f", "contenu effacé page 1", id="prices painted over"),
        pytest.param("50 130 8 8 re f", "contenu ajouté page 1", id="a drawing under a field"),
    ],
)
def test_a_change_of_the_page_is_named(change: str, expected: str) -> None:
    assert expected in alterations(edit(SIGNED, drawn(change)))
    assert expected in alterations(update(SIGNED, drawn(change)))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(paper.ink(SIGNED, rectangle=ABOVE_THE_TABLE), OUTSIDE, id="ink elsewhere"),
        pytest.param(paper.stamp(SIGNED, rectangle=ABOVE_THE_TABLE), OUTSIDE, id="a stamp elsewhere"),
        pytest.param(
            paper.ink(SIGNED, rectangle=(FRAME[0] - 150, FRAME[1], FRAME[2], FRAME[3])), OUTSIDE, id="ink beyond"
        ),
        pytest.param(marked("/FreeText", Contents="sauf remise de 20 %"), INSIDE, id="text typed in the frame"),
        pytest.param(marked("/Text", Contents="sauf remise"), INSIDE, id="a note in the frame"),
        pytest.param(marked("/FileAttachment"), INSIDE, id="a file in the frame"),
        pytest.param(marked("/Square"), "forme tracée dans le cadre de signature", id="a box to sign in"),
        pytest.param(marked("/Line"), "forme tracée dans le cadre de signature", id="an arrow to where to sign"),
        pytest.param(
            marked("/Ink", Contents="sauf remise"), "commentaire ajouté à la signature", id="ink with a comment"
        ),
        pytest.param(
            edit(SIGNED, lambda w: add_annotation(w, dictionary({"/Type": "/Annot", "/Subtype": "/Text"}))),
            OUTSIDE,
            id="a note without a place",
        ),
    ],
)
def test_annotations_that_are_no_signature_are_named(document: bytes, expected: str) -> None:
    assert alterations(document) == (expected,)


def test_a_signature_may_stand_out_of_its_frame_a_little() -> None:
    left, bottom, right, top = FRAME
    document = paper.ink(SIGNED, [((0, 0), (1, 1))], (left - 8, bottom - 8, right + 8, top + 8))
    assert alterations(document) == ()


def test_the_popup_of_a_pen_stroke_is_nothing() -> None:
    popup = dictionary({"/Type": "/Annot", "/Subtype": "/Popup", "/Open": False})
    assert alterations(edit(SIGNED, lambda w: add_annotation(w, popup))) == ()


def test_the_form_of_another_order_is_not_the_one_that_was_issued() -> None:
    other = FORMS.issue(issued_form(order_id="BC-2026-AUTRE"))
    found = alterations(other)
    assert "numéro de commande modifié" in found
    assert "contenu ajouté page 1" in found  # its QR is another one


def test_a_form_at_other_prices_is_not_the_one_that_was_issued() -> None:
    cheap = tuple(type(pack)(pack.id, pack.sms, pack.price_ht_cents // 2) for pack in DEFAULT_PRICE_LIST)
    assert "texte du formulaire modifié" in alterations(FORMS.issue(issued_form(packs=cheap)))


def test_a_school_may_correct_what_was_prefilled() -> None:
    corrected = {"school_name": "Lycée Aimé-Césaire", "contact_name": "Noël Ünal", "qty_P1000": "4", "vat": ""}
    reading = FORMS.read_form(paper.fill(ISSUED, corrected), ISSUED)
    assert reading.alterations == ()
    assert reading.fields["school_name"] == "Lycée Aimé-Césaire"


def test_printed_away_fields_are_missing_and_their_text_is_added() -> None:
    found = alterations(paper.flatten(SIGNED))
    assert "champ retiré : qty_P1000" in found
    assert len(found) <= 20


def test_a_form_of_a_thousand_fields_or_five_thousand_pages_is_bounded() -> None:
    def swell(writer: PdfWriter) -> None:
        for number in range(1_000):
            add_field(writer, f"champ {number}", (10, 10, 20, 20))

    def lengthen(writer: PdfWriter) -> None:
        for _ in range(4_999):
            writer.add_blank_page(595, 842)

    assert alterations(edit(SIGNED, swell)) == ("champs ajoutés en nombre",)
    assert alterations(edit(SIGNED, lengthen)) == ("page ajoutée",)


def test_a_form_tree_that_bites_its_tail_is_bounded() -> None:
    def bite(writer: PdfWriter) -> None:
        kids = ArrayObject()
        node = writer._add_object(dictionary({"/T": "a", "/Kids": kids}))
        kids.extend([node, node])
        form_of(writer)["/Fields"].append(node)

    assert alterations(edit(SIGNED, bite)) == ("champs ajoutés en nombre",)


def test_reading_twice_gives_the_same() -> None:
    assert FORMS.read_form(SIGNED, ISSUED) == FORMS.read_form(SIGNED, ISSUED)
