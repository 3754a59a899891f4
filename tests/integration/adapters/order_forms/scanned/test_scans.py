"""Scanned and printed forms: what is read on the page, and what no page or file may hold. See also tests/corpus."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat, TiffImagePlugin
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject

from local.players import paper
from schoolsms.adapters.order_forms.pdf.raster import pictures
from schoolsms.domain.orders.forms.order_forms import FormReading
from schoolsms.domain.orders.review.order_reasons import Reason
from tests.corpus.office import papers, scanner
from tests.corpus.office.scanner import Scanner, as_pdf, as_picture
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import add_annotation, dictionary, edit, saved, widgets
from tests.support.papers.pdf_typing import typed

KEY = b"a key of thirty-two bytes, or so."
FORMS = FormsReadApart(KEY, "commande-sms@skolengo.test")
ISSUED = papers.ISSUED
SCANNED = as_pdf([Scanner(150).picture(papers.made_out())], 150)
UNREAD = FormReading({}, "absent", ("document illisible",))


def read(document: bytes, issued: bytes = ISSUED) -> FormReading:
    return FORMS.read_form(document, issued, "scanned")


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


def test_a_contact_that_was_left_blank_is_written_in_by_hand() -> None:
    """§3: the school fills its information in."""
    issued = FORMS.issue(issued_form(uai="0690026D", contact_name=""))
    sheet = papers.made_out(of=scanner.printed(issued))
    scanner.handwriting(sheet, 50, 325, "Élodie Dupont-Martin", 11)
    reading = read(as_pdf([Scanner(150, angle=2, quality=40).picture(sheet)], 150), issued)
    assert (reading.alterations, reading.written) == ((), ("contact_name", "place_and_date"))


def test_another_letter_in_a_place_that_was_filled_in_is_for_a_person() -> None:
    sheet = scanner.printed(papers.typed(uai="0690026B"))
    scanner.autograph(sheet, papers.FRAME)
    assert read(as_pdf([Scanner(150).picture(sheet)], 150)).alterations == ("texte modifié, page 1",)


def test_one_figure_of_the_conditions_is_for_a_person() -> None:
    other = papers.FORMS.issue(issued_form(uai="0690026D", conditions_version="2026-08"))
    sheet = papers.made_out(of=scanner.printed(other))
    assert read(as_pdf([Scanner(150).picture(sheet)], 150)).alterations == ("texte modifié, page 1",)


def test_a_form_issued_before_its_font_was_embedded_is_still_read() -> None:
    """Schools hold forms for months."""

    def as_it_was(writer: PdfWriter) -> None:
        helvetica = dictionary({"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"})
        every: dict[str, Any] = dict(widgets(writer))
        for name, widget in every.items():
            if name not in ("signature", "accept_terms") and widget.get("/V"):
                widget["/AP"]["/N"]["/Resources"]["/Font"][NameObject("/Lato")] = helvetica

    issued = edit(ISSUED, as_it_was)
    reading = read(as_pdf([Scanner(150).picture(papers.made_out(of=scanner.printed(issued)))], 150), issued)
    assert (reading.signature, reading.alterations) == ("ink", ())


@pytest.mark.parametrize(("strokes", "width"), [(papers.CROSS, 2.0), ((papers.TICK,), 0.8)])
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


@pytest.mark.parametrize(("grey", "width", "dpi"), [(200, 1.2, 150), (205, 1.2, 300), (120, 0.4, 150)])
def test_a_pale_or_fine_signature_is_for_a_person_and_not_called_missing(grey: int, width: float, dpi: int) -> None:
    sheet = papers.made_out(signed=False)
    scanner.pen(sheet, [[(340, 745), (360, 722), (372, 760), (396, 718), (410, 755), (450, 730)]], width, grey)
    reading = read(as_pdf([Scanner(dpi).picture(sheet)], dpi))
    assert (reading.signature, reading.alterations) == ("ink", ("signature peu visible",))


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


def photo(kind: str, image: Image.Image, **settings: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, dpi=(150, 150), **settings)
    return out.getvalue()


def in_sixteen_bits(image: Image.Image) -> Image.Image:
    twice = Image.merge("LA", (image, image))  # two bytes a pixel
    return Image.frombytes("I;16", image.size, twice.tobytes())


def on_nothing(image: Image.Image) -> Image.Image:
    """Black ink, transparent paper."""
    ink = Image.new("RGBA", image.size, "black")
    ink.putalpha(image.point(range(255, -1, -1)))
    return ink


PHOTO = Scanner(150).picture(papers.made_out())
SMALL = PHOTO.resize((120, 170))


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(photo("MPO", PHOTO, save_all=True, append_images=[SMALL]), id="MPO with a thumbnail"),
        pytest.param(photo("PNG", PHOTO, save_all=True, append_images=[SMALL]), id="animated PNG"),
        pytest.param(photo("PNG", in_sixteen_bits(PHOTO)), id="PNG of 16 bits"),
        pytest.param(photo("TIFF", in_sixteen_bits(PHOTO)), id="TIFF of 16 bits"),
        pytest.param(photo("PNG", on_nothing(PHOTO)), id="PNG on nothing"),
        pytest.param(photo("JPEG", PHOTO.convert("CMYK")), id="JPEG for printers"),
    ],
)
def test_a_photo_is_read_whatever_its_file_holds_beside_it(document: bytes) -> None:
    [seen] = pictures(document, 21)
    difference = ImageChops.difference(seen, PHOTO)
    assert ImageStat.Stat(difference).mean[0] < 1


def test_a_smaller_copy_in_a_tiff_is_no_page() -> None:
    out = BytesIO()
    reduced = TiffImagePlugin.ImageFileDirectory_v2()
    reduced[254] = 1
    with TiffImagePlugin.AppendingTiffWriter(out) as file:
        PHOTO.save(file, "TIFF")
        file.newFrame()
        SMALL.save(file, "TIFF", tiffinfo=reduced)
    assert [each.size for each in pictures(out.getvalue(), 21)] == [PHOTO.size]


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
    """Whatever its pages show: here nothing, which is looked at in a fifth of the time."""
    assert read(edit(blank_page(), change)).alterations == (expected, "page illisible ou coupée")


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
    assert FORMS.read_form(document, ISSUED, "printed") == FormReading(
        {}, "ink", ticked=True, dated=True, written=("place_and_date",)
    )


def test_a_clause_typed_before_printing_to_pdf_is_for_a_person() -> None:
    document = paper.flatten(paper.ink(typed(ISSUED, {"place_and_date": "Privas, sous réserve de crédits"})))
    assert FORMS.read_form(document, ISSUED, "printed").alterations == ("texte ajouté qui peut être une clause",)
