"""Scanned and printed forms: what is read on the page, and what no page or file may hold. See also tests/corpus."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject

from local import paper
from schoolsms.adapters.order_forms import PdfOrderForms
from schoolsms.domain.order_forms import FormReading
from schoolsms.domain.order_reasons import Reason
from tests.corpus import papers, scanner
from tests.corpus.scanner import Scanner, as_pdf, as_picture
from tests.forms import issued_form
from tests.pdf_editing import add_annotation, dictionary, edit, saved

KEY = b"a key of thirty-two bytes, or so."
FORMS = PdfOrderForms(KEY, "commande-sms@skolengo.test")
ISSUED = papers.ISSUED
SCANNED = as_pdf([Scanner(150).picture(papers.made_out())], 150)
UNREAD = FormReading({}, "absent", ("document illisible",))


def read(document: bytes, issued: bytes = ISSUED) -> FormReading:
    return FORMS.read(document, issued, "scanned")


def blank_page(shade: int = 250) -> bytes:
    out = BytesIO()
    Image.new("L", (413, 585), shade).save(out, "PDF", resolution=50)
    return out.getvalue()


def with_pages(before: int, after: int, page: bytes) -> bytes:
    writer = PdfWriter()
    for document in (*[page] * before, SCANNED, *[page] * after):
        writer.append(BytesIO(document))
    return saved(writer)


def test_a_scan_says_whether_it_is_signed_accepted_and_dated() -> None:
    assert read(SCANNED) == FormReading({}, "ink", ticked=True, dated=True, written=("place_and_date",))


def test_a_form_printed_and_sent_back_as_it_was_says_nothing() -> None:
    assert read(as_pdf([Scanner(150).picture(papers.blank())], 150)) == FormReading({}, "absent")


def test_what_was_left_blank_may_be_written_in_by_hand() -> None:
    reading = read(as_pdf([Scanner(200).picture(papers.completed_by_hand())], 200))
    assert reading.alterations == ()
    assert reading.written == ("contact_role", "contact_phone", "service_code", "engagement_number", "place_and_date")
    shown = [Reason("handwritten", name).label for name in ("service_code", "engagement_number")]
    assert [each.alteration for each in reading.pictures] == shown


@pytest.mark.parametrize("strokes", [papers.CROSS, (papers.TICK,)])
@pytest.mark.parametrize("width", [0.8, 2.0])
def test_the_conditions_are_accepted_by_a_cross_or_a_tick(strokes: Any, width: float) -> None:
    sheet = papers.made_out(ticked=False)
    scanner.pen(sheet, strokes, width)
    reading = read(as_pdf([Scanner(150).picture(sheet)], 150))
    assert (reading.ticked, reading.alterations) == (True, ())


def test_a_speck_in_the_frame_is_no_signature() -> None:
    sheet = papers.made_out(signed=False)
    scanner.pen(sheet, [[(400, 740), (400.5, 740)]], 1.5)
    assert read(as_pdf([Scanner(150).picture(sheet)], 150)).signature == "absent"


def test_a_mark_too_small_to_be_sure_of_is_for_a_person() -> None:
    sheet = papers.made_out(signed=False)
    scanner.pen(sheet, [[(400, 740), (405, 740)]], 1.4)
    reading = read(as_pdf([Scanner(200).picture(sheet)], 200))
    assert reading.alterations == ("signature peu visible",)
    assert [(each.alteration, each.page) for each in reading.pictures] == [("signature peu visible", 1)]


def test_a_page_of_another_order_is_not_laid_over_this_one() -> None:
    other = FORMS.issue(issued_form(order_id="BC-2026-AUTRE"))
    assert read(SCANNED, other).alterations == ("page illisible ou coupée",)


def test_a_page_without_our_print_around_the_qr_is_not_a_form() -> None:
    image = Scanner(150).picture(papers.made_out())
    sheet = Image.new("L", image.size, 255)
    corner = (round(image.width * 0.7), 0, image.width, round(image.height * 0.18))
    sheet.paste(image.crop(corner), corner[:2])
    assert read(as_picture(sheet, "PNG", 150)).alterations == ("page illisible ou coupée",)


def test_a_form_copied_beside_something_else_is_for_a_person() -> None:
    image = Scanner(150).picture(papers.made_out())
    wide = Image.new("L", (image.width * 2, image.height), 255)
    wide.paste(image, (0, 0))
    wide.paste(Scanner(150).picture(papers.letter()), (image.width, 0))
    assert "écriture ou image ajoutée à côté de la page" in read(as_pdf([wide], 150)).alterations


def test_a_form_among_twenty_pages_is_read() -> None:
    reading = read(with_pages(12, 7, blank_page()))
    assert (reading.signature, reading.alterations) == ("ink", ())


def test_pages_beyond_the_twentieth_are_not_looked_at_and_for_a_person() -> None:
    assert read(with_pages(0, 20, blank_page())).alterations == ("pages ajoutées en nombre",)


def test_a_page_light_on_dark_is_no_blank_one() -> None:
    assert read(with_pages(0, 1, blank_page(10))).alterations == ("page ajoutée",)


def test_the_back_through_which_the_front_shows_is_not_the_form() -> None:
    sheets = [papers.empty(20), papers.made_out()]
    reading = read(as_pdf([Scanner(200).picture(sheet) for sheet in sheets], 200))
    assert (reading.signature, reading.alterations) == ("ink", ())


def test_a_scan_of_five_thousand_pages_is_bounded() -> None:
    def grown(writer: PdfWriter) -> None:
        for _ in range(4_999):
            writer.add_blank_page(595, 842)

    assert read(edit(SCANNED, grown)).alterations == ("pages ajoutées en nombre",)


def test_the_qr_of_another_order_pasted_over_ours_names_that_order_and_fits_none() -> None:
    """Its own form is not what the page shows, and ours is not named any more."""
    other = FORMS.issue(issued_form(order_id="BC-2026-AUTRE"))
    sheet, theirs = papers.made_out(), scanner.printed(other)
    corner = [round(side * scanner.PAPER_DPI / 72) for side in (456, 36, 560, 136)]
    sheet.paste(theirs.crop((corner[0], corner[1], corner[2], corner[3])), (corner[0], corner[1]))
    document = as_pdf([Scanner(200).picture(sheet)], 200)
    assert FORMS.identify(document).order_id == "BC-2026-AUTRE"
    assert read(document, other).alterations != ()
    assert read(document).alterations == ("page illisible ou coupée",)


def script(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = dictionary({"/S": "/JavaScript", "/JS": "app.alert(1)"})


def launch(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = dictionary({"/S": "/Launch", "/F": "cmd.exe"})


def note(writer: PdfWriter) -> None:
    corners = ArrayObject(NumberObject(side) for side in (60, 465, 80, 480))
    page = writer.pages[0]
    page[NameObject("/Annots")] = ArrayObject()
    text = dictionary({"/Type": "/Annot", "/Subtype": "/Text", "/Contents": "sauf remise de 20 %"})
    text[NameObject("/Rect")] = corners
    add_annotation(writer, text)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(script, "script ajouté", id="a script"),
        pytest.param(launch, "action ajoutée", id="a launch"),
        pytest.param(note, "annotation ajoutée", id="a note"),
        pytest.param(
            lambda writer: writer.add_attachment("cgv.txt", b"nos conditions"),
            "fichier joint ajouté au document",
            id="a file",
        ),
    ],
)
def test_what_a_file_of_scans_holds_beside_its_pages_is_named(change: Any, expected: str) -> None:
    assert expected in read(edit(SCANNED, change)).alterations


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"\xff\xd8\xff" + bytes(500), id="a broken JPEG"),
        pytest.param(b"%PDF-1.7\n" + bytes(5_000), id="garbage that calls itself PDF"),
        pytest.param(SCANNED[: len(SCANNED) // 2], id="cut short"),
        pytest.param(SCANNED + bytes(15 * 1024 * 1024), id="over 15 MB"),
    ],
)
def test_what_cannot_be_read_is_for_a_person_to_look_at(document: bytes) -> None:
    reading = read(document)
    assert reading == UNREAD or reading.alterations == ("page illisible ou coupée",)


def test_a_picture_that_unfolds_without_end_is_not_unfolded() -> None:
    out = BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    assert read(out.getvalue()) == UNREAD


def test_a_drawn_signature_survives_printing_to_pdf() -> None:
    document = paper.flatten(paper.ink(papers.typed()))
    assert FORMS.read(document, ISSUED, "printed") == FormReading(
        {}, "ink", ticked=True, dated=True, written=("place_and_date",)
    )
