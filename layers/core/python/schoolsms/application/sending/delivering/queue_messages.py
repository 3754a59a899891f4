"""Queue the pages of a request that is due (R29)."""

from dataclasses import dataclass, replace

from schoolsms.application.ports.core import MessageQueue, SendRequests
from schoolsms.application.sending.delivering.keep_totals import KeepTotals
from schoolsms.domain.errors import TransientError


@dataclass(frozen=True)
class QueueMessages:
    requests: SendRequests
    queue: MessageQueue
    totals: KeepTotals

    def queue_request(self, request_id: str) -> int:
        """Queue every page unless the request was cancelled; how many. Repeating is harmless: messages are claimed.

        A scheduled request is first marked as started, so that it cannot be cancelled any more.
        """
        request = self.requests.get(request_id)
        if request is None:
            raise TransientError("the request to queue is not there")
        if request.cancelled or (request.waits and not self.requests.start(request.id)):
            return 0
        # Before any page is dispatched, so that not each of forty processes counts the request to begin its tally.
        self.totals.of(replace(request, started=True))
        self.queue.pages_due(request.id, request.school, range(request.pages))
        return request.pages
