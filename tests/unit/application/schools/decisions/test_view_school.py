"""The operator looks at a school for a reason, which is recorded before anything is read (R2, R46)."""

from dataclasses import dataclass, field, replace

import pytest

from schoolsms.application.schools.decisions.read_acts import ReadActs
from schoolsms.application.schools.decisions.view_school import ViewSchool
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.decisions.school_readings import Reading
from tests.fakes.core import FakeSchoolActs, FakeSchools, ManualClock
from tests.fakes.schools.school_readings import FakeSchoolReadings
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, SCHOOL, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted

WHY = "Le gestionnaire appelle : solde incompris"
BY = ("kosmos-1", "operateur@kosmos.test")


@dataclass
class Desk:
    schools: FakeSchools = field(default_factory=lambda: FakeSchools(SCHOOL))
    readings: FakeSchoolReadings = field(default_factory=FakeSchoolReadings)

    def __post_init__(self) -> None:
        ids = (f"READ{number}" for number in range(1, 100))
        self.view = ViewSchool(self.schools, self.readings, ManualClock(NOW), lambda: next(ids))

    def recorded(self) -> list[Reading]:
        return self.readings.recorded.get(UAI, [])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_each_look_is_recorded_with_who_when_why_and_at_what(desk: Desk) -> None:
    desk.view.opened(OPERATOR, UAI, "balance", f"  {WHY}\n")
    desk.view.opened(OPERATOR, UAI, "history", WHY, unmasked=True, searched=["phone", "from"])
    assert desk.recorded() == [
        Reading("READ1", NOW, *BY, WHY, "balance"),
        Reading("READ2", NOW, *BY, WHY, "history", numbers_whole=True, searched=("from", "phone")),
    ]


def test_a_look_is_no_decision_about_the_school(desk: Desk) -> None:
    desk.view.opened(OPERATOR, UAI, "balance", WHY)
    assert desk.schools.known[UAI] == SCHOOL


def test_the_operator_then_reads_as_a_manager_of_that_school_alone(desk: Desk) -> None:
    manager = desk.view.opened(replace(OPERATOR, school=OTHER_UAI), UAI, "balance", WHY)
    assert manager.require_school("sms_manager") == UAI
    assert manager.subject == OPERATOR.subject
    with pytest.raises(Forbidden):
        manager.require("operator")


@pytest.mark.parametrize(
    ("reason", "code"), [("", "reason-required"), (" \n", "reason-required"), ("a" * 501, "reason-too-long")]
)
def test_without_a_reason_nothing_is_shown(desk: Desk, reason: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        desk.view.opened(OPERATOR, UAI, "balance", reason)
    assert refused.value.code == code
    assert desk.recorded() == []


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, Caller("", "", "", frozenset({"operator"}))])
def test_only_the_operator_may_look(desk: Desk, caller: Caller) -> None:
    with pytest.raises(Forbidden):
        desk.view.opened(caller, UAI, "balance", WHY)
    with pytest.raises(Forbidden):
        caller.as_manager_of(UAI)
    assert desk.recorded() == []


def test_a_school_that_is_not_registered_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        desk.view.opened(OPERATOR, OTHER_UAI, "balance", WHY)


def test_a_look_that_could_not_be_recorded_shows_nothing(desk: Desk) -> None:
    lost = replace(desk.view, readings=interrupted(desk.readings, before={"record": dies}))
    with pytest.raises(Died):
        lost.opened(OPERATOR, UAI, "balance", WHY)
    assert desk.recorded() == []


def test_the_operator_lists_decisions_and_looks_apart(desk: Desk) -> None:
    acts = FakeSchoolActs(desk.schools)
    suspension = Act(1, "suspension", NOW, *BY, "Envois publicitaires")
    acts.record(replace(SCHOOL, state="suspended", acts=1), suspension)
    desk.view.opened(OPERATOR, UAI, "balance", WHY)
    read = ReadActs(desk.schools, acts, desk.readings)
    assert read.decisions(OPERATOR, UAI, None).items == [suspension]
    assert read.looks(OPERATOR, UAI, None).items == desk.recorded()
    for listed in (read.decisions, read.looks):
        with pytest.raises(NotFoundError):
            listed(OPERATOR, OTHER_UAI, None)
        for caller in (A_MANAGER, A_SENDER):
            with pytest.raises(Forbidden):
                listed(caller, UAI, None)
