"""Marks that count as a signature on a scanned page (R7). `added` is white where there is ink."""

from PIL import Image, ImageDraw

from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.scanned import marks

FRAME = (305.0, 701.0, 553.0, 783.0)
HEIGHT = 82 / 6
FLAG = (305.0, 701.0, 305 + 4 * HEIGHT, 701 + HEIGHT)
ABSENT, SURE, UNSURE = (False, False), (True, False), (False, True)


def signed(*, flag: bool = False, strokes: list[tuple[float, float]] | None = None) -> tuple[bool, bool]:
    added = Image.new("L", (595 * ink.PIXELS, 842 * ink.PIXELS))
    draw = ImageDraw.Draw(added)
    if flag:
        draw.rectangle([side * ink.PIXELS for side in FLAG], fill=255)
        draw.text((FLAG[0] * ink.PIXELS + 30, FLAG[1] * ink.PIXELS + 6), "SIGN", fill=0, font_size=18)
    draw.line([side * ink.PIXELS for at in strokes or [] for side in at], fill=255, width=3)
    return marks.signed(marks.Ink(added, added), FRAME)


def test_the_flag_that_mupdf_prints_into_the_frame_is_no_signature() -> None:
    assert signed(flag=True) == ABSENT


def test_a_signature_beside_or_across_the_flag_counts() -> None:
    assert signed(flag=True, strokes=[(340, 706), (420, 770), (460, 730)]) == SURE


def test_a_signature_written_into_the_corner_of_the_flag_is_left_to_a_person() -> None:
    assert signed(strokes=[(310, 711), (318, 705), (326, 713), (334, 705), (342, 712)]) == UNSURE


def test_an_empty_frame_is_not_signed() -> None:
    assert signed() == ABSENT
