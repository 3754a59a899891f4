from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schoolsms.application.schools import register_school
from schoolsms.application.schools.register_school import RegisterSchool
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.decisions.destinations import Destinations
from schoolsms.domain.schools.school_search import SchoolSearch
from schoolsms.domain.schools.schools import Integration, School
from tests.fakes.core import FakeSchoolActs, FakeSchools, ManualClock
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, UAI
from tests.support.faults.fault_injection import interrupted


def desk(*schools: School) -> RegisterSchool:
    known = FakeSchools(*schools)
    return RegisterSchool(known, FakeSchoolActs(known), ManualClock(NOW))


def test_a_school_is_new_once() -> None:
    use_case = desk()
    assert use_case.register(OPERATOR, SCHOOL) == (SCHOOL, True)
    assert use_case.register(OPERATOR, SCHOOL) == (SCHOOL, False)


def test_a_change_is_kept() -> None:
    use_case = desk(SCHOOL)
    renamed = replace(SCHOOL, name="Lycée Louis-le-Grand")
    use_case.register(OPERATOR, renamed)
    assert use_case.show(OPERATOR, UAI) == renamed


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_a_change_undoes_nothing_that_acts_made_of_a_school(state: Any) -> None:
    """R23, R27, R28."""
    stored = replace(
        SCHOOL,
        state=state,
        destinations=Destinations("FR", {"BE": 2}, 3),
        accepted_destinations=Destinations("FR", {"BE": 2}, 3),
        integrations=(Integration("pronote", NOW, "kosmos-1"),),
        acts=5,
    )
    use_case = desk(stored)
    school, _ = use_case.register(OPERATOR, replace(SCHOOL, name="Lycée Ampère"))
    assert school == replace(stored, name="Lycée Ampère")
    assert use_case.show(OPERATOR, UAI) == school


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, Caller("", "", "", frozenset())])
def test_only_the_operator_sees_or_changes_schools(caller: Caller) -> None:
    """R2."""
    use_case = desk(SCHOOL)
    with pytest.raises(Forbidden):
        use_case.register(caller, replace(SCHOOL, name="Autre"))
    with pytest.raises(Forbidden):
        use_case.show(caller, UAI)
    with pytest.raises(Forbidden):
        use_case.list(caller, SchoolSearch(), None)
    with pytest.raises(Forbidden):
        use_case.acts_about(caller, UAI)
    assert use_case.schools.get(UAI) == SCHOOL


def test_a_school_nobody_registered_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        desk().show(OPERATOR, UAI)


def test_schools_are_listed_by_uai_slice_after_slice() -> None:
    uais = ["0130001A", "0330001A", "0590001A", "0690001A", "0750001A"]
    use_case = desk(*(replace(SCHOOL, uai=uai) for uai in reversed(uais)))
    first = use_case.list(OPERATOR, SchoolSearch(), None)
    second = use_case.list(OPERATOR, SchoolSearch(), first.cursor)
    assert [school.uai for school in (*first.items, *second.items)] == uais
    assert second.cursor is None


def test_a_search_leads_on_until_every_school_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call reads a bounded number of schools, and gives a cursor even when it found none."""
    monkeypatch.setattr(register_school, "LOOKS", 2)
    uais = [f"075{number:04d}A" for number in range(9)]
    use_case = desk(*(replace(SCHOOL, uai=uai) for uai in uais), replace(SCHOOL, uai="0990001A", name="Lycée Ampère"))
    found, calls, cursor = [], 0, None
    while calls == 0 or cursor:
        piece = use_case.list(OPERATOR, SchoolSearch.of("ampere", None), cursor)
        found += [school.uai for school in piece.items]
        calls, cursor = calls + 1, piece.cursor
    assert (found, calls) == (["0990001A"], 2)


ENDED = replace(SCHOOL, subscription_end=date(2026, 11, 22))
"""Yesterday, in Paris."""


@pytest.mark.parametrize("stored", [(), (SCHOOL,), (replace(ENDED, subscription_end=date(2026, 11, 21)),)])
def test_an_end_in_the_past_must_be_confirmed(stored: tuple[School, ...]) -> None:
    """R17: it forfeits the stock for good, and a slip in the year must not."""
    use_case = desk(*stored)
    with pytest.raises(RefusedError) as refused:
        use_case.register(OPERATOR, ENDED)
    assert (refused.value.code, refused.value.field) == ("end-in-past", "subscription_end")
    assert "confirm_past_end" in refused.value.detail
    assert list(use_case.list(OPERATOR, SchoolSearch(), None).items) == list(stored)

    assert use_case.register(OPERATOR, ENDED, confirm_past_end=True) == (ENDED, not stored)


def test_an_end_that_is_past_already_needs_no_confirmation() -> None:
    renamed = replace(ENDED, name="Lycée Ampère")
    assert desk(ENDED).register(OPERATOR, renamed) == (renamed, False)


def test_a_past_end_said_again_while_it_is_extended_does_not_take_the_extension_back() -> None:
    """R17: the stock would be forfeited within the hour, and nobody confirmed it."""
    use_case = desk(ENDED)
    extended = replace(ENDED, subscription_end=SCHOOL.subscription_end)
    at_once = interrupted(use_case.schools, before={"put": lambda: use_case.register(OPERATOR, extended)})
    with pytest.raises(RefusedError) as refused:
        replace(use_case, schools=at_once).register(OPERATOR, ENDED)
    assert refused.value.code == "end-in-past"
    assert use_case.show(OPERATOR, ENDED.uai) == extended


@pytest.mark.parametrize(("calendar", "is_past"), [("metropole", True), ("polynesie", False)])
def test_the_last_day_of_a_subscription_ends_where_the_school_is(calendar: Any, is_past: bool) -> None:
    """It is ten in the morning in Paris, and eleven in the evening of the day before in Papeete."""
    school = replace(ENDED, calendar=calendar)
    if is_past:
        with pytest.raises(RefusedError):
            desk(SCHOOL).register(OPERATOR, school)
    else:
        desk(SCHOOL).register(OPERATOR, school)
    desk(SCHOOL).register(OPERATOR, replace(school, subscription_end=date(2026, 11, 23)))
