"""The values of a filled form are read, and whether it is signed."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, NameObject, TextStringObject

from local.players import paper
from local.players.certificates import Holder, certified, signed
from schoolsms.domain.orders.forms.order_forms import FormReading
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import dictionary, edit, form_of, update, widgets

KEY = b"a key of thirty-two bytes, or so."
AUTHORITY = certified("Autorité de l’académie", authority=True)
HEAD = certified("Proviseur du lycée", AUTHORITY)
INTERMEDIATE = certified("Autorité intermédiaire", AUTHORITY, authority=True)
SELF_MADE = certified("Proviseur, par lui-même")
LONG_AGO, LATER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)
EXPIRED = certified("Proviseur", at=LONG_AGO)
OLD_AUTHORITY = certified("Ancienne autorité", authority=True, at=LONG_AGO)
FORMS = FormsReadApart(KEY, "commande-sms@skolengo.test", lambda: (AUTHORITY.pem,))
ISSUED = FORMS.issue(issued_form())
TYPED = {
    "contact_role": " Secrétaire générale ",
    "contact_phone": "04 75 00 00 00",
    "qty_P5000": "3",
    "engagement_number": "EJ-2026/001",
    "place_and_date": "Privas, le 3 septembre 2026",
}
FILLED = paper.fill(ISSUED, TYPED)
DOT = ((0.5, 0.5), (0.505, 0.51))


def photographed() -> Image.Image:
    return paper.round_stamp().point(lambda level: level * 180 // 255)


def read(document: bytes) -> FormReading:
    return FORMS.read_form(document, ISSUED)


def test_fields_come_back_as_typed_and_stripped() -> None:
    reading = read(FILLED)
    assert reading == FormReading(
        {
            "order_id": "BC-2026-01JD8Z5Q6T",
            "uai": "0070021B",
            "siret": "19070021000017",
            "school_name": "Lycée général Cœur d’Ardèche",
            "address": "12 bis, avenue de l’Œuvre\nBP 4021\n07000 PRIVAS",
            "contact_name": "Zoé Lefèvre",
            "contact_role": "Secrétaire générale",
            "contact_email": "zoe.lefevre@lycee.test",
            "contact_phone": "04 75 00 00 00",
            "service_code": "",
            "engagement_number": "EJ-2026/001",
            "qty_P500": "1",
            "qty_P1000": "2",
            "qty_P2500": "",
            "qty_P5000": "3",
            "qty_P10000": "",
            "total_ht": "215,00\u00a0€",
            "vat": "43,00\u00a0€",
            "total_ttc": "258,00\u00a0€",
            "accept_terms": "yes",
            "place_and_date": "Privas, le 3 septembre 2026",
        },
        "absent",
        (),
    )


def test_a_form_sent_back_as_it_was_is_unsigned_and_accepts_nothing() -> None:
    reading = read(ISSUED)
    assert (reading.signature, reading.alterations) == ("absent", ())
    assert reading.fields["accept_terms"] == ""


@pytest.mark.parametrize(
    ("document", "signature"),
    [
        pytest.param(paper.ink(FILLED), "ink", id="signed with the viewer's pen"),
        pytest.param(paper.ink(FILLED, paper.INITIAL), "ink", id="a short initial"),
        pytest.param(paper.stamp(FILLED), "ink", id="a stamp"),
        pytest.param(paper.stamp(paper.ink(FILLED)), "ink", id="pen and stamp"),
        pytest.param(paper.stamp(FILLED, photographed()), "ink", id="a photo of a stamp on grey paper"),
        pytest.param(paper.ink(FILLED, [DOT]), "absent", id="a stray dot"),
        pytest.param(paper.ink(FILLED, [DOT, ((0.1, 0.2), (0.103, 0.2))]), "absent", id="two stray dots"),
        pytest.param(paper.stamp(FILLED, Image.new("L", (90, 90), 255)), "absent", id="a white picture"),
        pytest.param(signed(FILLED, HEAD), "digital", id="digitally signed"),
        pytest.param(signed(paper.ink(FILLED), HEAD), "digital", id="inked, then digitally signed"),
    ],
)
def test_a_signature_is_seen_for_what_it_is(document: bytes, signature: str) -> None:
    reading = read(document)
    assert (reading.signature, reading.alterations) == (signature, ())


@pytest.mark.parametrize(
    ("holder", "trusted", "signature"),
    [
        pytest.param(HEAD, (AUTHORITY,), "digital", id="an authority vouches"),
        pytest.param(HEAD, (HEAD,), "digital", id="the very certificate is known"),
        pytest.param(HEAD, (certified("Une autre autorité", authority=True), AUTHORITY), "digital", id="one of two"),
        pytest.param(HEAD, (), "untrusted", id="nobody is trusted"),
        pytest.param(HEAD, (certified("Une autre autorité", authority=True),), "untrusted", id="another is trusted"),
        pytest.param(
            certified("Proviseur du lycée", certified("Autorité de l’académie", authority=True)),
            (AUTHORITY,),
            "untrusted",
            id="an authority of the same name",
        ),
        pytest.param(certified("Proviseur", AUTHORITY, at=LONG_AGO), (AUTHORITY,), "untrusted", id="expired"),
        pytest.param(certified("Proviseur", AUTHORITY, at=LATER), (AUTHORITY,), "untrusted", id="not yet valid"),
        pytest.param(certified("Proviseur", INTERMEDIATE), (AUTHORITY,), "digital", id="an authority in between"),
        pytest.param(certified("Proviseur", INTERMEDIATE), (INTERMEDIATE,), "digital", id="the one in between alone"),
        pytest.param(SELF_MADE, (SELF_MADE,), "digital", id="a certificate of his own making that is known"),
        pytest.param(SELF_MADE, (AUTHORITY,), "untrusted", id="a certificate of his own making"),
        pytest.param(certified("Élève", HEAD), (AUTHORITY,), "untrusted", id="issued by who is no authority"),
        pytest.param(certified("Élève", HEAD), (HEAD,), "untrusted", id="issued by a signer who is known"),
        pytest.param(EXPIRED, (EXPIRED,), "untrusted", id="expired, and the very certificate is known"),
        pytest.param(certified("Proviseur", OLD_AUTHORITY), (OLD_AUTHORITY,), "untrusted", id="the authority expired"),
        pytest.param(AUTHORITY, (AUTHORITY,), "untrusted", id="a certificate not made for signing documents"),
    ],
)
def test_a_digital_signature_is_worth_who_vouches_for_it(
    holder: Holder, trusted: tuple[Holder, ...], signature: str
) -> None:
    forms = FormsReadApart(KEY, "commande-sms@skolengo.test", lambda: [each.pem for each in trusted])
    reading = forms.read_form(signed(FILLED, holder), ISSUED)
    assert (reading.signature, reading.alterations) == (signature, ())


def test_trusted_signers_are_read_for_each_form() -> None:
    trusted: list[str] = []
    forms = FormsReadApart(KEY, "commande-sms@skolengo.test", lambda: trusted)
    document = signed(FILLED, HEAD)
    assert forms.read_form(document, ISSUED).signature == "untrusted"
    trusted.append(AUTHORITY.pem)
    assert forms.read_form(document, ISSUED).signature == "digital"


def test_the_signer_is_named_in_one_short_line() -> None:
    assert read(signed(FILLED, certified("Zoé\u2028Lefèvre\n<b>"))).signer == "Zoé Lefèvre <b>"
    assert read(paper.ink(FILLED)).signer == ""


def test_what_was_altered_is_shown() -> None:
    document = paper.annotate(FILLED, "/FreeText", (60, 465, 260, 478), b"0.2 g 62 468 90 6 re f", {})
    reading = read(document)
    assert reading.alterations == ("annotation ajoutée hors du cadre de signature",)
    (picture,) = reading.pictures
    assert (picture.alteration, picture.page) == (reading.alterations[0], 1)
    with Image.open(BytesIO(picture.png)) as shown:
        assert shown.format == "PNG"
        colours = {pixel for _, pixel in shown.convert("RGB").getcolors(1 << 16) or ()}
    assert (200, 16, 46) in colours
    assert read(FILLED).pictures == ()


def test_a_document_changed_after_its_digital_signature_is_broken() -> None:
    document = signed(FILLED, HEAD)
    spoilt = bytearray(document)
    spoilt[document.index(b"/Title") + 8] ^= 1
    assert read(bytes(spoilt)).signature == "broken"


def test_a_document_grown_after_its_digital_signature_is_broken() -> None:
    assert read(as_an_update(signed(FILLED, HEAD))).signature == "broken"


def test_a_digitally_signed_form_that_a_viewer_saved_anew_is_broken() -> None:
    assert read(by_pypdf(signed(FILLED, HEAD))).signature == "broken"


def test_a_signature_field_filled_with_nothing_is_broken() -> None:
    def pretend(writer: PdfWriter) -> None:
        widgets(writer)["signature"][NameObject("/V")] = dictionary({"/Type": "/Sig"})

    assert read(edit(FILLED, pretend)).signature == "broken"


def by_pypdf(pdf: bytes) -> bytes:
    return edit(pdf, lambda writer: writer.compress_identical_objects())


def by_pdfium(pdf: bytes) -> bytes:
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def compressed(pdf: bytes) -> bytes:
    return edit(pdf, lambda writer: writer.pages[0].compress_content_streams())


def as_an_update(pdf: bytes) -> bytes:
    def type_more(writer: PdfWriter) -> None:
        writer.update_page_form_field_values(writer.pages[0], {"service_code": "SVC-7"}, auto_regenerate=None)

    return update(pdf, type_more)


def without_appearances(pdf: bytes) -> bytes:
    """Values only: the viewer that opens the file draws them."""

    def leave_out(writer: PdfWriter) -> None:
        for widget in widgets(writer).values():
            if widget.get("/FT") == "/Tx":
                widget.pop("/AP", None)
        form_of(writer)[NameObject("/NeedAppearances")] = BooleanObject(True)

    return edit(pdf, leave_out)


def with_widgets_apart(pdf: bytes) -> bytes:
    """A field and its only widget in two objects, as some viewers write them."""

    def split(writer: PdfWriter) -> None:
        fields = form_of(writer)["/Fields"]
        for index, reference in enumerate(list(fields)):
            widget = reference.get_object()
            parted = ("/FT", "/T", "/TU", "/V", "/Ff", "/MaxLen", "/DA", "/Q")
            field = dictionary({key: widget.pop(key) for key in parted if key in widget})
            field[NameObject("/Kids")] = ArrayObject([reference])
            fields[index] = widget[NameObject("/Parent")] = writer._add_object(field)

    return edit(pdf, split)


def encrypted_for_the_owner(pdf: bytes) -> bytes:
    return edit(pdf, lambda writer: writer.encrypt("", "owner", algorithm="AES-256"))


@pytest.mark.parametrize(
    "save",
    [
        by_pypdf,
        by_pdfium,
        compressed,
        as_an_update,
        without_appearances,
        with_widgets_apart,
        encrypted_for_the_owner,
    ],
)
def test_a_viewer_that_saves_its_own_way_alters_nothing(save: Callable[[bytes], bytes]) -> None:
    reading = read(save(paper.ink(FILLED)))
    assert (reading.signature, reading.alterations) == ("ink", ())
    assert reading.fields["qty_P5000"] == "3"
    assert reading.fields["accept_terms"] == "yes"


def test_a_pen_whose_strokes_end_up_in_the_page_itself_signs_too() -> None:
    left, bottom, right, top = paper.signature_rectangle(FILLED)
    document = pdfium.PdfDocument(FILLED)
    page = document[0]
    path = pdfium.raw.FPDFPageObj_CreateNewPath(left + 40, bottom + 20)
    for step in range(1, 8):
        pdfium.raw.FPDFPath_LineTo(path, left + 40 + 15 * step, bottom + (60 if step % 2 else 20))
    pdfium.raw.FPDFPath_SetDrawMode(path, 0, True)
    pdfium.raw.FPDFPageObj_SetStrokeWidth(path, 1.5)
    pdfium.raw.FPDFPage_InsertObject(page, path)
    page.gen_content()
    out = BytesIO()
    document.save(out)
    document.close()
    reading = read(out.getvalue())
    assert (reading.signature, reading.alterations) == ("ink", ())


def test_what_cannot_be_read_is_for_a_person_to_look_at() -> None:
    unread = FormReading({}, "absent", ("document illisible",))
    assert read(b"%PDF-1.7\n" + bytes(5_000)) == unread
    assert read(FILLED + bytes(15 * 1024 * 1024)) == unread


def test_values_typed_in_other_encodings_are_read() -> None:
    def type_it(writer: PdfWriter) -> None:
        role = widgets(writer)["contact_role"]
        role[NameObject("/V")] = TextStringObject("Gestionnaire – ÿ ☎")
        role.pop("/AP")

    assert read(edit(FILLED, type_it)).fields["contact_role"] == "Gestionnaire – ÿ ☎"
