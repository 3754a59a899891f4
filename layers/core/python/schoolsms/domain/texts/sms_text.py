"""Counts the SMS of a text (R20): GSM 03.38 septets or UTF-16 units, packed into parts."""

from typing import Literal, NamedTuple

Encoding = Literal["gsm", "unicode"]

MAX_SMS = 5
MAX_CHARACTERS = 764  # the limit of the conditions (R20), one under the 5 * 153 septets of five parts
MAX_UNICODE_UNITS = 335  # 5 * 67

GSM_SINGLE, GSM_PART = 160, 153
UNICODE_SINGLE, UNICODE_PART = 70, 67

# GSM 03.38 in code order, without the escape (0x1B).
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")

_GSM = GSM_BASIC | GSM_EXTENSION

# The fast path reads a text as Latin-1 bytes and maps each to its class in one pass.
_OUTSIDE, _ESCAPED = 2, 1
_CLASSES = bytes(
    0 if chr(octet) in GSM_BASIC else _ESCAPED if chr(octet) in GSM_EXTENSION else _OUTSIDE for octet in range(256)
)
# € and the Greek capitals are not Latin-1: characters of the same width replace them.
_EURO_STAND_IN = "^"
_GREEK_STAND_INS = {ord(char): "A" for char in GSM_BASIC if ord(char) > 255}
_ESCAPE = b"\x1b"


class SmsCount(NamedTuple):
    """`characters` counts units: septets (an extension character is two) or UTF-16 code units."""

    encoding: Encoding
    characters: int
    sms_count: int


# Made once, since every recipient of a request needs one: what any acceptable text of basic characters gives.
_GSM_COUNTS = tuple(
    SmsCount("gsm", units, 1 if units <= GSM_SINGLE else -(-units // GSM_PART))
    for units in range(MAX_SMS * GSM_PART + 1)
)

BASIC_COUNTS = _GSM_COUNTS[: MAX_CHARACTERS + 1]
"""The result of `count` for so many characters of `GSM_BASIC`, as many as a message may have."""

LATIN_COUNTS = tuple(
    SmsCount("unicode", units, 1 if units <= UNICODE_SINGLE else -(-units // UNICODE_PART))
    for units in range(MAX_UNICODE_UNITS + 1)
)
"""The same for characters below U+10000, one of which is not in GSM-7."""


def count(text: str) -> SmsCount:
    """Counts as a phone packs: an escape pair or a surrogate pair never straddles two parts.

    An empty text is one (empty) SMS.
    """
    if "€" in text:
        text = text.replace("€", _EURO_STAND_IN)
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        return count(text.translate(_GREEK_STAND_INS)) if _GSM.issuperset(text) else _count_unicode(text)
    classes = octets.translate(_CLASSES)
    if _OUTSIDE in classes:
        return _count_unicode(text)
    if _ESCAPED in classes:
        return _count_escaped(octets, classes)
    units = len(octets)
    if units < len(_GSM_COUNTS):
        return _GSM_COUNTS[units]
    return SmsCount("gsm", units, -(-units // GSM_PART))


def is_too_long(counted: SmsCount) -> bool:
    """Over 5 SMS, or over 764 septets (335 UTF-16 units): refused for that recipient (R20)."""
    if counted.sms_count > MAX_SMS:
        return True
    return counted.characters > (MAX_CHARACTERS if counted.encoding == "gsm" else MAX_UNICODE_UNITS)


def room_left(text: str, counted: SmsCount) -> int:
    """Units that can be added at the end of `text` before it is one more SMS, or too long (R20); 0 if it is already.

    `counted` is what `count(text)` gave.
    """
    if is_too_long(counted):  # perhaps by its SMS alone, as 381 « € » and a letter are
        return 0
    gsm = counted.encoding == "gsm"
    if counted.sms_count == 1:
        room = (GSM_SINGLE if gsm else UNICODE_SINGLE) - counted.characters
    else:
        room = (GSM_PART if gsm else UNICODE_PART) - _units_in_last_part(text, counted)
    return min(room, (MAX_CHARACTERS if gsm else MAX_UNICODE_UNITS) - counted.characters)


def units_over(text: str, counted: SmsCount) -> int:
    """Units to take from the end of `text` to make it one SMS less; 0 if it is one SMS."""
    if counted.sms_count == 1:
        return 0
    if counted.sms_count == 2:  # then it need not leave room for the header of parts
        return counted.characters - (GSM_SINGLE if counted.encoding == "gsm" else UNICODE_SINGLE)
    return _units_in_last_part(text, counted)


def _units_in_last_part(text: str, counted: SmsCount) -> int:
    """Of a text of several parts."""
    units = counted.characters
    if counted.encoding == "unicode":
        if units == len(text):
            return units - (counted.sms_count - 1) * UNICODE_PART
        return units - _pack_utf16(text.encode("utf-16-be", "surrogatepass"))[1]
    if units == len(text):
        return units - (counted.sms_count - 1) * GSM_PART
    octets = text.replace("€", _EURO_STAND_IN).translate(_GREEK_STAND_INS).encode("latin-1")
    return units - _pack_septets(octets, units)[1]


def is_gsm(text: str) -> bool:
    """Whether every character is in GSM 03.38, extension included."""
    if "€" in text:
        text = text.replace("€", _EURO_STAND_IN)
    try:
        return _OUTSIDE not in text.encode("latin-1").translate(_CLASSES)
    except UnicodeEncodeError:
        return _GSM.issuperset(text)


def unencodable(text: str) -> list[str]:
    """The distinct characters that push the text out of GSM-7, in order of appearance."""
    return [] if is_gsm(text) else [char for char in dict.fromkeys(text) if char not in _GSM]


def _count_escaped(octets: bytes, classes: bytes) -> SmsCount:
    units = len(octets) + classes.count(_ESCAPED)
    if units <= GSM_SINGLE:
        return SmsCount("gsm", units, 1)
    return SmsCount("gsm", units, _pack_septets(octets, units)[0])


def _pack_septets(octets: bytes, units: int) -> tuple[int, int]:
    """Parts, and where the last one begins."""
    septets = octets
    for char in GSM_EXTENSION - {"€"}:
        septets = septets.replace(char.encode(), _ESCAPE + char.encode())
    parts, start, end = 1, 0, GSM_PART
    while end < units:
        start = end - 1 if septets[end - 1 : end] == _ESCAPE else end
        end = start + GSM_PART
        parts += 1
    return parts, start


def _count_unicode(text: str) -> SmsCount:
    length = len(text)
    utf16 = text.encode("utf-16-be", "surrogatepass")
    units = len(utf16) // 2
    if units <= UNICODE_SINGLE:
        return SmsCount("unicode", units, 1)
    if units == length:
        return SmsCount("unicode", units, -(-units // UNICODE_PART))
    return SmsCount("unicode", units, _pack_utf16(utf16)[0])


def _pack_utf16(utf16: bytes) -> tuple[int, int]:
    """Parts, and at which unit the last one begins."""
    units = len(utf16) // 2
    parts, start, end = 1, 0, UNICODE_PART
    while end < units:
        start = end - 1 if _is_high(utf16[2 * end - 2]) and _is_low(utf16[2 * end]) else end
        end = start + UNICODE_PART
        parts += 1
    return parts, start


def _is_high(first_byte: int) -> bool:
    return 0xD8 <= first_byte <= 0xDB


def _is_low(first_byte: int) -> bool:
    return 0xDC <= first_byte <= 0xDF
