"""The history as somebody reads it, page after page."""

from collections.abc import Iterator

from schoolsms.domain.history.history_messages import HistorySearch, Message
from tests.support.builders import A_MANAGER
from tests.support.sending import Sending

ALL = HistorySearch()


def slices(sending: Sending, search: HistorySearch = ALL) -> Iterator[list[Message]]:
    """The history as a reader pages through it."""
    cursor = None
    for _ in range(1_000):
        piece = sending.reading.history(A_MANAGER, search, cursor)
        yield list(piece.items)
        cursor = piece.cursor
        if cursor is None:
            return
    raise AssertionError("the history never ends")


def found(sending: Sending, **search: object) -> list[Message]:
    return [message for piece in slices(sending, HistorySearch(**search)) for message in piece]  # type: ignore[arg-type]
