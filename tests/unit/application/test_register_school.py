from dataclasses import replace
from typing import Any

import pytest

from schoolsms.application.register_school import RegisterSchool
from schoolsms.domain.access import Caller, Forbidden
from schoolsms.domain.errors import NotFoundError
from tests.builders import A_MANAGER, A_SENDER, OPERATOR, SCHOOL, UAI
from tests.fakes import FakeSchools


def test_a_school_is_new_once() -> None:
    use_case = RegisterSchool(FakeSchools())
    assert use_case.register(OPERATOR, SCHOOL) == (SCHOOL, True)
    assert use_case.register(OPERATOR, SCHOOL) == (SCHOOL, False)


def test_a_change_is_kept() -> None:
    use_case = RegisterSchool(FakeSchools(SCHOOL))
    renamed = replace(SCHOOL, name="Lycée Louis-le-Grand")
    use_case.register(OPERATOR, renamed)
    assert use_case.show(OPERATOR, UAI) == renamed


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_a_change_lifts_neither_suspension_nor_termination(state: Any) -> None:
    """R27."""
    schools = FakeSchools(replace(SCHOOL, state=state))
    school, _ = RegisterSchool(schools).register(OPERATOR, SCHOOL)
    assert school.state == state
    assert schools.known[UAI].state == state


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, Caller("", "", "", frozenset())])
def test_only_the_operator_sees_or_changes_schools(caller: Caller) -> None:
    """R2."""
    schools = FakeSchools(SCHOOL)
    use_case = RegisterSchool(schools)
    with pytest.raises(Forbidden):
        use_case.register(caller, replace(SCHOOL, name="Autre"))
    with pytest.raises(Forbidden):
        use_case.show(caller, UAI)
    with pytest.raises(Forbidden):
        use_case.list(caller, None)
    assert schools.known == {UAI: SCHOOL}


def test_a_school_nobody_registered_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        RegisterSchool(FakeSchools()).show(OPERATOR, UAI)


def test_schools_are_listed_by_uai_slice_after_slice() -> None:
    uais = ["0130001A", "0330001A", "0590001A", "0690001A", "0750001A"]
    use_case = RegisterSchool(FakeSchools(*(replace(SCHOOL, uai=uai) for uai in reversed(uais))))
    first = use_case.list(OPERATOR, None)
    second = use_case.list(OPERATOR, first.cursor)
    assert [school.uai for school in (*first.items, *second.items)] == uais
    assert second.cursor is None
