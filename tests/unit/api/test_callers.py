"""The token names the caller: whole roles only, and no guess where texts look alike (R2, R26, R28)."""

from typing import Any

import pytest

from schoolsms.api.callers import caller_of
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.settings import SettingsError
from tests.support.api.tokens import bearer, handed_on

MARIE: dict[str, Any] = {"sub": "user-1", "email": "marie@lycee.test", "school": "0750655E", "roles": ["sms_manager"]}


def caller(granted: Any = lambda _, __: False, **claims: Any) -> Caller:
    """The caller of a token with these claims, None for one it lacks."""
    return caller_of(event({name: value for name, value in claims.items() if value is not None}), granted)


def event(claims: dict[str, Any], **headers: str) -> dict[str, Any]:
    context = {"authorizer": {"jwt": {"claims": handed_on(claims), "scopes": None}}}
    return {"requestContext": context, "headers": {"authorization": bearer(claims), **headers}}


def test_the_token_names_person_school_and_roles() -> None:
    claims = {"sub": "user-1", "email": "x@y.test", "school": "0750655e", "roles": ["sms_manager", "sms_sender"]}
    roles = frozenset({"sms_manager", "sms_sender"})
    assert caller(**claims) == Caller("user-1", "x@y.test", "0750655E", roles)


@pytest.mark.parametrize("claim", [["operator"], "operator", ["teacher", "operator"], ["non teacher", "operator"]])
def test_a_role_is_an_item_of_the_claim_or_all_of_it(claim: object) -> None:
    assert caller(sub="op", roles=claim).roles == {"operator"}


@pytest.mark.parametrize(
    "claim",
    [
        *(["non operator"], ["x,operator"], ["operator "], [" operator"], ["OPERATOR"], ["Operator"], ["operators"]),
        *(
            ["operator\n"],
            ["operator\u200b"],
            ["оperator"],
            ["ｏperator"],
            ["operator\x00"],
            ['"operator"'],
            ["[operator]"],
        ),
        *(
            [["operator"]],
            [{"operator": True}],
            {"operator": True},
            ["operator", None],
            ["operator", 1],
            [["a"], "operator"],
        ),
        *("non operator", "operator sms_sender", "operator,sms_sender", "[operator]", '["operator"]', "operator ", ""),
        *(None, True, 1, [], [""], "null", ["skolengo-sms:operator"]),
    ],
)
def test_what_is_not_wholly_a_role_is_none(claim: object) -> None:
    assert caller(sub="op", roles=claim).roles == frozenset()


def test_an_ent_names_its_claims_and_roles_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contract: claim names are template parameters; so are the names of the roles."""
    names = {"SCHOOL_CLAIM": "ENTUAI", "ROLES_CLAIM": "profils", "CLIENT_CLAIM": "azp"}
    names |= {"OPERATOR_ROLE": "skolengo-sms:operator", "MANAGER_ROLE": "a b", "SENDER_ROLE": "envoi"}
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    ent = caller(sub="u", ENTUAI="0750655E", profils=["a b", "operator", "sms_sender"], azp="ent", school="X")
    assert (ent.school, ent.roles, ent.client_id) == ("0750655E", frozenset({"sms_manager"}), "ent")
    assert caller(sub="u", profils=["a", "b", "envoi"]).roles == {"sms_sender"}
    assert caller(sub="u", profils="skolengo-sms:operator").roles == {"operator"}


@pytest.mark.parametrize("name", ["sms_sender", ""])
def test_two_roles_of_one_name_are_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("OPERATOR_ROLE", name)
    with pytest.raises(SettingsError):
        caller(**MARIE)


# ------------------------------------------------------------------ only what was verified counts


@pytest.mark.parametrize(
    "context", [{}, {"authorizer": {}}, {"authorizer": {"jwt": {}}}, {"authorizer": {"jwt": {"claims": None}}}, None]
)
def test_without_an_authorizer_nobody_calls_whatever_token_is_sent(context: object) -> None:
    headers = {"authorization": bearer({"sub": "op", "roles": ["operator"]})}
    nobody = Caller("", "", "", frozenset())
    assert caller_of({"requestContext": context, "headers": headers}, lambda _, __: True) == nobody


@pytest.mark.parametrize(
    "other", [{"roles": ["operator"]}, {"sub": "somebody-else"}, {"school": "0750654D"}, {"client_id": "granted-one"}]
)
def test_a_token_that_says_more_than_was_verified_gains_nothing(other: dict[str, Any]) -> None:
    """As if API Gateway had looked at one header and handed on another."""
    verified = event(MARIE)
    verified["headers"]["authorization"] = bearer({**MARIE, **other})
    found = caller_of(verified, lambda _, __: False)
    assert found.roles <= {"sms_manager"}
    assert found.subject in ("user-1", "")
    assert found.school in ("0750655E", "")
    assert not found.granted


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer a.b", "Bearer a.b.c", "Bearer a.é.c", "Bearer a.bnVsbA.c", "Bearer a.W10.c", "a"]
)
def test_a_token_that_cannot_be_read_names_nobody(header: str) -> None:
    unread = event(MARIE)
    unread["headers"]["authorization"] = header
    assert caller_of(unread, lambda _, __: False).roles == frozenset()


def test_a_header_s_name_may_have_capitals_and_other_headers_make_nobody() -> None:
    made = event({"sub": "user-1"}, **{"x-roles": "operator"})
    assert caller_of(made, lambda _, __: False).roles == frozenset()
    made = event(MARIE)
    made["headers"] = {"Authorization": made["headers"]["authorization"]}
    assert caller_of(made, lambda _, __: False).roles == {"sms_manager"}


# ------------------------------------------------------------------ a person to be remembered (R26)


@pytest.mark.parametrize(
    "subject",
    [None, "", " ", "\u00a0", "\u200b", "a\x00b", "a\nb", "x" * 256, " a", "a ", 7, True, ["user-1"], {"id": 1}],
)
def test_without_a_subject_to_remember_nobody_has_a_role(subject: object) -> None:
    """Whatever the use case asks for: an operator's lists ask for the role alone."""
    nobody = caller(**{**MARIE, "roles": ["operator", "sms_manager"], "sub": subject})
    assert nobody.subject == ""
    assert nobody.roles == frozenset()


