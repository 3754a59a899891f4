"""Port of what waits in the queue of messages."""

from typing import Protocol


class MessageBacklog(Protocol):
    """The pages of messages that wait to be handed over."""

    def pages_waiting(self) -> int:
        """About how many, those that are being handed over or are put off among them."""
