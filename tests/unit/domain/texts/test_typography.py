import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.texts.sms_text import GSM_BASIC, GSM_EXTENSION, is_gsm
from schoolsms.domain.texts.typography import (
    EncodingMode,
    forbidden_characters,
    is_blank,
    prepare,
    prepare_piece,
    trimmed,
    unsendable,
)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("L’élève « Léo » a dit “à 8 h”…", 'L\'élève " Léo " a dit "à 8 h"...'),
        ("8 h – 9 h — cœur, ŒUVRE", "8 h - 9 h - coeur, OEUVRE"),
        ("Rendez-vous à\u00a08\u202fh", "Rendez-vous à 8 h"),
        ("e\u0301cole", "école"),  # NFC
        ("ligne 1\r\nligne 2", "ligne 1\nligne 2"),
        ("ligne 1\rligne 2\r\r\nligne 4", "ligne 1\nligne 2\n\nligne 4"),
        ("1\r\u200b\n2", "1\n2"),
        ("\u2126", "Ω"),
        *((f"8{space}h", "8 h") for space in "\u1680\u2000\u2001\u2004\u2005\u2006\u2008\u205f\u3000"),
        *((f"l{sign}école", "l'école") for sign in "´ʼʹʻʽ`′‵＇"),
        ("˝oui˝ ‶non‶ ＂si＂", '"oui" "non" "si"'),
        ("8‐9 10−11 12－13 14﹣15", "8-9 10-11 12-13 14-15"),
        ("à suivre‥", "à suivre.."),
        ("ﬁn de l'eﬀort, oﬃce, ﬂûte".replace("û", "u"), "fin de l'effort, office, flute"),
        ("Ｓalle １２ ： ６Ａ！", "Salle 12 : 6A!"),
        ("aujourd\u200chui\u2063, ⁠demain\ufe0e", "aujourdhui, demain"),
        ("e\u200b\u0301cole", "école"),
        ("8\u2800h\u3164\u206a\ufff9 ?", "8 h ?"),
        ("1\u2028\u20292", "1\n\n2"),
    ],
)
def test_auto_plains_signs_that_lose_nothing(written: str, sent: str) -> None:
    assert prepare(written, "auto") == sent


@pytest.mark.parametrize("mode", ["auto", "gsm"])
@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (" Bonjour \n", "Bonjour"),
        ("\r\nBonjour\r\n\r\n", "Bonjour"),
        ("Bonjour,\n\n  à demain", "Bonjour,\n\n  à demain"),
        ("\u00a0Bonjour\u202f\u2009", "Bonjour"),
        ("\ufeffBonjour\u2028", "Bonjour"),
        ("Bonjour\u200b \u00ad", "Bonjour"),
        ("1\u20282\u20293", "1\n2\n3"),
        (" \n ", ""),
    ],
)
def test_nobody_pays_for_what_is_not_seen_at_the_ends_of_a_text(written: str, sent: str, mode: EncodingMode) -> None:
    assert prepare(written, mode) == sent


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (" Fête à la forêt \u00a0\n", "Fête à la forêt"),
        ("Fête\u2028forêt\u2028", "Fête\nforêt"),
        ("\u200bFête 👨\u200d👩\u200d👧 ❤\ufe0f ", "Fête 👨\u200d👩\u200d👧 ❤\ufe0f"),
    ],
)
def test_so_it_is_where_the_text_stays_unicode(written: str, sent: str) -> None:
    assert prepare(written, "auto") == sent


def test_a_piece_of_a_text_keeps_its_ends() -> None:
    assert prepare_piece("Fête ", "gsm") == "Fete "
    assert trimmed(" Fête\u00a0\n") == "Fête"


@pytest.mark.parametrize("written", ["L’élève est en forêt…", "Comment ça va ? « Bien »", "L’école 😀"])
def test_auto_leaves_a_text_whole_when_plain_signs_would_not_spare_unicode(written: str) -> None:
    assert prepare(written, "auto") == written


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Forêt, ça, À, È, Â, œuf, naïf, dû, Noël", "Foret, ca, A, E, A, oeuf, naif, du, Noel"),
        ("été à la plage où Çà", "été à la plage où Çà"),
        ("L’arrêt n° 5 – 20 m²", "L'arret no 5 - 20 m2"),
        ("Łukasz, Đặng, İpek, Škoda, ﬁn, élève·s", "Lukasz, Dang, Ipek, Skoda, fin, élève.s"),
        ("½ journée", "1/2 journée"),
        ("6A → salle 12 ● ± 5 € ≤ 10", "6A -> salle 12 - +/- 5 € <= 10"),
        ("Привет 😀 日本", "?????? ? ??"),
        ("👨\u200d👩\ufe0f", "??"),
    ],
)
def test_gsm_strips_what_remains(written: str, sent: str) -> None:
    assert prepare(written, "gsm") == sent


