"""Changes that no order form may carry: by hand on the paper, or in the file before it is printed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from PIL import Image, ImageChops, ImageDraw

from local.players import paper
from schoolsms.adapters.order_forms.issuing import layout
from schoolsms.domain.orders.forms.order_forms import QUANTITY_PREFIX, IssuedForm
from schoolsms.domain.orders.packs import Pack, euros_fr, totals
from tests.corpus.office import hands, scanner
from tests.corpus.office.hands import POINT, Colour
from tests.corpus.office.papers import FORMS
from tests.support.papers.pdf_editing import draw, edit, with_helvetica

ByHand = Callable[[Image.Image, IssuedForm, Random, Colour, float], None]
InPrint = Callable[[IssuedForm, bytes, Random], bytes]


def printed(pdf: bytes) -> Image.Image:
    """The page on paper, in colour."""
    return scanner.printed(pdf, "RGB")


def tick(sheet: Image.Image, chance: Random, colour: Colour, width: float) -> None:
    x, y = layout.ACCEPT.x + chance.uniform(-1, 2), layout.ACCEPT.y + chance.uniform(-1, 2)
    if chance.random() < 0.5:
        hands.line(sheet, [(x + 1, y + 6), (x + 4, y + 11), (x + chance.uniform(10, 15), y - 1)], width, colour)
    else:
        hands.line(sheet, [(x + 1, y + 1), (x + 11, y + 11)], width, colour)
        hands.line(sheet, [(x + 11, y + 1), (x + 1, y + 11)], width, colour)


def highlighted(sheet: Image.Image, chance: Random) -> None:
    """A line marked with a yellow felt pen."""
    y = chance.choice((layout.SCHOOL_TOP + 70, layout.BILLING_TOP + 30, layout.AGREEMENT_TOP + 30, 455.0))
    mark = Image.new("RGB", sheet.size, (255, 255, 255))
    sides = [side * POINT for side in (60.0, y, chance.uniform(200, 400), y + 11)]
    ImageDraw.Draw(mark).rectangle(sides, fill=(255, 246, 90))
    sheet.paste(ImageChops.darker(sheet, mark))


def _row(form: IssuedForm, chance: Random, *, ordered: bool) -> tuple[float, float]:
    """The middle of a quantity's box."""
    boxes = [
        box
        for box in layout.quantities(form.packs)
        if bool(form.quantities.get(box.name.removeprefix(QUANTITY_PREFIX))) is ordered
    ]
    box = chance.choice(boxes)
    return box.x + box.width / 2, box.y + box.height / 2


def _corrected(sheet: Image.Image, form: IssuedForm, chance: Random, colour: Colour, width: float) -> None:
    x, y = _row(form, chance, ordered=True)
    hands.line(sheet, [(x - 7, y + chance.uniform(-3, 3)), (x + 7, y + chance.uniform(-3, 3))], width, colour)
    side = chance.choice((-24, 10))
    hands.handwriting(sheet, (x + side, y), str(chance.randrange(1, 10)), chance, chance.uniform(9, 13), colour)


def _digit_added(sheet: Image.Image, form: IssuedForm, chance: Random, colour: Colour, _: float) -> None:
    x, y = _row(form, chance, ordered=True)
    digit, at = chance.choice((("1", -15.0), ("0", 3.0), ("5", 3.0), ("2", -15.0)))
    hands.handwriting(sheet, (x + at, y), digit, chance, chance.uniform(9, 12), colour)


def _quantity_written(sheet: Image.Image, form: IssuedForm, chance: Random, colour: Colour, _: float) -> None:
    x, y = _row(form, chance, ordered=False)
    hands.handwriting(sheet, (x - 8, y), str(chance.choice((1, 2, 5, 10))), chance, chance.uniform(9, 12), colour)


def _quantity_struck(sheet: Image.Image, form: IssuedForm, chance: Random, colour: Colour, width: float) -> None:
    x, y = _row(form, chance, ordered=True)
    hands.line(sheet, [(x - 9, y + 4), (x + 9, y - 4)], width, colour)


def _clause(sheet: Image.Image, _: IssuedForm, chance: Random, colour: Colour, __: float) -> None:
    text = chance.choice(
        ("sous réserve de crédits", "payable à 60 jours", "remise 20 %", "sauf CGV", "Annulable", "NON", "-10%")
    )
    at = chance.choice(
        ((60, 152), (60, 272), (46, 372), (46, 535), (250, 535), (60, 785), (45, 628), (300, 640), (120, 30))
    )
    ink = chance.choice((colour, colour, hands.PENCIL))
    hands.handwriting(sheet, (at[0] + chance.uniform(0, 60), at[1]), text, chance, chance.uniform(8, 13), ink)


def _in_the_margin(sheet: Image.Image, _: IssuedForm, chance: Random, colour: Colour, __: float) -> None:
    at = chance.choice(((16, 300), (16, 500), (562, 350), (562, 560)))
    hands.handwriting(sheet, at, "hors frais de port", chance, chance.uniform(8, 11), colour, turn=90)


def _price_by_hand(sheet: Image.Image, form: IssuedForm, chance: Random, colour: Colour, width: float) -> None:
    row = layout.row_height(form.packs)
    y = layout.TABLE_TOP + row * (1.5 + chance.randrange(len(form.packs)))
    hands.line(sheet, [(370, y + 1), (416, y - 1)], width, colour)
    hands.handwriting(sheet, (425, y), f"{chance.randrange(20, 90)} €", chance, 9, colour)


