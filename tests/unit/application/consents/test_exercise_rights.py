"""A person asks what is held of their number, has it corrected, has it erased (R2, R45)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schoolsms.application.consents.exercise_rights import ExerciseRights
from schoolsms.application.consents.keep_consents import KeepConsents
from schoolsms.domain.consents.consents import Collected, ConsentRecord
from schoolsms.domain.errors import NotFoundError, RefusedError, TransientError
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.school_years import ended_at, year_labelled
from tests.fakes.consents.consents import FakeConsentRecords, FakePhoneOccurrences, FakeSchoolFiles
from tests.fakes.consents.replies import FakeIncomingReplies, FakeReplies
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, STRANGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, command, phone

COLLECTED = Collected("J'accepte les SMS.", "1", "papier", "Secrétariat", date(2026, 11, 20))
PERSON, OTHER = phone(0), phone(1)


class Rights:
    """A school that wrote to two people who had consented."""

    def __init__(self) -> None:
        self.sending = Sending()
        self.store = FakeConsentRecords()
        self.files = FakeSchoolFiles()
        line = self.sending
        self.keep = KeepConsents(line.schools, self.store, line.clock)
        for each in (PERSON, OTHER):
            self.keep.put(A_MANAGER, each, COLLECTED)
        line.accepting = replace(line.accepting, consents=self.store)
        line.dispatching = replace(line.dispatching, consents=self.store)
        self.use = ExerciseRights(
            schools=line.schools,
            consents=self.store,
            requests=line.requests,
            history=FakePhoneOccurrences(line.requests),
            replies=FakeReplies(line.requests),
            incoming=FakeIncomingReplies(),
            files=[self.files],
            clock=line.clock,
        )


@pytest.fixture
def rights() -> Rights:
    return Rights()


def test_all_that_is_held_is_shown(rights: Rights) -> None:
    request = rights.sending.accept(command(recipients=[PERSON, OTHER, "06 12 00 00 00"])).request
    rights.sending.dispatch(request)
    rights.keep.withdraw(A_MANAGER, PERSON)

    held = rights.use.show(A_MANAGER, "06 12 00 00 00", None)

    assert (held.phone, [each.kind for each in held.record.events]) == (PERSON, ["granted", "withdrawn"])
    assert [(each.phone, each.text, each.status) for each in held.messages] == [(PERSON, "Bonjour", "sent")]
    assert [refusal.code for _, refusal in held.refusals] == ["duplicate"]
    assert held.cursor is None


def test_what_is_of_an_ended_year_is_not_shown_any_more_and_is_erased_all_the_same(rights: Rights) -> None:
    """R36, R38: it may wait for its purge."""
    rights.sending.accept(command(recipients=[PERSON, "06 12 00 00 00"]))
    year = year_labelled(SCHOOL.calendar, "2026-27")
    assert year is not None
    end = ended_at(SCHOOL.calendar, year)

    rights.sending.clock.advance(end - NOW - timedelta(seconds=1))
    assert len(rights.use.show(A_MANAGER, PERSON, None).messages) == 1
    rights.sending.clock.advance(timedelta(seconds=1))
    held = rights.use.show(A_MANAGER, PERSON, None)

    assert (held.messages, held.refusals, held.record.granted) == ([], [], True)
    assert rights.use.show(A_MANAGER, PERSON, "2026-27|x").messages == []
    assert rights.use.erase(A_MANAGER, PERSON, None).messages == 1


def test_what_is_scheduled_for_the_next_year_is_held_and_in_the_history_once_that_begins(rights: Rights) -> None:
    line = rights.sending
    line.schools.put(replace(SCHOOL, subscription_end=date(2028, 8, 31)))
    line.accept(replace(command(recipients=[PERSON]), send_at=NOW + timedelta(days=330)))

    assert [each.status for each in rights.use.show(A_MANAGER, PERSON, None).messages] == ["queued"]
    assert line.reading.history(A_MANAGER, HistorySearch(), None).items == []
    line.clock.advance(timedelta(days=300))
    assert len(line.reading.history(A_MANAGER, HistorySearch(), None).items) == 1


def test_a_correction_moves_the_consent_and_leaves_the_history_true(rights: Rights) -> None:
    request = rights.sending.accepted(PERSON)

    record = rights.use.rectify(A_MANAGER, PERSON, "06 12 00 00 02")

    assert (record.phone, record.granted) == (phone(2), True)
    assert rights.store.granted(UAI, [PERSON, phone(2)]) == {phone(2)}
    assert [line.phone for line in rights.sending.requests.all_lines(request)] == [PERSON]


def test_a_correction_whose_answer_was_lost_is_one_correction(rights: Rights) -> None:
    dying = replace(rights.use, consents=interrupted(rights.store, after={"move": dies}))
    with pytest.raises(Died):
        dying.rectify(A_MANAGER, PERSON, phone(2))
    before = dict(rights.store.known)
    rights.sending.clock.advance(timedelta(minutes=1))

    again = rights.use.rectify(A_MANAGER, PERSON, phone(2))

    assert (again.granted, [each.kind for each in again.events]) == (True, ["granted", "rectified"])
    assert rights.store.known == before
    with pytest.raises(NotFoundError):
        rights.use.rectify(A_MANAGER, PERSON, phone(3))


def test_a_correction_that_the_store_does_not_know_to_be_done_is_looked_for(rights: Rights) -> None:
    class Unsure(FakeConsentRecords):
        def move(self, uai: str, old: ConsentRecord, new: ConsentRecord) -> bool:
            super().move(uai, old, new)
            return False

    unsure = Unsure()
    unsure.known = rights.store.known

    record = replace(rights.use, consents=unsure).rectify(A_MANAGER, PERSON, phone(2))

    assert [each.kind for each in record.events] == ["granted", "rectified"]


def test_what_waits_for_the_wrong_number_is_stopped_and_released(rights: Rights) -> None:
    request = rights.sending.accepted(PERSON, OTHER)
    rights.use.rectify(A_MANAGER, PERSON, phone(2))

    rights.sending.dispatch(request)

    assert rights.sending.statuses(request) == {0: "cancelled", 1: "sent"}
    assert rights.sending.balance() == 99


def test_a_number_nothing_is_known_of_cannot_be_corrected(rights: Rights) -> None:
    with pytest.raises(NotFoundError):
        rights.use.rectify(A_MANAGER, phone(7), phone(8))
    with pytest.raises(RefusedError) as refused:
        rights.use.rectify(A_MANAGER, PERSON, "0612000000")
    assert refused.value.code == "same-number"


def test_an_erased_number_is_nowhere_and_its_messages_keep_their_count(rights: Rights) -> None:
    request = rights.sending.accept(command(recipients=[PERSON, OTHER, "06 12 00 00 00"])).request
    rights.sending.dispatch(request)

    erasure = rights.use.erase(A_MANAGER, PERSON, None)

    assert (erasure.messages, erasure.cursor, erasure.record.suppressed_at) == (1, None, NOW)
    messages = rights.sending.reading.history(A_MANAGER, HistorySearch(), None).items
    assert [(each.phone, each.text, each.sms_count) for each in messages] == [(None, None, 1), (OTHER, "Bonjour", 1)]
    assert [each.phone for each in rights.sending.requests.refusals(request.id)] == [""]
    assert [uai for uai, before in rights.files.removed if before > NOW] == [UAI]
    held = rights.use.show(A_MANAGER, PERSON, None)
    assert (held.messages, held.refusals, held.record.events) == ([], [], ())


def test_an_export_made_while_a_number_is_erased_goes_as_well(rights: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    rights.sending.accepted(PERSON)
    before, erase = list[int](), FakePhoneOccurrences.erase

    def watched(self: FakePhoneOccurrences, *about: Any) -> int:
        before.append(len(rights.files.removed))
        rights.sending.clock.advance(timedelta(seconds=5))
        return erase(self, *about)

    monkeypatch.setattr(FakePhoneOccurrences, "erase", watched)
    rights.use.erase(A_MANAGER, PERSON, None)

    assert [at > NOW + timedelta(seconds=5) for _, at in rights.files.removed[before[-1] :]] == [True]


def test_an_erased_number_is_not_written_to_again(rights: Rights) -> None:
    rights.use.erase(A_MANAGER, PERSON, None)

    with pytest.raises(RefusedError) as refused:
        rights.keep.put(A_MANAGER, PERSON, replace(COLLECTED, collected_at=NOW))
    assert refused.value.code == "number-erased"
    outcome = rights.sending.accept(command(recipients=[PERSON, OTHER]))
    assert [each.code for each in outcome.refusals] == ["no-consent"]


def test_a_new_holder_of_an_erased_number_is_written_to_until_it_is_erased_again(rights: Rights) -> None:
    rights.use.erase(A_MANAGER, PERSON, None)
    theirs = replace(COLLECTED, collected_at=NOW + timedelta(seconds=1), new_holder=True)
    assert rights.keep.put(A_MANAGER, PERSON, theirs)[0].granted
    assert rights.sending.accept(command(recipients=[PERSON])).request.accepted == 1

    assert rights.use.erase(A_MANAGER, PERSON, None).messages == 1


def test_a_list_that_still_has_an_erased_number_does_not_bring_it_back(rights: Rights) -> None:
    """R45: the answer names the refused recipients, and nothing of it is stored."""
    rights.use.erase(A_MANAGER, PERSON, None)

    outcome = rights.sending.accept(command(recipients=[PERSON, OTHER, phone(98)]), key="cours")
    assert [(each.phone, each.code) for each in outcome.refusals] == [(PERSON, "no-consent"), (phone(98), "no-consent")]
    kept = rights.sending.requests.refusals(outcome.request.id)
    assert [(each.index, each.phone) for each in kept] == [(0, ""), (2, phone(98))]


def test_a_number_erased_while_a_request_to_it_is_accepted_is_not_written_to(rights: Rights) -> None:
    """Its consent had been looked at, nothing was stored yet: the erasure found nothing."""
    line = rights.sending
    overtaken = interrupted(
        line.requests, before={"store_and_debit": lambda: rights.use.erase(A_MANAGER, PERSON, None)}
    )
    line.accepting = replace(line.accepting, requests=overtaken)

    outcome = line.accept(command(recipients=[PERSON, OTHER]))

    assert [each.code for each in outcome.refusals] == ["no-consent"]
    assert [each.phone for each in line.requests.all_lines(outcome.request)] == [OTHER]
    assert PERSON not in str(line.requests.pages)
    assert line.balance() == 99


def test_a_request_is_not_accepted_anew_for_ever(rights: Rights) -> None:
    class Erasing(FakeConsentRecords):
        def granted(self, uai: str, phones: Iterable[str]) -> frozenset[str]:
            found = super().granted(uai, phones)
            rights.use.erase(A_MANAGER, phone(99), None)
            return found

    erasing = Erasing()
    erasing.known = rights.store.known
    rights.sending.accepting = replace(rights.sending.accepting, consents=erasing)

    with pytest.raises(TransientError):
        rights.sending.accepted(OTHER)
    assert rights.sending.balance() == 100


def test_an_attempt_that_came_to_nothing_is_erased_and_not_shown(rights: Rights) -> None:
    line = rights.sending
    died = replace(line.accepted(PERSON, OTHER), id="DIEDAAAAAAAAAA", attempt="DIEDAAAAAAAAAA")
    line.requests.write_pages(died, line.requests.all_lines(line.accepted(PERSON)))

    assert len(rights.use.show(A_MANAGER, PERSON, None).messages) == 2
    assert rights.use.erase(A_MANAGER, PERSON, None).messages == 2

    assert PERSON not in str(line.requests.pages)


def test_what_is_not_handed_over_yet_is_stopped_and_released(rights: Rights) -> None:
    request = rights.sending.accepted(PERSON, OTHER)
    rights.use.erase(A_MANAGER, PERSON, None)

    rights.sending.dispatch(request)

    assert rights.sending.statuses(request) == {0: "cancelled", 1: "sent"}
    assert [sms.phone for sms in rights.sending.provider.offered] == [OTHER]
    assert rights.sending.balance() == 99


def test_an_erased_line_goes_to_nobody_whoever_is_granted(rights: Rights) -> None:
    """Should consents ever be looked at otherwise."""
    line = rights.sending
    request = line.accepted(PERSON)
    rights.use.erase(A_MANAGER, PERSON, None)
    line.dispatching = replace(line.dispatching, consents=line.consents)

    line.dispatch(request)

    assert line.provider.offered == []


def test_a_scheduled_request_is_released_once_whether_it_is_cancelled_or_starts(rights: Rights) -> None:
    line = rights.sending
    wanted = replace(command(recipients=[PERSON, OTHER]), send_at=NOW + timedelta(days=1))
    cancelled, started = line.accept(wanted).request, line.accept(wanted).request
    rights.use.erase(A_MANAGER, PERSON, None)

    line.cancelling.cancel(A_SENDER, cancelled.id)
    line.clock.advance(timedelta(days=1))
    line.queueing.queue_request(started.id)
    line.dispatch(started)

    assert line.balance() == 99


def test_a_receipt_still_settles_an_erased_message(rights: Rights) -> None:
    request = rights.sending.accepted(PERSON)
    rights.sending.dispatch(request)
    rights.use.erase(A_MANAGER, PERSON, None)

    rights.sending.recording.record(rights.sending.receipt(request))

    assert rights.sending.statuses(request) == {0: "delivered"}


@pytest.mark.parametrize("cursor", ["x", "2026-27", "2026-27|", "1999-00|x"])
def test_a_cursor_of_another_list_is_refused(rights: Rights, cursor: str) -> None:
    for act in (rights.use.show, rights.use.erase):
        with pytest.raises(RefusedError) as refused:
            act(A_MANAGER, PERSON, cursor)
        assert refused.value.code == "invalid-cursor"


@pytest.mark.parametrize(("caller", "error"), [(A_SENDER, Forbidden), (OPERATOR, Forbidden), (STRANGER, NotFoundError)])
def test_only_managers_of_the_school_may(rights: Rights, caller: Caller, error: type[Exception]) -> None:
    before = dict(rights.store.known)
    acts: list[Callable[[], object]] = [
        lambda: rights.use.show(caller, PERSON, None),
        lambda: rights.use.rectify(caller, PERSON, phone(5)),
        lambda: rights.use.erase(caller, PERSON, None),
    ]
    for act in acts:
        with pytest.raises(error):
            act()
    assert rights.store.known == before
    assert rights.files.removed == []
