"""Find what became of the SMS to one number on one day: why a parent got nothing (R24, R35, R36).

All answers in one call: whether the number may be written to, the life of each message to it, and the requests that
refused it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schoolsms.application.history.read_send_requests import ReadSendRequests
from schoolsms.application.ports.consents import ConsentRecords
from schoolsms.application.schools.stock.ledger_days import midnight
from schoolsms.domain.consents.consents import ConsentRecord, is_number, number
from schoolsms.domain.errors import not_of_this_list
from schoolsms.domain.history.message_lives import MessageLife, life_of
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.send_requests import ORDER_KEY, Refusal, RequestToPhone, SendRequest, moment_key

MOST_SLICES = 8
"""Slices of the index of numbers, a mebibyte each, that one call reads."""

_order_key = re.compile(ORDER_KEY).fullmatch


@dataclass(frozen=True)
class Trace:
    """`lives` of the messages, newest request first; `refusals` by request. `cursor` leads to earlier requests."""

    record: ConsentRecord
    lives: Sequence[MessageLife]
    refusals: Sequence[tuple[SendRequest, Refusal]]
    cursor: str | None


@dataclass(frozen=True)
class TraceNumber:
    reading: ReadSendRequests
    consents: ConsentRecords

    def trace(self, caller: Caller, phone: str, day: date | None, cursor: str | None) -> Trace:
        """For managers, of the current school year: of requests accepted or due on `day`, of all unless it is given.

        Raises RefusedError for what is no number.
        """
        school = self.reading.school(caller.require_school("sms_manager"))
        e164 = number(phone, territory(school.uai))
        if cursor and not _order_key(cursor):
            raise not_of_this_list()
        before = cursor or (_end(school, day) if day else None)
        lives: list[MessageLife] = []
        refusals: list[tuple[SendRequest, Refusal]] = []
        for _ in range(MOST_SLICES):
            year = self.reading.current_year(school)
            piece = self.reading.requests.of_phone(school.uai, year, e164, before)
            for hit in piece.items:
                if day in (None, school.local_day(hit.request.accepted_at), school.local_day(hit.request.due_at)):
                    lives += self._lives(hit, e164)
                    refusals += self._refusals(hit, e164, school)
            before = piece.cursor
            if before is None:
                break
        return Trace(self.consents.get(school.uai, e164), lives, refusals, before)

    def _lives(self, hit: RequestToPhone, phone: str) -> list[MessageLife]:
        requests, request = self.reading.requests, hit.request
        lines = [line for page in hit.pages for line in requests.lines(request, page) if line.phone == phone]
        return [
            life_of(request, line, requests.states(request.id, line.index, line.index).get(line.index))
            for line in lines
        ]

    def _refusals(self, hit: RequestToPhone, phone: str, school: School) -> list[tuple[SendRequest, Refusal]]:
        if not hit.refused:
            return []
        home = territory(school.uai)
        refusals = self.reading.requests.refusals(hit.request.id)
        return [(hit.request, each) for each in refusals if is_number(each.phone, phone, home)]


def _end(school: School, day: date) -> str:
    """Return the place in the order of requests before which those accepted up to the end of `day` are."""
    return f"{moment_key(midnight(school, day + timedelta(days=1)))}#"
