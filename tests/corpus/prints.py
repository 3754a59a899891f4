"""Forms as other programs than ours print them: `python -m tests.corpus.prints` makes those that the tests judge.

`python -m tests.corpus.prints all` judges every program at each resolution, clean and through office machines, and
counts what becomes of them; it takes half an hour of processor. `all --sample 200` judges that many by chance, the same
ones each time: of every program and kind alike, but three complete ones for one of another kind.

The files kept were made by poppler 22.12.0, mupdf 1.21.1 and ghostscript 10.00.0 (Debian 12), and by Firefox 153
and Chromium 156, in which values were typed. They are of the forms in `tests/corpus/issued`, as the service keeps each
that it issues: drawn before the form had a link, a contact and stars, they are read as schools send them months later.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image

from local.players import paper
from tests.corpus.cases import Case, Verdict
from tests.corpus.office import papers, scanner
from tests.corpus.office.machines import Machine
from tests.corpus.programs import browsers, engines
from tests.support.papers.pdf_editing import draw, edit, with_helvetica

FOLDER = Path(__file__).parent / "prints"
ISSUED = Path(__file__).parent / "issued"

WITHOUT_CONTACT = replace(papers.FORM, contact_name="")
_CONTACT_AND_DATE = {
    "contact_name": "Élodie Dupont-Martin",
    "contact_role": "Gestionnaire",
    "contact_phone": "04 75 00 00 00",
    "place_and_date": "Privas, le 3 septembre 2026",
}


def _clause(pdf: bytes) -> bytes:
    def change(writer: object) -> None:
        with_helvetica(writer)  # type: ignore[arg-type]
        draw(writer, b"\nq 0 g BT /Z 8 Tf 60 468 Td (sous reserve) Tj ET Q")  # type: ignore[arg-type]

    return edit(pdf, change)


def _issued_with(**changes: str) -> bytes:
    other = papers.FORMS.issue(replace(papers.FORM, **changes))  # type: ignore[arg-type]
    return paper.ink(paper.fill(other, {"place_and_date": "Privas, le 3 septembre 2026"}))


KINDS: dict[str, tuple[Callable[[], bytes], Verdict]] = {
    "complete": (lambda: paper.ink(papers.typed()), "credit"),
    "unsigned": (papers.typed, "incomplete"),
    "another figure": (lambda: paper.ink(papers.typed(qty_P1000="3")), "review"),
    "another total": (lambda: paper.ink(papers.typed(total_ttc="253,00\u00a0€")), "review"),
    "another letter": (lambda: paper.ink(papers.typed(uai="0690026B")), "review"),
    "other conditions": (lambda: _issued_with(conditions_version="2026-08"), "review"),
    "a clause": (lambda: _clause(paper.ink(papers.typed())), "review"),
    "contact typed": (lambda: paper.ink(_with_contact()), "credit"),
}
"""Changes made to the form before it is printed, each with its expected verdict."""

MACHINES: dict[str, Machine] = {
    "150 dpi, turned, JPEG 40": Machine(150, "L", angle=2.1, blur=0.2, noise=3, quality=40),
    "200 dpi, turned, JPEG 35": Machine(200, "L", angle=-3.5, quality=35, paper=245, contrast=0.9),
    "300 dpi, noisy": Machine(300, "L", angle=0.8, quality=60, noise=2),
    "black and white": Machine(200, "1", angle=0.6, threshold=140),
    "fax, fine": Machine(204, "1", kind="TIFF", rows=196, angle=-0.7, threshold=150),
    "fax, standard": Machine(204, "1", kind="TIFF", rows=98, angle=0.4, threshold=150),
    "telephone": Machine(
        dpi=230,
        mode="RGB",
        kind="JPEG",
        quality=60,
        angle=2.0,
        margin=30,
        ground=70,
        quad=(0.01, -0.02, 0.015, 0.01, -0.01, 0.02, 0, 0.01),
        light=60,
        vignette=20,
        paper=230,
        blur=0.2,
        noise=4,
    ),
}

KEPT = (
    ("complete", "poppler", "150 dpi, turned, JPEG 40"),
    ("complete", "cairo", "200 dpi, turned, JPEG 35"),
    ("complete", "mupdf", "fax, fine"),
    ("complete", "ghostscript, jagged", "150 dpi, PNG"),
    ("complete", "ghostscript", "black and white"),
    ("complete", "PostScript", "printed"),
    ("unsigned", "mupdf", "fax, fine"),
    ("another figure", "ghostscript, jagged", "150 dpi, PNG"),
    ("another letter", "poppler", "150 dpi, JPEG"),
    ("other conditions", "mupdf", "fax, fine"),
    ("a clause", "PostScript", "printed"),
    ("contact typed", "cairo", "150 dpi, turned, JPEG 40"),
    ("contact typed", "Firefox", "printed"),
    ("contact typed", "Firefox", "saved"),
    ("contact typed", "Chromium", "saved"),
)
"""Kind, program and machine of the files in FOLDER."""


def _with_contact() -> bytes:
    return paper.fill(_issued_without_contact(), _CONTACT_AND_DATE)


@cache
def _issued_without_contact() -> bytes:
    return papers.FORMS.issue(WITHOUT_CONTACT)


@dataclass(frozen=True)
class Print:
    """A form of `kind`, drawn or printed by `engine` and taken in by `machine`."""

    kind: str
    engine: str
    machine: str

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.kind}, {self.engine}, {self.machine}".replace(", ", "--").replace(" ", "-")

    def made(self) -> bytes:
        """The document, by the program itself."""
        if self.engine == "Firefox":
            return browsers.by_firefox(paper.ink(_issued_without_contact()), _CONTACT_AND_DATE, self.machine)
        if self.engine == "Chromium":
            return browsers.by_chromium(paper.ink(_issued_without_contact()), _CONTACT_AND_DATE)
        pdf = KINDS[self.kind][0]()
        if self.machine == "printed":
            return engines.printed(self.engine, pdf)
        if self.machine in MACHINES:
            return MACHINES[self.machine].document(_sheet(self.engine, pdf))
        dpi, kind = self.machine.split(" dpi, ")
        return _as(kind, engines.drawn(self.engine, pdf, int(dpi)), int(dpi))

    def case(self, document: Callable[[], bytes]) -> Case:
        """`document` as the corpus judges it."""
        name = f"{self.kind}; {self.engine}; {self.machine}"
        expected = (KINDS[self.kind][1],)
        if self.kind == "contact typed":
            return Case(name, document, expected, WITHOUT_CONTACT, _issued_without_contact())
        return Case(name, document, expected)

    def kept(self) -> Case:
        """The file that is kept, against the form that was issued then."""
        issued = "without-contact.pdf" if self.kind == "contact typed" else "complete.pdf"
        return replace(self.case(self.file.read_bytes), issued=(ISSUED / issued).read_bytes())


def _as(kind: str, image: Image.Image, dpi: int) -> bytes:
    out = BytesIO()
    settings = {"optimize": True} if kind == "PNG" else {"quality": 60}
    image.save(out, kind, dpi=(dpi, dpi), **settings)
    return out.getvalue()


@cache
def _sheet(engine: str, pdf: bytes) -> Image.Image:
    """The page on paper, in colour at 300 dpi: drawn at 600 and evened out, as a laser printer's dots are."""
    if engine in engines.DRAWING:
        return engines.drawn(engine, pdf, 600).reduce(2).convert("RGB")
    return scanner.printed(engines.printed(engine, pdf), "RGB")


