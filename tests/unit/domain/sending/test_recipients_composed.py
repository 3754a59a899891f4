"""Composing what one recipient reads: the short way for plain words is equal to the long one for everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.sending.recipients import LONGEST_RENDERED, Composed, Composer, Forbidden, NotComposed, TooLong
from schoolsms.domain.texts.forbidden_content import forbidden_content
from schoolsms.domain.texts.sms_text import count, is_too_long
from schoolsms.domain.texts.typography import EncodingMode, forbidden_characters, is_blank, prepare, unsendable

MODES: list[EncodingMode] = ["auto", "gsm", "unicode"]

# Pieces that form a number, an address or another encoding only when joined, or that are counted apart.
TRICKY = [
    "",
    " ",
    ".",
    "..",
    "b",
    "bit",
    "ly",
    "bit.ly",
    "t.",
    "co",
    "+3",
    "0",
    "8",
    "08",
    "99",
    "118",
    "218",
    "«",
    "à",
]
TRICKY += [
    "appelez le ",
    "€",
    "é",
    "ê",
    "œ",
    "\r",
    "\n",
    "\r\n",
    "\u0301",
    "e",
    "\x00",
    "\x1b",
    "\f",
    "{",
    "Ω",
    "\u202f",
]
TRICKY += ["[.]", " . ", " .", ". ", "/", "·", "_", "8_99", "\n ", "\u2028", "\u200b", "٨", "point"]
TRICKY += ["😀", "\ud83d", "\ude00", "-", "a" * 70, "a" * 153]
tricky = st.lists(
    st.one_of(st.sampled_from(TRICKY), st.text(max_size=3).filter(lambda text: "(" not in text)), max_size=8
)
# Plain words, and what is harmless for itself.
nearly_plain = st.lists(st.sampled_from(["Zoé", " d'", "É", ".", "b", "co", "8", "12", " ", "-", "x" * 70]), max_size=3)
several = st.one_of([st.lists(each.map("".join), min_size=8, max_size=8) for each in (tricky, nearly_plain)])


def plainly(rendered: str, mode: EncodingMode) -> Composed | NotComposed:
    """Rule after rule, on the whole text."""
    if len(rendered) > LONGEST_RENDERED:
        return TooLong(None)
    text = prepare(rendered, mode)
    if is_blank(rendered) or is_blank(text) or forbidden_characters(rendered):
        return Forbidden(unsendable(rendered))
    if is_too_long(count(text)):
        return TooLong(count(text))
    detail = forbidden_content(text)
    return Forbidden(detail) if detail else (text, count(text))


@pytest.mark.slow
@given(several, st.integers(1, 3), st.sampled_from(MODES))
def test_whatever_is_put_into_a_text_it_is_composed_as_the_whole_text_is(
    some: list[str], places: int, mode: EncodingMode
) -> None:
    first, *literals = some[: places + 1]
    values = some[4 : 4 + places]
    text = first + "".join(f"((v{n})){literal}" for n, literal in enumerate(literals))
    rendered = first + "".join(value + literal for value, literal in zip(values, literals, strict=True))

    found = Composer(text, mode).composed({f"v{n}": value for n, value in enumerate(values)})

    assert found == plainly(rendered, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Voir bit.((x))", "ly/abc"),
        ("Voir bit.((x))", "ly"),
        ("Voir ((x)).ly", "bit"),
        ("Voir bit.l((x))", "y"),
        ("Voir bit.((x))ly", ""),
        ("Appelez le 32((x))14", ""),
        ("Appelez le 32((x))14", " "),
        ("08 9((x))9 12 34 56", ""),
        ("Composez le 118 ((x))218", ""),
    ],
)
def test_what_leads_astray_only_once_put_together_is_forbidden(text: str, value: str, mode: EncodingMode) -> None:
    assert isinstance(Composer(text, mode).composed({"x": value}), Forbidden)


@pytest.mark.parametrize(("length", "sms"), [(160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4), (764, 5)])
def test_plain_words_are_counted_to_the_last_character_of_each_part(length: int, sms: int) -> None:
    found = Composer("Bonjour ((x)) !", "auto").composed({"x": "à" * (length - len("Bonjour  !"))})
    assert isinstance(found, tuple)
    assert found[1] == ("gsm", length, sms)


def test_one_character_above_five_sms_is_too_long() -> None:
    found = Composer("Bonjour ((x)) !", "auto").composed({"x": "a" * (765 - len("Bonjour  !"))})
    assert isinstance(found, TooLong)
    assert found.excess == "765 caractères, soit 1 de trop"


@pytest.mark.parametrize("name", ["Zoé", "Noël"])
def test_a_text_with_thousands_of_spaces_at_its_end_is_too_long_in_any_letters(name: str) -> None:
    found = Composer("Bonjour ((x)), ((y))", "auto").composed({"x": name, "y": " " * LONGEST_RENDERED})
    assert found == TooLong(None)
