"""The operator's switch."""

from dataclasses import dataclass


@dataclass
class FakeMaintenance:
    """Implements the port `Maintenance`."""

    on: bool = False

    def is_on(self) -> bool:
        return self.on
