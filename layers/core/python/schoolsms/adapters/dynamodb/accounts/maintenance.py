"""The operator's switch in the accounts table (R49), known for some seconds so that it costs a request no read."""

import time
from collections.abc import Callable

from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.table import Table

MAX_AGE_SECONDS = 10.0
"""Time after which the switch is read again, so the longest that a running function takes to notice it."""


class DynamoMaintenance:
    """Implements the port `Maintenance`: it is on while there is an item `MAINTENANCE` / `CURRENT`."""

    def __init__(self, table: Table, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._monotonic = monotonic
        self._on = False
        self._read_at: float | None = None

    def is_on(self) -> bool:
        now = self._monotonic()
        if self._read_at is None or now - self._read_at > MAX_AGE_SECONDS:
            self._on = self._table.get(_KEY) is not None
            self._read_at = now
        return self._on

    def begin(self) -> None:
        """Switch it on, however often that is said. Raises TransientError."""
        self._table.put(_KEY)

    def end(self) -> None:
        """Switch it off, however often that is said. Raises TransientError."""
        self._table.delete(_KEY)


_KEY: Item = {"pk": "MAINTENANCE", "sk": "CURRENT"}
