"""Replies are shown and erased with everything else stored about the number (R45)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schoolsms.application.consents.exercise_rights import ExerciseRights
from schoolsms.application.consents.heed_replies import HeedReplies
from schoolsms.application.consents.keep_consents import KeepConsents
from schoolsms.domain.consents.consents import Collected
from schoolsms.domain.consents.replies import Reply
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.schools.school_years import ended_at, year_labelled
from tests.fakes.consents.consents import FakeConsentRecords, FakePhoneOccurrences
from tests.fakes.consents.replies import FakeIncomingReplies, FakeReplies
from tests.support.builders import A_MANAGER, NOW, OTHER_UAI, SCHOOL, UAI
from tests.support.faults.fault_injection import interrupted
from tests.support.sending import Sending, phone

PERSON, OTHER = phone(0), phone(1)
CONSENT = Collected("Oui", "1", "papier", "moi", date(2026, 11, 20))


class Answering:
    """A school that wrote to two people, who answered."""

    def __init__(self) -> None:
        self.line = Sending()
        self.store, self.incoming = FakeConsentRecords(), FakeIncomingReplies()
        self.replies = FakeReplies(self.line.requests)
        self.keep = KeepConsents(self.line.schools, self.store, self.line.clock)
        for each in (PERSON, OTHER):
            self.keep.put(A_MANAGER, each, CONSENT)
        self.line.dispatch(self.line.accepted(PERSON, OTHER))
        self.heeding = HeedReplies(
            self.incoming, self.replies, self.line.schools, self.store, self.line.requests, self.line.clock
        )
        self.rights = ExerciseRights(
            schools=self.line.schools,
            consents=self.store,
            requests=self.line.requests,
            history=FakePhoneOccurrences(self.line.requests),
            replies=self.replies,
            incoming=self.incoming,
            files=[],
            clock=self.line.clock,
        )
        self.answer(PERSON, "Merci")
        self.answer(OTHER, "De rien")

    def hold(self, by: str, text: str) -> str:
        now = self.line.clock.now()
        return self.incoming.hold(Reply("ovh", by, text, text), by, now, now)

    def answer(self, by: str, text: str) -> None:
        self.heeding.heed(self.hold(by, text))


@pytest.fixture
def answering() -> Answering:
    return Answering()


def test_what_a_person_answered_is_shown(answering: Answering) -> None:
    held = answering.rights.show(A_MANAGER, PERSON, None)
    assert [(each.phone, each.text, each.received_at) for each in held.replies] == [(PERSON, "Merci", NOW)]


def test_what_was_answered_in_an_ended_year_is_not_shown_and_is_erased_all_the_same(answering: Answering) -> None:
    """R36, R38: it may wait for its purge."""
    year = year_labelled(SCHOOL.calendar, "2026-27")
    assert year is not None
    answering.line.clock.time = ended_at(SCHOOL.calendar, year)

    assert answering.rights.show(A_MANAGER, PERSON, None).replies == []
    assert answering.rights.erase(A_MANAGER, PERSON, None).replies == 1
    assert answering.replies.texts(UAI) == ["De rien"]


def test_an_erased_number_s_answers_are_gone_and_no_more_are_kept(answering: Answering) -> None:
    assert answering.rights.erase(A_MANAGER, PERSON, None).replies == 1
    answering.answer(PERSON, "Encore moi")

    assert answering.replies.texts(UAI) == ["De rien"]
    assert answering.rights.erase(A_MANAGER, PERSON, None).replies == 0


def test_an_answer_that_is_being_kept_while_its_number_is_erased_does_not_stay(answering: Answering) -> None:
    """It is looked at anew, and was forgotten then."""
    late = answering.hold(PERSON, "En même temps")
    racing = interrupted(answering.replies, before={"keep": lambda: answering.rights.erase(A_MANAGER, PERSON, None)})
    with pytest.raises(TransientError):
        replace(answering.heeding, replies=racing).heed(late)

    assert answering.heeding.heed(late) == "heeded-before"
    assert answering.replies.texts(UAI) == ["De rien"]


def test_answers_that_wait_to_be_heeded_are_erased(answering: Answering) -> None:
    """In trouble they wait for days."""
    late, others = answering.hold(PERSON, "En retard"), answering.hold(OTHER, "Aussi")
    assert answering.rights.erase(A_MANAGER, PERSON, None).replies == 2

    assert answering.incoming.held(late) is None
    assert answering.incoming.held(others) is not None
    assert answering.heeding.heed(late) == "heeded-before"


def test_an_answer_of_a_number_that_another_school_knows_waits_for_that_school(answering: Answering) -> None:
    """Its STOP must count there; here nothing is kept of it."""
    assert answering.store.put(OTHER_UAI, replace(answering.store.get(UAI, PERSON), changes=0))
    late = answering.hold(PERSON, "STOP")
    assert answering.rights.erase(A_MANAGER, PERSON, None).replies == 1

    assert answering.heeding.heed(late) == "withdrawn"
    assert not answering.store.get(OTHER_UAI, PERSON).granted


def test_an_answer_of_a_number_that_every_school_erased_goes(answering: Answering) -> None:
    elsewhere = replace(answering.store.get(UAI, PERSON), events=(), changes=0, suppressed_at=NOW)
    assert answering.store.put(OTHER_UAI, elsewhere)
    late = answering.hold(PERSON, "En retard")
    answering.rights.erase(A_MANAGER, PERSON, None)
    assert answering.incoming.held(late) is None


def test_a_correction_leaves_what_was_answered(answering: Answering) -> None:
    answering.line.clock.advance(timedelta(hours=1))
    answering.rights.rectify(A_MANAGER, PERSON, phone(2))
    assert [each.text for each in answering.rights.show(A_MANAGER, PERSON, None).replies] == ["Merci"]


def test_a_number_that_was_corrected_away_is_not_kept_again(answering: Answering) -> None:
    answering.rights.rectify(A_MANAGER, PERSON, phone(2))
    answering.answer(PERSON, "Vous vous trompez de numéro")
    assert answering.replies.texts(UAI) == ["Merci", "De rien"]


def test_stop_from_a_corrected_number_is_heeded(answering: Answering) -> None:
    answering.rights.rectify(A_MANAGER, PERSON, phone(2))
    answering.line.clock.advance(timedelta(hours=1))
    answering.answer(PERSON, "STOP SVP")

    with pytest.raises(RefusedError) as refused:
        answering.keep.put(A_MANAGER, PERSON, replace(CONSENT, collected_at=NOW + timedelta(minutes=30)))
    assert refused.value.code == "consent-withdrawn"
    assert answering.store.granted(UAI, [PERSON, phone(2)]) == {phone(2)}
