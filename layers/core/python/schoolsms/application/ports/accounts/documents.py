"""Port of stored documents."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Stored:
    """A document of `size` bytes: all of it in `content`, or as much of its beginning as tells what it is."""

    content: bytes
    size: int


class StoredDocuments(Protocol):
    """Documents of one retention class, by their keys."""

    def find(self, key: str, most: int) -> Stored | None:
        """The document, whole if it has at most that many bytes; None if it is gone."""

    def link(self, key: str, content_type: str, filename: str) -> str:
        """An address from which anybody who knows it can download the document, for five minutes."""
