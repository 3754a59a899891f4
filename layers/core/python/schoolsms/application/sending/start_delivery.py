"""Every accepted request starts its delivery, told by the table's own stream, so that none is forgotten (R48)."""

from dataclasses import dataclass

from schoolsms.application.ports.core import Deliveries, SendRequests


@dataclass(frozen=True)
class StartDelivery:
    requests: SendRequests
    deliveries: Deliveries

    def start(self, request_id: str) -> None:
        """Start the state machine of a request; told twice, it runs once."""
        request = self.requests.get(request_id)
        if request is not None:  # else purged before its record came through: there is nothing to deliver
            self.deliveries.start(request)
