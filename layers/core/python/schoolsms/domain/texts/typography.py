"""Prepare a text for SMS: spare the school the price of a curly apostrophe, and keep its accents."""

import unicodedata
from functools import lru_cache
from typing import Literal

from schoolsms.domain.texts.sms_text import is_gsm

EncodingMode = Literal["auto", "gsm", "unicode"]

# Signs that lose nothing when written plainly. Emoji need some of the invisible ones: a text that has one stays whole.
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"  # soft hyphens, joiners, marks
_UNSEEN += "\u206a\u206b\u206c\u206d\u206e\u206f\ufff9\ufffa\ufffb\u115f\u1160\u3164\uffa0"  # annotations, fillers
_LOOKS = range(0xFE00, 0xFE10)  # selectors of one look of a sign among several
LINE_ENDS = str.maketrans(dict.fromkeys("\u2028\u2029", "\n"))
PLAIN = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
        **dict.fromkeys("‘’‚‛′‵‹›´`ʹʻʼʽˈˊˋ＇", "'"),
        **dict.fromkeys("«»“”„‟″‶ʺ˝ˮ＂", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃˗﹘﹣－", "-"),
        **dict.fromkeys(_SPACES + "\u2800", " "),
        **dict.fromkeys((*_UNSEEN, *map(chr, _LOOKS)), ""),
        **{"…": "...", "‥": "..", "․": ".", "œ": "oe", "Œ": "OE"},
        **{"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"},
    }
)
# The ends of a text that nobody sees. Selectors and joiners may belong to an emoji there.
AROUND = " \n\r\u00ad\u200b\u2060\ufeff" + _SPACES

# Signs that decomposition does not bring to GSM-7, as one would type them by hand.
STRIPPED = {
    **{"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i"},
    **{"þ": "th", "Þ": "Th", "ŋ": "n", "Ŋ": "N", "ẞ": "SS", "°": "o", "µ": "u", "·": "."},
    **{"•": "-", "‣": "-", "▪": "-", "●": "-", "×": "x", "÷": "/", "\u2044": "/", "©": "(c)", "®": "(r)"},
    **{"■": "-", "○": "-", "◦": "-", "➔": "->", "➜": "->", "➡": "->", "►": "->", "▶": "->", "¢": "c"},
    **{"→": "->", "⇒": "=>", "←": "<-", "≤": "<=", "≥": ">=", "±": "+/-", "¦": "|"},
}

BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# In place of a letter that a program could not read: nobody means to send it.
LOST = "\ufffd"
_NAMES = {"\t": "une tabulation", LOST: f"« {LOST} », à la place d'une lettre perdue"}
MOST_NAMED = 5
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cn", "Cs"})
# Kept by Unicode for emoji to come: phones know them years before our Python does.
EMOJI_BLOCKS = range(0x1F000, 0x1FB00)

_UNSEEN_MAJORS = frozenset("ZCM")  # separators, controls and formats, marks without anything to stand on
UNSEEN_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a symbol in name only


def prepare(text: str, mode: EncodingMode) -> str:
    """The text as it will be sent and counted (R20).

    `auto` plains typographic signs when that alone brings the whole text into GSM-7; `gsm` also strips
    accents, and writes "?" for what has no equivalent. Both leave out the spaces and empty lines around the text.
    `unicode` only composes (NFC). All end lines with LF, where CRLF or a lone CR did.
    """
    prepared = prepare_piece(text, mode)
    return prepared if mode == "unicode" else trimmed(prepared)


def trimmed(text: str) -> str:
    """Without the spaces, line ends and invisible signs around it, that a school would pay for."""
    return text.strip(AROUND)


def prepare_piece(text: str, mode: EncodingMode) -> str:
    """As `prepare`, for a piece of a text: its ends are not the text's, and stay."""
    prepared = _in_plain_signs(text, mode)
    if "\r" in prepared:  # last, because what was between a CR and its LF may be gone now
        prepared = prepared.replace("\r\n", "\n").replace("\r", "\n")
    return prepared


def _in_plain_signs(text: str, mode: EncodingMode) -> str:
    if is_gsm(text):  # no GSM character is changed by NFC, nor by what follows
        return text
    text = unicodedata.normalize("NFC", text)
    if mode == "unicode":
        return text
    text = text.translate(LINE_ENDS)
    if is_gsm(text):
        return text
    plain = unicodedata.normalize("NFC", text.translate(PLAIN))
    if is_gsm(plain):
        return plain
    if mode == "auto":
        return text
    return "".join([char if is_gsm(char) else _nearest_gsm(char) for char in plain])


def forbidden_characters(text: str) -> list[str]:
    """The distinct characters no SMS may carry, in order: controls but LF and CR, bidi controls,
    code points without meaning, lone surrogates."""
    if text.replace("\n", "").isprintable() and LOST not in text:
        return []
    return [char for char in dict.fromkeys(text) if _is_forbidden(char)]


def unsendable(text: str, subject: str = "Le message") -> str:
    """Why no SMS can carry this text, which is blank or has forbidden characters: what they are, in French.

    By name or number, never as they are: nobody could see them.
    """
    found = forbidden_characters(text)
    if not found:
        return f"{subject} est vide : écrivez un texte."
    named = ", ".join(dict.fromkeys(map(_name_of, found[:MOST_NAMED])))
    return f"{subject} contient ce qu'un SMS ne peut pas porter ({named}) : effacez-le."


def _name_of(char: str) -> str:
    if char in BIDI_CONTROLS:
        return "une marque invisible de sens d'écriture"
    return _NAMES.get(char, f"le signe invisible U+{ord(char):04X}")


def is_blank(text: str) -> bool:
    """Whether a phone would show nothing: spaces, invisible signs or combining marks alone."""
    if "!" <= text[:1] <= "~":  # as a rule the first character decides
        return False
    return not any(map(_is_seen, text))


def _is_seen(char: str) -> bool:
    if char.isascii():
        return char > " " and char != "\x7f"
    if char in UNSEEN_FILLERS:
        return False
    return unicodedata.category(char)[0] not in _UNSEEN_MAJORS or ord(char) in EMOJI_BLOCKS


def _is_forbidden(char: str) -> bool:
    if char in "\n\r":
        return False
    if char in BIDI_CONTROLS or char == LOST:
        return True
    return unicodedata.category(char) in _FORBIDDEN_CATEGORIES and ord(char) not in EMOJI_BLOCKS


@lru_cache(maxsize=4096)
def _nearest_gsm(char: str) -> str:
    """The characters of GSM-7 that read like `char`; "" for an invisible one, "?" if there are none."""
    if char in STRIPPED:
        return STRIPPED[char]
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return ""
    base = "".join(
        STRIPPED.get(part, part) for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)
    ).translate(PLAIN)
    return base if base and is_gsm(base) else "?"
