"""A manager reads the life of one message (R35, R36)."""

from dataclasses import dataclass

from schoolsms.application.history.read_send_requests import ReadSendRequests
from schoolsms.application.ports.core import SendRequests
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.history.message_lives import MessageLife, life_of
from schoolsms.domain.ids import split_message_id
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.sending.send_requests import PAGE_SIZE, Line, SendRequest


@dataclass(frozen=True)
class ReadMessage:
    """Managers read the messages of their own school's current year; all others are not found (R2)."""

    requests: SendRequests
    reading: ReadSendRequests

    def show(self, caller: Caller, message_id: str) -> MessageLife:
        """Raises NotFoundError."""
        uai = caller.require_school("sms_manager")
        request_id, index = split_message_id(message_id) or ("", 0)
        request = self.requests.get(request_id) if request_id else None
        if request is None or request.school != uai:
            raise _not_found()
        if request.school_year != self.reading.current_year(self.reading.school(uai)):
            raise _not_found()
        line = self._line(request, index)
        return life_of(request, line, self.requests.states(request.id, index, index).get(index))

    def _line(self, request: SendRequest, index: int) -> Line:
        """Refused recipients have no line, so the line of `index` is on the page of its rank or on one before."""
        for page in range(min(index // PAGE_SIZE, request.pages - 1), -1, -1):
            lines = self.requests.lines(request, page)
            if lines[0].index <= index:
                for line in lines:
                    if line.index == index:
                        return line
                break
        raise _not_found()


def _not_found() -> NotFoundError:
    return NotFoundError("Ce message n'existe pas.")
