"""How documents come back, and which order they name."""

import zlib
from dataclasses import replace
from io import BytesIO
from typing import Any, cast

import pytest
import segno
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
)

from local.players import paper
from local.players.certificates import certified, signed
from schoolsms.domain.orders.forms.order_forms import FormIdentity
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import dictionary, edit, saved, with_helvetica

KEY = b"a key of thirty-two bytes, or so."
FORMS = FormsReadApart(KEY, "commande-sms@skolengo.test")
ISSUED = FORMS.issue(issued_form())
SIGNED = paper.ink(paper.fill(ISSUED, {"place_and_date": "Privas, le 3 septembre 2026"}))
UNREADABLE = FormIdentity("unreadable")


def ours(way: str) -> FormIdentity:
    return FormIdentity(way, "BC-2026-01JD8Z5Q6T", "0070021B")  # type: ignore[arg-type]


def encrypted(user_password: str) -> bytes:
    return edit(SIGNED, lambda writer: writer.encrypt(user_password, "owner", algorithm="AES-256"))


def as_image(kind: str) -> bytes:
    out = BytesIO()
    paper.photograph(SIGNED).save(out, kind)
    return out.getvalue()


def page_with(content: bytes, image: EncodedStreamObject | None = None) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    if image is not None:
        images = DictionaryObject({NameObject("/Im"): writer._add_object(image)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    return saved(writer)


def flattened_but_for_the_frame() -> bytes:
    """The values drawn on the page and their fields gone, but not that of the signature."""
    frame = dictionary({"/FT": "/Sig", "/T": "signature"})

    def keep(writer: PdfWriter) -> None:
        fields = ArrayObject([writer._add_object(frame)])
        writer.root_object[NameObject("/AcroForm")] = dictionary({"/Fields": fields})

    return edit(paper.flatten(SIGNED), keep)


@pytest.mark.parametrize(
    ("document", "way"),
    [
        pytest.param(ISSUED, "filled", id="as issued"),
        pytest.param(flattened_but_for_the_frame(), "printed", id="printed away but for the frame of the signature"),
        pytest.param(SIGNED, "filled", id="filled and inked"),
        pytest.param(signed(SIGNED, certified("Proviseur du lycée")), "filled", id="digitally signed"),
        pytest.param(encrypted(""), "filled", id="protected by an owner password only"),
        pytest.param(paper.flatten(SIGNED), "printed", id="printed to PDF"),
        pytest.param(paper.scan(SIGNED), "scanned", id="scanned"),
        pytest.param(paper.scan(SIGNED, dpi=150, angle=4, quality=30), "scanned", id="a poor crooked scan"),
        pytest.param(paper.scan(SIGNED, angle=180), "scanned", id="a scan upside down"),
        pytest.param(paper.scan(SIGNED, dpi=200, fax=True), "scanned", id="faxed"),
        pytest.param(as_image("JPEG"), "scanned", id="a JPEG"),
        pytest.param(as_image("PNG"), "scanned", id="a PNG"),
        pytest.param(as_image("TIFF"), "scanned", id="a TIFF"),
    ],
)
def test_a_form_names_its_order_however_it_comes_back(document: bytes, way: str) -> None:
    assert FORMS.identify(document) == ours(way)


def test_a_form_on_the_last_page_of_a_scan_is_found() -> None:
    writer = PdfWriter()
    blank = BytesIO()
    Image.new("L", (200, 280), 250).save(blank, "PDF", resolution=24)
    for page in (blank.getvalue(), blank.getvalue(), paper.scan(SIGNED)):
        writer.append(BytesIO(page))
    assert FORMS.identify(saved(writer)) == ours("scanned")


def together(*documents: bytes) -> bytes:
    """All of them in one document, as a copier that takes in a pile makes it."""
    writer = PdfWriter()
    for document in documents:
        writer.append(BytesIO(document))
    return saved(writer)


def test_every_order_in_a_pile_of_forms_is_named() -> None:
    others = [FORMS.issue(issued_form(order_id=f"BC-2026-AUTRE-{number}")) for number in range(2)]
    pile = together(*(paper.scan(each, dpi=150) for each in (SIGNED, others[0], SIGNED, others[1])))
    assert FORMS.identify(pile) == replace(ours("scanned"), other_order_ids=("BC-2026-AUTRE-0", "BC-2026-AUTRE-1"))


def test_the_qr_of_another_order_pasted_on_a_form_is_named_too() -> None:
    other = paper.photograph(FORMS.issue(issued_form(order_id="BC-2026-AUTRE")))
    page, out = paper.photograph(SIGNED), BytesIO()
    page.paste(other.crop((0, 0, page.width, page.height // 5)), (0, page.height * 4 // 5))
    page.save(out, "PNG")
    assert set(FORMS.identify(out.getvalue()).order_ids) == {"BC-2026-01JD8Z5Q6T", "BC-2026-AUTRE"}


def test_a_forged_qr_beside_an_authentic_one_names_nothing() -> None:
    forged = FormsReadApart(b"another key of thirty-two bytes..", "commande-sms@skolengo.test").issue(
        issued_form(order_id="BC-2026-FAUX")
    )
    assert FORMS.identify(together(paper.scan(SIGNED), paper.scan(forged))) == ours("scanned")


def test_a_qr_of_another_key_names_no_order() -> None:
    other = FormsReadApart(b"another key of thirty-two bytes..", "commande-sms@skolengo.test")
    assert other.identify(SIGNED) == FormIdentity("filled")
    assert other.identify(paper.scan(SIGNED)) == FormIdentity("scanned")


def test_a_qr_whose_school_was_changed_names_no_order() -> None:
    # The QR of ISSUED with another school, so that the HMAC no longer matches.
    out = BytesIO()
    text = "BDC1|0750001A|2026-2027|BC-2026-01JD8Z5Q6T|AAAAAAAAAAAAAAAAAAAAAAAA"
    segno.make_qr(text, error="q").save(out, kind="png", scale=8)
    assert FORMS.identify(out.getvalue()) == FormIdentity("scanned")


def test_a_form_whose_qr_was_cut_off_is_still_a_filled_form() -> None:
    def cut(writer: PdfWriter) -> None:
        writer.pages[0].cropbox.upper_right = (595, 650)
        writer.pages[0].mediabox.upper_right = (595, 650)

    assert FORMS.identify(edit(SIGNED, cut)) == FormIdentity("filled")


def test_a_picture_without_a_qr_is_a_scan_of_no_known_order() -> None:
    out = BytesIO()
    Image.new("L", (800, 1100), 200).save(out, "PDF")
    assert FORMS.identify(out.getvalue()) == FormIdentity("scanned")


def test_any_other_pdf_is_foreign() -> None:
    menu = page_with(b"BT /Z 12 Tf 72 700 Td (Menu de la cantine du lundi) Tj ET")
    assert FORMS.identify(edit(menu, with_helvetica)) == FormIdentity("foreign")


def test_a_form_behind_a_password_is_encrypted() -> None:
    assert FORMS.identify(encrypted("secret")) == FormIdentity("encrypted")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 40, id="garbage that calls itself PDF"),
        pytest.param(SIGNED[: len(SIGNED) // 3], id="cut short"),
        pytest.param(b"\xff\xd8\xff" + bytes(500), id="a broken JPEG"),
        pytest.param(b"PK\x03\x04" + bytes(500), id="an archive"),
        pytest.param(SIGNED + bytes(15 * 1024 * 1024), id="over 15 MB"),
        pytest.param(b"%PDF-1.7\n" + b"[" * 100_000, id="nested without end", marks=pytest.mark.sandboxed),
    ],
)
def test_bytes_that_no_reader_opens_are_unreadable(document: bytes) -> None:
    assert FORMS.identify(document) == UNREADABLE


@pytest.mark.parametrize(("document", "way"), [(SIGNED, "filled"), (paper.flatten(SIGNED), "printed")])
def test_a_form_that_counts_more_pages_than_it_has_is_recognised(document: bytes, way: str) -> None:
    """Viewers show the pages there are: the school must not be answered that its form is unreadable."""

    def miscount(writer: PdfWriter) -> None:
        pages: Any = writer.root_object["/Pages"]
        pages[NameObject("/Count")] = NumberObject(3)

    identity = FORMS.identify(edit(document, miscount))
    assert (identity.way, identity.order_id) == (way, issued_form().order_id)


@pytest.mark.sandboxed
def test_bombs_have_an_outcome_each() -> None:
    picture = EncodedStreamObject()
    picture._data = zlib.compress(bytes(50_000_000), 9)
    picture.update(
        {
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(50_000),
            NameObject("/Height"): NumberObject(50_000),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/FlateDecode"),
        }
    )
    pages = PdfWriter(clone_from=BytesIO(SIGNED))
    for _ in range(4_999):
        pages.add_blank_page(595, 842)
    wide = PdfWriter()
    wide.add_blank_page(28_346, 28_346)  # ten metres by ten
    flat = BytesIO()
    Image.new("1", (30_000, 30_000)).save(flat, "PNG")
    bombs = (
        page_with(b"q 595 0 0 842 0 0 cm /Im Do Q", picture),
        page_with(b"0 0 m 9 9 l S\n" * 4_000_000),
        saved(pages),
        saved(wide),
        flat.getvalue(),
    )
    ways = [FORMS.identify(bomb).way for bomb in bombs]
    assert ways[2:] == ["filled", "scanned", "unreadable"]
    assert set(ways[:2]) <= {"scanned", "unreadable"}


@pytest.mark.sandboxed
def test_a_stream_of_two_hundred_megabytes_is_not_unpacked() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()

    def swell(writer: PdfWriter) -> None:
        stream = EncodedStreamObject()
        stream._data = packed
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    assert FORMS.identify(edit(paper.scan(SIGNED), swell)) == UNREADABLE


@pytest.mark.sandboxed
@pytest.mark.parametrize("times", [1, 20_000], ids=["three hundred of them", "one of them without end"])
def test_a_page_of_images_without_end_is_not_drawn(times: int, caplog: pytest.LogCaptureFixture) -> None:
    """It is known by what it would draw: the reader of documents neither runs out of time nor of memory."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    images, packed = DictionaryObject(), zlib.compress(bytes(9_000_000), 9)
    for number in range(300 // times or 1):
        image = EncodedStreamObject()
        image._data = packed
        image.update(
            {
                NameObject("/Subtype"): NameObject("/Image"),
                NameObject("/Width"): NumberObject(3_000),
                NameObject("/Height"): NumberObject(3_000),
                NameObject("/ColorSpace"): NameObject("/DeviceGray"),
                NameObject("/BitsPerComponent"): NumberObject(8),
                NameObject("/Filter"): NameObject("/FlateDecode"),
            }
        )
        images[NameObject(f"/I{number}")] = writer._add_object(image)
    stream = DecodedStreamObject()
    stream.set_data(b"".join(b"q 500 0 0 700 40 60 cm %s Do Q\n" % name.encode() for name in images) * times)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})

    assert FORMS.identify(saved(writer)) == UNREADABLE
    assert caplog.records == []


def test_the_issued_form_is_no_larger_than_a_mail_likes() -> None:
    assert len(ISSUED) < 100_000
    assert len(cast(list[object], PdfReader(BytesIO(ISSUED)).pages[0]["/Annots"])) == 22
