"""Port of the operator's switch that lets what arrives wait (R49)."""

from typing import Protocol


class Maintenance(Protocol):
    """Whether the operator works on the service."""

    def is_on(self) -> bool:
        """Known some seconds late at most. Raises TransientError."""
