"""The leaf parts of a raw mail, found within bounds of depth, number, time and memory.

The standard library parses each header block, but not the whole mail: its parser keeps a string a line (a 40 MB mail
of short lines takes over 1 GB), recurses once a level and compares every line with every boundary around it. Here
parts are offsets into the raw bytes, found by searching for their boundary, on a stack of our own.
"""

import binascii
import re
from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from itertools import islice
from typing import TypeAlias, TypeVar

MAX_DEPTH = 20
MAX_PARTS = 100
MAX_HEADERS_BYTES = 256 * 1024
_MAX_HEADER_CHARACTERS = 8 * 1024

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_NO_HEADERS = re.compile(rb"\r?\n")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))

T = TypeVar("T")
Headers: TypeAlias = "Message[str, str]"


class _ShortHeaders(Compat32):
    """Headers as they came, cut at a length that no parser of parameters chokes on."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER_CHARACTERS]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return text_of(value)


_PARSER = BytesHeaderParser(policy=_ShortHeaders())


class Part:
    """A leaf: its headers, and its body still encoded."""

    def __init__(self, headers: Headers, buffer: bytes, start: int, end: int) -> None:
        self.headers = headers
        self._buffer, self._start, self._end = buffer, start, end

    @property
    def content_type(self) -> str:
        return safely(self.headers.get_content_type, "application/octet-stream")

    @property
    def filename(self) -> str:
        """As written (RFC 2231 decoded, RFC 2047 not), "" when there is none."""
        return safely(lambda: self.headers.get_filename() or "", "")

    @property
    def transfer_encoding(self) -> str:
        return safely(lambda: str(self.headers.get("content-transfer-encoding", "")).strip().lower(), "")

    def decode(self) -> tuple[bytes, bool]:
        """The content, and whether all of it could be decoded."""
        data = self._buffer[self._start : self._end]
        match self.transfer_encoding:
            case "base64":
                return _decode_base64(data)
            case "quoted-printable":
                return binascii.a2b_qp(data), True
        return data, True


def read_headers(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Headers, int, bool]:
    """The header block at `start`, where its body begins, and whether the block was whole."""
    end = len(raw) if end is None else end
    stop = min(end, start + MAX_HEADERS_BYTES)
    blank = _NO_HEADERS.match(raw, start, stop) or _BLANK_LINE.search(raw, start, stop)
    head = raw[start : blank.start() if blank else stop]
    headers: Headers = safely(lambda: _PARSER.parsebytes(head), Message())
    return headers, blank.end() if blank else stop, blank is not None or stop == end


def leaf_parts(raw: bytes, problems: set[str]) -> Iterator[Part]:
    """The leaves in their order; what could not be walked is added to `problems`."""
    stack = [(raw, 0, len(raw), 0)]
    for _ in range(MAX_PARTS):
        if not stack:
            return
        buffer, start, end, depth = stack.pop()
        headers, body, whole = read_headers(buffer, start, end)
        if not whole:
            problems.add("headers-too-large")
            continue
        part = Part(headers, buffer, body, end)
        is_multipart = part.content_type.startswith("multipart/")
        if not is_multipart and not _is_mail(part):
            yield part
        elif depth == MAX_DEPTH:
            problems.add("too-deep")
        elif is_multipart:
            sections = list(islice(_sections(part, buffer, body, end), MAX_PARTS + 1))
            if not sections:
                problems.add("malformed-part")
            stack += [(buffer, *section, depth + 1) for section in reversed(sections)]
        else:
            content, intact = part.decode()
            if not intact:
                problems.add("malformed-part")
            stack.append((content, 0, len(content), depth + 1))
    if stack:
        problems.add("too-many-parts")


def _is_mail(part: Part) -> bool:
    return part.content_type == "message/rfc822" or part.filename.lower().endswith(".eml")


def _sections(part: Part, buffer: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each part between the delimiter lines; one that is never closed ends with its parent."""
    boundary = safely(lambda: part.headers.get_boundary() or "", "")
    if not boundary:
        return
    # the literal beginning lets `re` jump from candidate to candidate: linear, and fast
    line = re.compile(rb"\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r?\n|\r?\Z)")
    begun: int | None = None
    for found in line.finditer(buffer, max(start - 1, 0), end):
        if begun is not None:
            stop = found.start() - (buffer[found.start() - 1] == 0x0D)
            yield begun, max(begun, stop)
        if found[1]:
            return
        begun = min(buffer.find(b"\n", found.end(), end) + 1 or end, end)
    if begun is not None:
        yield begun, end


def _decode_base64(data: bytes) -> tuple[bytes, bool]:
    intact = not data.translate(None, _BASE64 + b"=\r\n\t ")
    try:
        return binascii.a2b_base64(data), intact
    except binascii.Error:  # wrong padding: keep every whole group of four
        clean = data.translate(None, _NOT_BASE64)
        return binascii.a2b_base64(clean[: len(clean) // 4 * 4]), False


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


def safely(read: Callable[[], T], otherwise: T) -> T:
    """`read()`, or `otherwise`: the email package raises IndexError, ValueError, LookupError, … on bad headers."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - whatever it raises, a bad header is no reason to lose the mail
        return otherwise
