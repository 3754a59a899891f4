"""The header block of a mail or of a part, read tolerantly; what was wrong with it is kept as a fact.

The standard library's parser ends the headers at the first line that is no header as RFC 5322 writes one: of
`X-Copier : 3` above From nothing below is read. And it parses parameters in quadratic time, again at each question.
Here every line that can be read is, and lengths are bounded, so that the library only sees short values.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from typing import TypeAlias, TypeVar

MAX_HEADERS_BYTES = 256 * 1024
MAX_HEADER_LINES = 2_000
"""A mail that went through a dozen filters has about 300."""
MAX_PARAMETERS = 100
_MAX_HEADER_CHARACTERS = 8 * 1024

_END = re.compile(rb"\r{0,2}\n\r{0,2}\n")
_NO_HEADERS = re.compile(rb"\r{0,2}\n")
_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_STRAY = re.compile(rb"\x00|\r(?!\r?\n)")
_NAME = re.compile(rb"[!-9;-~]+")
_STRUCTURED = ("content-type", "content-transfer-encoding", "content-disposition")

T = TypeVar("T")
Headers: TypeAlias = "Message[str, str]"


class _Readable(Compat32):
    """Values as they were stored, their raw 8-bit bytes read."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return text_of(value)


_POLICY = _Readable()


@dataclass(frozen=True)
class HeaderBlock:
    """`body`: offset of what follows. `whole`: all of it was read. `sound`: nothing in it can be read in two ways."""

    headers: Headers
    body: int
    whole: bool
    sound: bool


def read_headers(raw: bytes, start: int = 0, end: int | None = None) -> HeaderBlock:
    """The header block at `start`. A block without its blank line is whole if nothing follows it."""
    end = len(raw) if end is None else end
    stop = min(end, start + MAX_HEADERS_BYTES)
    blank = _NO_HEADERS.match(raw, start, stop) or _END.search(raw, start, stop)
    head = raw[start : blank.start() if blank else stop]
    lines = _LINE_END.split(head, MAX_HEADER_LINES)
    headers = Message(policy=_POLICY)
    sound = not _STRAY.search(head)
    for name, value in _fields(lines[:MAX_HEADER_LINES]):
        if not name:
            sound = False
            continue
        text = value.decode("ascii", "surrogateescape")[:_MAX_HEADER_CHARACTERS]
        if name.lower() in _STRUCTURED and text.count(";") > MAX_PARAMETERS:
            text = ";".join(text.split(";", MAX_PARAMETERS + 1)[: MAX_PARAMETERS + 1])
            sound = False
        headers[name] = text
    whole = (blank is not None or stop == end) and len(lines) <= MAX_HEADER_LINES
    return HeaderBlock(headers, blank.end() if blank else stop, whole, sound and not _contradicts_itself(headers))


def _fields(lines: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and unfolded value of each header; a line that is none has the name ""."""
    name, pieces = "", [b""]
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            pieces.append(line)
            if not name and line.strip():
                yield "", line
            continue
        if name:
            yield name, b"".join(pieces)
        before, colon, after = line.partition(b":")
        before = before.rstrip(b" \t")
        name, pieces = "", [after.lstrip(b" \t")]
        if colon and _NAME.fullmatch(before):
            name = before.decode("ascii")
        elif line and not line.startswith((b"From ", b">From ")):  # the envelope line of an mbox says nothing
            yield "", line
    if name:
        yield name, b"".join(pieces)


def _contradicts_itself(headers: Headers) -> bool:
    """Whether a header that says how to read the part comes twice and says different things."""
    return any(len({value.strip().lower() for value in headers.get_all(name, [])}) > 1 for name in _STRUCTURED)


def text_of(value: str) -> str:
    """A header's value on one line, its raw 8-bit bytes read as UTF-8, or as Latin-1 when they are not."""
    value = value.replace("\r", "").replace("\n", "")
    try:
        raw = value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return value
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def decoded(text: str) -> str:
    """RFC 2047 words decoded, whatever charset they claim; control characters out; at most 500 characters."""
    text = text[:2000]
    read = safely(lambda: "".join(_words(text)), text)
    read = read.encode("utf-8", "replace").decode("utf-8")  # a lying charset may leave lone surrogates
    return "".join(character for character in read if character.isprintable())[:500].strip()


def _words(text: str) -> Iterator[str]:
    for word, charset in decode_header(text):
        if isinstance(word, str):
            yield word
            continue
        try:
            yield word.decode(charset or "utf-8", "replace")
        except (LookupError, ValueError):  # a charset that nobody knows
            yield word.decode("utf-8", "replace")


def safely(read: Callable[[], T], otherwise: T) -> T:
    """`read()`, or `otherwise`: the email package raises IndexError, ValueError, LookupError, … on bad headers."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - whatever it raises, a bad header is no reason to lose the mail
        return otherwise
