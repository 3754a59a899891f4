"""Walks over lists that ports hand out slice by slice."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from schoolsms.application.ports.core import Slice

T = TypeVar("T")


def every_item(read: Callable[[str | None], Slice[T]], cursor: str | None = None) -> Iterator[T]:
    """Yield all items from `cursor` on, reading the next slice when it is needed."""
    while True:
        piece = read(cursor)
        yield from piece.items
        cursor = piece.cursor
        if cursor is None:
            return


def next_matching(read: Callable[[str | None], Slice[T]], cursor: str | None, wanted: Callable[[T], bool]) -> Slice[T]:
    """Return the `wanted` items of the first slice from `cursor` on that has any; only for lists that are short."""
    while True:
        piece = read(cursor)
        found = [item for item in piece.items if wanted(item)]
        if found or piece.cursor is None:
            return Slice(found, piece.cursor)
        cursor = piece.cursor
