"""Cancel a scheduled request before it starts, and release all of its debit (R29)."""

from dataclasses import dataclass, replace

from schoolsms.application.ports.core import Clock, SendRequests
from schoolsms.domain.errors import ConflictError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.sending.send_requests import SendRequest, visible_to


@dataclass(frozen=True)
class CancelSendRequest:
    requests: SendRequests
    clock: Clock

    def cancel(self, caller: Caller, request_id: str) -> SendRequest:
        """Cancel it for its author or a manager. Harmless when repeated. Raises NotFoundError, ConflictError."""
        request = visible_to(caller, self.requests.get(request_id))
        if request.waits:
            cost, now = request.cost_sms, self.clock.now()
            posting = ledger.release_request(request.id, cost, now) if cost else None
            if self.requests.cancel(request, now, caller.subject, posting):
                return replace(request, cancelled=True, cancelled_at=now, cancelled_by=caller.subject)
            # It has just started, or somebody else cancelled it, or we did and the answer was lost.
            request = visible_to(caller, self.requests.get(request_id))
        if not request.cancelled:
            raise ConflictError("Cet envoi a déjà commencé : il ne peut plus être annulé.", "already-started")
        return request
