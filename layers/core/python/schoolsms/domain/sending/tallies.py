"""The statuses of all messages of a request in one value, so that a poll reads as much of 10 as of 10,000 (R35).

One letter a message, at its index; a space for one that is `queued`, and for a recipient that was refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from schoolsms.domain.sending.delivering.statuses import FINAL, Status
from schoolsms.domain.sending.send_requests import MessageState

_QUEUED = ord(" ")
_LETTERS: Mapping[Status, int] = {
    "queued": _QUEUED,
    "sent": ord("s"),
    "uncertain": ord("u"),
    "delivered": ord("d"),
    "undeliverable": ord("n"),
    "expired": ord("e"),
    "failed": ord("f"),
    "cancelled": ord("c"),
}
_FINAL = frozenset(_LETTERS[status] for status in _LETTERS if status in FINAL)
_SENT = _LETTERS["sent"]


@dataclass(frozen=True)
class Tally:
    """`purge_at`: when the table's TTL removes it, as the request."""

    purge_at: datetime
    letters: bytes = b""

    def noted(self, statuses: Mapping[int, Status]) -> Tally:
        """Return it with `statuses`, by index of the message, in whatever order they are noted.

        A final status stays, and `sent` becomes nothing but final, because no message ever does (R33): so whoever notes
        an older status late changes nothing. Between `queued` and `uncertain` the one that was read last counts.
        """
        if not statuses:
            return self
        letters = bytearray(self.letters.ljust(max(statuses) + 1, b" "))
        for index, status in statuses.items():
            standing, letter = letters[index], _LETTERS[status]
            if standing in _FINAL or (standing == _SENT and letter not in _FINAL):
                continue
            letters[index] = letter
        return replace(self, letters=bytes(letters))

    def totals(self, accepted: int) -> Mapping[Status, int]:
        """Messages by status, of `accepted` ones; only the statuses that there are."""
        counts: dict[Status, int] = {}
        for status, letter in _LETTERS.items():
            if letter != _QUEUED and (count := self.letters.count(letter)):
                counts[status] = count
        queued = accepted - sum(counts.values())
        return {"queued": queued, **counts} if queued else counts


def statuses_of(states: Iterable[MessageState]) -> Mapping[int, Status]:
    """Return the statuses that people see, by index of the message."""
    return {state.index: state.shown() for state in states}
