import pytest

from schoolsms.application.schools.decisions.grant_integrations import GrantIntegrations
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.schools import MOST_INTEGRATIONS, Integration
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, UAI
from tests.support.worlds.decision_desk import ActDesk


@pytest.fixture
def desk() -> ActDesk:
    return ActDesk()


@pytest.fixture
def use_case(desk: ActDesk) -> GrantIntegrations:
    return GrantIntegrations(desk.act)


def test_an_integration_is_off_until_granted_and_off_again_when_revoked(use_case: GrantIntegrations) -> None:
    """R28."""
    assert not use_case.granted(UAI, "pronote")
    use_case.grant(OPERATOR, UAI, "pronote")
    assert use_case.granted(UAI, "pronote")
    use_case.revoke(OPERATOR, UAI, "pronote")
    assert not use_case.granted(UAI, "pronote")


def test_a_grant_is_for_one_client_and_one_school(use_case: GrantIntegrations) -> None:
    use_case.grant(OPERATOR, UAI, "pronote")
    assert not use_case.granted(UAI, "Pronote")
    assert not use_case.granted(OTHER_UAI, "pronote")


def test_grants_and_revocations_are_recorded_once_with_who_and_when(desk: ActDesk, use_case: GrantIntegrations) -> None:
    for _ in range(2):
        school = use_case.grant(OPERATOR, UAI, "pronote")
    assert school.integrations == (Integration("pronote", NOW, "kosmos-1"),)
    for _ in range(2):
        use_case.revoke(OPERATOR, UAI, "pronote")
    assert [(act.kind, act.at, act.by, act.detail) for act in desk.acts()] == [
        ("integration-granted", NOW, "kosmos-1", {"client_id": "pronote"}),
        ("integration-revoked", NOW, "kosmos-1", {"client_id": "pronote"}),
    ]


@pytest.mark.parametrize("client_id", ["", " ", "a b", "é", "x" * 129, "a\n"])
def test_what_is_no_client_id_is_refused(use_case: GrantIntegrations, client_id: str) -> None:
    with pytest.raises(RefusedError) as refused:
        use_case.grant(OPERATOR, UAI, client_id)
    assert refused.value.code == "invalid-client-id"


def test_a_school_has_not_more_integrations_than_fit(use_case: GrantIntegrations) -> None:
    for number in range(MOST_INTEGRATIONS):
        use_case.grant(OPERATOR, UAI, f"client-{number}")
    use_case.grant(OPERATOR, UAI, "client-0")
    with pytest.raises(ConflictError):
        use_case.grant(OPERATOR, UAI, "one-more")


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER])
def test_only_the_operator_grants_and_revokes(use_case: GrantIntegrations, caller: Caller) -> None:
    with pytest.raises(Forbidden):
        use_case.grant(caller, UAI, "pronote")
    with pytest.raises(Forbidden):
        use_case.revoke(caller, UAI, "pronote")


def test_a_school_nobody_registered_gets_no_integration(use_case: GrantIntegrations) -> None:
    with pytest.raises(NotFoundError):
        use_case.grant(OPERATOR, OTHER_UAI, "pronote")
