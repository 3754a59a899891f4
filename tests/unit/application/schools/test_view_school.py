"""The operator looks at a school for a reason, which is recorded before anything is read (R2, R46)."""

from dataclasses import replace

import pytest

from schoolsms.application.schools.view_school import ViewSchool
from schoolsms.domain.errors import NotFoundError, RefusedError, TransientError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.school_acts import Act
from schoolsms.domain.schools.schools import School
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, UAI
from tests.support.fault_injection import Died, dies, interrupted
from tests.support.worlds.decision_desk import ActDesk

WHY = "Le gestionnaire appelle : solde incompris"


@pytest.fixture
def desk() -> ActDesk:
    return ActDesk()


def test_each_look_is_recorded_with_who_when_why_and_at_what(desk: ActDesk) -> None:
    view, before = ViewSchool(desk.act), desk.school
    view.opened(OPERATOR, UAI, "balance", f"  {WHY}\n")
    view.opened(OPERATOR, UAI, "history", WHY, unmasked=True, searched=["phone", "from"])
    details = [
        {"looked_at": "balance", "numbers": "masked", "searched": []},
        {"looked_at": "history", "numbers": "whole", "searched": ["from", "phone"]},
    ]
    assert desk.acts() == [
        Act(number, "viewed", NOW, "kosmos-1", "operateur@kosmos.test", WHY, detail)
        for number, detail in enumerate(details, 1)
    ]
    assert desk.school == replace(before, acts=2)


def test_the_operator_then_reads_as_a_manager_of_that_school_alone(desk: ActDesk) -> None:
    manager = ViewSchool(desk.act).opened(replace(OPERATOR, school=OTHER_UAI), UAI, "balance", WHY)
    assert manager.require_school("sms_manager") == UAI
    assert manager.subject == OPERATOR.subject
    with pytest.raises(Forbidden):
        manager.require("operator")


@pytest.mark.parametrize(
    ("reason", "code"), [("", "reason-required"), (" \n", "reason-required"), ("a" * 501, "reason-too-long")]
)
def test_without_a_reason_nothing_is_shown(desk: ActDesk, reason: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        ViewSchool(desk.act).opened(OPERATOR, UAI, "balance", reason)
    assert refused.value.code == code
    assert desk.acts() == []


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, Caller("", "", "", frozenset({"operator"}))])
def test_only_the_operator_may_look(desk: ActDesk, caller: Caller) -> None:
    with pytest.raises(Forbidden):
        ViewSchool(desk.act).opened(caller, UAI, "balance", WHY)
    with pytest.raises(Forbidden):
        caller.as_manager_of(UAI)
    assert desk.acts() == []


def test_a_school_that_is_not_registered_is_not_found(desk: ActDesk) -> None:
    with pytest.raises(NotFoundError):
        ViewSchool(desk.act).opened(OPERATOR, OTHER_UAI, "balance", WHY)


def test_a_look_that_could_not_be_recorded_shows_nothing(desk: ActDesk) -> None:
    lost = replace(desk.act, acts=interrupted(desk.act.acts, before={"record": dies}))
    with pytest.raises(Died):
        ViewSchool(lost).opened(OPERATOR, UAI, "balance", WHY)
    assert desk.acts() == []


def test_a_look_while_somebody_decides_comes_after_the_decision(desk: ActDesk) -> None:
    def another() -> None:
        if not desk.acts():
            ViewSchool(desk.act).opened(OPERATOR, UAI, "orders", WHY)

    slow = replace(desk.act, acts=interrupted(desk.act.acts, before={"record": another}))
    ViewSchool(slow).opened(OPERATOR, UAI, "balance", WHY)
    assert [(act.number, act.detail["looked_at"]) for act in desk.acts()] == [(1, "orders"), (2, "balance")]


class Overtaken:
    """Somebody else always records first."""

    def record(self, school: School, act: Act) -> bool:
        return False

    def of(self, uai: str) -> list[Act]:
        return []


def test_a_look_that_never_comes_first_is_tried_again_later(desk: ActDesk) -> None:
    with pytest.raises(TransientError):
        ViewSchool(desk.with_acts(Overtaken())).opened(OPERATOR, UAI, "balance", WHY)
