"""The invoice as Factur-X: its XML by the schema and the rules, its page as PDF/A-3B, both saying the same (R41)."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from facturx import get_xml_from_pdf, xml_check_xsd  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]
from pypdf import PdfReader
from stdnum import bic, iban
from stdnum.fr import siren, siret, tva

from schoolsms.adapters.invoices.factur_x import factur_x, xml
from schoolsms.domain.orders.billing.credit_notes import CreditNote, credit_note_of
from schoolsms.domain.orders.billing.invoice_contents import content_of, vat_of
from schoolsms.domain.orders.billing.invoices import Cancellation, Invoice, InvoiceLine, InvoiceVat, Replaced
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, euros, totals
from schoolsms.domain.schools.schools import Address
from tests.fakes.orders.invoices import BUYER, SELLER, TODAY, content, invoice
from tests.support.builders import FORM, NOW, SCHOOL, order
from tests.support.mails.printed_signs import unprinted
from tests.support.papers.schematron import EN_16931, FRANCE, broken

CII = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}


def of(rate: str, country: str, **changes: Any) -> Invoice:
    """The usual invoice in another territory."""
    amounts = totals(DEFAULT_PRICE_LIST, {"P1000": 2}, Decimal(rate))
    return invoice(content=content(vat=vat_of(Decimal(rate), country), vat_cents=amounts.vat_cents, **changes))


MANY_LINES = tuple(InvoiceLine(pack.id, pack.sms, 999, pack.price_ht_cents) for pack in DEFAULT_PRICE_LIST)
OF_MANY = totals(DEFAULT_PRICE_LIST, {pack.id: 999 for pack in DEFAULT_PRICE_LIST}, Decimal("8.5"))
INVOICES = {
    "metropole": of("20", "FR"),
    "la-reunion": of("8.5", "RE", buyer=replace(BUYER, address=Address("1 rue", "97400", "Saint-Denis", "RE"))),
    "mayotte": of("0", "YT", buyer=replace(BUYER, address=Address("1 rue", "97600", "Mamoudzou", "YT"))),
    "nouvelle-caledonie": of(
        "0", "NC", buyer=replace(BUYER, address=Address("BP 1", "98800", "Nouméa", "NC", "Bât. A"))
    ),
    "exempt": of("0", "FR"),
    "vat-on-payment": of("20", "FR", seller=replace(SELLER, vat_on_debits=False)),
    "older-than-bic-and-contact": of("20", "FR", seller=replace(SELLER, bic="", email="", phone="")),
    "only-a-telephone": of("20", "FR", seller=replace(SELLER, email="")),
    "no-references": of("20", "FR", service_code="", engagement_number=""),
    "every-pack": invoice(
        content=content(
            lines=MANY_LINES,
            vat=InvoiceVat(Decimal("8.5"), "S"),
            ht_cents=OF_MANY.ht_cents,
            vat_cents=OF_MANY.vat_cents,
        )
    ),
}


def value(document: Any, path: str) -> str:
    """The text at a path of `ram:` names."""
    found: str | None = document.findtext(".//" + "/".join(f"ram:{name}" for name in path.split("/")), namespaces=CII)
    assert found is not None, path
    return found


@pytest.mark.parametrize("each", INVOICES.values(), ids=INVOICES.keys())
def test_every_kind_of_invoice_keeps_the_schema_and_all_the_rules(each: Invoice) -> None:
    made = xml(each)
    assert xml_check_xsd(made, flavor="factur-x", level="en16931")
    assert broken(made, EN_16931) == []
    assert broken(made, FRANCE) == []


def test_the_rules_do_find_what_is_wrong() -> None:
    """A check that never fails proves nothing."""
    made = xml(invoice())
    assert any("BR-CO-15" in rule for rule in broken(made.replace(b">204.00<", b">205.00<"), EN_16931))
    assert any("BR-FR-05" in rule for rule in broken(made.replace(b">PMT<", b">AAI<"), FRANCE))


def test_the_xml_says_what_the_invoice_says() -> None:
    """By hand, from EN 16931's business terms."""
    document = etree.fromstring(xml(invoice()))
    assert value(document, "ID") == "S1"
    for path, expected in {
        "BuyerReference": "COMPTA",
        "BuyerOrderReferencedDocument/IssuerAssignedID": "EJ-2026-0042",
        "ContractReferencedDocument/IssuerAssignedID": "BC26-ABCDEFGHIJ",
        "SellerTradeParty/SpecifiedLegalOrganization/ID": "123456782",
        "SellerTradeParty/SpecifiedTaxRegistration/ID": "FR11123456782",
        "BuyerTradeParty/GlobalID": "73282932000074",
        "BuyerTradeParty/SpecifiedLegalOrganization/ID": "732829320",
        "BuyerTradeParty/PostalTradeAddress/PostcodeCode": "75005",
        "PayeePartyCreditorFinancialAccount/IBANID": "FR7612345678900000000000067",
        "PayeeSpecifiedCreditorFinancialInstitution/BICID": "TESTFRP0XXX",
        "SellerTradeParty/DefinedTradeContact/DepartmentName": "Service facturation",
        "DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber": "02 40 00 00 00",
        "DefinedTradeContact/EmailURIUniversalCommunication/URIID": "facturation@kosmos.test",
        "PaymentReference": "2026-000001",
        "BilledQuantity": "2",
        "NetPriceProductTradePrice/ChargeAmount": "85.00",
        "TaxBasisTotalAmount": "170.00",
        "TaxTotalAmount": "34.00",
        "GrandTotalAmount": "204.00",
        "DuePayableAmount": "204.00",
        "DueDateTypeCode": "5",
    }.items():
        assert value(document, path) == expected
    schemes = {each.get("schemeID") for each in document.iterfind(".//ram:SpecifiedLegalOrganization/ram:ID", CII)}
    assert schemes == {"0002"}
    dates = [each.text for each in document.iterfind(".//udt:DateTimeString", CII)]
    assert dates == ["20261123", "20261123", "20261223"]
    assert [each.text for each in document.iterfind(".//ram:SubjectCode", CII)] == ["PMD", "PMT", "AAB", "REG"]


