"""Factur-X, level EN 16931: the page, and beside it the same invoice as XML for machines."""

from decimal import Decimal
from typing import Any

from facturx import generate_from_binary, generate_xml  # type: ignore[import-untyped]

from schoolsms.adapters.invoices import mentions
from schoolsms.adapters.invoices.drawing import draw, name_of
from schoolsms.domain.french import NBSP, french_number
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Buyer, Invoice, InvoiceLine, InvoiceVat, Seller
from schoolsms.domain.orders.billing.payments import LATE, RECOVERY
from schoolsms.domain.orders.packs import euros
from schoolsms.domain.schools.schools import Address

INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
SERVICES = "S1"  # BR-FR-08: an invoice of services, not paid yet
CREDIT_TRANSFER_SEPA = "58"  # UNTDID 4461
ONE = "C62"  # UN/ECE Recommendation 20: a unit of count
SIREN, SIRET, FRENCH_DIRECTORY = "0002", "0009", "0225"  # ISO 6523


def factur_x(paper: Invoice | CreditNote) -> bytes:
    """The PDF/A-3B of `paper`, its XML checked against the schema. Raises when that does not hold."""
    document: bytes = generate_from_binary(
        draw(paper),
        xml(paper),
        flavor="factur-x",
        level="en16931",
        check_xsd=False,  # just done
        check_schematron=False,
        pdf_metadata={
            "author": paper.content.seller.name,
            "keywords": f"{name_of(paper)}, Factur-X",
            "title": f"{name_of(paper)} {paper.number}",
            "subject": f"{name_of(paper)} {paper.number} du {paper.issued_on:%d/%m/%Y}",
        },
        lang="fr-FR",
        afrelationship="alternative",  # the XML says the same as the page
        xmp_compression=False,  # readable by tools that do not read PDF
    )
    return document


def xml(paper: Invoice | CreditNote) -> bytes:
    """The invoice or credit note as UN/CEFACT CII, by the business terms of EN 16931 (BT-…, BG-…)."""
    # The schematron needs a Saxon server, so it is held by the tests; the schema is checked on each invoice.
    made: bytes = generate_xml(_terms(paper), flavor="factur-x", level="en16931", check_xsd=True, check_schematron=None)
    return made


def _terms(paper: Invoice | CreditNote) -> dict[str, Any]:
    content = paper.content
    ht, vat, ttc = (euros(cents) for cents in (content.ht_cents, content.vat_cents, content.ttc_cents))
    terms = {
        "BT-1": paper.number,
        "BT-2": paper.issued_on,
        "BT-5": "EUR",
        "BT-10": content.service_code,
        "BT-12": content.order_id,
        "BT-13": content.engagement_number,
        "BT-20": mentions.paper_terms(paper),
        "BT-23": SERVICES,
        "BT-72": content.served_on,
        "BG-1": _notes(paper),
        "BG-4": _seller(content.seller, content.vat),
        "BG-7": _buyer(content.buyer),
        "BG-23": [_vat_breakdown(content.vat, ht, vat)],
        "BG-25": [_line(rank, line, content.vat) for rank, line in enumerate(content.lines, start=1)],
        "BT-106": ht,
        "BT-109": ht,
        "BT-110": vat,
        "BT-112": ttc,
        "BT-115": ttc,
        **(_cancels(paper) if isinstance(paper, CreditNote) else _to_pay(paper)),
    }
    if content.vat.category == "S":
        # Due date of VAT: with the invoice if the seller opted for debits, else with the payment.
        terms["BT-8"] = "invoice" if content.seller.vat_on_debits else "payment"
    return {term: value for term, value in terms.items() if value != ""}


