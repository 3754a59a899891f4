"""Lists in slices, as the adapters give them."""

from collections.abc import Callable
from typing import TypeVar

from schoolsms.application.ports.core import Slice

T = TypeVar("T")
PAGE = 3
"""Items in a slice: few, so that tests meet the next one."""


def sliced(items: list[T], key: Callable[[T], str], cursor: str | None) -> Slice[T]:
    """The `PAGE` items after the one whose key is `cursor`."""
    start = next((number + 1 for number, item in enumerate(items) if key(item) == cursor), 0)
    piece = items[start : start + PAGE]
    return Slice(piece, key(piece[-1]) if start + PAGE < len(items) else None)
