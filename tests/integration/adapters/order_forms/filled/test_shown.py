"""The page as shown is what was signed (R52): values, ticks and signatures count only as the page shows them."""

from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import BooleanObject, DecodedStreamObject, NameObject, NumberObject, TextStringObject

from local.players import paper
from schoolsms.adapters.order_forms.filled.read import read
from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import dictionary, drawing, edit, form_of, widgets

FORMS = PdfOrderForms(b"a key of thirty-two bytes, or so.", "commande-sms@skolengo.test")
ISSUED = FORMS.issue(issued_form())
FILLED = paper.fill(ISSUED, {"place_and_date": "Privas, le 3 septembre 2026"})
SIGNED = paper.ink(FILLED)
OTHER_TEXT = "champ affichant un autre texte que sa valeur : "
OTHER_FIGURE = "chiffre affiché autrement que sa valeur : "
OTHER_STATE = "case affichée autrement que sa valeur : accept_terms"
BLANK_BUT_DRAWN = "champ de signature non signé, mais affichant un texte ou un dessin"


def valued(**values: str) -> bytes:
    """The values changed and what the fields show left as it was."""

    def change(writer: PdfWriter) -> None:
        for name, value in values.items():
            widgets(writer)[name][NameObject("/V")] = TextStringObject(value)

    return edit(SIGNED, change)


def showing(name: str, content: bytes, pdf: bytes = SIGNED) -> bytes:
    """Change what a field shows and leave its value; the content may use Helvetica as /F."""
    return edit(pdf, lambda writer: drawing(writer, widgets(writer)[name], content))


def boxed(value: str | None, state: str | None) -> bytes:
    def change(writer: PdfWriter) -> None:
        box = widgets(writer)["accept_terms"]
        for key, name in (("/V", value), ("/AS", state)):
            box.pop(key, None)
            if name:
                box[NameObject(key)] = NameObject(name)

    return edit(SIGNED, change)


def states_drawn(yes: bytes, off: bytes, pdf: bytes = SIGNED) -> bytes:
    """The box with other drawings of its two states."""

    def change(writer: PdfWriter) -> None:
        box = widgets(writer)["accept_terms"]
        drawn: dict[str, Any] = {}
        for name, content in (("/Yes", yes), ("/Off", off)):
            drawing(writer, box, content)
            appearances: Any = box["/AP"]
            drawn[name] = appearances.raw_get("/N")
        box[NameObject("/AP")] = dictionary({"/N": dictionary(drawn)})

    return edit(pdf, change)


@pytest.mark.parametrize(
    ("document", "name", "shown"),
    [
        pytest.param(valued(qty_P1000="20"), "qty_P1000", "2", id="more than is shown"),
        pytest.param(valued(qty_P500="10"), "qty_P500", "1", id="a figure more"),
        pytest.param(valued(qty_P10000="2"), "qty_P10000", "", id="where nothing is shown"),
        pytest.param(valued(qty_P500=""), "qty_P500", "1", id="none, and one is shown"),
        pytest.param(showing("qty_P500", b"BT /F 10 Tf 1 g 20 3 Td (1) Tj ET"), "qty_P500", "", id="white on white"),
        pytest.param(showing("qty_P500", b"BT /F 10 Tf 3 Tr 20 3 Td (1) Tj ET"), "qty_P500", "", id="invisible"),
        pytest.param(showing("qty_P500", b"BT /F 0.5 Tf 20 3 Td (1) Tj ET"), "qty_P500", "", id="as small as a dot"),
        pytest.param(showing("qty_P500", b"BT /F 10 Tf 200 3 Td (1) Tj ET"), "qty_P500", "", id="beside the field"),
        pytest.param(showing("qty_P500", b""), "qty_P500", "", id="an empty drawing"),
        pytest.param(
            showing("qty_P500", b"BT /F 10 Tf 20 3 Td (1) Tj ET 1 g 0 0 60 20 re f"), "qty_P500", "", id="painted over"
        ),
        pytest.param(
            showing("qty_P500", b"BT /F 10 Tf 20 3 Td (1) Tj 8 0 Td (0) Tj ET"), "qty_P500", "10", id="a nought more"
        ),
        pytest.param(showing("qty_P500", b"BT /F 10 Tf 20 3 Td (1.0) Tj ET"), "qty_P500", "1.0", id="a point more"),
        pytest.param(showing("qty_P500", b"BT /F 10 Tf 20 3 Td (-1) Tj ET"), "qty_P500", "-1", id="a sign more"),
        pytest.param(showing("uai", b"BT /F 10 Tf 2 3 Td (0070022C) Tj ET"), "uai", "0070022C", id="another school"),
        pytest.param(showing("total_ttc", b"BT /F 10 Tf 2 3 Td (1,00) Tj ET"), "total_ttc", "1,00", id="another price"),
        pytest.param(valued(contact_role="Proviseur sous réserve"), "contact_role", "", id="a clause that is not seen"),
    ],
)
def test_a_field_that_shows_another_text_than_it_holds_is_named(document: bytes, name: str, shown: str) -> None:
    reading = read(document, ISSUED)
    assert reading["alterations"] == [OTHER_TEXT + name]
    assert reading["fields"][name] == shown