@pytest.mark.parametrize(
    ("name", "category", "reason"), [("mayotte", "E", "article 294, 1"), ("nouvelle-caledonie", "O", "article 259, 1°")]
)
def test_an_invoice_without_vat_says_why_to_people_and_machines(name: str, category: str, reason: str) -> None:
    """R40."""
    document = etree.fromstring(xml(INVOICES[name]))
    assert value(document, "ApplicableTradeTax/CategoryCode") == category
    assert reason in value(document, "ApplicableTradeTax/ExemptionReason")
    assert reason in text_of(factur_x(INVOICES[name]))


def text_of(document: bytes) -> str:
    """The page's text, spaces and line breaks evened."""
    pdf = pdfium.PdfDocument(document)
    try:
        assert len(pdf) == 1
        page = pdf[0]
        textpage = page.get_textpage()
        return re.sub(r"\s+", " ", textpage.get_text_range())
    finally:
        pdf.close()


def test_the_page_says_all_that_the_law_wants() -> None:
    """Each mention of adapters/invoices/mentions.py, word by word (R41)."""
    said = text_of(factur_x(invoice()))
    for mention in (
        "Facture n° 2026-000001 du 23 novembre 2026",
        "SAS au capital de 100 000 €, RCS Nantes 123 456 782",
        "SIRET 123 456 782 00010",
        "TVA intracommunautaire FR11123456782",
        "Lycée Paul Valéry",
        "1 rue des Écoles",
        "75005 Paris",
        "SIREN 732 829 320",
        "SIRET 732 829 320 00074",
        "BC26-ABCDEFGHIJ",
        "COMPTA",
        "EJ-2026-0042",
        "Service rendu le 23 novembre 2026",
        "Pack de 1 000 SMS",
        "85,00 €",
        "TVA 20 %",
        "170,00 €",
        "34,00 €",
        "204,00 €",
        "mercredi 23 décembre 2026",
        "FR76 1234 5678 9000 0000 0000 067",
        "BIC TESTFRP0XXX",
        "Service facturation : facturation@kosmos.test, tél. 02 40 00 00 00",
        "Établissements publics : cette facture est déposée sur Chorus Pro.",
        "virement bancaire",
        "taux directeur de la Banque centrale européenne",
        "majoré de 8 points",
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40,00 €",
        "Pas d’escompte",
        "prestation de services",
        "d’après les débits",
    ):
        assert mention in said, mention


