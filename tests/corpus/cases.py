"""The corpus: each form that comes back, and what has to become of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image
from pypdf import PdfWriter

from local.players import paper
from local.players.certificates import certified, signed
from schoolsms.domain.orders.forms.order_forms import IssuedForm
from tests.corpus.office import papers, scanner
from tests.corpus.office.scanner import Scanner, as_pdf, as_picture
from tests.support.papers.pdf_editing import draw, edit, with_helvetica

Verdict = Literal["credit", "incomplete", "review"]


@dataclass(frozen=True)
class Case:
    """A document and what has to become of it; more than one verdict when more than one is right."""

    name: str
    document: Callable[[], bytes]
    expected: tuple[Verdict, ...]
    form: IssuedForm = papers.FORM
    issued: bytes = papers.ISSUED


AUTHORITY = certified("Autorité de l’académie", authority=True)
HEAD = certified("Proviseur du lycée", AUTHORITY)
STRANGER = certified("Proviseur du lycée")

PLAIN = Scanner()
MACHINES = {
    "200 dpi": PLAIN,
    "100 dpi": Scanner(100, blur=0.2),
    "150 dpi, turned 4°": Scanner(150, angle=4),
    "200 dpi, on its side, turned -2°": Scanner(quarter=1, angle=-2),
    "300 dpi, upside down, skewed, stretched": Scanner(300, quarter=2, shear=0.015, stretch=1.02),
    "150 dpi, JPEG 30, noisy": Scanner(150, angle=1.5, noise=10, quality=30),
    "fax, fine, specks": Scanner(200, fax="threshold", specks=400, angle=0.7),
    "1 bit, dithered": Scanner(200, fax="dither", quarter=3),
    "grey paper, pale print, smaller": Scanner(200, scale=0.94, paper=210, shade=40, contrast=0.6, blur=0.4),
    "held at a slant": Scanner(200, slant=0.03, angle=-1),
}
_CHANGED = {
    "200 dpi": ("a quantity by hand",),
    "100 dpi": ("unsigned", "a clause", "a 1 made a 7"),
    "150 dpi, JPEG 30, noisy": ("corrected by pen",),
    "fax, fine, specks": ("a clause", "another quantity typed", "not accepted"),
}


def cases() -> Iterator[Case]:
    """All of them, the same ones each time."""
    yield from _filled()
    yield from _digital()
    yield from _printed()
    yield from _scanned()
    yield from _several_pages()


def _scan(sheet: Callable[[], Image.Image], machine: Scanner = PLAIN) -> Callable[[], bytes]:
    return lambda: as_pdf([machine.picture(sheet())], machine.dpi, machine.quality)


def _filled() -> Iterator[Case]:
    typed = papers.typed()
    yield Case("filled, drawn signature", lambda: paper.ink(typed), ("credit",))
    yield Case("filled, other quantities", lambda: paper.ink(papers.typed(qty_P1000="4", **_NO_TOTALS)), ("credit",))
    yield Case("filled, stamped", lambda: paper.stamp(typed), ("credit",))
    yield Case("filled, unsigned", lambda: typed, ("incomplete",))
    yield Case(
        "filled, signed, not accepted",
        lambda: paper.ink(paper.fill(papers.ISSUED, {"place_and_date": "Privas"}, terms=False)),
        ("incomplete",),
    )
    yield Case("filled, a comment", lambda: _commented(paper.ink(typed)), ("review",))
    yield Case("filled, a price painted over", lambda: edit(paper.ink(typed), _repriced), ("review",))
    yield Case("filled, unsigned and a page more", lambda: edit(typed, _one_page_more), ("review", "incomplete"))


_NO_TOTALS = {"total_ht": "", "vat": "", "total_ttc": ""}


def _commented(pdf: bytes) -> bytes:
    place = (60.0, 465.0, 260.0, 478.0)
    return paper.annotate(pdf, "/FreeText", place, b"0.2 g 62 468 90 6 re f", {})


def _one_page_more(writer: PdfWriter) -> None:
    writer.add_blank_page(595, 842)


def _repriced(writer: PdfWriter) -> None:
    with_helvetica(writer)
    draw(writer, b"\nq 1 g 370 380 60 14 re f 0 g BT /Z 10 Tf 380 384 Td (65,00) Tj ET Q")


def _digital() -> Iterator[Case]:
    typed = papers.typed()
    yield Case("signed by certificate, trusted", lambda: signed(typed, HEAD), ("credit",))
    yield Case("signed by certificate, of nobody known", lambda: signed(typed, STRANGER), ("review",))
    yield Case(
        "signed by certificate, changed after",
        lambda: edit(signed(typed, HEAD), lambda writer: writer.compress_identical_objects()),
        ("review", "incomplete"),
    )


def _printed() -> Iterator[Case]:
    yield Case("printed to PDF, drawn signature", lambda: paper.flatten(paper.ink(papers.typed())), ("credit",))
    yield Case("printed to PDF, unsigned", lambda: paper.flatten(papers.typed()), ("incomplete",))
    yield Case(
        "printed to PDF, other quantity",
        lambda: paper.flatten(paper.ink(papers.typed(qty_P1000="3"))),
        ("review",),
    )
    yield Case(
        "printed to PDF, quantity in a blank box",
        lambda: paper.flatten(paper.ink(papers.typed(qty_P10000="1"))),
        ("review",),
    )
    yield Case(
        "printed to PDF, a clause typed in",
        lambda: edit(paper.flatten(paper.ink(papers.typed())), _claused),
        ("review",),
    )


def _claused(writer: PdfWriter) -> None:
    with_helvetica(writer)
    draw(writer, b"\nq 0 g BT /Z 8 Tf 60 468 Td (sous reserve) Tj ET Q")


def _scanned() -> Iterator[Case]:
    for name, machine in MACHINES.items():
        yield Case(f"scanned, {name}: signed", _scan(papers.made_out, machine), ("credit",))
    kinds: dict[str, tuple[Callable[[], Image.Image], Verdict]] = {
        "unsigned": (lambda: papers.made_out(signed=False), "incomplete"),
        "not accepted": (lambda: papers.made_out(ticked=False), "incomplete"),
        "corrected by pen": (papers.corrected_by_pen, "review"),
        "a clause": (papers.with_a_clause, "review"),
        "a 1 made a 7": (papers.made_a_seven, "review"),
        "a quantity by hand": (papers.with_a_quantity, "review"),
        "another quantity typed": (_typed_three, "review"),
    }
    for name, changed in _CHANGED.items():
        for kind in changed:
            sheet, verdict = kinds[kind]
            yield Case(f"scanned, {name}: {kind}", _scan(sheet, MACHINES[name]), (verdict,))
    yield from _on_paper()
    yield from _as_pictures()


def _typed_three() -> Image.Image:
    sheet = scanner.printed(papers.typed(qty_P1000="3"))
    scanner.autograph(sheet, papers.FRAME)
    return sheet


def _on_paper() -> Iterator[Case]:
    """Cases that vary the paper, all on the plain scanner."""
    sheets: dict[str, tuple[Callable[[], Image.Image], Verdict]] = {
        "undated": (lambda: papers.made_out(dated=False), "incomplete"),
        "completed by hand": (lambda: papers.completed_by_hand(for_the_invoice=False), "credit"),
        "with a service code by hand": (papers.completed_by_hand, "review"),
        "stamped beside the signature": (lambda: papers.stamped((470, 742, 46)), "credit"),
        "stamped across the QR": (lambda: papers.stamped((508, 86, 46)), "credit"),
        "a clause in pencil": (lambda: papers.with_a_clause(grey=150), "review"),
        "the acceptance struck out": (lambda: papers.struck(((75, 662), (250, 664))), "review"),
        "a price whitened": (lambda: papers.whitened((375, 444, 425, 460)), "review"),
        "a word of the conditions whitened": (lambda: papers.whitened((150, 653, 240, 664)), "review"),
        "other prices": (lambda: papers.made_out(of=_other_prices()), "review"),
    }
    for name, (sheet, verdict) in sheets.items():
        yield Case(f"scanned: {name}", _scan(sheet), (verdict,))
    yield Case("scanned: cut off", lambda: as_pdf([_cut()], 200), ("review",))


def _other_prices() -> Image.Image:
    return scanner.printed(papers.at_other_prices())


def _cut() -> Image.Image:
    image = PLAIN.picture(papers.made_out())
    return image.crop((0, 0, image.width, round(image.height * 0.8)))


def _as_pictures() -> Iterator[Case]:
    for kind in ("JPEG", "PNG"):
        yield Case(
            f"scanned, a {kind}",
            lambda kind=kind: as_picture(Scanner(150, angle=1).picture(papers.made_out()), kind, 150),  # type: ignore[misc]
            ("credit",),
        )


def _several_pages() -> Iterator[Case]:
    def pages(*sheets: Callable[[], Image.Image]) -> Callable[[], bytes]:
        return lambda: as_pdf([PLAIN.picture(sheet()) for sheet in sheets], PLAIN.dpi)

    form, back = papers.made_out, papers.empty
    yield Case("scanned, with its blank back", pages(form, lambda: back(25)), ("credit",))
    yield Case("scanned, with a letter", pages(form, papers.letter), ("review",))
    yield Case("printed, with a page of conditions", lambda: _with_letter(), ("review",))


def _with_letter() -> bytes:
    writer = PdfWriter(clone_from=BytesIO(paper.flatten(paper.ink(papers.typed()))))
    writer.append(BytesIO(as_pdf([PLAIN.picture(papers.letter())], 200)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
