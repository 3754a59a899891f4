"""The page of an invoice or credit note, drawn with fpdf2 as PDF/A-3B: one A4, in points from the top left corner."""

from datetime import date
from functools import cache, partial
from typing import Any

from fpdf import FPDF

from schoolsms.adapters.drawing import (
    BOLD,
    BRAND,
    FONTS,
    INK,
    PAPER,
    REGULAR,
    Colour,
    band,
    decoration,
    framed,
    heading,
    rule,
    started,
    tagged,
    write,
)
from schoolsms.adapters.invoices import mentions
from schoolsms.adapters.invoices.mentions import grouped
from schoolsms.domain.french import NBSP, french_date, french_number
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Buyer, Invoice, InvoiceContent, InvoiceVat, Seller
from schoolsms.domain.orders.billing.payments import LATE, RECOVERY
from schoolsms.domain.orders.packs import euros_fr
from schoolsms.domain.schools.schools import Address

_MUTED: Colour = (90, 100, 115)

_WIDTH, _HEIGHT, _MARGIN = 595.28, 841.89, 42.0
_RIGHT = _WIDTH - _MARGIN
_INNER = _RIGHT - _MARGIN
_BUYER_LEFT = 312.0  # where the window of a French envelope is
_TABLE_TOP = 302.0
_ROW = 22.0
_FOOT_TOP = 800.0
_COLUMNS = (_MARGIN + 10, 330.0, 418.0, 468.0, _RIGHT - 10)


def draw(paper: Invoice | CreditNote) -> bytes:
    """The page as a PDF/A-3B that holds no XML yet, drawn in the order in which it is read aloud."""
    page = _new_page(paper)
    _heading(page, paper)
    _buyer(page, paper.content.buyer)
    _references(page, paper)
    bottom = _table(page, paper.content)
    bottom = _totals(page, paper, bottom + 14) + 20
    bottom = _cancels(page, paper, bottom) if isinstance(paper, CreditNote) else _payment(page, paper, bottom)
    _mentions(page, paper, bottom + 16)
    _foot(page, paper.content.seller)
    return bytes(page.output())


def name_of(paper: Invoice | CreditNote) -> str:
    """Its name for people."""
    return "Avoir" if isinstance(paper, CreditNote) else "Facture"


def _new_page(paper: Invoice | CreditNote) -> FPDF:
    page = FPDF(unit="pt", format=(_WIDTH, _HEIGHT), enforce_compliance="PDF/A-3B")
    return started(page, f"{name_of(paper)} {paper.number}", _drawable(paper.content.seller.name))


