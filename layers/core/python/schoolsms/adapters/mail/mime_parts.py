"""The leaf parts of a raw mail, found within bounds of depth, number, time and memory.

The standard library's parser keeps a string a line (a 40 MB mail of short lines takes over 1 GB), recurses once a
level and compares every line with every boundary around it. Here parts are offsets into the raw bytes, found by
searching for their boundary, on a stack of our own.
"""

import re
from collections.abc import Iterator
from itertools import islice

from schoolsms.adapters.mail.mime_headers import Headers, decoded, read_headers, safely
from schoolsms.adapters.mail.transfer_encodings import decode, encoding_of

MAX_DEPTH = 20
MAX_PARTS = 100

_MAIL_TYPES = frozenset(("message/rfc822", "message/global", "message/news"))
_TYPE = re.compile(r"[\s\"']*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+*-]+)", re.IGNORECASE)


class Part:
    """A leaf: its headers, and its body still encoded. `default_type`: what it is if it does not say."""

    def __init__(self, headers: Headers, buffer: bytes, start: int, end: int, default_type: str = "text/plain") -> None:
        self.headers = headers
        self._buffer, self._start, self._end = buffer, start, end
        written = _TYPE.match(str(headers.get("content-type", "")))
        self.content_type = written[1].lower() if written else default_type
        self.filename = decoded(safely(lambda: headers.get_filename() or "", ""))
        """RFC 2231 and RFC 2047 decoded, "" when there is none."""

    @property
    def referred_to(self) -> bool:
        """Whether it is shown inside the text, as the pictures of a signature are."""
        return "content-id" in self.headers or self._disposition.startswith("inline")

    @property
    def is_attached(self) -> bool:
        """Whether it says that it is a file beside the text, with a name or without."""
        return self._disposition.startswith("attachment")

    @property
    def charset(self) -> str:
        """Its encoding of letters as it names it, "" when it does not."""
        return safely(lambda: str(self.headers.get_content_charset() or ""), "")

    @property
    def _disposition(self) -> str:
        return str(self.headers.get("content-disposition", "")).strip().lower()

    def decode(self) -> tuple[bytes, bool]:
        """The content, and whether all of it could be decoded."""
        encoding = encoding_of(str(self.headers.get("content-transfer-encoding", "")))
        return decode(self._buffer[self._start : self._end], encoding)


def leaf_parts(raw: bytes, problems: set[str]) -> Iterator[Part]:
    """The leaves in their order; what could not be walked, or read in one way only, is added to `problems`."""
    stack = [(raw, 0, len(raw), 0, "text/plain")]
    for _ in range(MAX_PARTS):
        if not stack:
            return
        buffer, start, end, depth, default_type = stack.pop()
        block = read_headers(buffer, start, end)
        if not block.whole:
            problems.add("headers-too-large")
            continue
        if not block.sound:
            problems.add("headers-malformed")
        part = Part(block.headers, buffer, block.body, end, default_type)
        is_multipart = part.content_type.startswith("multipart/")
        if not is_multipart and not _is_mail(part):
            yield part
        elif depth == MAX_DEPTH:
            problems.add("too-deep")
        elif is_multipart:
            sections = list(islice(_sections(part, buffer, block.body, end), MAX_PARTS + 1))
            if not sections:
                problems.add("malformed-part")
            of_parts = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
            stack += [(buffer, *section, depth + 1, of_parts) for section in reversed(sections)]
        else:
            content, intact = part.decode()
            if not intact:
                problems.add("malformed-part")
            stack.append((content, 0, len(content), depth + 1, "text/plain"))
    if stack:
        problems.add("too-many-parts")


def _is_mail(part: Part) -> bool:
    return part.content_type in _MAIL_TYPES or part.filename.lower().endswith(".eml")


def _sections(part: Part, buffer: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each part between the delimiter lines; one that is never closed ends with its parent."""
    boundary = safely(lambda: part.headers.get_boundary() or "", "")
    if not boundary:
        return
    # the literal beginning lets `re` jump from candidate to candidate: linear, and fast
    line = re.compile(rb"\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r{0,2}\n|\r?\Z)")
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
