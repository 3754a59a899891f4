"""The order form that a school receives."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pypdf import PdfReader

from local.players import paper
from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.adapters.order_forms.pdf.raster import Document
from schoolsms.domain.orders.packs import Pack
from schoolsms.domain.orders.review.order_completeness import REQUIRED_FIELDS
from schoolsms.domain.schools.support_contact import SupportContact
from tests.support.papers.forms import issued_form

INBOX = "commande-sms@skolengo.test"
KEY = b"a key of thirty-two bytes, or so."
FORMS = PdfOrderForms(KEY, INBOX)

# contract.md, "Order form (PDF)"
FIELDS = {
    *("order_id", "uai", "siret", "school_name", "address", "contact_name", "contact_role", "contact_email"),
    *("contact_phone", "service_code", "engagement_number", "total_ht", "vat", "total_ttc", "accept_terms"),
    *("place_and_date", "signature", "qty_P500", "qty_P1000", "qty_P2500", "qty_P5000", "qty_P10000"),
}


def fields(pdf: bytes) -> dict[str, str]:
    found = PdfReader(BytesIO(pdf)).get_fields() or {}
    return {name: str(field.get("/V") or "") for name, field in found.items()}


def widget(pdf: bytes, name: str) -> Any:
    annotations = PdfReader(BytesIO(pdf)).pages[0].annotations or ()
    return next(annotation for annotation in annotations if annotation["/T"] == name)


def page_text(pdf: bytes) -> str:
    return Document(pdf).text(0).replace("\u00a0", " ")


def test_a_form_has_the_fields_of_the_contract_on_one_page() -> None:
    pdf = FORMS.issue(issued_form())
    assert set(fields(pdf)) == FIELDS
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_a_form_is_prefilled_with_the_school_the_quantities_and_the_totals() -> None:
    filled = {name: value for name, value in fields(FORMS.issue(issued_form())).items() if value}
    assert filled == {
        "order_id": "BC-2026-01JD8Z5Q6T",
        "uai": "0070021B",
        "siret": "19070021000017",
        "school_name": "Lycée général Cœur d’Ardèche",
        "address": "12 bis, avenue de l’Œuvre\nBP 4021\n07000 PRIVAS",
        "contact_name": "Zoé Lefèvre",
        "contact_email": "zoe.lefevre@lycee.test",
        "qty_P500": "1",
        "qty_P1000": "2",
        "total_ht": "215,00\u00a0€",
        "vat": "43,00\u00a0€",
        "total_ttc": "258,00\u00a0€",
        "accept_terms": "/Off",
    }


def test_a_form_without_quantities_leaves_the_totals_to_the_school() -> None:
    found = fields(FORMS.issue(issued_form(quantities={"P500": 0})))
    assert (found["qty_P500"], found["total_ht"], found["vat"], found["total_ttc"]) == ("", "", "", "")


def test_the_page_says_what_is_ordered_from_whom_and_where_it_goes() -> None:
    text = page_text(FORMS.issue(issued_form(vat_rate=Decimal("8.5"))))
    for expected in (
        "Bon de commande",
        "Packs de SMS Skolengo",
        "Année scolaire 2026-2027",
        "KOSMOS",
        INBOX,
        "10 000 SMS",
        "0,070 €",
        "700,00 €",
        "TVA (8,5 %)",
        "si votre établissement l’exige",
        "(version 2026-09)",
        "Signature et cachet",
    ):
        assert expected in text


def test_the_page_says_all_ways_to_sign_printing_it_first() -> None:
    """Most schools print, sign, stamp and scan it."""
    text = " ".join(page_text(FORMS.issue(issued_form())).split())
    for said in ("à la main sur le bon imprimé, puis numérisez-le", "à l’écran", "signature électronique"):
        assert said in text


def test_the_page_says_whom_to_ask_and_where_the_conditions_are() -> None:
    """R4, R51: on paper too."""
    contact = SupportContact("aide@kosmos.test", "02 40 00 00 00", "https://aide.test")
    forms = PdfOrderForms(KEY, INBOX, contact=contact, public_url="https://sms.test")
    text = page_text(forms.issue(issued_form()))
    assert "Assistance aide@kosmos.test, 02 40 00 00 00, https://aide.test" in " ".join(text.split())
    assert "Conditions Particulières à lire sur https://sms.test/conditions/2026-09" in text


def test_a_long_address_stays_within_the_margins_of_the_page() -> None:
    contact = SupportContact(f"{'a' * 60}@kosmos.test", "02 40 00 00 00", f"https://{'b' * 80}.test")
    forms = PdfOrderForms(KEY, INBOX, contact=contact, public_url=f"https://{'c' * 90}.test")
    picture = Document(forms.issue(issued_form())).picture(0, 72, annotations=True)
    margin = picture.crop((556, 15, picture.width, picture.height))
    assert margin.getextrema() == (255, 255)


def test_the_required_fields_are_marked_and_no_other() -> None:
    """Those without which an order is incomplete, on the page and for a screen reader."""
    pdf = FORMS.issue(issued_form())
    found = PdfReader(BytesIO(pdf)).get_fields() or {}
    required = {name for name, field in found.items() if int(field.get("/Ff", 0)) & 2}
    assert required == {*REQUIRED_FIELDS, "uai", "siret", "accept_terms", "signature"}
    text = page_text(pdf)
    assert "Les champs marqués d’un astérisque (*) sont obligatoires." in text
    labels = ("Nom de l’établissement", "UAI (ancien RNE)", "SIRET", "Adresse", "Nom et prénom", "Adresse électronique")
    for label in (*labels, "Quantité", "Fait à, le", "Signature et cachet"):
        assert f"{label} *" in text
    assert text.count("*") == 11  # the sentence that says what it means, and the conditions to accept


def test_only_the_order_id_is_read_only() -> None:
    found = PdfReader(BytesIO(FORMS.issue(issued_form()))).get_fields() or {}
    assert {name for name, field in found.items() if int(field.get("/Ff", 0)) & 1} == {"order_id"}


def test_the_signature_is_a_signature_field_with_a_rectangle() -> None:
    pdf = FORMS.issue(issued_form())
    left, bottom, right, top = paper.signature_rectangle(pdf)
    assert (PdfReader(BytesIO(pdf)).get_fields() or {})["signature"]["/FT"] == "/Sig"
    assert right - left > 200
    assert top - bottom > 70


def test_the_same_form_gives_the_same_bytes() -> None:
    assert FORMS.issue(issued_form()) == FORMS.issue(issued_form())


def test_every_font_of_a_form_is_in_its_file() -> None:
    """A font that is not is drawn by each program with another one: their prints could not be compared."""
    pdf = FORMS.issue(issued_form())
    page = PdfReader(BytesIO(pdf)).pages[0]
    typed = [one["/AP"]["/N"] for one in page.annotations or () if one["/FT"] == "/Tx" and one.get("/V")]
    fonts = [font for drawn in (page, *typed) for font in drawn["/Resources"]["/Font"].values()]
    described = [font.get("/DescendantFonts", [font])[0]["/FontDescriptor"] for font in fonts]
    assert len(typed) == 12
    assert len(fonts) >= 14
    assert all("/FontFile2" in descriptor for descriptor in described)


def test_what_viewers_type_in_has_every_sign_of_a_french_keyboard() -> None:
    root: Any = PdfReader(BytesIO(FORMS.issue(issued_form()))).trailer["/Root"]
    font = root["/AcroForm"]["/DR"]["/Font"]["/Lato"]
    file = TTFont(BytesIO(font["/FontDescriptor"]["/FontFile2"].get_data()))
    for sign in "azAZ09éèçàùêëîïôûüÿœæÉÈÇÀŒÆ@€£$%&§µ°²«»“”‘’'\"–—…-_/\\|()[]{}<>=+*#~^`!?;:,.\u00a0":
        code = sign.encode("cp1252")[0]
        assert ord(sign) in file.getBestCmap(), sign
        assert font["/Widths"][code - font["/FirstChar"]] > 0, sign


def test_a_form_is_small_enough_for_any_mailbox() -> None:
    assert len(FORMS.issue(issued_form())) < 70_000


def test_a_form_carries_no_script() -> None:
    pdf = FORMS.issue(issued_form())
    assert b"/JS" not in pdf
    assert b"/JavaScript" not in pdf


def test_accents_and_ligatures_typed_in_a_viewer_are_shown() -> None:
    typed = "Évaluée à Œuf-en-Ternois, ça et là – l’école « æÿ »"
    pdf = paper.fill(FORMS.issue(issued_form()), {"contact_role": typed})
    assert typed in page_text(paper.flatten(pdf))


def test_a_name_that_no_french_font_has_keeps_its_value_and_shows_its_letters() -> None:
    pdf = FORMS.issue(issued_form(school_name="École Fa’a’ā ʻĀrue"))
    assert fields(pdf)["school_name"] == "École Fa’a’ā ʻĀrue"
    assert "École Fa’a’a ’Arue" in page_text(paper.flatten(pdf))


def test_a_name_of_ninety_characters_fits_its_field() -> None:
    name = "Lycée polyvalent régional Aimé Césaire – Cité scolaire Cœur d’Ardèche à Saint-Étienne-de-X"
    assert len(name) == 90
    pdf = FORMS.issue(issued_form(school_name=name))
    left, bottom, right, top = (float(side) for side in widget(pdf, "school_name")["/Rect"])
    shown = [sign for sign, place in Document(pdf).characters(0) if bottom <= place[1] and place[3] <= top]
    assert name in "".join(shown)
    assert all(left <= place[0] and place[2] <= right for sign, place in Document(pdf).characters(0) if sign == "ô")


def test_a_form_holds_one_to_eight_packs() -> None:
    packs = tuple(Pack(f"P{n}", n * 100, n * 900) for n in range(1, 9))
    assert "qty_P8" in fields(FORMS.issue(issued_form(packs=packs, quantities={"P8": 999})))
    for refused in ((), (*packs, Pack("P9", 900, 8_100))):
        with pytest.raises(ValueError, match="1 to 8 packs"):
            FORMS.issue(issued_form(packs=refused, quantities={}))


def test_the_qr_carries_the_identity_and_its_hmac() -> None:
    # printf 'BDC1|0070021B|2026-2027|BC-2026-01JD8Z5Q6T' | openssl dgst -sha256 -hmac KEY -binary | head -c 15 | base32
    picture = paper.photograph(FORMS.issue(issued_form()))
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == "BDC1|0070021B|2026-2027|BC-2026-01JD8Z5Q6T|TTJV22TIDZRWXOB6QZIR2NXN"
    assert code.ec_level == "Q"


def test_an_order_id_that_would_forge_the_qr_is_not_issued() -> None:
    with pytest.raises(ValueError, match="separator"):
        FORMS.issue(issued_form(order_id="BC|0750001A"))