@cache
def _glyphs() -> frozenset[int]:
    """The characters both fonts have."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    return frozenset.intersection(*(frozenset(TTFont(str(FONTS / name)).getBestCmap()) for name in (REGULAR, BOLD)))


def _drawable(text: str) -> str:
    """PDF/A allows no missing glyph: what Lato lacks becomes a question mark; the XML has it as it is."""
    return "".join(character if ord(character) in _glyphs() else "?" for character in text)


_text = partial(write, drawable=_drawable)


def _paragraph(page: FPDF, x: float, y: float, width: float, text: str, size: float, colour: Colour = INK) -> float:
    """`text`, wrapped, from the top `y` on; its bottom."""
    page.set_font("Lato", "", size)
    page.set_text_color(*colour)
    page.set_xy(x, y)
    with tagged(page, "P"):
        page.multi_cell(width, size * 1.35, _drawable(text), align="L")
    return float(page.get_y())


def _label(page: FPDF, x: float, y: float, text: str) -> None:
    with heading(page, 2, text, y - 10):
        _text(page, x, y, text, size=9.5, bold=True, colour=BRAND, tag=False)


def _pair(page: FPDF, x: float, y: float, name: str, value: str, *, indent: float, size: float, width: float) -> None:
    """A name and, beside it, its value."""
    with tagged(page, "P"):
        _text(page, x, y, name, colour=_MUTED, tag=False)
        _text(page, x + indent, y, value, size=size, bold=True, width=width, tag=False)


def _heading(page: FPDF, paper: Invoice | CreditNote) -> None:
    seller = paper.content.seller
    band(page, _WIDTH)
    _text(page, _MARGIN, 60, seller.name, size=20, bold=True, colour=BRAND, width=240)
    lines = (
        *_address_lines(seller.address),
        mentions.legal_identity(seller),
        f"SIRET {grouped(seller.siret, 3)}",
        f"TVA intracommunautaire {seller.vat_number}",
        *_contact(seller),
    )
    for row, line in enumerate(lines):
        _text(page, _MARGIN, 78 + 12.5 * row, line, colour=_MUTED, width=250)
    with heading(page, 1, f"{name_of(paper)} {paper.number}", 30):
        _text(page, _RIGHT, 60, name_of(paper), size=24, bold=True, colour=BRAND, right=True, tag=False)
        _text(page, _RIGHT, 80, f"n°{NBSP}{paper.number}", size=13, bold=True, right=True, tag=False)
    _text(page, _RIGHT, 97, f"du {_day(paper.issued_on)}", size=10, right=True)


def _contact(seller: Seller) -> list[str]:
    ways = [way for way in (seller.email, f"tél.{NBSP}{seller.phone}" if seller.phone else "") if way]
    return [f"{mentions.ACCOUNTING}{NBSP}: {', '.join(ways)}"] if ways else []


def _buyer(page: FPDF, buyer: Buyer) -> None:
    top, height, left, width = 158.0, 128.0, _BUYER_LEFT + 12, _RIGHT - _BUYER_LEFT - 24
    framed(page, _BUYER_LEFT, top, width + 24, height, 3)
    _label(page, left, top + 18, "Facturé à")
    texts = (
        (buyer.name, 11.0),
        *((line, 9.5) for line in _address_lines(buyer.address)),
        (f"SIRET {grouped(buyer.siret, 3)}", 9.5),
        (f"SIREN {grouped(buyer.siren, 3)}  –  UAI {buyer.uai}", 9.5),
    )
    lines: list[tuple[str, float, bool]] = []
    for scale in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4):  # long names are wrapped, and made smaller only if they must
        lines = [
            (line, size * scale, text == buyer.name)
            for text, size in texts
            for line in _wrapped(page, text, width, size * scale, bold=text == buyer.name)
        ]
        if sum(1.37 * size for _, size, _ in lines) <= height - 28:
            break
    y = top + 22
    for line, size, bold in lines:
        y += 1.37 * size
        _text(page, left, y, line, size=size, bold=bold, width=width)


def _wrapped(page: FPDF, text: str, width: float, size: float, *, bold: bool) -> list[str]:
    page.set_font("Lato", "B" if bold else "", size)
    lines: Any = page.multi_cell(width, size, _drawable(text), align="L", dry_run=True, output="LINES")
    return [str(line) for line in lines]


def _address_lines(address: Address) -> list[str]:
    country = "" if address.country == "FR" else f" ({address.country})"
    return [x for x in (address.line1, address.line2, f"{address.postcode} {address.city}{country}") if x]


def _references(page: FPDF, paper: Invoice | CreditNote) -> None:
    content = paper.content
    of_invoice = (("Échéance", _day(paper.printed_due_on)),) if isinstance(paper, Invoice) else ()
    of_note = (
        (("Facture annulée", paper.invoice_number), ("Facture du", _day(paper.invoice_issued_on)))
        if isinstance(paper, CreditNote)
        else ()
    )
    rows = (
        *of_note,
        ("Remplace", paper.replaces.number if isinstance(paper, Invoice) and paper.replaces else ""),
        ("Bon de commande", content.order_id),
        ("Service rendu le", _day(content.served_on)),
        ("Code service", content.service_code),
        ("N° d’engagement", content.engagement_number),
        *of_invoice,
    )
    _label(page, _MARGIN, 176, "Références")
    for row, (name, value) in enumerate((name, value) for name, value in rows if value):
        y, width = 194 + 15 * row, _BUYER_LEFT - _MARGIN - 104
        _pair(page, _MARGIN, y, name, value, indent=92, size=9, width=width)


def _day(day: date) -> str:
    return french_date(day).partition(" ")[2]  # which day of the week is for whoever has to pay in time


def _table(page: FPDF, content: InvoiceContent) -> float:
    """The lines; the bottom of the table."""
    page.set_fill_color(*BRAND)
    with decoration(page):
        page.rect(_MARGIN, _TABLE_TOP, _INNER, _ROW, style="F")
    titles = ("Désignation", "Quantité", "Prix unitaire HT", "TVA", "Montant HT")
    with tagged(page, "P"):
        for x, title in zip(_COLUMNS, titles, strict=True):
            _text(page, x, _TABLE_TOP + 14.5, title, bold=True, colour=PAPER, right=x > _COLUMNS[0], tag=False)
    y = _TABLE_TOP + _ROW
    for line in content.lines:
        cells = (
            f"Pack de {french_number(line.sms)}{NBSP}SMS  –  réf. {line.pack_id}",
            str(line.quantity),
            euros_fr(line.price_ht_cents),
            _percent(content.vat),
            euros_fr(line.ht_cents),
        )
        with tagged(page, "P"):
            for x, cell in zip(_COLUMNS, cells, strict=True):
                width = 220 if x == _COLUMNS[0] else 0
                _text(page, x, y + 14.5, cell, size=9.5, right=x > _COLUMNS[0], width=width, tag=False)
        y += _ROW
        rule(page, _MARGIN, y, _RIGHT)
    return y


def _percent(vat: InvoiceVat) -> str:
    if vat.category != "S":
        return "–"
    return f"{vat.rate.normalize():f}".replace(".", ",") + f"{NBSP}%"


def _totals(page: FPDF, paper: Invoice | CreditNote, top: float) -> float:
    content = paper.content
    left = 350.0
    vat = "TVA non applicable" if content.vat.category != "S" else f"TVA {_percent(content.vat)}"
    for row, (name, cents) in enumerate((("Total HT", content.ht_cents), (vat, content.vat_cents))):
        y = top + 12 + 17 * row
        with tagged(page, "P"):
            _text(page, left + 10, y, name, size=10, tag=False)
            _text(page, _RIGHT - 10, y, euros_fr(cents), size=10, right=True, tag=False)
    framed(page, left, top + 38, _RIGHT - left, 26, 3)
    name = "Net à payer TTC" if isinstance(paper, Invoice) else "Montant de l’avoir TTC"
    amount, y = euros_fr(content.ttc_cents), top + 55
    with tagged(page, "P"):
        _text(page, left + 10, y, name, size=11, bold=True, colour=BRAND, tag=False)
        _text(page, _RIGHT - 10, y, amount, size=12, bold=True, colour=BRAND, right=True, tag=False)
    return top + 64


def _payment(page: FPDF, invoice: Invoice, top: float) -> float:
    seller = invoice.content.seller
    rows = [
        ("À régler au plus tard le", french_date(invoice.printed_due_on)),
        ("Titulaire du compte", seller.name),
        ("IBAN", grouped(seller.iban, 4)),
        *([("BIC", seller.bic)] if seller.bic else []),
        ("Référence à rappeler", invoice.number),
    ]
    height = 32 + 15 * len(rows)
    framed(page, _MARGIN, top, _INNER, height, 3, "D")
    left = _MARGIN + 12
    _label(page, left, top + 18, "Règlement")
    for row, (name, value) in enumerate(rows):
        _pair(page, left, top + 36 + 15 * row, name, value, indent=110, size=9.5, width=_INNER - 134)
    return top + height


def _cancels(page: FPDF, note: CreditNote, top: float) -> float:
    """Say what the credit note does, in a frame as high as its reason needs."""
    left, width = _MARGIN + 12, _INNER - 24
    texts = (mentions.cancels(note), mentions.CREDIT_NOTE_TERMS)
    height = 30 + sum(13 * len(_wrapped(page, text, width, 9.5, bold=False)) + 4 for text in texts)
    framed(page, _MARGIN, top, _INNER, height, 3, "D")
    _label(page, left, top + 18, "Facture annulée")
    y = top + 24
    for text in texts:
        y = _paragraph(page, left, y, width, text, 9.5) + 4
    return top + height


def _mentions(page: FPDF, paper: Invoice | CreditNote, top: float) -> None:
    terms = (mentions.PAYMENT_TERMS,) if isinstance(paper, Invoice) else ()
    said = (*mentions.general(paper), *terms, LATE, RECOVERY, mentions.DISCOUNT)
    y = top
    for text in said:
        y = _paragraph(page, _MARGIN, y, _INNER, text, 8, _MUTED) + 3


def _foot(page: FPDF, seller: Seller) -> None:
    rule(page, _MARGIN, _FOOT_TOP, _RIGHT)
    text = f"{seller.name}, {mentions.legal_identity(seller)}"
    _text(page, _MARGIN, _FOOT_TOP + 14, text, size=8, colour=_MUTED, width=_INNER - 60)
    _text(page, _RIGHT, _FOOT_TOP + 14, f"Page 1{NBSP}/{NBSP}1", size=8, colour=_MUTED, right=True)
