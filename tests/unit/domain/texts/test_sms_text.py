"""How many SMS a text is (R20)."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.texts.sms_text import (
    BASIC_COUNTS,
    LATIN_COUNTS,
    MAX_CHARACTERS,
    MAX_SMS,
    Encoding,
    SmsCount,
    count,
    is_gsm,
    is_too_long,
    room_left,
    unencodable,
    units_over,
)

# GSM 03.38 default alphabet, table 6.2.1, by code; None is the escape to the extension table.
GSM_03_38 = [
    *"@£$¥èéùìòÇ\nØø\rÅå",
    *"Δ_ΦΓΛΩΠΨΣΘΞ",
    None,
    *"ÆæßÉ",
    *" !\"#¤%&'()*+,-./",
    *"0123456789:;<=>?",
    *"¡ABCDEFGHIJKLMNO",
    *"PQRSTUVWXYZÄÖÑÜ§",
    *"¿abcdefghijklmno",
    *"pqrstuvwxyzäöñüà",
]
# Table 6.2.1.1: code of the second septet -> character.
GSM_03_38_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
BASIC = set(GSM_03_38) - {None}
EXTENSION = set(GSM_03_38_EXTENSION.values())


def plain_parts(text: str) -> tuple[Encoding, list[int]]:
    """The reference: one character after the other, put into the first part with room for it; units in each part."""
    encoding: Encoding
    if all(char in BASIC or char in EXTENSION for char in text):
        encoding, single, part = "gsm", 160, 153
        sizes = [2 if char in EXTENSION else 1 for char in text]
    else:
        encoding, single, part = "unicode", 70, 67
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    if sum(sizes) <= single:
        return encoding, [sum(sizes)]
    parts = [0]
    for size in sizes:
        if parts[-1] + size > part:
            parts.append(0)
        parts[-1] += size
    return encoding, parts


def plain_count(text: str) -> SmsCount:
    """Count with the reference implementation."""
    encoding, parts = plain_parts(text)
    return SmsCount(encoding, sum(parts), len(parts))


def test_the_tables_of_this_test_are_those_of_the_standard() -> None:
    assert len(GSM_03_38) == 128
    assert GSM_03_38.index(None) == 0x1B
    assert [GSM_03_38.index(char) for char in "@ÇΔΞÉ0?A¿a§à"] == [
        0x00,
        0x09,
        0x10,
        0x1A,
        0x1F,
        0x30,
        0x3F,
        0x41,
        0x60,
        0x61,
        0x5F,
        0x7F,
    ]
    assert len(EXTENSION) == 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("gsm", 0, 1)),
        ("a", ("gsm", 1, 1)),
        ("Élève à l'école : où ?", ("gsm", 22, 1)),
        ("a" * 160, ("gsm", 160, 1)),
        ("a" * 161, ("gsm", 161, 2)),
        ("à" * 306, ("gsm", 306, 2)),
        ("à" * 307, ("gsm", 307, 3)),
        ("é" * 459, ("gsm", 459, 3)),
        ("é" * 460, ("gsm", 460, 4)),
        ("a" * 612, ("gsm", 612, 4)),
        ("a" * 613, ("gsm", 613, 5)),
        ("a" * 764, ("gsm", 764, 5)),
        ("a" * 765, ("gsm", 765, 5)),
        ("a" * 766, ("gsm", 766, 6)),
        ("€", ("gsm", 2, 1)),
        ("€" * 80, ("gsm", 160, 1)),
        ("€" * 80 + "a", ("gsm", 161, 2)),
        # 152 septets, then an escape pair that would straddle: the part loses a septet.
        ("a" * 152 + "€" + "a" * 152, ("gsm", 306, 3)),
        ("a" * 151 + "€" + "a" * 153, ("gsm", 306, 2)),
        ("€" * 152 + "a", ("gsm", 305, 2)),  # 76 pairs leave a septet unused in the first part
        ("€" * 153, ("gsm", 306, 3)),
        # 764 septets with a pair unluckily placed in each part need a sixth.
        (("a" * 152 + "€") + ("a" * 150 + "€") * 3 + "a" * 154, ("gsm", 764, 6)),
        # The pair straddles the second border, at an even number of septets.
        ("a" * 305 + "€" + "a" * 151, ("gsm", 458, 3)),
        ("a" * 305 + "€" + "a" * 152, ("gsm", 459, 4)),
        ("Ω" * 160, ("gsm", 160, 1)),
        ("Ω" * 160 + "€", ("gsm", 162, 2)),
        ("ê", ("unicode", 1, 1)),
        ("ç" * 70, ("unicode", 70, 1)),
        ("ç" * 71, ("unicode", 71, 2)),
        ("ç" * 134, ("unicode", 134, 2)),
        ("ç" * 135, ("unicode", 135, 3)),
        ("ç" * 335, ("unicode", 335, 5)),
        ("ç" * 336, ("unicode", 336, 6)),
        ("😀" * 35, ("unicode", 70, 1)),
        ("😀" * 36, ("unicode", 72, 2)),
        ("ç" * 66 + "😀" + "ç" * 66, ("unicode", 134, 3)),
        ("ç" * 66 + "🎓" + "ç" * 66, ("unicode", 134, 3)),  # the highest low surrogates: DF93
        ("ç" * 66 + "\U0010ffff" + "ç" * 66, ("unicode", 134, 3)),  # the highest of both: DBFF, DFFF
        ("ç" * 65 + "😀" + "ç" * 67, ("unicode", 134, 2)),
        ("😀" * 67, ("unicode", 134, 3)),
        ("ê" + "€" * 10, ("unicode", 11, 1)),
        ("a" * 159 + "ê", ("unicode", 160, 3)),
    ],
)
def test_a_text_is_as_many_sms_as_the_standard_packs(text: str, expected: tuple[Encoding, int, int]) -> None:
    assert count(text) == SmsCount(*expected)


@pytest.mark.slow
def test_every_code_point_is_counted_as_the_reference_counts_it() -> None:
    every = list(map(chr, range(sys.maxunicode + 1)))
    inside = BASIC | EXTENSION
    assert [char for char in every if is_gsm(char)] == [char for char in every if char in inside]
    assert unencodable("".join(every)) == [char for char in every if char not in inside]
    assert all(count(char) == plain_count(char) for char in inside)
    assert {count(char) for char in every[:0x10000] if char not in inside} == {SmsCount("unicode", 1, 1)}
    assert {count(char) for char in every[0x10000:]} == {SmsCount("unicode", 2, 1)}


def test_every_sign_is_packed_at_the_borders_of_parts_as_the_reference_packs_it() -> None:
    """Once and doubled, where one unit, two, or none is left in a part; of those outside GSM-7 one in 4,096."""
    inside = sorted({char for char in GSM_03_38 if char} | EXTENSION)
    outside = [chr(code) for code in range(0x100, sys.maxunicode + 1, 4096) if not 0xD800 <= code < 0xE000]
    for chars, widths in ((inside, (152, 151, 158, 159, 305)), (outside, (65, 66, 68, 69, 133))):
        for char in chars:
            for before in widths:
                for text in ("a" * before + char, "a" * before + char * 2, "a" * before + char * 2 + "a" * 152):
                    assert count(text) == plain_count(text)


@pytest.mark.slow
def test_code_points_doubled_at_a_border_are_packed_by_their_width() -> None:
    """After 66 of 67 units: of two narrow ones the second moves on, of two wide ones both, as the reference packs.

    Every narrow one; of the wide ones, each of whose widths is counted above, one in 64.
    """
    narrow, wide = plain_count("ê" * 66 + "ç" * 2 + "ê" * 66), plain_count("ê" * 66 + "😀" * 2 + "ê" * 66)
    assert (narrow, wide) == (SmsCount("unicode", 134, 2), SmsCount("unicode", 136, 3))
    border = "ê" * 66
    for code in (*range(0x10000), *range(0x10000, sys.maxunicode + 1, 64)):
        if 0xD800 <= code < 0xE000:
            continue  # halves of a pair, which two of a kind never make: refused before they are counted
        assert count(border + chr(code) * 2 + border) == (narrow if code < 0x10000 else wide)


@pytest.mark.parametrize(
    ("text", "left", "over"),
    [
        ("", 160, 0),
        ("a" * 100, 60, 0),
        ("€" * 79, 2, 0),
        ("a" * 160, 0, 0),
        ("a" * 161, 145, 1),
        ("a" * 306, 0, 146),
        ("a" * 307, 152, 1),
        ("a" * 459, 0, 153),
        ("a" * 764, 0, 152),
        ("a" * 765, 0, 153),
        ("a" * 152 + "€" + "a" * 152, 152, 1),  # the pair moved one septet into the second part, and one into a third
        ("€" * 381 + "a", 0, 3),  # 763 units, and six parts: too long already
        ("ê", 69, 0),
        ("ê" * 70, 0, 0),
        ("ê" * 71, 63, 1),
        ("ê" * 135, 66, 1),
        ("ê" * 66 + "😀" + "ê" * 66, 66, 1),
        ("ê" * 336, 0, 1),
    ],
)
def test_what_is_left_and_what_is_over_are_counted_by_part(text: str, left: int, over: int) -> None:
    assert (room_left(text, count(text)), units_over(text, count(text))) == (left, over)


gsm_text = st.text(st.sampled_from(sorted({char for char in GSM_03_38 if char} | EXTENSION)), max_size=40)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
filler = st.builds(lambda char, times: char * times, st.sampled_from("aéΩ€[ç😀"), st.integers(0, 320))
borders = st.lists(st.one_of(filler, gsm_text, any_text), max_size=6).map("".join)


@given(borders)
def test_any_packing_equals_the_reference(text: str) -> None:
    assert count(text) == plain_count(text)


@given(borders)
def test_room_and_excess_equal_the_reference(text: str) -> None:
    encoding, parts = plain_parts(text)
    single, part, most = (160, 153, 764) if encoding == "gsm" else (70, 67, 335)
    counted = count(text)
    room = (single if len(parts) == 1 else part) - parts[-1]
    assert room_left(text, counted) == (0 if len(parts) > MAX_SMS else max(0, min(room, most - sum(parts))))
    if len(parts) == 1:
        assert units_over(text, counted) == 0
    elif len(parts) == 2:
        assert units_over(text, counted) == sum(parts) - single
    else:
        assert units_over(text, counted) == parts[-1]


@given(st.sampled_from([153, 160, 306, 459, 612, 765]), st.integers(-3, 3), st.text("a€[Ω", max_size=12))
def test_escape_pairs_at_a_part_border_never_straddle(border: int, shift: int, tail: str) -> None:
    for text in ("a" * (border + shift) + tail, "€" + "a" * (border + shift - 2) + tail):
        assert count(text) == plain_count(text)


@given(st.sampled_from([67, 70, 134, 201, 268, 335]), st.integers(-3, 3), st.text("ça😀€", max_size=12))
def test_surrogate_pairs_at_a_part_border_are_never_split(border: int, shift: int, tail: str) -> None:
    for text in ("ç" * (border + shift) + tail, "😀" + "ç" * (border + shift - 2) + tail):
        assert count(text) == plain_count(text)


def test_both_limits_bind() -> None:
    assert (MAX_SMS, MAX_CHARACTERS) == (5, 764)
    assert not is_too_long(count("a" * 764))
    assert is_too_long(count("a" * 765))  # still five SMS
    assert is_too_long(count(("a" * 152 + "€") + ("a" * 150 + "€") * 3 + "a" * 154))  # 764, but six SMS
    assert not is_too_long(count("ç" * 335))
    assert is_too_long(count("ç" * 336))
    assert is_too_long(count("ç" * 66 + "😀" + "ç" * 267))  # 335 units, but six SMS


def test_unencodable_names_each_culprit_once_in_order() -> None:
    assert unencodable("L’élève forêt ça va ? Forêt… €[]") == ["’", "ê", "ç", "…"]
    assert unencodable("Réunion à 18 h, Ω €") == []


def test_the_count_of_units_outside_gsm_is_that_of_such_a_text() -> None:
    assert list(LATIN_COUNTS[1:]) == [count("ê" * units) for units in range(1, 336)]
    assert list(BASIC_COUNTS) == [count("é" * units) for units in range(765)]
