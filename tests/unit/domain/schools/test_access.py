from dataclasses import replace

import pytest

from schoolsms.domain.schools.access import Caller, Forbidden, Role
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


@pytest.mark.parametrize(
    ("who", "asked", "said"),
    [
        (
            (),
            ("sms_manager",),
            "rôle de gestionnaire de SMS que vous n'avez pas. Adressez-vous à un gestionnaire de SMS de",
        ),
        (("sms_sender",), ("sms_manager",), "Adressez-vous à un gestionnaire de SMS de votre établissement."),
        (
            (),
            ("sms_sender", "sms_manager"),
            "Adressez-vous à la personne qui administre Skolengo dans votre établissement.",
        ),
        (("sms_manager",), ("operator",), "réservée à Kosmos. Si vous en avez besoin, contactez Kosmos."),
        (
            ("sms_sender",),
            ("sms_manager", "operator"),
            "Adressez-vous à un gestionnaire de SMS de votre établissement.",
        ),
        (
            ("operator",),
            ("sms_manager",),
            "réservée aux gestionnaires de SMS de l’établissement. Demandez-la à l’un d’eux.",
        ),
    ],
)
def test_who_may_not_reads_which_role_it_takes_and_whom_to_ask(
    who: tuple[str, ...], asked: tuple[Role, ...], said: str
) -> None:
    """R51."""
    with pytest.raises(Forbidden) as refused:
        caller(*who).require(*asked)
    assert said in refused.value.detail


def test_an_account_without_a_school_reads_whom_to_ask() -> None:
    """R51."""
    with pytest.raises(Forbidden) as refused:
        caller("sms_manager", school="").require_school("sms_manager")
    assert "Adressez-vous à la personne qui administre Skolengo" in refused.value.detail


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
