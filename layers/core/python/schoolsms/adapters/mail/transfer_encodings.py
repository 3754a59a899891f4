"""Bodies decoded as their Content-Transfer-Encoding says, however that is spelled, within bounds of time."""

import binascii
import re
from collections.abc import Iterable
from itertools import islice

_NAMES = {
    "base64": "base64",
    "b64": "base64",
    "quotedprintable": "quoted-printable",
    "qp": "quoted-printable",
    "xuuencode": "uuencode",
    "uuencode": "uuencode",
    "xuue": "uuencode",
    "uue": "uuencode",
    "7bit": "",
    "8bit": "",
    "binary": "",
    "": "",
}
_COMMENT = re.compile(r"\([^()]*\)")

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_WHITE = b"\r\n\t \x0b\x0c"
_CHUNK = re.compile(rb"([^=]+)(=*)")
_MAX_CHUNKS = 500_000
"""Chunks of 57 bytes in 28 MB."""

_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+)\r?\n", re.MULTILINE)
_UU_LINE = re.compile(rb"([^\r\n]*)\r?\n")
_MAX_UU_LINES = 500_000
"""Lines of 45 bytes in 22 MB."""


def encoding_of(value: str) -> str | None:
    """`"base64"`, `"quoted-printable"`, `"uuencode"`, "" for none; None for one that nobody knows.

    `base64;`, `base64 (x)`, `"BASE-64"` and `x-uue` are what devices write.
    """
    word = _COMMENT.sub("", value.lower()).partition(";")[0]
    return _NAMES.get(re.sub(r"[^a-z0-9]", "", word))


def decode(data: bytes, encoding: str | None) -> tuple[bytes, bool]:
    """The content, and whether all of it could be decoded."""
    match encoding:
        case "base64":
            return decode_base64(data)
        case "quoted-printable":
            return binascii.a2b_qp(data), True
        case "uuencode":
            _, content, intact = uudecoded(data)
            return content, intact
    return data, encoding is not None


def decode_base64(data: bytes) -> tuple[bytes, bool]:
    """All of it, also where each chunk ends with its own padding."""
    clean = data.translate(None, _WHITE)
    intact = not clean.translate(None, _BASE64 + b"=")
    if b"=" not in clean.rstrip(b"="):
        content, whole = _decode_chunk(*_padded(clean))
        return content, intact and whole
    pieces = [_decode_chunk(found[1], len(found[2])) for found in islice(_CHUNK.finditer(clean), _MAX_CHUNKS + 1)]
    return b"".join(content for content, _ in pieces), (
        intact and len(pieces) <= _MAX_CHUNKS and all(whole for _, whole in pieces) and not clean.startswith(b"=")
    )


def _padded(clean: bytes) -> tuple[bytes, int]:
    bare = clean.rstrip(b"=")
    return bare, len(clean) - len(bare)


def _decode_chunk(letters: bytes, padding: int) -> tuple[bytes, bool]:
    """Letters whose end is no group of four need their padding: without it, the rest may be missing."""
    letters = letters.translate(None, _NOT_BASE64)
    rest = len(letters) % 4
    whole = padding == (0, None, 2, 1)[rest]
    if rest == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), whole


def uudecoded(data: bytes) -> tuple[bytes, bytes, bool]:
    """Name, content and whether it was all there, of the first uuencoded file in `data`."""
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return b"", data, False
    pieces: list[bytes] = []
    intact = True
    for found in _few(_UU_LINE.finditer(data + b"\n", begin.end())):
        line = found[1]
        if line.strip() == b"end":
            return begin[1], b"".join(pieces), intact
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:  # some encoders put a check character at the end of a line
            used = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                pieces.append(binascii.a2b_uu(line[:used]))
            except binascii.Error:
                intact = False
    return begin[1], b"".join(pieces), False


def _few(found: "Iterable[re.Match[bytes]]") -> "Iterable[re.Match[bytes]]":
    return islice(found, _MAX_UU_LINES)