def test_a_long_name_and_address_are_wrapped_not_lost() -> None:
    name = "Établissement régional d’enseignement adapté et lycée polyvalent des métiers de la montagne Marie-Curie"
    address = Address(
        "Cité scolaire internationale, bâtiment C", "97400", "Saint-Denis", "RE", "12 ter, avenue du Général"
    )
    said = text_of(factur_x(invoice(content=content(buyer=replace(BUYER, name=name, address=address)))))
    for each in (name, address.line1, address.line2, "97400 Saint-Denis (RE)", "SIRET 732 829 320 00074"):
        assert each in said


def test_a_seller_without_the_option_for_debits_does_not_mention_it() -> None:
    assert "débits" not in text_of(factur_x(INVOICES["vat-on-payment"]))
    assert value(etree.fromstring(xml(INVOICES["vat-on-payment"])), "DueDateTypeCode") == "72"


def test_an_invoice_numbered_before_there_was_a_bic_or_a_contact_names_none() -> None:
    old = INVOICES["older-than-bic-and-contact"]
    said = text_of(factur_x(old))
    assert "BIC" not in said
    assert "Service facturation" not in said
    document = etree.fromstring(xml(old))
    for name in ("DefinedTradeContact", "PayeeSpecifiedCreditorFinancialInstitution"):
        assert document.findall(f".//ram:{name}", CII) == []


@pytest.mark.parametrize("each", INVOICES.values(), ids=INVOICES.keys())
def test_the_pdf_carries_its_xml_and_says_the_same_total(each: Invoice) -> None:
    document = factur_x(each)
    name, carried = get_xml_from_pdf(document, check_xsd=True)
    assert name == "factur-x.xml"
    assert carried == xml(each)
    total = euros(each.content.ttc_cents).replace(".", ",")
    assert total in text_of(document).replace(" ", "")


