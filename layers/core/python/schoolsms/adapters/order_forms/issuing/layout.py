"""Layout of the order form: A4, in points from the top left corner."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.domain.orders.forms.order_forms import QUANTITY_PREFIX
from schoolsms.domain.orders.packs import Pack

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN = 42.0
INNER_WIDTH = PAGE_WIDTH - 2 * MARGIN
GUTTER = 14.0
QR_SIDE = 90.7  # 32 mm
INSET = 2.4  # what a text field leaves free inside its frame
QR_LEFT, QR_TOP = PAGE_WIDTH - MARGIN - QR_SIDE, 40.0

SCHOOL_TOP = 164.0
CONTACT_TOP = 284.0
PACKS_TOP = 380.0
TABLE_TOP = PACKS_TOP + 22
BILLING_TOP = 544.0
AGREEMENT_TOP = 629.0
FOOT_TOP = 801.0
CONDITIONS_LINE = AGREEMENT_TOP + 54.5  # the baseline, between the check box and the place and date

TEXT_SIZE = 10.0

_COLUMN = (INNER_WIDTH - GUTTER) / 2
_RIGHT = MARGIN + _COLUMN + GUTTER
_LINE = 16.4
_QUANTITY_WIDTH = 56.0


@dataclass(frozen=True)
class Box:
    """A field on the page: its name, its French label, its frame."""

    name: str
    label: str
    x: float
    y: float
    width: float
    height: float = _LINE
    multiline: bool = False
    alignment: int = 0  # 0 left, 1 centred, 2 right, as PDF has it
    max_length: int = 100  # characters
    inset: float = INSET
    text_size: float = TEXT_SIZE  # 0: as large as fits
    required: bool = False

    @property
    def marked_label(self) -> str:
        """The label as the page has it: a required field's with a star, which stays on its line."""
        return f"{self.label}\u00a0*" if self.required else self.label

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """The field inside its frame as PDF counts, from the bottom left corner: left, bottom, right, top."""
        left, top = self.x + self.inset, PAGE_HEIGHT - self.y - self.inset
        right, bottom = self.x + self.width - self.inset, PAGE_HEIGHT - self.y - self.height + self.inset
        return round(left, 2), round(bottom, 2), round(right, 2), round(top, 2)


ORDER_ID = Box("order_id", "Numéro du bon de commande", MARGIN + 58, 100.6, 214, text_size=0)
ACCEPT = Box("accept_terms", "J’accepte les conditions", MARGIN + 8, AGREEMENT_TOP + 25, 13, 13, inset=0, required=True)
SIGNATURE = Box("signature", "Signature et cachet", _RIGHT, AGREEMENT_TOP + 72, _COLUMN, 82, inset=0, required=True)

SCHOOL = (
    Box(
        "school_name",
        "Nom de l’établissement",
        MARGIN,
        SCHOOL_TOP + 33,
        INNER_WIDTH,
        max_length=150,
        text_size=0,
        required=True,
    ),
    Box("uai", "UAI (ancien RNE)", MARGIN, SCHOOL_TOP + 66, 96, max_length=8, required=True),
    Box("siret", "SIRET", MARGIN + 96 + GUTTER, SCHOOL_TOP + 66, _COLUMN - 96 - GUTTER, max_length=18, required=True),
    Box(
        "address",
        "Adresse",
        _RIGHT,
        SCHOOL_TOP + 66,
        _COLUMN,
        44,
        multiline=True,
        max_length=250,
        text_size=0,
        required=True,
    ),
)
CONTACT = (
    Box("contact_name", "Nom et prénom", MARGIN, CONTACT_TOP + 33, _COLUMN, text_size=0, required=True),
    Box("contact_role", "Fonction", _RIGHT, CONTACT_TOP + 33, _COLUMN),
    Box("contact_email", "Adresse électronique", MARGIN, CONTACT_TOP + 66, _COLUMN, text_size=0, required=True),
    Box("contact_phone", "Téléphone", _RIGHT, CONTACT_TOP + 66, _COLUMN, max_length=20),
)
CHORUS = (
    Box("service_code", "Code service", MARGIN, BILLING_TOP + 37, (_COLUMN - GUTTER) / 2),
    Box(
        "engagement_number",
        "Numéro d’engagement",
        MARGIN + (_COLUMN + GUTTER) / 2,
        BILLING_TOP + 37,
        (_COLUMN - GUTTER) / 2,
    ),
)
TOTALS = tuple(
    Box(name, label, PAGE_WIDTH - MARGIN - 104, BILLING_TOP + 20 * row, 104, alignment=2)
    for row, (name, label) in enumerate(
        (("total_ht", "Total HT"), ("vat", "TVA"), ("total_ttc", "Total TTC")),
    )
)
PLACE_AND_DATE = Box(
    "place_and_date", "Fait à, le", MARGIN, AGREEMENT_TOP + 72, _COLUMN - GUTTER, max_length=80, required=True
)


def row_height(packs: Sequence[Pack]) -> float:
    """Height of a row of the table of packs, its heading included."""
    return min(20.0, (BILLING_TOP - 14 - TABLE_TOP) / (len(packs) + 1))


def quantities(packs: Sequence[Pack]) -> tuple[Box, ...]:
    """One field a pack, in the last column of the table."""
    row = row_height(packs)
    height = min(_LINE, row - 2)
    return tuple(
        Box(
            QUANTITY_PREFIX + pack.id,
            f"Quantité de packs de {pack.sms} SMS",
            PAGE_WIDTH - MARGIN - _QUANTITY_WIDTH,
            TABLE_TOP + row * index + (row - height) / 2,
            _QUANTITY_WIDTH,
            height,
            alignment=1,
            max_length=4,
            inset=INSET if row >= 18 else 1,
            text_size=TEXT_SIZE if row >= 18 else 0,
        )
        for index, pack in enumerate(packs, start=1)
    )


def text_fields(packs: Sequence[Pack]) -> tuple[Box, ...]:
    """Every text field that the school may fill, in reading order."""
    return (*SCHOOL, *CONTACT, *quantities(packs), *CHORUS, *TOTALS, PLACE_AND_DATE)
