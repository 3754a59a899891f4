"""Documents that are shown to people as they were received."""

from dataclasses import dataclass

LARGEST_ANSWERED = 4_000_000
"""The largest document answered directly: a Lambda's answer may have 6 MB, and base64 adds a third."""


@dataclass(frozen=True)
class Document:
    """A document: its `content`, or the `url` from which a large one can be downloaded."""

    content_type: str
    filename: str
    content: bytes = b""
    url: str = ""


def kind_of(content: bytes) -> tuple[str, str]:
    """Media type and extension of a document by its first bytes, because a mail may call it anything."""
    if b"%PDF-" in content[:1024]:
        return "application/pdf", "pdf"
    if content.startswith(b"\x89PNG"):
        return "image/png", "png"
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg", "jpg"
    return "application/octet-stream", "bin"
