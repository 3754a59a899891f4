"""Bodies decoded as their Content-Transfer-Encoding says, however that is spelled, within bounds of time."""

import binascii
import re
from dataclasses import dataclass
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
_UU_LINE = re.compile(rb"([^\r\n]*)(?:\r?\n|\r|\Z)")
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
            file = uudecoded(data)
            return (file.content, file.intact) if file else (data, False)
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


@dataclass(frozen=True)
class UuFile:
    """A uuencoded file: its name as written, and whether all of it was there. `end`: the offset after it."""

    name: bytes
    content: bytes
    intact: bool
    end: int


def uudecoded(data: bytes, start: int = 0) -> UuFile | None:
    """The first uuencoded file in `data` from `start` on; it ends, damaged, at the first line that is none of its."""
    begin = _UU_BEGIN.search(data, start)
    if begin is None:
        return None
    pieces: list[bytes] = []
    end = begin.end()
    for found in islice(_UU_LINE.finditer(data, begin.end()), _MAX_UU_LINES):
        line, end = found[1], found.end()
        if line.strip() == b"end":
            return UuFile(begin[1], b"".join(pieces), True, end)
        piece = _uu_line(line)
        if piece is None:
            break
        pieces.append(piece)
    return UuFile(begin[1], b"".join(pieces), False, end)


def _uu_line(line: bytes) -> bytes | None:
    """The bytes of one line; None for one that is none. Some encoders put a check character at its end."""
    if not line:
        return None
    used = (((line[0] - 32) & 63) * 4 + 5) // 3
    for tried in (line, line[:used]):
        try:
            return binascii.a2b_uu(tried)
        except binascii.Error:
            continue
    return None