def test_figures_drawn_in_another_order_than_they_are_seen_are_named() -> None:
    document = showing("qty_P500", b"BT /F 10 Tf 26 3 Td (1) Tj -8 0 Td (2) Tj ET", valued(qty_P500="12"))
    assert read(document, ISSUED)["alterations"] == [OTHER_TEXT + "qty_P500"]


def test_a_nought_drawn_by_lines_beside_a_figure_is_named() -> None:
    nought = b"0 G 1 w 30 6 m 30 12 36 12 36 6 c 36 1 30 1 30 6 c S"
    document = showing("qty_P500", b"BT /F 10 Tf 20 3 Td (1) Tj ET " + nought)
    assert read(document, ISSUED)["alterations"] == ["dessin dans un champ : qty_P500"]


def drawn_anew(pdf: bytes) -> bytes:
    """Asking the viewer to draw the fields anew, which some do and others do not."""
    return edit(pdf, lambda writer: form_of(writer).__setitem__(NameObject("/NeedAppearances"), BooleanObject(True)))


def undrawn(name: str, pdf: bytes = SIGNED) -> bytes:
    return edit(pdf, lambda writer: widgets(writer)[name].pop("/AP"))


def called(shown: str, named: str) -> bytes:
    """A font whose figure `shown` is `named` to whoever reads the text, and so is the value."""
    names = "".join(f"{ord(sign):04X}" for sign in named)
    table = f"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <{ord(shown):02X}> <{names}> endbfchar"
    document = showing("qty_P500", f"BT /F 10 Tf 20 3 Td ({shown}) Tj ET".encode(), valued(qty_P500=named))

    def lie(writer: PdfWriter) -> None:
        field: Any = widgets(writer)["qty_P500"]
        stream = DecodedStreamObject()
        stream.set_data(f"begincmap {table} endcmap".encode())
        font = field["/AP"]["/N"]["/Resources"]["/Font"]["/F"]
        font[NameObject("/ToUnicode")] = writer._add_object(stream)

    return edit(document, lie)


UPSIDE_DOWN = b"BT /F 10 Tf -1 0 0 -1 26 10 Tm (6) Tj ET"
IN_TWO_LINES = b"BT /F 6 Tf 20 6 Td (1) Tj 1 -6 Td (0) Tj ET"
PALE_NOUGHT = b"BT /F 10 Tf 20 3 Td (1) Tj 0.93 g (0) Tj ET"


@pytest.mark.parametrize(
    ("document", "alteration"),
    [
        pytest.param(drawn_anew(valued(qty_P500="10")), OTHER_TEXT, id="drawn anew by some viewers only"),
        pytest.param(undrawn("qty_P500"), "champ rempli, mais non affiché : ", id="drawn unasked by some viewers"),
        pytest.param(called("1", "9"), OTHER_FIGURE, id="a font that calls a 1 a 9"),
        pytest.param(called("1", "10"), OTHER_FIGURE, id="a font that calls a 1 a 10"),
        pytest.param(showing("qty_P500", UPSIDE_DOWN, valued(qty_P500="6")), OTHER_FIGURE, id="a 6 upside down"),
        pytest.param(showing("qty_P500", IN_TWO_LINES, valued(qty_P500="10")), OTHER_FIGURE, id="one below the other"),
        pytest.param(showing("qty_P500", PALE_NOUGHT), OTHER_TEXT, id="a pale nought more"),
        pytest.param(showing("qty_P500", PALE_NOUGHT, valued(qty_P500="10")), OTHER_TEXT, id="a nought too pale"),
    ],
)
def test_a_quantity_that_viewers_show_differently_is_named(document: bytes, alteration: str) -> None:
    assert read(document, ISSUED)["alterations"] == [alteration + "qty_P500"]


def test_values_that_every_viewer_draws_alike_may_be_drawn_anew() -> None:
    assert read(drawn_anew(SIGNED), ISSUED)["alterations"] == []
    assert read(undrawn("qty_P500", drawn_anew(SIGNED)), ISSUED)["alterations"] == []


def test_a_text_with_a_richer_text_beside_it_is_named() -> None:
    def enrich(writer: PdfWriter) -> None:
        widgets(writer)["contact_role"][NameObject("/RV")] = TextStringObject("<body><p>sous réserve</p></body>")

    assert read(edit(SIGNED, enrich), ISSUED)["alterations"] == ["texte mis en forme dans un champ : contact_role"]


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F 10 Tf 20 3 Td (1) Tj ET",
        b"BT /F 7 Tf 3 3 Td (1) Tj ET",
        b"/Tx BMC q 1 1 49 10 re W n BT 0.3 g /F 9 Tf 40 2 Td (1) Tj ET Q EMC",
        b"0.9 0.95 1 rg 0 0 60 20 re f 0.5 G 0.5 0.5 50.2 10.6 re S BT 0 g /F 10 Tf 20 3 Td (1) Tj ET",
    ],
    ids=["plainly", "small and to the left", "clipped, in grey", "on a pale ground in a frame"],
)
def test_a_viewer_draws_a_value_its_own_way(content: bytes) -> None:
    assert read(showing("qty_P500", content), ISSUED)["alterations"] == []


