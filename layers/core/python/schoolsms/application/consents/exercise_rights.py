"""Show, correct or erase what a school has of a number, as the person asks (R45).

Erasure first makes sure that nothing is sent any more: the number loses its consent, and only its hash is remembered.
Dispatch then stops and releases what is not handed over yet, because only it may post. The requests that named the
number are visited one by one; a call that runs out of time returns a cursor for the next.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from schoolsms.application.consents.change_consent import ROUNDS, changed, named
from schoolsms.application.ports.consents import ConsentRecords
from schoolsms.application.ports.core import Clock, Schools, SendRequests
from schoolsms.application.ports.history.personal_data import Occurrence, PhoneOccurrences
from schoolsms.application.ports.history.purges import SchoolFiles
from schoolsms.application.ports.history.replies import IncomingReplies, Replies
from schoolsms.application.ports.walks import every_item
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.consents.consents import AHEAD, ConsentRecord, corrected, is_corrected_to, number, rectified
from schoolsms.domain.consents.replies import KeptReply
from schoolsms.domain.errors import NotFoundError, RefusedError, TransientError, not_of_this_list
from schoolsms.domain.history.history_messages import Message, message_of
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import CALENDARS, ended_at, other_years, school_years
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.send_requests import Refusal, SendRequest

TIME = timedelta(seconds=18)
"""The time that one call works; the rest is left to the next one."""

LABELS: Sequence[str] = tuple(sorted({year.label for each in CALENDARS for year in school_years(each)}, reverse=True))
"""Every known school year, because a school may have changed its calendar, and an ended year may wait for its purge."""


@dataclass(frozen=True)
class PersonalData:
    """All that is kept of a number; `refusals` by request, `replies` in the first call. `cursor` leads to the rest."""

    phone: str
    record: ConsentRecord
    messages: Sequence[Message]
    refusals: Sequence[tuple[SendRequest, Refusal]]
    replies: Sequence[KeptReply]
    cursor: str | None


@dataclass(frozen=True)
class Erasure:
    """Counts of erased `messages` and removed `replies` of this call; `cursor` leads to the rest."""

    record: ConsentRecord
    messages: int
    replies: int
    cursor: str | None


@dataclass(frozen=True)
class ExerciseRights:
    schools: Schools
    consents: ConsentRecords
    requests: SendRequests
    history: PhoneOccurrences
    replies: Replies
    incoming: IncomingReplies
    files: Sequence[SchoolFiles]
    clock: Clock

    def show(self, caller: Caller, phone: str, cursor: str | None) -> PersonalData:
        """Show what is kept, with what is scheduled for later years, without ended ones. Raises RefusedError."""
        school = require_callers_school(self.schools, caller, "sms_manager")
        e164 = number(phone, territory(school.uai))
        until = self.clock.now() + TIME
        messages: list[Message] = []
        refusals: list[tuple[SendRequest, Refusal]] = []
        end = None
        for place, occurrence in self._occurrences(school.uai, e164, cursor, _not_ended(school, self.clock.now())):
            request = occurrence.request
            if request:
                held = self.history.held(request, e164)
                for line in held.lines:
                    state = self.requests.states(request.id, line.index, line.index).get(line.index)
                    messages.append(message_of(request, line, state))
                refusals += [(request, refusal) for refusal in held.refusals]
            if self.clock.now() >= until:
                end = place
                break
        replies: list[KeptReply] = []
        for label in () if cursor else sorted(_not_ended(school, self.clock.now())):
            replies += self.replies.of_phone(school.uai, label, e164)
        return PersonalData(e164, self.consents.get(school.uai, e164), messages, refusals, replies, end)

    def rectify(self, caller: Caller, phone: str, right_phone: str) -> ConsentRecord:
        """The record of the right number, with what was recorded under the wrong one. Raises RefusedError.

        The history keeps what was truly sent, under the number it was sent to. What is not handed over yet would reach
        the wrong phone, so it is stopped and released for want of consent. Harmless when repeated.
        """
        school = require_callers_school(self.schools, caller, "sms_manager")
        wrong_e164, right_e164 = (number(each, territory(school.uai)) for each in (phone, right_phone))
        if wrong_e164 == right_e164:
            raise RefusedError("C'est le même numéro.", "same-number")
        for _ in range(ROUNDS):
            old, new = self.consents.get(school.uai, wrong_e164), self.consents.get(school.uai, right_e164)
            if is_corrected_to(old, new):
                return new
            if old.suppressed_at or old.proof is None:
                raise NotFoundError("Aucun consentement n'est enregistré pour ce numéro.")
            now, by = self.clock.now(), named(caller)
            right = rectified(old, new, now, by)
            if self.consents.move(school.uai, corrected(old, now, by), right):
                return right
        raise TransientError("too many changes of one consent at once")

    def erase(self, caller: Caller, phone: str, cursor: str | None) -> Erasure:
        """Erase the number. Called again, it goes on or finds nothing left. Raises RefusedError.

        What is gone on with by a `cursor` is the first person's, even if the number has a new holder by now.
        """
        school = require_callers_school(self.schools, caller, "sms_manager")
        e164 = number(phone, territory(school.uai))
        now = self.clock.now()
        suppress = _suppressed_before if cursor else _suppressed
        _, record = changed(self.consents, school.uai, e164, lambda before: suppress(before, now))
        ended = None if record.suppressed_at else record.reassigned_at
        # After the consent is gone and before anything is searched;
        # `adapters/dynamodb/history/requests/erasure_mark.py` says why.
        self.history.begin_erasure(school.uai, now)
        replies = 0
        if ended is None:  # else the call before removed the first person's
            replies = sum(self.replies.erase(school.uai, label, e164) for label in LABELS)
            replies += self._forget_incoming(school.uai, e164)
        erased, end = 0, None
        for place, occurrence in self._occurrences(school.uai, e164, cursor, LABELS):
            if not (ended and occurrence.request and occurrence.request.accepted_at > ended):
                erased += self.history.erase(occurrence, e164)
            if self.clock.now() >= now + TIME:
                end = place
                break
        # Last, because an export made meanwhile may have read the number before it was erased.
        for files in self.files:
            files.delete_older_than(school.uai, self.clock.now() + AHEAD)
        return Erasure(record, erased, replies, end)

    def _forget_incoming(self, uai: str, phone: str) -> int:
        """Forget answers that wait to be handled, in trouble for days, unless other schools know the number.

        Theirs stay until they are handled, because a STOP must reach those schools; nothing of them is kept for this
        one.
        """
        others = (each for each in self.consents.schools_of(phone) if each != uai)
        if any(not self.consents.get(each, phone).forgotten for each in others):
            return 0
        return self.incoming.forget_of(phone)

    def _occurrences(
        self, uai: str, phone: str, cursor: str | None, years: Container[str]
    ) -> Iterator[tuple[str, Occurrence]]:
        """Each occurrence of the number in those school years from that place on, with the place after it."""
        label, before = _read(cursor)
        for year in LABELS[LABELS.index(label) :]:
            if year in years:
                read = partial(self.history.occurrences, uai, year, phone)
                for occurrence in every_item(read, before if year == label else None):
                    yield f"{year}|{occurrence.place}", occurrence


def _not_ended(school: School, now: datetime) -> frozenset[str]:
    """The labels of running and later years, because an ended one is not shown any more (R36, R38).

    Those of other calendars are included, because the school may have had one.
    """
    calendar = school.calendar
    years = (*school_years(calendar), *other_years(calendar))
    return frozenset(year.label for year in years if ended_at(calendar, year) > now)


def _suppressed(record: ConsentRecord, now: datetime) -> ConsentRecord:
    return record if record.suppressed_at else replace(record, events=(), suppressed_at=now)


def _suppressed_before(record: ConsentRecord, now: datetime) -> ConsentRecord:
    """`record` as the call before left it, or as the number's new holder consented since."""
    return record if record.reassigned_at else _suppressed(record, now)


def _read(cursor: str | None) -> tuple[str, str | None]:
    """The school year and the place in it. Raises RefusedError."""
    if not cursor:
        return LABELS[0], None
    label, _, place = cursor.partition("|")
    if label not in LABELS or not place:
        raise not_of_this_list()
    return label, place
