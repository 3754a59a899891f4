"""Start the delivery of each accepted request that the table's stream shows, so that none is forgotten (R48)."""

from dataclasses import dataclass

from schoolsms.application.ports.core import Deliveries, SendRequests


@dataclass(frozen=True)
class StartDelivery:
    requests: SendRequests
    deliveries: Deliveries

    def start(self, request_id: str) -> None:
        """Start the state machine of a request; a repeated call starts nothing."""
        request = self.requests.get(request_id)
        if request is not None:  # else it was purged before the stream showed it: nothing is left to deliver
            self.deliveries.start(request)