@pytest.mark.parametrize("face", ["/Helvetica-Oblique", "/Courier", "/Times-Bold", "/ArialMT"])
def test_a_viewer_draws_figures_in_its_own_face(face: str) -> None:
    def redraw(writer: PdfWriter) -> None:
        for pack, number in (("qty_P500", "123"), ("qty_P1000", "456"), ("qty_P2500", "789"), ("qty_P5000", "600")):
            field = widgets(writer)[pack]
            field[NameObject("/V")] = TextStringObject(number)
            drawing(writer, field, f"BT /F 9 Tf 12 3 Td ({number}) Tj ET".encode(), face)

    assert read(edit(SIGNED, redraw), ISSUED)["alterations"] == []


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(boxed("/Yes", "/Off"), id="held, not shown"),
        pytest.param(boxed("/Off", "/Yes"), id="shown, not held"),
        pytest.param(boxed("/On", "/On"), id="a state that has no drawing"),
        pytest.param(boxed("/false", "/false"), id="a state called false"),
        pytest.param(boxed("/Yes", None), id="held, no state"),
        pytest.param(boxed("/Yes", "/yes"), id="a state written otherwise"),
        pytest.param(undrawn("accept_terms"), id="a tick that the file does not draw"),
        pytest.param(states_drawn(b"", b""), id="a tick that draws nothing"),
        pytest.param(states_drawn(b"1 g 0 0 13 13 re f", b""), id="a white tick"),
        pytest.param(
            states_drawn(b"", b"0 G 2 w 2 2 m 11 11 l S", paper.ink(paper.fill(ISSUED, {}, terms=False))),
            id="no tick that draws one",
        ),
    ],
)
def test_a_box_that_shows_another_state_than_it_holds_counts_as_nothing(document: bytes) -> None:
    reading = read(document, ISSUED)
    assert reading["alterations"] == [OTHER_STATE]
    assert reading["fields"]["accept_terms"] == ""


def test_a_word_in_the_box_is_no_tick() -> None:
    document = states_drawn(b"BT /F 6 Tf 1 4 Td (non) Tj ET", b"")
    assert read(document, ISSUED)["alterations"] == ["texte dans une case à cocher : accept_terms"]


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F 12 Tf 20 30 Td (Signer ici) Tj ET",
        b"0.4 G 1 w 20 20 m 60 60 l 100 20 l 140 60 l S",
        b"0.2 g 30 30 120 20 re f",
    ],
    ids=["words", "an autograph", "a bar"],
)
def test_what_the_blank_field_of_the_signature_draws_is_no_ink(content: bytes) -> None:
    reading = read(showing("signature", content, FILLED), ISSUED)
    assert (reading["signature"], reading["alterations"]) == ("absent", [BLANK_BUT_DRAWN])


@pytest.mark.parametrize("content", [b"", b"% DSBlank\n", b"/Tx BMC EMC", b"1 g 0 0 240 82 re f"])
def test_a_blank_drawing_of_the_field_of_the_signature_is_nothing(content: bytes) -> None:
    unsigned = read(showing("signature", content, FILLED), ISSUED)
    assert (unsigned["signature"], unsigned["alterations"]) == ("absent", [])


def test_ink_that_a_field_covers_is_not_seen() -> None:
    reading = read(showing("signature", b"1 g 0 0 300 90 re f"), ISSUED)
    assert reading["signature"] == "absent"
    assert reading["alterations"] == [BLANK_BUT_DRAWN]


def test_a_stamp_of_typed_words_is_for_a_person_to_look_at() -> None:
    left, bottom, right, _ = paper.signature_rectangle(FILLED)
    words = b"BT /F 14 Tf %d %d Td (Signer ici) Tj ET" % (left + 20, bottom + 30)
    document = paper.annotate(FILLED, "/Stamp", (left + 10, bottom + 10, right - 10, bottom + 60), words, {})

    def with_face(writer: PdfWriter) -> None:
        page: Any = writer.pages[0]
        fonts = dictionary({"/F": dictionary({"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"})})
        stamp = next(item.get_object() for item in page["/Annots"] if item["/Subtype"] == "/Stamp")
        stamp["/AP"]["/N"].get_object()[NameObject("/Resources")] = dictionary({"/Font": fonts})

    assert read(edit(document, with_face), ISSUED)["alterations"] == ["texte ajouté dans le cadre de signature"]


@pytest.mark.parametrize("flags", [2, 6, 36], ids=["hidden", "hidden and printed", "printed, on no screen"])
def test_ink_that_no_screen_shows_is_for_a_person_to_look_at(flags: int) -> None:
    def hide(writer: PdfWriter) -> None:
        page: Any = writer.pages[0]
        page["/Annots"][-1].get_object()[NameObject("/F")] = NumberObject(flags)

    assert read(edit(SIGNED, hide), ISSUED)["alterations"] == ["annotation masquée dans le cadre de signature"]
