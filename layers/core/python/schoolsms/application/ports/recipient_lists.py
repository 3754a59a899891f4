"""Port of the recipient lists that schools upload."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

MAX_LIST_BYTES = 20_000_000
"""Of a list as it is uploaded."""


@dataclass(frozen=True)
class Upload:
    """Address for uploading a list until `expires_at`: as the last field, `file`, of a form that has `fields`.

    It is POSTed to `url` as multipart/form-data; a larger one than a list may be is refused there.
    """

    list_id: str
    url: str
    fields: Mapping[str, str]
    expires_at: datetime


class RecipientLists(Protocol):
    """Lists of one school each, forgotten after a day."""

    def open(self, uai: str, now: datetime) -> Upload:
        """Return an address for uploading a new list."""

    def read(self, uai: str, list_id: str) -> bytes | None:
        """The list as it was uploaded, None when it is not there (yet). Raises RefusedError when it is too large."""

    def discard(self, uai: str, list_id: str) -> None:
        """Remove it if that is possible now. Never raises, because a day later it is gone anyway."""
