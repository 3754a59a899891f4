from datetime import timedelta

import pytest

from schoolsms.application.schools.decisions.suspend_school import SuspendSchool
from schoolsms.domain.errors import ConflictError, NotFoundError, TransientError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.decisions.school_acts import Act
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.worlds.decision_desk import ActDesk


@pytest.fixture
def desk() -> ActDesk:
    return ActDesk()


def test_a_suspension_is_recorded_with_who_when_and_why(desk: ActDesk) -> None:
    """R27."""
    school = SuspendSchool(desk.act, desk.queues).suspend(OPERATOR, UAI, "Envois publicitaires")
    assert school.state == desk.school.state == "suspended"
    assert desk.acts() == [Act(1, "suspension", NOW, "kosmos-1", "operateur@kosmos.test", "Envois publicitaires")]


def test_a_suspended_school_may_be_let_send_again_and_be_suspended_again(desk: ActDesk) -> None:
    use_case = SuspendSchool(desk.act, desk.queues)
    use_case.suspend(OPERATOR, UAI, "Envois publicitaires")
    assert use_case.end_suspension(OPERATOR, UAI, "Promesse de cesser").state == "active"
    assert use_case.suspend(OPERATOR, UAI, "Récidive").state == "suspended"
    assert [(act.number, act.kind, act.reason) for act in desk.acts()] == [
        (1, "suspension", "Envois publicitaires"),
        (2, "suspension-ended", "Promesse de cesser"),
        (3, "suspension", "Récidive"),
    ]


@pytest.mark.parametrize("before", ["active", "suspended"])
def test_a_termination_never_ends(desk: ActDesk, before: str) -> None:
    use_case = SuspendSchool(desk.act, desk.queues)
    if before == "suspended":
        use_case.suspend(OPERATOR, UAI, "Envois publicitaires")
    assert use_case.terminate(OPERATOR, UAI, "Récidive").state == "terminated"
    for refused in (use_case.end_suspension, use_case.suspend):
        with pytest.raises(ConflictError) as conflict:
            refused(OPERATOR, UAI, "Erreur")
        assert conflict.value.code == "school-terminated"
    assert desk.school.state == "terminated"
    assert [act.kind for act in desk.acts()][-1] == "termination"


def test_a_termination_offers_the_school_its_proofs_of_consent(desk: ActDesk) -> None:
    """§8: queued again with each repeat, because a first try may have died before; managers get it once."""
    use_case = SuspendSchool(desk.act, desk.queues)
    use_case.suspend(OPERATOR, UAI, "Envois publicitaires")
    desk.queues.notices.clear()
    for _ in range(2):
        use_case.terminate(OPERATOR, UAI, "Récidive")
    about_termination = ("school_terminated", {"school": UAI, "number": "2"})
    assert desk.queues.notices == [about_termination, ("consents_offered", {"school": UAI})] * 2


def test_a_termination_is_dated_once(desk: ActDesk) -> None:
    """The contracts of the school end at that instant."""
    SuspendSchool(desk.act, desk.queues).terminate(OPERATOR, UAI, "Récidive")
    desk.clock.advance(timedelta(hours=1))
    assert SuspendSchool(desk.act, desk.queues).terminate(OPERATOR, UAI, "Récidive").terminated_at == NOW


def test_an_act_said_twice_is_done_and_recorded_once(desk: ActDesk) -> None:
    use_case = SuspendSchool(desk.act, desk.queues)
    for each in (use_case.suspend, use_case.end_suspension, use_case.terminate):
        first = each(OPERATOR, UAI, "Motif")
        desk.clock.advance(timedelta(hours=1))
        assert each(OPERATOR, UAI, "Autre motif") == first
    assert [(act.kind, act.reason) for act in desk.acts()] == [
        ("suspension", "Motif"),
        ("suspension-ended", "Motif"),
        ("termination", "Motif"),
    ]


def test_ending_a_suspension_that_is_none_changes_nothing(desk: ActDesk) -> None:
    assert SuspendSchool(desk.act, desk.queues).end_suspension(OPERATOR, UAI, "").state == "active"
    assert desk.acts() == []


def test_an_act_whose_answer_was_lost_is_not_done_again(desk: ActDesk) -> None:
    dying = SuspendSchool(desk.with_acts(interrupted(desk.recorded, after={"record": dies})), desk.queues)
    with pytest.raises(Died):
        dying.suspend(OPERATOR, UAI, "Motif")
    assert SuspendSchool(desk.act, desk.queues).suspend(OPERATOR, UAI, "Motif").state == "suspended"
    assert len(desk.acts()) == 1


def test_of_a_suspension_and_a_termination_at_once_the_termination_stands(desk: ActDesk) -> None:
    other = SuspendSchool(desk.act, desk.queues)
    racing = SuspendSchool(
        desk.with_acts(
            interrupted(desk.recorded, before={"record": lambda: other.terminate(OPERATOR, UAI, "Résiliation")})
        ),
        desk.queues,
    )
    with pytest.raises(ConflictError):
        racing.suspend(OPERATOR, UAI, "Suspension")
    assert desk.school.state == "terminated"
    assert [act.kind for act in desk.acts()] == ["termination"]


def test_an_act_that_always_comes_second_is_tried_again_later(desk: ActDesk) -> None:
    class Refusing:
        def record(self, school: object, act: object) -> bool:
            return False

    with pytest.raises(TransientError):
        SuspendSchool(desk.with_acts(Refusing()), desk.queues).suspend(OPERATOR, UAI, "Motif")


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, Caller("", "", "", frozenset({"operator"}))])
def test_only_the_operator_suspends_and_terminates(desk: ActDesk, caller: Caller) -> None:
    use_case = SuspendSchool(desk.act, desk.queues)
    for each in (use_case.suspend, use_case.end_suspension, use_case.terminate):
        with pytest.raises(Forbidden):
            each(caller, UAI, "Motif")
    assert desk.acts() == []


def test_a_school_nobody_registered_cannot_be_suspended(desk: ActDesk) -> None:
    with pytest.raises(NotFoundError):
        SuspendSchool(desk.act, desk.queues).suspend(OPERATOR, OTHER_UAI, "Motif")
