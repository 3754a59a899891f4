"""Tallies in the history table: `TALLY#<request>` / `TALLY`, compressed, because most messages end alike.

A partition apart from the request's own, so that a role that only reads requests may write tallies (R47). Each write
expects the number of the one before, so that nothing that was noted is lost.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from schoolsms.adapters.dynamodb.client.codec import Item, epoch
from schoolsms.adapters.dynamodb.client.retries import tries_within
from schoolsms.adapters.dynamodb.client.table import NEW, TableStore
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.tallies import Tally

PATIENCE_SECONDS = 20.0
"""Time in which a change is tried again while other processes are faster."""


class DynamoTallies(TableStore):
    """Implements the port `Tallies`."""

    def of(self, request_ids: Iterable[str]) -> Mapping[str, Tally]:
        keys = [tally_key(request_id) for request_id in dict.fromkeys(request_ids)]
        if len(keys) == 1:
            item = self._table.get(keys[0])
            return {_request_of(item): _tally(item)} if item else {}
        return {_request_of(item): _tally(item) for item in self._table.read_all(keys)}

    def change(self, request_id: str, make: Callable[[Tally | None], Tally | None]) -> Tally | None:
        key = tally_key(request_id)
        for _ in tries_within(PATIENCE_SECONDS):
            item = self._table.get(key)
            standing = _tally(item) if item else None
            made = make(standing)
            if made is None or made == standing:
                return standing
            number = item["number"] if item else 0
            written = {
                "to": number + 1,
                "letters": zlib.compress(made.letters, 9),
                "purge_at": epoch(made.purge_at),
                **({"read": number} if item else {}),
            }
            change = "SET #number = :to, letters = :letters, purge_at = :purge_at"
            if self._table.try_update(key, change, "#number = :read" if item else NEW, written):
                return made
        raise TransientError("too many changes of this request's messages at once")


def tally_key(request_id: str) -> Item:
    """Return the primary key of a request's tally."""
    return {"pk": f"TALLY#{request_id}", "sk": "TALLY"}


def _request_of(item: Item) -> str:
    return str(item["pk"]).removeprefix("TALLY#")


def _tally(item: Item) -> Tally:
    return Tally(datetime.fromtimestamp(item["purge_at"], UTC), zlib.decompress(item["letters"]))
