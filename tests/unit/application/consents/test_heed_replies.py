"""STOP withdraws; other answers are kept for the managers of the schools that wrote to the number (R2, R24)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

import pytest

from schoolsms.application.consents.heed_replies import HeedReplies
from schoolsms.application.consents.keep_consents import KeepConsents
from schoolsms.application.consents.read_replies import ReadReplies
from schoolsms.domain.consents.consents import Collected
from schoolsms.domain.consents.replies import Reply
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.school_years import ended_at, year_labelled
from schoolsms.domain.sending.delivering.handoffs import Refused, Uncertain
from tests.fakes.consents.consents import FakeConsentRecords
from tests.fakes.consents.replies import FakeIncomingReplies, FakeReplies
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, SCHOOL, STRANGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phone, phones

PERSON = phone(0)
THANKS = "Merci, nous serons là !"
COLLECTED = Collected("J'accepte.", "1", "papier", "moi", date(2026, 11, 20))


class Answers:
    """Two schools to which one person consented; the first wrote to it."""

    def __init__(self, *, wrote: bool = True, script: Any = ()) -> None:
        self.line = Sending(script=script)
        self.line.schools.put(replace(SCHOOL, uai=OTHER_UAI))
        self.line.ledger.give(OTHER_UAI, 100, NOW)
        self.store, self.incoming = FakeConsentRecords(), FakeIncomingReplies()
        self.replies = FakeReplies(self.line.requests)
        self.keep = KeepConsents(self.line.schools, self.store, self.line.clock)
        for caller in (A_MANAGER, STRANGER):
            self.keep.put(caller, PERSON, COLLECTED)
        self.use = HeedReplies(
            self.incoming, self.replies, self.line.schools, self.store, self.line.requests, self.line.clock
        )
        self.reading = ReadReplies(self.line.schools, self.replies, self.line.clock)
        if wrote:
            self.line.dispatch(self.line.accepted(PERSON))

    def hold(self, text: str, by: str = PERSON) -> str:
        now = self.line.clock.now()
        return self.incoming.hold(Reply("ovh", by, text, text), by, now, now)

    def heed(self, text: str, by: str = PERSON) -> str:
        return self.use.heed(self.hold(text, by))

    def read(self, caller: Caller = A_MANAGER) -> list[str]:
        return [each.text for each in self.reading.list(caller, None).items]


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.mark.parametrize("text", ["Stop !", "STOP merci de ne plus m'envoyer de SMS", "ARRÊT"])
def test_a_stop_withdraws_the_consent_of_every_school(answers: Answers, text: str) -> None:
    answers.line.clock.advance(timedelta(hours=1))
    assert answers.heed(text) == "withdrawn"
    for uai in (UAI, OTHER_UAI):
        record = answers.store.get(uai, PERSON)
        assert (record.granted, record.withdrawn_at) == (False, NOW + timedelta(hours=1))
        assert record.events[-1].by == "le destinataire, par SMS (ovh)"


def test_a_withdrawal_bears_the_moment_of_the_answer_however_late_it_is_heeded(answers: Answers) -> None:
    """R44: it is the proof."""
    stop = answers.hold("STOP")
    answers.line.clock.advance(timedelta(days=2))
    assert answers.use.heed(stop) == "withdrawn"
    assert answers.store.get(UAI, PERSON).withdrawn_at == NOW


def test_a_stop_that_waited_ends_no_consent_that_was_given_after_it(answers: Answers) -> None:
    stop = answers.hold("STOP")
    answers.line.clock.advance(timedelta(days=2))
    answers.keep.put(A_MANAGER, PERSON, replace(COLLECTED, collected_at=NOW + timedelta(days=1)))
    assert answers.use.heed(stop) == "withdrawn"
    assert answers.store.get(UAI, PERSON).granted
    assert not answers.store.get(OTHER_UAI, PERSON).granted


@pytest.mark.parametrize(("recorded", "collected"), [(2, -1), (-1, 1)])
def test_a_consent_collected_before_a_stop_or_dated_ahead_of_it_is_ended(
    answers: Answers, recorded: int, collected: int
) -> None:
    """`recorded` and `collected` in minutes after the STOP."""
    stopped_at = NOW + timedelta(hours=1)
    proof = replace(COLLECTED, collected_at=stopped_at + timedelta(minutes=collected))
    answers.line.clock.time = stopped_at
    stop = answers.hold("STOP")
    answers.line.clock.time = stopped_at + timedelta(minutes=recorded)
    answers.keep.put(A_MANAGER, PERSON, proof)
    answers.use.heed(stop)
    assert not answers.store.get(UAI, PERSON).granted


def test_a_stop_is_no_answer_to_be_read(answers: Answers) -> None:
    answers.heed("STOP")
    assert answers.read() == []


def test_a_stop_delivered_twice_is_one_withdrawal(answers: Answers) -> None:
    answers.heed("STOP")
    before = dict(answers.store.known)
    assert answers.heed("STOP svp") == "withdrawn"
    assert answers.store.known == before


def test_a_number_nobody_knows_may_say_stop(answers: Answers) -> None:
    before = dict(answers.store.known)
    assert answers.heed("STOP", phone(9)) == "withdrawn"
    assert answers.store.known == before


def test_another_answer_changes_no_consent_and_is_read_by_the_school_that_wrote(answers: Answers) -> None:
    assert answers.heed(THANKS) == "kept"
    assert answers.store.get(UAI, PERSON).granted
    [kept] = answers.reading.list(A_MANAGER, None).items
    assert (kept.phone, kept.text, kept.received_at) == (PERSON, THANKS, NOW)


def test_a_machine_s_answer_is_read_too(answers: Answers) -> None:
    assert answers.heed("Je suis au volant, je vous rappelle.") == "kept"


def test_what_could_mean_stop_reaches_a_person(answers: Answers) -> None:
    assert answers.heed("Cela suffit, arrêtez donc") == "kept"
    assert answers.read() == ["Cela suffit, arrêtez donc"]


def test_a_school_that_never_wrote_to_the_number_reads_nothing(answers: Answers) -> None:
    """R2: though it has its consent."""
    answers.heed(THANKS)
    assert answers.read(STRANGER) == []


def test_every_school_that_wrote_reads_it(answers: Answers) -> None:
    request = answers.line.accept(caller=STRANGER).request
    answers.line.dispatch(request)
    answers.heed(THANKS)
    assert (answers.read(), answers.read(STRANGER)) == ([THANKS], [THANKS])


def test_an_answer_of_somebody_nobody_wrote_to_is_kept_nowhere(answers: Answers) -> None:
    assert answers.heed(THANKS, phone(9)) == "nobody-wrote"
    assert answers.incoming.held(f"ovh-{THANKS}") is None


def test_an_accepted_request_that_was_not_handed_over_yet_wrote_to_nobody() -> None:
    answers = Answers(wrote=False)
    answers.line.accepted(PERSON)
    assert answers.heed(THANKS) == "nobody-wrote"


def test_a_message_that_no_provider_took_reached_nobody() -> None:
    assert Answers(script=[Refused("no")]).heed(THANKS) == "nobody-wrote"


def test_a_message_that_may_have_been_taken_may_be_answered() -> None:
    assert Answers(script=[Uncertain("timeout")]).heed(THANKS) == "kept"


def test_somebody_in_the_midst_of_a_long_list_is_found() -> None:
    answers = Answers(wrote=False)
    request = answers.line.accepted(*phones(60)[1:], PERSON)
    answers.line.dispatch(request, page=0)
    assert answers.heed(THANKS) == "nobody-wrote"
    answers.line.dispatch(request, page=1)
    assert answers.heed(THANKS + " !") == "kept"


def test_a_message_of_long_ago_is_found(answers: Answers) -> None:
    for _ in range(30):
        answers.line.clock.advance(timedelta(minutes=1))
        answers.line.accepted(phone(5))
    assert answers.heed(THANKS) == "kept"


def test_an_answer_is_heeded_once(answers: Answers) -> None:
    reply_id = answers.hold(THANKS)
    assert [answers.use.heed(reply_id) for _ in range(3)] == ["kept", "heeded-before", "heeded-before"]
    assert answers.read() == [THANKS]


@pytest.mark.parametrize("text", [THANKS, "STOP"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_stopped_anywhere_it_is_done_again(answers: Answers, text: str, moment: Literal["before", "after"]) -> None:
    """R48."""
    reply_id = answers.hold(text)
    for name, method in (("replies", "keep"), ("consents", "put"), ("incoming", "forget")):
        dying: Any = interrupted(getattr(answers.use, name), **{moment: {method: dies}})
        uses = {"replies": text == THANKS, "consents": text == "STOP", "incoming": True}[name]
        if uses and answers.incoming.held(reply_id):
            with pytest.raises(Died):
                replace(answers.use, **{name: dying}).heed(reply_id)
    answers.use.heed(reply_id)
    assert answers.read() == ([THANKS] if text == THANKS else [])
    assert answers.store.get(UAI, PERSON).granted == (text == THANKS)
    assert answers.incoming.held(reply_id) is None


def test_a_withdrawn_number_may_answer_all_the_same(answers: Answers) -> None:
    answers.keep.withdraw(A_MANAGER, PERSON)
    assert answers.heed("Et mon fils ?") == "kept"


# ------------------------------------------------------------------ the school year


def end_of_year() -> Any:
    year = year_labelled(SCHOOL.calendar, "2026-27")
    assert year is not None
    return ended_at(SCHOOL.calendar, year)


def test_from_the_first_second_of_the_next_year_an_answer_is_shown_no_more(answers: Answers) -> None:
    """R36."""
    answers.heed(THANKS)
    answers.line.clock.time = end_of_year() - timedelta(seconds=1)
    assert answers.read() == [THANKS]
    answers.line.clock.time = end_of_year()
    assert answers.read() == []


def test_an_answer_that_waited_until_its_year_was_over_is_kept_nowhere(answers: Answers) -> None:
    """R38: its year may be purged, and certified, already."""
    answers.line.clock.time = end_of_year() - timedelta(seconds=1)
    reply_id = answers.hold(THANKS)
    answers.line.clock.time = end_of_year()
    assert answers.use.heed(reply_id) == "nobody-wrote"
    assert answers.replies.texts(UAI) == []


def test_a_message_of_the_last_days_of_a_year_is_answered_in_the_next(answers: Answers) -> None:
    answers.line.clock.time = end_of_year() + timedelta(minutes=1)
    assert answers.heed(THANKS) == "kept"
    assert answers.read() == [THANKS]


# ------------------------------------------------------------------ who reads


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR])
def test_only_managers_read_answers(answers: Answers, caller: Caller) -> None:
    with pytest.raises(Forbidden):
        answers.reading.list(caller, None)


def test_a_school_that_is_not_registered_has_no_answers(answers: Answers) -> None:
    del answers.line.schools.known[UAI]
    with pytest.raises(NotFoundError):
        answers.reading.list(A_MANAGER, None)
    assert answers.heed(THANKS) == "nobody-wrote"
