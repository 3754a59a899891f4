"""Keep the totals of a request by status, so that a poll costs the same for 10 and for 10,000 recipients (R35).

Each process that may have changed messages notes their statuses in the request's tally before it is done; if it dies
first, its queue runs it again, and it notes them then. A status is noted as often as one likes, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schoolsms.application.ports.core import SendRequests
from schoolsms.application.ports.tallies import Tallies
from schoolsms.domain.ids import split_message_id
from schoolsms.domain.sending.delivering.statuses import Status
from schoolsms.domain.sending.send_requests import SendRequest, totals
from schoolsms.domain.sending.tallies import Tally, statuses_of

MOST_COUNTED = 2_000
"""Recipients of requests without a tally whose messages one call of a list counts: those that were sent before tallies
were kept. Others are counted when one of them is read."""


class Changes:
    """Messages that may have changed: those whose status is known, and ranges of those to read again."""

    def __init__(self) -> None:
        self.known: dict[str, dict[int, Status]] = {}
        self.unsure: dict[str, set[tuple[int, int]]] = {}

    def became(self, message_id: str, status: Status) -> None:
        """The message has that status for good: a final one, or one that only a final one follows."""
        if parts := split_message_id(message_id):
            self.known.setdefault(parts[0], {})[parts[1]] = status

    def may_have_changed(self, message_id: str) -> None:
        if parts := split_message_id(message_id):
            self.page_changed(parts[0], parts[1], parts[1])

    def page_changed(self, request_id: str, first: int, last: int) -> None:
        """Some of the messages from `first` to `last`."""
        self.unsure.setdefault(request_id, set()).add((first, last))

    def taken(self) -> Changes:
        """Return them all; none is left here."""
        changes = Changes()
        changes.known, self.known = self.known, {}
        changes.unsure, self.unsure = self.unsure, {}
        return changes


@dataclass(frozen=True)
class KeepTotals:
    requests: SendRequests
    tallies: Tallies

    def follow(self, changes: Changes) -> None:
        """Note what changed. Raises TransientError; then whoever made the changes must be run again."""
        for request_id in {*changes.known, *changes.unsure}:
            self._follow(request_id, changes.known.get(request_id, {}), changes.unsure.get(request_id, ()))

    def _follow(self, request_id: str, known: Mapping[int, Status], unsure: Iterable[tuple[int, int]]) -> None:
        def make(standing: Tally | None) -> Tally | None:
            if standing is None:
                request = self.requests.get(request_id)
                return self._counted(request) if request else None
            # Read after the tally: if another process notes something meanwhile, this is made again.
            read = [state for first, last in unsure for state in self.requests.states(request_id, first, last).values()]
            return standing.noted({**statuses_of(read), **known})

        self.tallies.change(request_id, make)

    def of(self, request: SendRequest) -> Mapping[Status, int]:
        """The messages of a request by status. Counts them once if they were never counted."""
        if not _started(request):
            return totals(request.accepted, [], cancelled=request.cancelled)
        standing = self.tallies.of([request.id]).get(request.id)
        tally = standing or self.tallies.change(request.id, lambda standing: standing or self._counted(request))
        return (tally or Tally(request.purge_at)).totals(request.accepted)

    def of_several(self, requests: Sequence[SendRequest]) -> Mapping[str, Mapping[Status, int]]:
        """The same for a list, by request; those that were never counted only up to `MOST_COUNTED` recipients."""
        standing = self.tallies.of(request.id for request in requests if _started(request))
        found: dict[str, Mapping[Status, int]] = {}
        left = MOST_COUNTED
        for request in requests:
            if request.id in standing:
                found[request.id] = standing[request.id].totals(request.accepted)
                continue
            if _started(request):
                left -= request.accepted
                if left < 0:
                    continue
            found[request.id] = self.of(request)
        return found

    def _counted(self, request: SendRequest) -> Tally:
        """Count every message from its record."""
        return Tally(request.purge_at).noted(statuses_of(self.requests.states(request.id).values()))


def _started(request: SendRequest) -> bool:
    """Whether its messages may have records: not before it starts, nor if it was cancelled before."""
    return not (request.waits or request.cancelled)