@pytest.mark.parametrize("subject", ["u", "x" * 255, "auth0|5f7c8ec7c33c6c004bbafe82", "Léa Petit", "https://idp/é"])
def test_any_visible_subject_is_a_person(subject: str) -> None:
    assert caller(**{**MARIE, "sub": subject}).subject == subject


@pytest.mark.parametrize("email", [None, "x" * 256, "a\nb@c.test", ["a@b.test"], 1])
def test_an_address_that_could_not_be_shown_is_left_out(email: object) -> None:
    found = caller(**{**MARIE, "email": email})
    assert (found.email, found.roles) == ("", frozenset({"sms_manager"}))


# ------------------------------------------------------------------ the school


@pytest.mark.parametrize(
    "school",
    [
        *("", "X" * 3_000, "075065", "07506555E", "0750655 E", " 0750655E", "0750655E\n", "0750655E,0750654D"),
        *("0752000ſ", "075200０S", "０７５０６５５E", "075065٥E", "0750655Е", "0750655\x00", "null", 750655, True),
        *(["0750655E"], ["0750655E", "0750654D"], {"uai": "0750655E"}, None),
    ],
)
def test_what_has_not_the_form_of_a_uai_is_no_school(school: object) -> None:
    """Unicode makes an S of ſ: a school is whom its claim names, letter by letter."""
    stranger = caller(**{**MARIE, "school": school})
    assert stranger.school == ""
    with pytest.raises(Forbidden):
        stranger.require_school("sms_manager")


# ------------------------------------------------------------------ machine clients (R28)


def test_a_grant_is_asked_for_once_and_only_about_machine_clients_of_a_school() -> None:
    asked: list[tuple[str, str]] = []

    def granted(uai: str, client_id: str) -> bool:
        asked.append((uai, client_id))
        return client_id == "sis-1"

    assert caller(granted, sub="1", school="0750655e", client_id="sis-1").granted
    assert not caller(granted, sub="1", school="0750655e", client_id="sis-2").granted
    assert not caller(granted, sub="1", client_id="sis-1").granted
    assert not caller(granted, sub="1", school="0752000ſ", client_id="sis-1").granted
    assert not caller(granted, sub="1", school="0750655e").granted
    assert not caller(granted, sub="1", school="0750655e", client_id="").granted
    assert asked == [("0750655E", "sis-1"), ("0750655E", "sis-2")]


def test_whoever_signed_in_by_the_console_is_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSOLE_CLIENT_ID", "console")
    person = caller(sub="1", roles=["operator"], client_id="console")
    assert (person.client_id, person.roles) == ("", frozenset({"operator"}))


@pytest.mark.parametrize("client_id", ["Console", "console ", ["console"], {"console": True}, True, "consol"])
def test_another_client_is_none_that_people_sign_in_by(monkeypatch: pytest.MonkeyPatch, client_id: object) -> None:
    monkeypatch.setenv("CONSOLE_CLIENT_ID", "console")
    machine = caller(sub="1", roles=["operator"], client_id=client_id)
    assert machine.client_id
    assert not machine.roles


def test_where_no_console_is_named_a_token_without_a_client_is_a_persons() -> None:
    assert caller(sub="1", roles=["operator"]).roles == {"operator"}
    assert not caller(sub="1", roles=["operator"], client_id="console").roles


def test_where_nobody_asks_no_machine_client_is_granted() -> None:
    assert not caller(sub="1", school="0750655e", client_id="sis-1").granted


@pytest.mark.parametrize("client_id", ["batch", "a", "batch,night", " batch", "night ", "", ["batch"], True, 7])
def test_the_operator_s_machine_clients_act_only_when_granted(
    monkeypatch: pytest.MonkeyPatch, client_id: object
) -> None:
    monkeypatch.setenv("OPERATOR_CLIENTS", "night,day")
    machine = caller(sub="m", roles=["operator"], client_id=client_id)
    if client_id == "":
        assert machine.roles == {"operator"}, "a person"
        return
    with pytest.raises(Forbidden) as refused:
        machine.require("operator")
    assert refused.value.code == "integration-not-granted"


def test_a_machine_client_the_operator_named_acts_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR_CLIENTS", "night,day")
    for client_id in ("night", "day"):
        caller(sub="m", roles=["operator"], client_id=client_id).require("operator")


def test_what_a_client_may_for_the_operator_it_may_not_for_a_school(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR_CLIENTS", "night")
    machine = caller(sub="m", roles=["operator", "sms_sender"], school="0750655E", client_id="night")
    with pytest.raises(Forbidden) as refused:
        machine.require_school("sms_sender")
    assert refused.value.code == "integration-not-granted"
