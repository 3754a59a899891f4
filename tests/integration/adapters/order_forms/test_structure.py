"""A form whose file is not as it was issued is altered, not incomplete: read all the same, or named for a person."""

from collections.abc import Callable
from io import BytesIO

import pytest
from fpdf import FPDF
from pypdf import PdfWriter
from pypdf.generic import NameObject

from local.players import paper
from local.players.certificates import certified, signed, stamped
from schoolsms.adapters.order_forms.filled.read import read
from schoolsms.adapters.order_forms.identify import identify
from schoolsms.adapters.order_forms.issuing.imprint import Imprint
from schoolsms.adapters.order_forms.issuing.issue import issue
from schoolsms.adapters.order_forms.scanned.pages import Returned
from schoolsms.adapters.order_forms.scanned.read_page import read_page
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import dictionary, edit, saved, update
from tests.support.papers.pdf_typing import typed

IMPRINT = Imprint("commande-sms@skolengo.test")
ISSUED = issue(issued_form(), b"a key of thirty-two bytes, or so.", IMPRINT)
FILLED = paper.fill(ISSUED, {"place_and_date": "Privas, le 3 septembre 2026", "qty_P5000": "3"})
SIGNED = paper.ink(FILLED)
FRAME = paper.signature_rectangle(ISSUED)
DAMAGED = "fichier PDF endommagé, dont la structure a été reconstituée"
AUTHORITY = certified("Autorité de l’académie", authority=True)
HEAD = certified("Proviseur du lycée", AUTHORITY)
CLOCK = certified("Horodatage", clock=True)
TRUSTED = [AUTHORITY.pem.encode()]
IN_THE_FRAME = (round(FRAME[0]) + 5, round(FRAME[1]) + 5, round(FRAME[0]) + 150, round(FRAME[1]) + 60)


def letter() -> bytes:
    page = FPDF(unit="pt", format=(595.28, 841.89))
    page.add_page()
    page.set_font("helvetica", size=12)
    page.text(60, 120, "Veuillez trouver ci-joint notre commande.")
    return bytes(page.output())


def turned(degrees: int) -> bytes:
    return edit(SIGNED, lambda writer: writer.pages[0].rotate(degrees))


def with_letter(*, before: bool) -> bytes:
    writer = PdfWriter()
    for part in (letter(), SIGNED) if before else (SIGNED, letter()):
        writer.append(BytesIO(part))
    return saved(writer)


def without_its_form(pdf: bytes) -> bytes:
    """The fields are still drawn on the page by some viewers, and are fields for none."""
    return edit(pdf, lambda writer: writer.root_object.pop("/AcroForm"))


def check(document: bytes, alterations: list[str], signature: str = "ink") -> None:
    """It is a filled form, whole and signed, but for its alterations."""
    assert identify(Returned(document))["way"] == "filled"
    reading = read(document, ISSUED, TRUSTED)
    assert (reading["signature"], reading["alterations"]) == (signature, alterations)
    assert (reading["fields"]["qty_P5000"], reading["fields"]["accept_terms"]) == ("3", "yes")


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_a_viewer_turned_is_as_it_was_issued(degrees: int) -> None:
    check(turned(degrees), [])


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_form_with_a_covering_letter_is_read_and_named(before: bool) -> None:
    check(with_letter(before=before), ["page ajoutée"])


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda pdf: pdf[: pdf.rindex(b"%%EOF")], id="its end lost"),
        pytest.param(lambda pdf: pdf[: pdf.rindex(b"startxref")], id="its last lines lost"),
        pytest.param(lambda pdf: pdf[: pdf.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n", id="a wrong start"),
        pytest.param(lambda pdf: b"\r\n" * 40 + pdf, id="lines before it"),
    ],
)
def test_a_damaged_file_is_rebuilt_and_for_a_person_to_look_at(damage: Callable[[bytes], bytes]) -> None:
    check(damage(SIGNED), [DAMAGED])


def test_a_certificate_signs_in_a_field_of_its_own() -> None:
    check(signed(FILLED, HEAD, "Signature1"), [], "digital")
    check(signed(FILLED, HEAD, "Signature1", IN_THE_FRAME), [], "digital")


def test_a_certificate_that_signs_elsewhere_on_the_page_is_for_a_person_to_look_at() -> None:
    check(signed(FILLED, HEAD, "Signature1", (300, 430, 420, 460)), ["champ ajouté : Signature1"], "digital")


@pytest.mark.parametrize(
    ("words", "alterations"),
    [
        ("Signature électronique qualifiée de %(signer)s, le %(ts)s", []),
        ("%(signer)s, sous réserve de remise", ["clause possible dans le cadre de signature"]),
    ],
)
def test_what_a_certificate_writes_in_the_frame_is_read(words: str, alterations: list[str]) -> None:
    """R5: a signature brings no terms of its own."""
    check(signed(FILLED, HEAD, words=words), alterations, "digital")


def test_two_certificates_sign_one_after_the_other() -> None:
    """The last one covers the whole file, and is the one that counts."""
    stranger = certified("Plateforme de signature")
    check(signed(signed(FILLED, HEAD), stranger, "Signature1"), [], "untrusted")
    check(signed(signed(FILLED, stranger), HEAD, "Signature1"), [], "digital")


def test_a_form_typed_in_chromium_is_as_it_was_issued() -> None:
    """Two texts are longer than their fields, and cut off there; one is so small that its l is a hairline."""
    values = {
        "place_and_date": "Saint-Étienne-de-Saint-Geoirs, le lundi 23 novembre 2026 à 14 h 30",
        "qty_P5000": "3",
        "qty_P10000": "407",
        "contact_role": "Gestionnaire, chargée de l’intendance et de la vie matérielle du lycée",
        "contact_email": "marie-christine.de-la-rochefoucauld-montbazon@ac-grenoble-education.test",
        "address": "3 rue des Lilas, bâtiment administratif de la cité scolaire\n07000 PRIVAS",
        "total_ht": "",
        "vat": "",
        "total_ttc": "",
    }
    check(paper.ink(typed(ISSUED, values)), [])


def test_a_time_stamp_after_a_signature_changes_nothing() -> None:
    check(stamped(signed(FILLED, HEAD), CLOCK), [], "digital")


def test_a_form_filled_in_after_a_signature_and_time_stamped_is_for_a_person_to_look_at() -> None:
    def order_more(writer: PdfWriter) -> None:
        writer.update_page_form_field_values(writer.pages[0], {"qty_P10000": "9"}, auto_regenerate=None)

    grown = update(signed(FILLED, HEAD), order_more)
    check(stamped(grown, CLOCK), [], "broken")


def test_a_signed_form_that_a_viewer_turned_is_for_a_person_to_look_at() -> None:
    check(edit(signed(FILLED, HEAD), lambda writer: writer.pages[0].rotate(90)), [], "broken")


def test_fields_outside_of_any_form_are_for_a_person_to_look_at() -> None:
    document = without_its_form(SIGNED)
    assert identify(Returned(document))["way"] == "printed"
    assert "annotation ajoutée" in read_page(Returned(document), ISSUED)["alterations"]


def test_an_action_is_named_though_its_kind_is_an_object_of_its_own() -> None:
    def launched(writer: PdfWriter) -> None:
        kind = writer._add_object(NameObject("/Launch"))
        writer.root_object[NameObject("/OpenAction")] = dictionary({"/S": kind, "/F": "cmd"})

    assert read(edit(SIGNED, launched), ISSUED)["alterations"] == ["action ajoutée"]
