"""A formal notice (« mise en demeure », §6): given, answered, lifted; sending goes on."""

from datetime import date, timedelta

import pytest

from schoolsms.application.schools.decisions.give_formal_notice import GiveFormalNotice
from schoolsms.application.schools.decisions.suspend_school import SuspendSchool
from schoolsms.domain.errors import ConflictError, RefusedError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice
from schoolsms.domain.schools.decisions.school_acts import Act
from tests.fakes.core import FakeQueues
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.worlds.decision_desk import ActDesk

FACTS, DEADLINE = "Envois publicitaires le 20 novembre", date(2026, 12, 15)
GIVEN = FormalNotice(1, FACTS, DEADLINE, NOW)
BY = ("kosmos-1", "operateur@kosmos.test")
NAMED = {"formal_notice": 1, "given_at": "2026-11-23T09:00:00+00:00"}


@pytest.fixture
def desk() -> ActDesk:
    return ActDesk()


@pytest.fixture
def queues() -> FakeQueues:
    return FakeQueues()


@pytest.fixture
def use_case(desk: ActDesk, queues: FakeQueues) -> GiveFormalNotice:
    return GiveFormalNotice(desk.act, queues)


def test_a_formal_notice_is_dated_by_the_clock_recorded_and_mailed_and_sending_goes_on(
    desk: ActDesk, queues: FakeQueues, use_case: GiveFormalNotice
) -> None:
    school = use_case.give(OPERATOR, UAI, FACTS, DEADLINE)

    assert school.formal_notice == desk.school.formal_notice == GIVEN
    assert desk.acts() == [Act(1, "formal-notice", NOW, *BY, FACTS, {"deadline": "2026-12-15"})]
    assert queues.notices == [("formal_notice", {"school": UAI, "number": "1"})]
    school.check_may_send(NOW)


def test_the_answer_and_the_lifting_of_a_formal_notice_are_recorded(
    desk: ActDesk, queues: FakeQueues, use_case: GiveFormalNotice
) -> None:
    use_case.give(OPERATOR, UAI, FACTS, DEADLINE)
    desk.clock.advance(timedelta(days=1))
    use_case.record_answer(OPERATOR, UAI, "Compte retiré")
    desk.clock.advance(timedelta(days=1))
    school = use_case.lift(OPERATOR, UAI, "Mesures suffisantes")

    first, second = NOW + timedelta(days=1), NOW + timedelta(days=2)
    assert school.formal_notice == FormalNotice(
        1, FACTS, DEADLINE, NOW, "Compte retiré", first, second, "Mesures suffisantes"
    )
    assert desk.acts()[1:] == [
        Act(2, "formal-notice-answered", first, *BY, "", {**NAMED, "answer": "Compte retiré"}),
        Act(3, "formal-notice-lifted", second, *BY, "Mesures suffisantes", NAMED),
    ]
    assert queues.notices[1:] == [("formal_notice_lifted", {"school": UAI, "number": "1"})]


@pytest.mark.parametrize("kind", ["suspension", "termination"])
def test_a_later_suspension_or_termination_names_the_notice_that_stands(
    desk: ActDesk, use_case: GiveFormalNotice, kind: str
) -> None:
    use_case.give(OPERATOR, UAI, FACTS, DEADLINE)
    suspend = SuspendSchool(desk.act, desk.queues)
    (suspend.suspend if kind == "suspension" else suspend.terminate)(OPERATOR, UAI, "Récidive")

    assert (desk.acts()[-1].kind, desk.acts()[-1].detail) == (kind, NAMED)


def test_a_suspension_does_not_name_a_notice_that_was_lifted(desk: ActDesk, use_case: GiveFormalNotice) -> None:
    use_case.give(OPERATOR, UAI, FACTS, DEADLINE)
    use_case.lift(OPERATOR, UAI, "Mesures suffisantes")
    SuspendSchool(desk.act, desk.queues).suspend(OPERATOR, UAI, "Autre motif")

    assert desk.acts()[-1].detail == {}


