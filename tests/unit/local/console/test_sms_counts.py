"""The browser counts the SMS of a text as the service does (R20, R21): by the same table, to the same counts."""

import json
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.console.build import run_node
from local.console.sign_table import WRITTEN, sign_table
from local.machine.children import Children
from schoolsms.domain.texts.placeholders import normalise_name, render
from schoolsms.domain.texts.sms_text import (
    GSM_BASIC,
    GSM_EXTENSION,
    GSM_PART,
    GSM_SINGLE,
    MAX_CHARACTERS,
    MAX_UNICODE_UNITS,
    UNICODE_PART,
    UNICODE_SINGLE,
    count,
    is_too_long,
)
from schoolsms.domain.texts.typography import forbidden_characters, is_blank, prepare

SCRIPT = Path(__file__).with_name("same_counts.mjs")
TEXTS = 100_000
PIECES = (
    *("".join(sorted(GSM_BASIC)), "".join(sorted(GSM_EXTENSION))),
    "Les élèves de l’internat sont attendus dimanche soir à 18 h : « merci » de prévenir la forêt… œuvre",
    "êîôûâçëïœ’«»…–\u00a0\u202f\u2009 \r\n\u2028",
    "e\u0301a\u0300c\u0327o\u0302 ﬁ ﬀ Ａ１ ł ẞ №",
    "😀🇫🇷👨‍👩‍👧❤️\ud800\udc00\udfff\ud83d",
)
ALIKE = (range(0x3400, 0xA000), range(0xAC00, 0xE000), range(0x20000, 0x40000))
"""Ideographs, Hangul and surrogates: one of each thousands stands for the others, except where they are counted."""
NAMES = ("prenom", "Prénom", " PRENOM ", "l’âge", "l'age", "Nom  de\u00a0famille", "Straße", "classe-1", "№")


def test_the_table_of_signs_is_current() -> None:
    assert WRITTEN.read_text("utf-8") == sign_table(), "python -m local.console writes it again"


@pytest.mark.slow
def test_the_browser_counts_as_the_service(tmp_path: Path) -> None:
    texts = list(_texts(random.Random(20)))
    half = len(texts) // 2
    raw, unprepared = dict.fromkeys(texts[:half]), dict.fromkeys(texts[half:])  # each once: many came twice
    limits = [*_at_limits()]
    expected = {
        "raw": [(text, _counted(text)) for text in (*raw, *limits)],
        "prepared": [(text, _counted(prepare(text, "auto"))) for text in (*unprepared, *limits)],
        "rendered": [(text, values, prepare(str(render(text, values)), "auto")) for text, values in _rendered()],
        "names": [(name, normalise_name(name)) for name in NAMES],
        **_code_points(),
    }
    file = tmp_path / "expected.json"
    file.write_text(json.dumps(expected))
    assert len(texts) >= TEXTS
    assert run_node([str(SCRIPT), str(file)], Children()).strip() == ""


def _counted(text: str) -> str:
    counted = count(text)
    encoding, characters, sms_count = counted
    return f"{encoding} {characters} {sms_count}{' too long' if is_too_long(counted) else ''}"


def _texts(made: random.Random) -> Iterator[str]:
    """Short and long ones, plain and rare, most of them words of a school."""
    ordinary, escaped = PIECES[2], PIECES[1]
    for number in range(TEXTS):
        kind = number % 10
        if kind < 4:
            yield ordinary[: made.randrange(100)] * made.randrange(1, 5)
        elif kind < 6:  # a dense mix, where pairs meet the end of a part
            start = made.randrange(4)
            yield (ordinary[:1] * made.randrange(170) + escaped[: made.randrange(10)]) * start
        else:
            alphabet = PIECES[number % len(PIECES)]
            yield "".join(made.choices(alphabet, k=made.randrange(40)))


def _at_limits() -> Iterator[str]:
    """Each limit with one less and one more, where the last sign takes one unit, two, or makes the text Unicode."""
    gsm = [GSM_SINGLE, *(GSM_PART * parts for parts in range(1, 6)), MAX_CHARACTERS]
    unicode = [UNICODE_SINGLE, *(UNICODE_PART * parts for parts in range(1, 6)), MAX_UNICODE_UNITS]
    for limit in gsm:
        for length in range(limit - 3, limit + 4):
            for end in ("", "€", "€€", "é", "e"):
                yield "a" * (length - len(end)) + end
    for limit in unicode:
        for length in range(limit - 3, limit + 4):
            for end in ("ê", "😀", "ê😀", "😀ê", "\ud83d"):
                yield "ê" * (length - len(end)) + end


def _rendered() -> Iterator[tuple[str, dict[str, str]]]:
    for value in ("Zoé", "Loïc", "D’Almeida", "", "((x))", "😀", "e\u0301", "forêt"):
        for text in (
            "Bonjour ((Prénom)), à ((heure))",
            "((prenom))((PRÉNOM))",
            "((( heure )) ((prenom",
            "Cœur de ((prenom))\u0301",
        ):
            yield text, {"prenom": value, "heure": "18 h"}


def _code_points() -> dict[str, object]:
    """Python's count of every code point, as the exceptions from the rule."""
    classes, changed, plain, refused, blank, bounds = [], [], [], [], [], []
    known = False
    for code in range(0x110000):
        char = chr(code)
        encoding, units, _ = count(char)
        if encoding == "gsm":
            classes.append((code, units))
        category = unicodedata.category(char)
        if (category != "Cn") is not known:
            known = not known
            bounds.append(code)
        if not known or category == "Co" or any(code in block for block in ALIKE):
            continue
        if (prepared := prepare(char, "auto")) != char:
            changed.append((code, prepared))
        if category != "Cs":
            if forbidden_characters(char):
                refused.append(code)
            elif (written := prepare(f"[{char}]", "gsm")[1:-1]) != "?":
                plain.append((code, written))
        if code < 0x3000 and is_blank(char):
            blank.append(code)
    return {
        "alike": [[block.start, block.stop] for block in ALIKE],
        "classes": classes,
        "changed": changed,
        "plain": plain,
        "refused": refused,
        "blank": blank,
        "assigned": [*bounds, 0x110000 + 1],
    }
