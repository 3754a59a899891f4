"""The second corpus: forms by chance, on which no threshold of the reader was tuned (`python -m tests.corpus second`).

Each case is made from its number alone: another school, another hand, another machine, other damage.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from PIL import Image

from local.players import paper
from schoolsms.domain.orders.forms.order_forms import IssuedForm
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from tests.corpus.cases import Case, Verdict
from tests.corpus.office import changes, hands, machines
from tests.corpus.office.machines import Machine
from tests.corpus.office.papers import FORMS
from tests.support.papers.forms import issued_form

SCHOOLS: tuple[dict[str, Any], ...] = (
    {
        "order_id": "BC-2026-7Q2M4XK9WD",
        "uai": "0690026D",
        "school_name": "Collège Simone-Veil",
        "address": "3 place du Marché\n69003 LYON",
        "contact_name": "Anne Roux",
        "contact_email": "gestion.0690026d@ac-lyon.test",
        "quantities": {"P10000": 1},
    },
    {
        "order_id": "BC-2026-0ZZY1B3C4D",
        "uai": "9830002K",
        "school_name": "Lycée polyvalent La Pérouse – section d’enseignement général et technologique",
        "vat_rate": Decimal(0),
        "quantities": {"P500": 8, "P2500": 3, "P5000": 12},
    },
    {
        "order_id": "BC-2026-K1K2K3K4K5",
        "uai": "0750655E",
        "quantities": {"A": 2, "D": 1, "H": 6},
        "packs": tuple(Pack(chr(65 + i), 250 * (i + 1), 2_350 * (i + 1) - 45 * i * i) for i in range(8)),
        "conditions_version": "2026-07",
    },
    {"quantities": {"P1000": 10}, "packs": DEFAULT_PRICE_LIST[:3], "vat_rate": Decimal("8.5")},
)


@dataclass(frozen=True)
class School:
    """A form, as issued, and printed on paper in each of the ways a school prints."""

    form: IssuedForm
    issued: bytes


@cache
def school(number: int) -> School:
    form = issued_form(**SCHOOLS[number % len(SCHOOLS)])
    return School(form, FORMS.issue(form))


@cache
def _sheet(number: int, typed: bool) -> Image.Image:
    issued = school(number).issued
    if typed:
        values = {
            "place_and_date": "Lyon, le 14/10/2026",
            "contact_role": "Gestionnaire",
            "contact_phone": "0478000000",
        }
        issued = paper.fill(issued, values)
    return changes.printed(issued)


MACHINES: dict[str, Callable[[Random], Machine]] = {
    "flatbed": lambda c: Machine(
        c.choice((200, 300)),
        "RGB",
        quality=c.randrange(45, 90),
        angle=c.uniform(-1.5, 1.5),
        scale=c.uniform(0.97, 1.03),
        paper=c.randrange(240, 256),
        noise=c.randrange(3),
    ),
    "feeder": lambda c: Machine(
        c.choice((150, 200)),
        "L",
        quality=c.randrange(35, 80),
        angle=c.uniform(-3, 3),
        bend=(c.uniform(0, 0.8), 0.5, 1),
        offset=(c.uniform(-6, 6), c.uniform(-8, 8)),
        quarter=c.choice((0, 2)),
        noise=c.randrange(5),
    ),
    "copier, black and white": lambda c: Machine(
        c.choice((200, 300)),
        "1",
        kind=c.choice(("PDF", "TIFF", "PNG")),
        angle=c.uniform(-1, 1),
        threshold=c.randrange(110, 170),
        scale=c.uniform(0.97, 1.0),
        blur=0.1,
    ),
    "old copier, black border": lambda c: Machine(
        200,
        "L",
        angle=c.uniform(-2, 2),
        scale=c.uniform(0.97, 1.0),
        margin=c.uniform(6, 30),
        ground=c.randrange(25),
        paper=225,
        contrast=0.75,
        gamma=c.uniform(0.8, 1.2),
        blur=0.25,
        noise=5,
    ),
    "fax, fine": lambda c: Machine(
        204, "1", kind=c.choice(("PDF", "TIFF")), rows=196, angle=c.uniform(-1, 1), threshold=150
    ),
    "fax, standard": lambda c: Machine(
        204, "1", kind=c.choice(("PDF", "TIFF")), rows=98, angle=c.uniform(-0.7, 0.7), threshold=150
    ),
    "phone": lambda c: Machine(
        c.choice((170, 230, 280)),
        "RGB",
        kind="JPEG",
        quality=c.randrange(40, 85),
        angle=c.uniform(-4, 4),
        margin=c.uniform(10, 60),
        ground=c.choice((60, 90, 120, 40)),
        quad=_slant(c, 0.04),
        bend=(c.uniform(-1.5, 1.5), c.uniform(-1.5, 1.5), 1),
        light=c.randrange(30, 110),
        vignette=c.randrange(40),
        gamma=c.uniform(0.8, 1.3),
        paper=c.randrange(205, 245),
        blur=c.uniform(0, 0.3),
        noise=c.randrange(3, 8),
        quarter=c.randrange(4),
        seed=c.randrange(1000),
    ),
    "phone, scanning app": lambda c: Machine(
        c.choice((150, 200)),
        "RGB",
        quality=c.randrange(40, 80),
        quad=_slant(c, 0.015),
        bend=(c.uniform(-1, 1), c.uniform(-1, 1), 2),
        contrast=1.2,
        gamma=1.1,
        light=c.randrange(40),
        offset=(c.uniform(-4, 4), c.uniform(-4, 4)),
        noise=3,
        seed=c.randrange(1000),
    ),
    "cropped close": lambda c: Machine(150, "L", kind="PNG", margin=-c.uniform(4, 16), angle=c.uniform(-0.5, 0.5)),
}


def _folded(sheet: Image.Image, chance: Random, columns: Sequence[float], rows: Sequence[float]) -> None:
    for upright, places in ((True, columns), (False, rows)):
        for place in places:
            machines.fold(sheet, place + chance.uniform(-4, 4), upright=upright, depth=chance.randrange(20, 55))


def _slant(chance: Random, most: float) -> tuple[float, ...]:
    return tuple(chance.uniform(-most, most) for _ in range(8))


DAMAGE: dict[str, Callable[[Image.Image, Random], None]] = {
    "none": lambda _, __: None,
    "folded in four": lambda s, c: _folded(s, c, (297.6,), (421,)),
    "folded in three": lambda s, c: _folded(s, c, (), (281, 561)),
    "a cup's ring": lambda s, c: machines.stain(s, (c.uniform(120, 480), c.uniform(200, 600)), 34, c.randrange(15, 35)),
    "white holes": lambda s, _: machines.holes(s, 250),
    "black holes": lambda s, _: machines.holes(s, 15),
    "a staple": lambda s, c: machines.staple(s, c.randrange(60, 160)),
    "dust": lambda s, c: machines.dust(s, (0, 0, 595, 842), c, 120),
    "highlighter": lambda s, c: changes.highlighted(s, c),
    "a stamp across the QR": lambda s, c: hands.round_stamp(
        s, (c.uniform(480, 530), c.uniform(60, 110)), c.uniform(36, 46), c.choice(hands.STAMPS), c
    ),
}


def second(count: int, numbers: Sequence[int] = ()) -> Iterator[Case]:
    """The first `count` cases, or those of these numbers."""
    for number in numbers or range(count):
        yield case(number)


def case(number: int) -> Case:
    """The case of that number: half of them honest, the others unsigned, incomplete or altered."""
    chance = Random(f"second corpus {number}")
    one = school(number)
    machine_name = list(MACHINES)[number % len(MACHINES)]
    machine = MACHINES[machine_name](chance)
    damage = chance.choice(list(DAMAGE))
    kind = ("honest", "altered", "honest", "missing")[number // len(MACHINES) % 4]
    change, missing = "", ""
    if kind == "altered":
        change = chance.choice(list(changes.BY_HAND) + list(changes.IN_PRINT))
    if kind == "missing":
        missing = chance.choice(("signature", "signature", "signature", "tick", "date"))
    label = change or (f"no {missing}" if missing else "complete")
    expected: Verdict = "review" if change else "incomplete" if missing else "credit"
    seed = chance.random()

    def document() -> bytes:
        return machine.document(_made_out(number, damage, change, missing, Random(seed)))

    return Case(f"{number} {kind}: {label}; {machine_name}; {damage}", document, (expected,), one.form, one.issued)


def _made_out(number: int, damage: str, change: str, missing: str, chance: Random) -> Image.Image:
    """The sheet as it leaves the school."""
    one = school(number)
    typed = chance.random() < 0.3 and missing not in ("tick", "date")
    if change in changes.IN_PRINT:
        typed = False
        sheet = changes.printed(changes.IN_PRINT[change](one.form, one.issued, chance))
    else:
        sheet = _sheet(number % len(SCHOOLS), typed).copy()
    colour, width = chance.choice(hands.PENS), chance.uniform(0.7, 1.9)
    if missing != "signature":
        _sign(sheet, chance, colour, width)
    if not typed and missing != "tick":
        changes.tick(sheet, chance, colour, width)
    if not typed and missing != "date":
        place = chance.choice(
            ("Lyon le 14/10/26", "Nouméa, 3 mars 2026", "Paris 2/9/2026", "Fait à St-Étienne le 5.11.26")
        )
        hands.handwriting(
            sheet,
            (48 + chance.uniform(0, 12), 709 + chance.uniform(-2, 2)),
            place,
            chance,
            chance.uniform(9, 12),
            colour,
        )
    if change in changes.BY_HAND:
        changes.BY_HAND[change](sheet, one.form, chance, colour, width)
    DAMAGE[damage](sheet, chance)
    return sheet


def _sign(sheet: Image.Image, chance: Random, colour: hands.Colour, width: float) -> None:
    """Large, small, tiny or across the frame; with or without the school's stamp, or the stamp alone."""
    way = chance.choice(("large", "large", "small", "tiny", "across", "stamped", "stamp alone"))
    left, top = chance.uniform(312, 420), chance.uniform(708, 735)
    boxes = {
        "large": (left, top, left + chance.uniform(90, 125), top + chance.uniform(25, 40)),
        "small": (left, top, left + 45, top + 16),
        "tiny": (left, top, left + 18, top + 10),
        "across": (
            chance.uniform(290, 310),
            chance.uniform(695, 705),
            chance.uniform(480, 550),
            chance.uniform(785, 795),
        ),
    }
    if way in ("stamped", "stamp alone"):
        hands.round_stamp(
            sheet, (chance.uniform(345, 520), 742), chance.uniform(34, 44), chance.choice(hands.STAMPS), chance
        )
    if way != "stamp alone":
        hands.signature(sheet, boxes.get(way, boxes["large"]), chance, width, colour)