def test_unicode_leaves_the_text_as_it_is() -> None:
    assert prepare("L’élève « Léo »…\r\nfin\r.", "unicode") == "L’élève « Léo »…\nfin\n."
    assert prepare("e\u0302", "unicode") == "ê"
    assert prepare(" 8\u2009h\u2028 \n", "unicode") == " 8\u2009h\u2028 \n"


@pytest.mark.slow
def test_every_code_point_comes_out_of_gsm_mode_in_gsm() -> None:
    for start in range(0, sys.maxunicode + 1, 256):
        assert is_gsm(prepare("".join(map(chr, range(start, start + 256))), "gsm"))


@pytest.mark.parametrize("mode", ["auto", "gsm", "unicode"])
def test_what_is_in_gsm_already_is_left_alone(mode: EncodingMode) -> None:
    for char in {*GSM_BASIC, *GSM_EXTENSION} - {"\r"}:
        assert prepare(f"a{char}b", mode) == unicodedata.normalize("NFC", f"a{char}b") == f"a{char}b"


@given(st.text(max_size=60), st.sampled_from(["auto", "gsm", "unicode"]))
def test_preparing_twice_changes_nothing_more(text: str, mode: EncodingMode) -> None:
    once = prepare(text, mode)
    assert prepare(once, mode) == once


@given(
    st.text(st.sampled_from(" \n\r\t\u00a0\u2028\u200b\u200d\ufe0f\u0301\u00adaeéê’´…ﬁ１\x1c\x85€😀"), max_size=12),
    st.sampled_from(["auto", "gsm", "unicode"]),
)
def test_preparing_twice_changes_nothing_more_of_what_is_barely_seen(text: str, mode: EncodingMode) -> None:
    once = prepare(text, mode)
    assert prepare(once, mode) == once


@given(st.text("aéê’«…œ\u00a0€😀", max_size=40))
def test_auto_never_touches_an_accent(text: str) -> None:
    sent = prepare(text, "auto")
    assert [char for char in sent if char in "éê😀"] == [char for char in text if char in "éê😀"]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\t", "\f", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_forbidden(char: str) -> None:
    assert forbidden_characters(f"a{char}b") == [char]


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\u200f", "\u061c", "\ud800", "\uffff", "\u0378", "\U0010ffff"])
def test_bidi_controls_surrogates_and_meaningless_code_points_are_forbidden(char: str) -> None:
    assert forbidden_characters(f"a{char}b{char}") == [char]


def test_the_replacement_character_of_a_lost_letter_is_forbidden() -> None:
    assert forbidden_characters("Coll\ufffdge") == ["\ufffd"]


def test_line_ends_letters_and_emoji_even_new_ones_are_allowed() -> None:
    assert forbidden_characters("Élève, forêt…\r\n« où ? »\u00a0!") == []
    assert forbidden_characters("👨\u200d👩\u200d👧 \U0001fae8 \U0001fadc") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (" \n", "est vide"),
        ("Menu\tPoisson", "une tabulation"),
        ("06\u200e12", "une marque invisible de sens d'écriture"),
        ("Coll\ufffdge", "« \ufffd », à la place d'une lettre perdue"),
        ("a\x00b", "le signe invisible U+0000"),
        ("a\ud800", "le signe invisible U+D800"),
        ("a\t\u200eb\u202e", "une tabulation, une marque invisible de sens d'écriture)"),
    ],
)
def test_the_error_names_the_character_that_no_sms_carries(text: str, named: str) -> None:
    """Text pasted from a table or an address book contains invisible characters."""
    said = unsendable(text)
    assert named in said
    assert said.encode()  # a lone surrogate could not be answered


def test_forbidden_characters_are_named_once_in_order() -> None:
    assert forbidden_characters("\x07a\x00b\x07") == ["\x07", "\x00"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\r", "\u00a0\u2003", "\u200b\u200d", "\u0301", "\u20dd\u0300", "\ufe0f", "\u3164\u2800", "\x00"],
)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "\n.", "é", "e\u0301", "😀", "\U0001fadc", "日", "1\u20e3", "€", "\u0301a"])
def test_one_sign_that_shows_is_enough(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize("mode", ["auto", "gsm", "unicode"])
def test_a_lone_carriage_return_ends_a_line_in_every_mode(mode: EncodingMode) -> None:
    """Macs of old, and some phones, end lines with it; a phone that is sent one shows nothing there."""
    assert prepare("Réunion\rjeudi 😀", mode).startswith("Réunion\njeudi")
    assert prepare_piece("\rRéunion\r", mode) == "\nRéunion\n"