def test_the_pdf_has_the_marks_of_pdf_a_3b() -> None:
    """ISO 19005-3: output intent, XMP, every font embedded, associated file, no encryption, no script."""
    document = factur_x(invoice())
    reader = PdfReader(BytesIO(document), strict=True)
    root: Any = reader.trailer["/Root"]
    assert document.startswith(b"%PDF-1.7")
    assert "/Encrypt" not in reader.trailer
    assert reader.trailer["/ID"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/OutputIntents"][0]["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
    xmp = root["/Metadata"].get_data().decode()
    for mark in (
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
    ):
        assert mark in xmp
    (file,) = (each.get_object() for each in root["/AF"])
    assert (file["/AFRelationship"], file["/UF"]) == ("/Alternative", "factur-x.xml")
    assert file["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"
    assert b"/JavaScript" not in document
    resources: Any = reader.pages[0]["/Resources"]
    for font in resources["/Font"].values():
        (descendant,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile2" in descendant.get_object()["/FontDescriptor"].get_object()


def test_the_sellers_numbers_used_here_have_the_right_keys() -> None:
    assert siren.is_valid(SELLER.siren)
    assert siret.is_valid(SELLER.siret)
    assert tva.is_valid(SELLER.vat_number)
    assert iban.is_valid(SELLER.iban)
    assert bic.is_valid(SELLER.bic)


@settings(max_examples=40, deadline=None)
@given(name=st.text(max_size=250), address=st.text(max_size=250), reference=st.text(max_size=120))
def test_whatever_a_school_is_called_its_invoice_can_be_made(name: str, address: str, reference: str) -> None:
    """R41: a number taken is a number issued."""
    form = replace(FORM, school_name=name, address=address)
    read = {"service_code": reference, "engagement_number": reference}
    made = content_of(order(state="credited", credited_at=NOW, read=read), form, SCHOOL, SELLER)
    document = factur_x(Invoice("2026-000001", TODAY, made))
    assert len(PdfReader(BytesIO(document)).pages) == 1


def test_an_invoice_is_made_in_a_moment() -> None:
    """Well within the function's time, and small enough to mail."""
    assert len(factur_x(INVOICES["every-pack"])) < 100_000


REISSUED = invoice(number="2026-000043", replaces=Replaced("2026-000001", TODAY))


def test_an_invoice_that_replaces_another_names_it_and_its_day_and_keeps_all_the_rules() -> None:
    """CGI, art. 289, I, 5: what is corrected is named so that it cannot be mistaken; BG-3 in the XML."""
    made = xml(REISSUED)
    assert (broken(made, EN_16931), broken(made, FRANCE)) == ([], [])
    document = etree.fromstring(made)
    assert document.findtext("rsm:ExchangedDocument/ram:TypeCode", namespaces=CII) == "380"
    assert value(document, "InvoiceReferencedDocument/IssuerAssignedID") == "2026-000001"
    said = text_of(factur_x(REISSUED))
    mention = "Cette facture remplace la facture n° 2026-000001 du 23 novembre 2026, annulée par un avoir."
    assert mention in said, said
    assert "Remplace 2026-000001" in said
    assert mention not in text_of(factur_x(invoice()))


def note_of(of_invoice: Invoice) -> CreditNote:
    cancelled = of_invoice.cancelled(Cancellation(TODAY, "SIRET de l'établissement\nerroné."))
    return credit_note_of(cancelled, "2026-000042", TODAY + timedelta(days=7))


@pytest.mark.parametrize("each", INVOICES.values(), ids=INVOICES.keys())
def test_every_kind_of_credit_note_keeps_the_schema_and_all_the_rules(each: Invoice) -> None:
    made = xml(note_of(each))
    assert xml_check_xsd(made, flavor="factur-x", level="en16931")
    assert broken(made, EN_16931) == []
    assert broken(made, FRANCE) == []


def test_a_credit_note_is_of_type_381_and_names_the_invoice_and_its_day() -> None:
    """CGI, art. 289, I, 5: positive amounts, which the type says are given back."""
    document = etree.fromstring(xml(note_of(invoice())))
    assert document.findtext("rsm:ExchangedDocument/ram:TypeCode", namespaces=CII) == "381"
    assert value(document, "InvoiceReferencedDocument/IssuerAssignedID") == "2026-000001"
    assert [each.text for each in document.iterfind(".//{*}FormattedIssueDateTime/{*}DateTimeString")] == ["20261123"]
    assert value(document, "GrandTotalAmount") == value(document, "DuePayableAmount") == "204.00"
    assert document.findall(".//ram:SpecifiedTradeSettlementPaymentMeans", CII) == []


def test_the_page_of_a_credit_note_says_what_it_cancels_and_asks_for_nothing() -> None:
    said = text_of(factur_x(note_of(invoice())))
    for mention in (
        "Avoir n° 2026-000042 du 30 novembre 2026",
        "Facture annulée 2026-000001 Facture du 23 novembre 2026",
        "Cet avoir annule en totalité la facture n° 2026-000001 du 23 novembre 2026. Motif : SIRET de l’établissement",
        "Montant de l’avoir TTC 204,00 €",
        "TVA intracommunautaire FR11123456782",
        "Aucun règlement n’est attendu.",
        "Service facturation : facturation@kosmos.test, tél. 02 40 00 00 00",
        "Établissements publics : cet avoir est déposé sur Chorus Pro.",
    ):
        assert mention in said, (mention, said)
    assert "IBAN" not in said
    assert "Échéance" not in said


@pytest.mark.parametrize("paper", [invoice(), note_of(invoice())], ids=["invoice", "credit note"])
def test_the_words_of_a_paper_carry_the_signs_of_print(paper: Invoice | CreditNote) -> None:
    """In the XML, whose words the page has too; fpdf2 writes a no-break space of a paragraph as a plain one."""
    document = etree.fromstring(xml(paper))
    said = [
        each.text for name in ("Content", "Description", "Name") for each in document.iterfind(f".//ram:{name}", CII)
    ]
    assert len(said) > 8
    assert [sign for text in said for sign in unprinted(text)] == []
