from dataclasses import replace

import pytest

from schoolsms.domain.schools.access import Caller, Forbidden
from tests.support.builders import A_SENDER

UAI = "0750655E"


def caller(*roles: str, school: str = UAI) -> Caller:
    return Caller("user-1", "x@lycee.test", school, frozenset(roles))


def test_one_of_the_roles_asked_for_is_enough() -> None:
    """R2."""
    caller("sms_sender").require("sms_manager", "sms_sender")
    caller("operator", "other").require("operator")


@pytest.mark.parametrize("roles", [(), ("sms_sender",), ("SMS_MANAGER",), ("sms_manager ",), ("manager", "admin")])
def test_no_other_role_will_do(roles: tuple[str, ...]) -> None:
    with pytest.raises(Forbidden) as refused:
        caller(*roles).require("sms_manager")
    assert refused.value.code == "forbidden"


def test_a_person_acts_inside_their_own_school() -> None:
    assert caller("sms_manager").require_school("sms_manager") == UAI


def test_a_role_without_a_school_acts_nowhere() -> None:
    with pytest.raises(Forbidden):
        caller("sms_manager", school="").require_school("sms_manager")


def test_the_operator_is_no_manager() -> None:
    with pytest.raises(Forbidden):
        caller("operator").require_school("sms_manager")


@pytest.mark.parametrize(
    ("roles", "manages"), [(("sms_manager",), True), (("sms_sender",), False), (("operator",), False)]
)
def test_only_managers_see_what_managers_see(roles: tuple[str, ...], manages: bool) -> None:
    """R14, R36."""
    assert caller(*roles).manages is manages


def test_a_machine_client_acts_for_no_school_until_it_is_granted() -> None:
    """R28: off by default."""
    with pytest.raises(Forbidden) as refused:
        replace(A_SENDER, client_id="sis-1").require_school("sms_sender")
    assert refused.value.code == "integration-not-granted"


def test_a_granted_machine_client_acts_within_the_roles_of_its_token() -> None:
    granted = replace(A_SENDER, client_id="sis-1", granted=True)
    assert granted.require_school("sms_sender") == UAI
    with pytest.raises(Forbidden):
        granted.require_school("sms_manager")
