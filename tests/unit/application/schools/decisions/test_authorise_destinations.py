from dataclasses import replace
from decimal import Decimal

import pytest

from schoolsms.application.schools.decisions.authorise_destinations import AuthoriseDestinations
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, SchoolClosed
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.decisions.destinations import Tariff
from tests.support.builders import A_MANAGER, A_SENDER, OPERATOR, SCHOOL, STRANGER, UAI
from tests.support.faults.fault_injection import interrupted
from tests.support.worlds.decision_desk import ActDesk


@pytest.fixture
def desk() -> ActDesk:
    return ActDesk()


@pytest.fixture
def use_case(desk: ActDesk) -> AuthoriseDestinations:
    return AuthoriseDestinations(desk.act)


def test_destinations_are_in_force_once_the_school_accepted_them(
    desk: ActDesk, use_case: AuthoriseDestinations
) -> None:
    """R23."""
    assert "BE" not in use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2}).multipliers()
    assert use_case.accept(A_MANAGER, None).multipliers()["BE"] == 2
    assert desk.school.multipliers()["BE"] == 2


def test_who_authorised_and_who_accepted_what_is_recorded(desk: ActDesk, use_case: AuthoriseDestinations) -> None:
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2})
    use_case.accept(A_MANAGER, 1)
    detail = {"version": 1, "sending_country": "FR", "multipliers": {"BE": 2}}
    assert [(act.kind, act.by, act.detail) for act in desk.acts()] == [
        ("destinations-authorised", "kosmos-1", detail),
        ("destinations-accepted", "user-1", detail),
    ]


def test_a_changed_multiplier_waits_for_another_acceptance(use_case: AuthoriseDestinations) -> None:
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2, "ES": 2})
    use_case.accept(A_MANAGER, 1)
    changed = use_case.authorise(OPERATOR, UAI, "FR", {"BE": 3, "ES": 2}).multipliers()
    assert ("BE" in changed, changed["ES"]) == (False, 2)
    assert use_case.accept(A_MANAGER, 2).multipliers()["BE"] == 3


TARIFF = Tariff("Belgique : 0,0825 € HT par SMS.", {"BE": Decimal("0.0825")})


def test_the_tariff_is_kept_in_the_acceptance(desk: ActDesk, use_case: AuthoriseDestinations) -> None:
    """§7, R23: conditions tarifaires and multipliers are accepted together, in a version."""
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2}, TARIFF)
    use_case.accept(A_MANAGER, 1)
    accepted = desk.school.accepted_destinations
    assert accepted
    assert (accepted.version, accepted.tariff) == (1, TARIFF)
    said = {"text": "Belgique : 0,0825 € HT par SMS.", "prices": {"BE": "0.0825"}}
    assert [act.detail["tariff"] for act in desk.acts()] == [said, said]


def test_a_changed_tariff_waits_for_another_acceptance(desk: ActDesk, use_case: AuthoriseDestinations) -> None:
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2, "ES": 2}, TARIFF)
    use_case.accept(A_MANAGER, 1)
    dearer = use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2, "ES": 2}, Tariff(TARIFF.text, {"BE": Decimal("0.0826")}))
    assert ("BE" in dearer.multipliers(), dearer.multipliers()["ES"]) == (False, 2)
    with pytest.raises(ConflictError):
        use_case.accept(A_MANAGER, 1)
    assert use_case.accept(A_MANAGER, 2).multipliers()["BE"] == 2
    assert len(desk.acts()) == 4


def test_a_price_is_of_a_destination(desk: ActDesk, use_case: AuthoriseDestinations) -> None:
    with pytest.raises(RefusedError) as refused:
        use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2}, Tariff("Tarif", {"ES": Decimal("0.09")}))
    assert refused.value.code == "price-without-destination"
    assert desk.acts() == []


def test_the_same_said_twice_is_one_act(desk: ActDesk, use_case: AuthoriseDestinations) -> None:
    for _ in range(2):
        use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2}, TARIFF)
    for _ in range(2):
        use_case.accept(A_MANAGER, None)
    assert [act.kind for act in desk.acts()] == ["destinations-authorised", "destinations-accepted"]


def test_nobody_accepts_a_version_they_have_not_read(desk: ActDesk, use_case: AuthoriseDestinations) -> None:
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2})
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 9})
    with pytest.raises(ConflictError) as changed:
        use_case.accept(A_MANAGER, 1)
    assert changed.value.code == "destinations-changed"
    assert "BE" not in desk.school.multipliers()


def test_a_change_that_comes_during_the_acceptance_is_not_accepted_unseen(desk: ActDesk) -> None:
    use_case = AuthoriseDestinations(desk.act)
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2})
    change = {"record": lambda: use_case.authorise(OPERATOR, UAI, "FR", {"BE": 9})}
    with pytest.raises(ConflictError):
        AuthoriseDestinations(desk.with_acts(interrupted(desk.recorded, before=change))).accept(A_MANAGER, 1)
    assert "BE" not in desk.school.multipliers()


def test_where_nothing_is_proposed_there_is_nothing_to_accept(use_case: AuthoriseDestinations) -> None:
    with pytest.raises(ConflictError) as nothing:
        use_case.accept(A_MANAGER, None)
    assert nothing.value.code == "no-destinations"


def test_a_terminated_school_accepts_nothing() -> None:
    use_case = AuthoriseDestinations(ActDesk(replace(SCHOOL, state="terminated")).act)
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2})
    with pytest.raises(SchoolClosed):
        use_case.accept(A_MANAGER, None)


def test_a_school_sends_only_from_its_own_country(use_case: AuthoriseDestinations) -> None:
    with pytest.raises(RefusedError) as mismatch:
        use_case.authorise(OPERATOR, UAI, "BE", {"FR": 2})
    assert mismatch.value.code == "sending-country-mismatch"


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER])
def test_only_the_operator_authorises(use_case: AuthoriseDestinations, caller: Caller) -> None:
    with pytest.raises(Forbidden):
        use_case.authorise(caller, UAI, "FR", {"BE": 2})


@pytest.mark.parametrize("caller", [OPERATOR, A_SENDER, replace(A_MANAGER, client_id="sis-1")])
def test_only_a_manager_of_the_school_sees_and_accepts(use_case: AuthoriseDestinations, caller: Caller) -> None:
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2})
    with pytest.raises(Forbidden):
        use_case.accept(caller, None)
    with pytest.raises(Forbidden):
        use_case.show(caller)


def test_a_manager_sees_and_accepts_for_their_own_school_alone(desk: ActDesk, use_case: AuthoriseDestinations) -> None:
    use_case.authorise(OPERATOR, UAI, "FR", {"BE": 2})
    assert use_case.show(A_MANAGER).uai == UAI
    with pytest.raises(NotFoundError):
        use_case.show(STRANGER)
    with pytest.raises(NotFoundError):
        use_case.accept(STRANGER, None)
    assert desk.school.accepted_destinations is None