def _struck(sheet: Image.Image, _: IssuedForm, chance: Random, colour: Colour, width: float) -> None:
    y = layout.AGREEMENT_TOP + chance.choice((33, 45))
    hands.line(sheet, [(75, y), (75 + chance.uniform(90, 400), y + chance.uniform(-2, 2))], max(width, 0.9), colour)


def _total_by_hand(sheet: Image.Image, _: IssuedForm, chance: Random, colour: Colour, width: float) -> None:
    box = layout.TOTALS[2]
    y = box.y + box.height / 2
    hands.line(sheet, [(box.x + 45, y), (box.x + box.width - 3, y + 1)], width, colour)
    hands.handwriting(sheet, (box.x + 4, y), "150 €", chance, 9, colour)


def _whitened(sheet: Image.Image, form: IssuedForm, chance: Random, _: Colour, __: float) -> None:
    row = layout.row_height(form.packs)
    y = layout.TABLE_TOP + row * (1 + chance.randrange(len(form.packs)))
    boxes = ((375.0, y + 2, 416.0, y + row - 2), (150.0, 653.0, 240.0, 664.0), (75.0, 664.0, 330.0, 676.0))
    ImageDraw.Draw(sheet).rectangle([side * POINT for side in chance.choice(boxes)], fill=(252, 252, 250))


def _patched(sheet: Image.Image, _: IssuedForm, chance: Random, colour: Colour, __: float) -> None:
    """A slip of paper over a part of the page, written upon."""
    x, y = chance.uniform(60, 350), chance.choice((390.0, 450.0, 480.0, 625.0))
    sides = [side * POINT for side in (x, y, x + 110, y + 70)]
    ImageDraw.Draw(sheet).rectangle(sides, fill=(253, 247, 170))
    hands.handwriting(sheet, (x + 8, y + 30), "voir devis joint", chance, 11, colour)


def _stamped(sheet: Image.Image, _: IssuedForm, chance: Random, __: Colour, ___: float) -> None:
    text = chance.choice(("PAYABLE À 60 JOURS", "COPIE", "SOUS RÉSERVE"))
    at = (chance.uniform(60, 300), chance.choice((120.0, 255.0, 365.0, 505.0, 600.0)))
    hands.word_stamp(sheet, at, text, chance.choice(hands.STAMPS), chance.uniform(-12, 12))


BY_HAND: dict[str, ByHand] = {
    "a quantity corrected": _corrected,
    "a digit added": _digit_added,
    "a quantity written": _quantity_written,
    "a quantity struck": _quantity_struck,
    "a clause": _clause,
    "a clause up the margin": _in_the_margin,
    "a price by hand": _price_by_hand,
    "conditions struck": _struck,
    "a total by hand": _total_by_hand,
    "something whitened": _whitened,
    "a slip of paper": _patched,
    "a stamped clause": _stamped,
}


def _filled(issued: bytes, form: IssuedForm, quantities: dict[str, int]) -> bytes:
    due = totals(form.packs, quantities, form.vat_rate)
    values = {QUANTITY_PREFIX + pack.id: str(quantities.get(pack.id) or "") for pack in form.packs}
    amounts = {"total_ht": due.ht_cents, "vat": due.vat_cents, "total_ttc": due.ttc_cents}
    return paper.fill(issued, values | {name: euros_fr(cents) for name, cents in amounts.items()}, terms=False)


def _other_quantity(form: IssuedForm, issued: bytes, chance: Random) -> bytes:
    pack = chance.choice([pack for pack, number in form.quantities.items() if number])
    digits = list(str(form.quantities[pack]))
    digits[-1] = str((int(digits[-1]) + chance.randrange(1, 9)) % 10)
    return _filled(issued, form, {**form.quantities, pack: int("".join(digits)) or 4})


def _quantity_typed(form: IssuedForm, issued: bytes, chance: Random) -> bytes:
    pack = chance.choice([pack.id for pack in form.packs if not form.quantities.get(pack.id)])
    return _filled(issued, form, {**form.quantities, pack: chance.randrange(1, 30)})


def _other_price(form: IssuedForm, _: bytes, chance: Random) -> bytes:
    """The price of a pack, everywhere it counts: an editor of PDFs does that."""
    ordered = [pack for pack, number in form.quantities.items() if number]
    cheaper = chance.choice(ordered)
    packs = tuple(
        Pack(p.id, p.sms, round(p.price_ht_cents * 0.7) if p.id == cheaper else p.price_ht_cents) for p in form.packs
    )
    return FORMS.issue(replace(form, packs=packs))


def _typed_clause(_: IssuedForm, issued: bytes, chance: Random) -> bytes:
    x, y = chance.choice(((60, 690), (60, 572), (60, 466), (46, 305), (300, 200), (60, 60)))
    text = chance.choice((b"Payable a 60 jours", b"sous reserve de vote du budget", b"Remise 10 %"))
    size = chance.choice((6, 7, 8, 10))

    def change(writer: object) -> None:
        with_helvetica(writer)  # type: ignore[arg-type]
        draw(writer, b"\nq 0 g BT /Z %d Tf %d %d Td (%s) Tj ET Q" % (size, x, y, text))  # type: ignore[arg-type]

    return edit(issued, change)


def _other_conditions(form: IssuedForm, _: bytes, __: Random) -> bytes:
    return FORMS.issue(replace(form, conditions_version="2019-01"))


IN_PRINT: dict[str, InPrint] = {
    "another quantity typed": _other_quantity,
    "a quantity typed": _quantity_typed,
    "another price printed": _other_price,
    "a clause typed": _typed_clause,
    "other conditions printed": _other_conditions,
}