def _to_pay(invoice: Invoice) -> dict[str, Any]:
    seller = invoice.content.seller
    replaced = invoice.replaces
    return {
        "BT-3": INVOICE,
        **({"BG-3": [{"BT-25": replaced.number, "BT-26": replaced.issued_on}]} if replaced else {}),
        "BT-9": invoice.printed_due_on,
        "BT-81": CREDIT_TRANSFER_SEPA,
        "BT-83": invoice.number,
        "BT-84": seller.iban,
        "BT-85": seller.name,
        "BT-86": seller.bic,
    }


def _cancels(note: CreditNote) -> dict[str, Any]:
    """Amounts stay positive: the type says that they are given back."""
    return {"BT-3": CREDIT_NOTE, "BG-3": [{"BT-25": note.invoice_number, "BT-26": note.invoice_issued_on}]}


def _notes(paper: Invoice | CreditNote) -> list[dict[str, str]]:
    coded = [("PMD", LATE), ("PMT", RECOVERY), ("AAB", mentions.DISCOUNT)]
    coded += [("REG", mentions.legal_identity(paper.content.seller))]
    if isinstance(paper, CreditNote):
        coded += [("AAI", mentions.cancels(paper))]
    return [
        *({"BT-21": code, "BT-22": text} for code, text in coded),
        *({"BT-22": text} for text in mentions.general(paper)),
    ]


def _seller(seller: Seller, vat: InvoiceVat) -> dict[str, Any]:
    party: dict[str, Any] = {
        "name": seller.name,
        "identifiers": {SIRET: seller.siret},
        "legal_identifier": seller.siren,
        "legal_identifier_schemeid": SIREN,
        "legal_info": mentions.legal_identity(seller),
        "einvoicing_addr": seller.siren,
        "einvoicing_addr_schemeid": FRENCH_DIRECTORY,
        **_address(seller.address),
    }
    if seller.email or seller.phone:
        department = {"department_name": mentions.ACCOUNTING}  # BT-41; then BT-42 and BT-43
        party["contacts"] = [{**department, "phone": seller.phone, "email": seller.email}]
    # BR-O-02: what is outside the scope of VAT names no VAT number.
    return party if vat.category == "O" else {**party, "vat_identifier": seller.vat_number}


def _buyer(buyer: Buyer) -> dict[str, Any]:
    return {
        "name": buyer.name,
        "identifiers": {SIRET: buyer.siret},
        "legal_identifier": buyer.siren,
        "legal_identifier_schemeid": SIREN,
        "einvoicing_addr": f"{buyer.siren}_{buyer.siret}",
        "einvoicing_addr_schemeid": FRENCH_DIRECTORY,
        **_address(buyer.address),
    }


def _address(address: Address) -> dict[str, str]:
    parts = {
        "addr_l1": address.line1,
        "addr_l2": address.line2,
        "postcode": address.postcode,
        "city": address.city,
        "country_code": address.country,
    }
    return {name: value for name, value in parts.items() if value}


def _vat_breakdown(vat: InvoiceVat, ht: str, amount: str) -> dict[str, str]:
    breakdown = {"BT-116": ht, "BT-117": amount, "BT-118": vat.category, **_rate("BT-119", vat)}
    if vat.reason:
        breakdown["BT-120"] = vat.reason
    if vat.category == "O":
        breakdown["BT-121"] = "VATEX-EU-O"
    return breakdown


def _line(rank: int, line: InvoiceLine, vat: InvoiceVat) -> dict[str, Any]:
    return {
        "BT-126": str(rank),
        "BT-129": str(line.quantity),
        "BT-130": ONE,
        "BT-131": euros(line.ht_cents),
        "BT-146": euros(line.price_ht_cents),
        "BT-151": vat.category,
        **_rate("BT-152", vat),
        "BT-153": f"Pack de {french_number(line.sms)}{NBSP}SMS",
        "BT-155": line.pack_id,
    }


def _rate(term: str, vat: InvoiceVat) -> dict[str, str]:
    """BR-O-05: what is outside the scope of VAT has no rate, not even zero."""
    return {} if vat.category == "O" else {term: str(vat.rate.quantize(Decimal("0.01")))}