def kept() -> Iterator[Case]:
    """The cases whose files are kept."""
    for each in KEPT:
        yield Print(*each).kept()


def every() -> Iterator[Print]:
    """Every program at each resolution, clean and through each machine."""
    clean = [f"{dpi} dpi, {kind}" for dpi in (150, 200, 300) for kind in ("JPEG", "PDF")]
    for kind in KINDS:
        for engine in engines.DRAWING:
            yield from (Print(kind, engine, machine) for machine in (*clean, *MACHINES))
        yield from (Print(kind, "PostScript", machine) for machine in MACHINES)
        yield from (Print(kind, engine, "printed") for engine in engines.PRINTING)


def sample(number: int) -> list[Print]:
    """`number` of them: in turn of every kind, and in it of every program."""
    chance = Random(number)
    left: dict[tuple[str, str], list[Print]] = {}
    for each in every():
        left.setdefault((each.kind, each.engine), []).append(each)
    for prints in left.values():
        chance.shuffle(prints)
    turns = [kind for kind in KINDS if kind != "complete"] + 3 * ["complete"]
    chosen: list[Print] = []
    while len(chosen) < number and any(left.values()):
        for key in [(kind, engine) for kind in turns for engine in (*engines.DRAWING, "PostScript")]:
            chosen += [left[key].pop()] if left.get(key) else []
    return chosen[:number]


def _main(arguments: list[str]) -> int:
    if arguments[:1] != ["all"]:
        FOLDER.mkdir(exist_ok=True)
        (ISSUED / "complete.pdf").write_bytes(papers.ISSUED)
        (ISSUED / "without-contact.pdf").write_bytes(_issued_without_contact())
        for one in (Print(*words) for words in KEPT):
            one.file.write_bytes(one.made())
        return 0
    from tests.corpus.judging import judged

    prints = sample(int(arguments[2])) if arguments[1:2] == ["--sample"] else list(every())
    counts: dict[str, Counter[str]] = {each.engine: Counter() for each in prints}
    for each, result in zip(prints, judged(one.case(one.made) for one in prints), strict=True):
        kind = "complete" if result.case.expected == ("credit",) else "not to be credited"
        counts[each.engine][f"{kind}: {result.verdict}"] += 1
        if result.outcome != "right" or arguments[1:]:
            print(result.outcome, result.verdict, result.case.name, result.reading.alterations, flush=True)  # noqa: T201
    for engine, counted in counts.items():
        print(engine, dict(sorted(counted.items())))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