def test_each_step_said_twice_is_recorded_once(desk: ActDesk, use_case: GiveFormalNotice) -> None:
    for _ in range(2):
        use_case.give(OPERATOR, UAI, FACTS, DEADLINE)
        desk.clock.advance(timedelta(hours=1))
    for _ in range(2):
        use_case.record_answer(OPERATOR, UAI, "Compte retiré")
        desk.clock.advance(timedelta(hours=1))
    for _ in range(2):
        use_case.lift(OPERATOR, UAI, "Mesures suffisantes")
        desk.clock.advance(timedelta(hours=1))

    assert [act.kind for act in desk.acts()] == ["formal-notice", "formal-notice-answered", "formal-notice-lifted"]


def test_dying_before_the_notice_is_queued_the_next_try_queues_it(desk: ActDesk, queues: FakeQueues) -> None:
    """R48."""
    with pytest.raises(Died):
        GiveFormalNotice(desk.act, interrupted(queues, before={"notice_due": dies})).give(
            OPERATOR, UAI, FACTS, DEADLINE
        )
    GiveFormalNotice(desk.act, queues).give(OPERATOR, UAI, FACTS, DEADLINE)

    assert len(desk.acts()) == len(queues.notices) == 1


def test_another_notice_waits_until_the_first_is_lifted(desk: ActDesk, use_case: GiveFormalNotice) -> None:
    use_case.give(OPERATOR, UAI, FACTS, DEADLINE)
    with pytest.raises(ConflictError) as conflict:
        use_case.give(OPERATOR, UAI, "Autres faits", DEADLINE)
    assert conflict.value.code == "formal-notice-in-force"
    use_case.lift(OPERATOR, UAI, "Erreur")
    assert use_case.give(OPERATOR, UAI, "Autres faits", DEADLINE).formal_notice == FormalNotice(
        3, "Autres faits", DEADLINE, NOW
    )


@pytest.mark.parametrize("deadline", [date(2026, 11, 22), date(2026, 11, 23)])
def test_a_deadline_that_is_not_to_come_is_refused(desk: ActDesk, use_case: GiveFormalNotice, deadline: date) -> None:
    with pytest.raises(RefusedError) as refused:
        use_case.give(OPERATOR, UAI, FACTS, deadline)
    assert (refused.value.code, refused.value.field) == ("deadline-not-in-future", "deadline")
    assert desk.acts() == []


def test_there_is_nothing_to_answer_or_to_lift_without_a_notice(use_case: GiveFormalNotice) -> None:
    for step in (use_case.record_answer, use_case.lift):
        with pytest.raises(ConflictError) as conflict:
            step(OPERATOR, UAI, "…")
        assert conflict.value.code == "no-formal-notice"


def test_a_terminated_school_gets_no_notice_and_the_one_that_stands_may_be_lifted(
    desk: ActDesk, use_case: GiveFormalNotice
) -> None:
    use_case.give(OPERATOR, UAI, FACTS, DEADLINE)
    SuspendSchool(desk.act, desk.queues).terminate(OPERATOR, UAI, "Récidive")
    use_case.lift(OPERATOR, UAI, "Sans objet")
    with pytest.raises(ConflictError) as conflict:
        use_case.give(OPERATOR, UAI, "Autres faits", DEADLINE)
    assert conflict.value.code == "school-terminated"


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, Caller("", "", "", frozenset({"operator"}))])
def test_only_the_operator_gives_answers_and_lifts_formal_notices(
    desk: ActDesk, use_case: GiveFormalNotice, caller: Caller
) -> None:
    with pytest.raises(Forbidden):
        use_case.give(caller, UAI, FACTS, DEADLINE)
    for step in (use_case.record_answer, use_case.lift):
        with pytest.raises(Forbidden):
            step(caller, UAI, "…")
    assert desk.acts() == []
