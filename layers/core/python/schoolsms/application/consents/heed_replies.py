"""Handle a recipient's answer: STOP withdraws the consent, managers of the schools that wrote read others (R24).

Providers say who answers, not to which school. So STOP counts for every school that the number had consented to, and
the managers of every school that wrote to it read any other answer. Only numbers with a consent are written to, so
the consents name the schools to look at, and the index of numbers says whether each of them wrote.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Literal

from schoolsms.application.consents.change_consent import changed
from schoolsms.application.ports.consents import ConsentRecords
from schoolsms.application.ports.core import Clock, Schools, SendRequests
from schoolsms.application.ports.history.replies import IncomingReplies, Replies
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.consents.consents import without_consent
from schoolsms.domain.consents.replies import HeldReply, KeptReply, asks_to_stop
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.school_years import SchoolYear, ended_at, school_year_of, school_years, zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.send_requests import MessageState, RequestToPhone

Heeded = Literal["withdrawn", "kept", "nobody-wrote", "heeded-before"]

SECOND_NET = timedelta(days=30)
"""Time after the school year at which the table's TTL removes what a purge left."""

NOT_HANDED_OVER = frozenset(("queued", "failed", "cancelled"))
"""Statuses of a message that certainly reached no phone."""


@dataclass(frozen=True)
class HeedReplies:
    incoming: IncomingReplies
    replies: Replies
    schools: Schools
    consents: ConsentRecords
    requests: SendRequests
    clock: Clock

    def heed(self, reply_id: str) -> Heeded:
        """Handle one answer. Harmless when repeated; after an interruption it begins again. Raises TransientError."""
        reply = self.incoming.held(reply_id)
        if reply is None:
            return "heeded-before"
        heeded = self._withdraw(reply) if asks_to_stop(reply.text) else self._keep(reply)
        self.incoming.forget(reply.id)
        return heeded

    def _withdraw(self, reply: HeldReply) -> Heeded:
        # Dated by the answer, not by now, because one that was a dead letter must not end a consent given since.
        at, by = reply.received_at, f"le destinataire, par SMS ({reply.provider})"
        for uai in self.consents.schools_of(reply.phone):
            changed(self.consents, uai, reply.phone, lambda record: without_consent(record, at, by))
        return "withdrawn"

    def _keep(self, reply: HeldReply) -> Heeded:
        known = [self.schools.get(uai) for uai in self.consents.schools_of(reply.phone)]
        kept = [self._kept_for(school, reply) for school in known if school]
        return "kept" if any(kept) else "nobody-wrote"

    def _kept_for(self, school: School, reply: HeldReply) -> bool:
        year = school_year_of(school.calendar, school.local_day(reply.received_at))
        if ended_at(school.calendar, year) <= self.clock.now():
            return False  # it is not shown any more, and the year may be purged already (R36, R38)
        mark = self.requests.erasure_mark(school.uai)
        if self.consents.get(school.uai, reply.phone).forgotten or not self._wrote(school, year, reply.phone):
            return False
        kept = KeptReply(reply.id, reply.phone, reply.text, reply.received_at)
        end = datetime.combine(year.end_exclusive, time(), zone(school.calendar))
        if not self.replies.keep(school.uai, year.label, kept, end + SECOND_NET, mark):
            raise TransientError("a number was erased meanwhile: look again whether it is this one")
        return True

    def _wrote(self, school: School, year: SchoolYear, phone: str) -> bool:
        """Whether a message of this school year, or of the last one until its purge, was handed over to `phone`."""
        last = (each for each in school_years(school.calendar) if each.end_exclusive == year.start)
        labels = [year.label, *(each.label for each in last)]
        walks = (every_item(partial(self.requests.of_phone, school.uai, label, phone)) for label in labels)
        return any(self._handed_over(found, phone) for walk in walks for found in walk)

    def _handed_over(self, found: RequestToPhone, phone: str) -> bool:
        request = found.request
        lines = (line for page in found.pages for line in self.requests.lines(request, page) if line.phone == phone)
        states = (self.requests.states(request.id, line.index, line.index).get(line.index) for line in lines)
        return any(_left(state) for state in states)


def _left(state: MessageState | None) -> bool:
    """Whether the message was handed over, or may have been."""
    return state is not None and state.status not in NOT_HANDED_OVER
