"""Order forms as schools complete them, on paper and in a PDF viewer."""

from dataclasses import replace
from functools import cache

from PIL import Image, ImageDraw

from local.players import paper
from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.domain.orders.packs import Pack
from schoolsms.domain.schools.support_contact import SupportContact
from tests.corpus.office import scanner
from tests.support.papers.forms import issued_form

FORM = issued_form(uai="0690026D")
FORMS = PdfOrderForms(
    b"a key of thirty-two bytes, or so.",
    "commande-sms@skolengo.test",
    contact=SupportContact("aide-sms@kosmos.test", "02 40 00 00 00", "https://aide.kosmos.test"),
    public_url="https://sms.skolengo.test",
)
ISSUED = FORMS.issue(FORM)

# Places on the form, in points from its top left corner.
FRAME = (320.0, 712.0, 520.0, 765.0)
TICK = ((51.0, 660.0), (55.0, 665.0), (64.0, 651.0))
CROSS = (((50.0, 654.0), (63.0, 667.0)), ((63.0, 654.0), (50.0, 667.0)))
DATE = (47.0, 709.0)
FIRST_QUANTITY, SECOND_QUANTITY, FOURTH_QUANTITY = (525.0, 432.0), (525.0, 452.0), (525.0, 492.0)


@cache
def blank() -> Image.Image:
    """The form as issued, printed."""
    return scanner.printed(ISSUED)


def made_out(
    *, signed: bool = True, ticked: bool = True, dated: bool = True, of: Image.Image | None = None
) -> Image.Image:
    """The form on paper, made out by pen."""
    sheet = (of or blank()).copy()
    if signed:
        scanner.autograph(sheet, FRAME)
    if ticked:
        scanner.pen(sheet, [TICK])
    if dated:
        scanner.handwriting(sheet, *DATE, "Privas, le 3/09/2026", 11)
    return sheet


def typed(**values: str) -> bytes:
    """The form filled in a viewer, ticked and dated."""
    return paper.fill(ISSUED, {"place_and_date": "Privas, le 3 septembre 2026", **values})


def at_other_prices() -> bytes:
    """The form as issued but for one price: an editor of PDFs does that."""
    packs = tuple(Pack(p.id, p.sms, 6_500 if p.id == "P1000" else p.price_ht_cents) for p in FORM.packs)
    cheaper = FORMS.issue(replace(FORM, packs=packs, quantities={}))
    values = {
        "qty_P500": "1",
        "qty_P1000": "2",
        "total_ht": "215,00\u00a0€",
        "vat": "43,00\u00a0€",
        "total_ttc": "258,00\u00a0€",
    }
    return paper.fill(cheaper, values, terms=False)


def corrected_by_pen() -> Image.Image:
    """Two packs struck out, four written beside."""
    sheet = made_out()
    x, y = SECOND_QUANTITY
    scanner.pen(sheet, [[(x - 6, y - 5), (x + 6, y + 5)]])
    scanner.handwriting(sheet, x + 8, y, "4", 12)
    return sheet


def made_a_seven() -> Image.Image:
    """The 1 of the first line, made a 7."""
    sheet = made_out()
    x, y = FIRST_QUANTITY
    scanner.pen(sheet, [[(x - 5, y - 4), (x + 1, y - 4)]], width=1.0)
    return sheet


def with_a_quantity() -> Image.Image:
    """A 1 written where nothing was ordered."""
    sheet = made_out()
    x, y = FOURTH_QUANTITY
    scanner.pen(sheet, [[(x, y - 4), (x, y + 4)]], width=1.0)
    return sheet


def with_a_clause(
    x: float = 60, y: float = 368, text: str = "sous réserve d’une remise de 20 %", grey: int = 60, turn: float = 0
) -> Image.Image:
    """A stipulation by hand."""
    sheet = made_out()
    scanner.handwriting(sheet, x, y, text, 10, grey, turn)
    return sheet


def struck(*lines: tuple[tuple[float, float], tuple[float, float]]) -> Image.Image:
    """Something crossed out by pen."""
    sheet = made_out()
    scanner.pen(sheet, lines, width=1.0)
    return sheet


def whitened(*boxes: tuple[float, float, float, float]) -> Image.Image:
    """Something painted over with correction fluid."""
    sheet = made_out()
    for box in boxes:
        ImageDraw.Draw(sheet).rectangle([side * scanner.PAPER_DPI / 72 for side in box], fill=255)
    return sheet


def stamped(*places: tuple[float, float, float]) -> Image.Image:
    """With the school's round stamp at each place (x, y, radius)."""
    sheet = made_out()
    for x, y, radius in places:
        scanner.round_stamp(sheet, x, y, radius)
    return sheet


def letter() -> Image.Image:
    """A page of conditions of the school's own."""
    sheet = Image.new("L", blank().size, 255)
    for line in range(12):
        scanner.handwriting(sheet, 60, 100 + 20 * line, "Article : nos conditions d’achat prévalent.", 11)
    return sheet


def empty(show_through: int = 0) -> Image.Image:
    """The back of the form; the front may show through."""
    sheet = Image.new("L", blank().size, 255)
    if show_through:
        mirrored = blank().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        sheet = mirrored.point([255 - (255 - level) * show_through // 255 for level in range(256)])
    return sheet


def completed_by_hand(*, for_the_invoice: bool = True) -> Image.Image:
    """With what was left blank written in by hand; `for_the_invoice` needs a person to copy it."""
    sheet = made_out()
    contact = ((312, 325, "Secrétaire générale"), (312, 358, "04 75 00 00 00"))
    billing = ((48, 589, "SVC-7"), (180, 589, "EJ 2026/1"))
    for x, y, text in contact + (billing if for_the_invoice else ()):
        scanner.handwriting(sheet, x, y, text, 10)
    return sheet
