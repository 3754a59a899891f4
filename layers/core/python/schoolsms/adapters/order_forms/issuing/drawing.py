"""The printed part of the order form: everything that is no field, drawn with fpdf2.

Texts are in Lato, embedded: a viewer that rewrites the file keeps the glyphs, so that the page that comes
back can be compared with the page that was issued.
"""

from collections.abc import Sequence
from functools import partial

import segno
from fpdf import FPDF

from schoolsms.adapters.drawing import (
    BRAND,
    INK,
    PAPER,
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
from schoolsms.adapters.order_forms.issuing import layout
from schoolsms.adapters.order_forms.issuing.imprint import Imprint
from schoolsms.adapters.order_forms.issuing.layout import Box
from schoolsms.domain.orders.forms.order_forms import IssuedForm
from schoolsms.domain.orders.packs import Pack, euros_fr

_MUTED: Colour = (100, 110, 125)
_NARROW = "\u202f"
_RIGHT_EDGE = layout.PAGE_WIDTH - layout.MARGIN


def draw(form: IssuedForm, qr_text: str, imprint: Imprint) -> bytes:
    """The page of `form` as a PDF without fields, drawn in the order in which it is read aloud."""
    page = _new_page(form)
    _heading(page, form, imprint)
    _qr(page, qr_text, form.order_id)
    _section(page, layout.SCHOOL_TOP, "1", "Votre établissement")
    hint = "Les champs marqués d’un astérisque (*) sont obligatoires."
    _text(page, _RIGHT_EDGE, layout.SCHOOL_TOP + 11, hint, size=7.5, colour=_MUTED, right=True)
    for box in layout.SCHOOL:
        _field(page, box)
    _section(page, layout.CONTACT_TOP, "2", "Votre contact pour cette commande")
    for box in layout.CONTACT:
        _field(page, box)
    _section(page, layout.PACKS_TOP, "3", "Votre commande")
    _table(page, form.packs)
    _billing(page, form)
    _agreement(page, form, imprint)
    _foot(page, imprint.order_inbox)
    return bytes(page.output())


def _new_page(form: IssuedForm) -> FPDF:
    page = FPDF(unit="pt", format=(layout.PAGE_WIDTH, layout.PAGE_HEIGHT))
    page.set_creation_date(form.issued_at)
    return started(page, f"Bon de commande {form.order_id} – Packs de SMS Skolengo", "Kosmos")


def _drawable(text: str) -> str:
    return text.replace(_NARROW, "\u00a0")  # Lato has no narrow no-break space


_text = partial(write, drawable=_drawable)


def _paragraph(page: FPDF, x: float, y: float, width: float, text: str, size: float) -> None:
    """`text`, wrapped, from the top `y` on; `**bold**` is bold."""
    page.set_font("Lato", "", size)
    page.set_text_color(*INK)
    page.set_xy(x, y)
    with tagged(page, "P"):
        page.multi_cell(width, size * 1.32, text.replace(_NARROW, "\u00a0"), align="L", markdown=True)


def _frame(page: FPDF, around: Box) -> None:
    framed(page, around.x, around.y, around.width, around.height, 2)


def _field(page: FPDF, field: Box) -> None:
    _text(page, field.x, field.y - 3.5, field.marked_label, size=7.5, colour=_MUTED)
    _frame(page, field)


def _section(page: FPDF, top: float, number: str, title: str) -> None:
    page.set_fill_color(*BRAND)
    with decoration(page):
        page.circle(layout.MARGIN + 7, top + 7, 7, style="F")
    page.set_font("Lato", "B", 9)
    half = page.get_string_width(number) / 2
    with heading(page, 2, f"{number}. {title}", top):
        _text(page, layout.MARGIN + 7 - half, top + 10.2, number, bold=True, colour=PAPER, tag=False)
        _text(page, layout.MARGIN + 20, top + 11, title, size=11, bold=True, colour=BRAND, tag=False)


def _heading(page: FPDF, form: IssuedForm, imprint: Imprint) -> None:
    """Draw what it is, from whom, where it goes back to, and whom a school can ask (R51)."""
    band(page, layout.PAGE_WIDTH)
    with heading(page, 1, "Bon de commande", 30):
        _text(page, layout.MARGIN, 58, "Bon de commande", size=24, bold=True, colour=BRAND, tag=False)
    _text(page, layout.MARGIN, 80, "Packs de SMS Skolengo", size=14, colour=BRAND)
    _text(page, layout.QR_LEFT - 22, 80, f"Année scolaire {form.school_year}", size=11, bold=True, right=True)
    box = layout.ORDER_ID
    _text(page, layout.MARGIN, box.y + 11.6, "Commande n°", bold=True)
    lines = (
        ("Fournisseur", "KOSMOS, éditeur de Skolengo – service d’envoi de SMS"),
        ("À renvoyer à", imprint.order_inbox),
        *([("Assistance", imprint.contact.ways)] if imprint.contact.ways else ()),
    )
    for row, (name, value) in enumerate(lines):
        y = 128 + 13 * row
        with tagged(page, "P"):
            _text(page, layout.MARGIN, y, name, bold=True, tag=False)
            _text(page, box.x + 4.4, y, value, width=_RIGHT_EDGE - box.x - 4.4, tag=False)


def _qr(page: FPDF, text: str, order_id: str) -> None:
    # Level Q outlives a stamp or a fold; runs overlap a little, lest a viewer draw seams between rows.
    matrix = segno.make_qr(text, error="q", boost_error=False).matrix
    module = layout.QR_SIDE / len(matrix)
    page.set_fill_color(0, 0, 0)
    with tagged(page, "Figure", f"Code QR du bon de commande {order_id}, lu à son retour."):
        for row, line in enumerate(matrix):
            start = 0
            for column in range(len(line) + 1):
                if column < len(line) and line[column]:
                    continue
                if column > start:
                    x, y = layout.QR_LEFT + start * module, layout.QR_TOP + row * module
                    page.rect(x, y, (column - start) * module, module + 0.05, style="F")
                start = column + 1


def _table(page: FPDF, packs: Sequence[Pack]) -> None:
    row = layout.row_height(packs)
    top, left, width = layout.TABLE_TOP, layout.MARGIN, layout.INNER_WIDTH
    baseline = row / 2 + 3.2
    page.set_fill_color(*BRAND)
    with decoration(page):
        page.rect(left, top, width, row, style="F")
    columns = (left + 12, left + 260, left + 372, _RIGHT_EDGE - 9)
    titles = ("Pack", "Prix du SMS HT", "Prix du pack HT", "Quantité\u00a0*")
    with tagged(page, "P"):
        for x, title in zip(columns, titles, strict=True):
            _text(page, x, top + baseline, title, bold=True, colour=PAPER, right=x > columns[0], tag=False)
    for index, (pack, box) in enumerate(zip(packs, layout.quantities(packs), strict=True), start=1):
        y = top + row * index
        with tagged(page, "P"):
            _text(page, columns[0], y + baseline, f"{_grouped(pack.sms)} SMS", size=10, bold=True, tag=False)
            _text(page, columns[1], y + baseline, _each(pack), colour=_MUTED, right=True, tag=False)
            price = euros_fr(pack.price_ht_cents)
            _text(page, columns[2], y + baseline, price, size=10, right=True, tag=False)
        rule(page, left, y + row, left + width)
        _frame(page, box)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _each(pack: Pack) -> str:
    tenths_of_cents = round(pack.price_ht_cents * 10 / pack.sms)
    return f"{tenths_of_cents // 1000},{tenths_of_cents % 1000:03d}\u00a0€"


def _billing(page: FPDF, form: IssuedForm) -> None:
    rate = f"{form.vat_rate.normalize():f}".replace(".", ",")
    for box in layout.TOTALS:
        label = f"{box.label} ({rate}\u00a0%)" if box.name == "vat" else box.label
        strong = box.name == "total_ttc"
        _text(page, box.x - 8, box.y + 11.6, label, size=9.5, bold=strong, right=True)
        _frame(page, box)
    top = layout.BILLING_TOP
    hint = "Si vous changez une quantité, corrigez ou effacez les totaux."
    _text(page, _RIGHT_EDGE, top + 67, hint, size=7.5, colour=_MUTED, right=True)
    _text(page, layout.MARGIN, top + 8, "Facturation Chorus Pro", bold=True)
    hint = "à renseigner si votre établissement l’exige"
    _text(page, layout.MARGIN, top + 18, hint, size=7.5, colour=_MUTED)
    for box in layout.CHORUS:
        _field(page, box)


def _agreement(page: FPDF, form: IssuedForm, imprint: Imprint) -> None:
    _section(page, layout.AGREEMENT_TOP, "4", "Votre accord")
    _frame(page, layout.ACCEPT)
    text = (
        f"J’accepte sans réserve les **Conditions Particulières de service d’envoi de SMS Kosmos (version"
        f" {form.conditions_version})**, les Conditions Générales de vente Kosmos et leur Annexe RGPD."
        f" La commande est ferme\u00a0; aucune stipulation ne peut y être ajoutée.\u00a0*"
    )
    left = layout.ACCEPT.x + 20
    _paragraph(page, left, layout.ACCEPT.y - 2, _RIGHT_EDGE - left, text, 9)
    if address := imprint.conditions(form.conditions_version):
        _conditions(page, left, address, form.conditions_version)
    box = layout.PLACE_AND_DATE
    _field(page, box)
    hint = (
        "Signez dans le cadre ci-contre\u00a0: à la main sur le bon imprimé,\npuis numérisez-le\u00a0; à l’écran, par"
        " l’image de votre signature\u00a0;\nou par signature électronique."
    )
    _paragraph(page, box.x, box.y + 25, box.width + 8, hint, 8)
    _field(page, layout.SIGNATURE)


def _conditions(page: FPDF, left: float, address: str, version: str) -> None:
    """Where the conditions are read, for who has the form on paper too."""
    said, y, size = "Conditions Particulières à lire sur ", layout.CONDITIONS_LINE, 8.5
    with tagged(page, "P"):
        _text(page, left, y, said, size=size, tag=False)
        start = left + page.get_string_width(said)
        _text(page, start, y, address, size=size, colour=BRAND, width=_RIGHT_EDGE - start, tag=False)
    width = min(page.get_string_width(address), _RIGHT_EDGE - start)
    described = f"Conditions Particulières de service d’envoi de SMS, version {version}"
    page.link(start, y - size, width, size * 1.3, address, contents=described)


def _foot(page: FPDF, order_inbox: str) -> None:
    rule(page, layout.MARGIN, layout.FOOT_TOP, _RIGHT_EDGE)
    text = (
        f"Renvoyez le bon complété et signé en pièce jointe à **{order_inbox}**, depuis l’adresse du"
        f" gestionnaire de SMS. Vos SMS sont crédités sous 24\u00a0h ouvrées après réception du bon complet."
    )
    _paragraph(page, layout.MARGIN, layout.FOOT_TOP + 7, layout.INNER_WIDTH, text, 8.5)
