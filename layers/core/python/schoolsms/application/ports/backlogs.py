"""Ports of what waits in queues: messages to hand over, and what could not be done."""

from collections.abc import Mapping
from typing import Protocol


class MessageBacklog(Protocol):
    """The pages of messages that wait to be handed over."""

    def pages_waiting(self) -> int:
        """About how many, those that are being handed over or are put off among them."""


class DeadLetters(Protocol):
    """Work given up after its last attempt, which waits for a person."""

    def waiting(self) -> Mapping[str, int]:
        """About how many by the queue that they were in, those of which there are any."""
