"""Port of the tallies: the statuses of a request's messages in one value."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from schoolsms.domain.sending.tallies import Tally


class Tallies(Protocol):
    """One tally a request, kept from the moment somebody first counts its messages."""

    def of(self, request_ids: Iterable[str]) -> Mapping[str, Tally]:
        """Those there are, by request."""

    def change(self, request_id: str, make: Callable[[Tally | None], Tally | None]) -> Tally | None:
        """Write what `make` makes of the tally as it is; return it.

        Another process may write meanwhile: then `make` is called again with what that one wrote, so that it must read
        whatever it needs anew each time. None, or the tally as it is, writes nothing.
        """
