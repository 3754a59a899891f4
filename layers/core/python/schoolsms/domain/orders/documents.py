"""Documents that are shown to people as they were received."""

from dataclasses import dataclass

LARGEST_ANSWERED = 4_000_000
"""Bytes of a document that is answered itself: Lambda's answers hold 6 MB, of which base64 takes a third."""


@dataclass(frozen=True)
class Document:
    """`content`, or for a large one the `url` where it may be downloaded."""

    content_type: str
    filename: str
    content: bytes = b""
    url: str = ""


def kind_of(content: bytes) -> tuple[str, str]:
    """Media type and extension of a document by its first bytes: what the mail called it may be anything."""
    if b"%PDF-" in content[:1024]:
        return "application/pdf", "pdf"
    if content.startswith(b"\x89PNG"):
        return "image/png", "png"
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg", "jpg"
    return "application/octet-stream", "bin"
