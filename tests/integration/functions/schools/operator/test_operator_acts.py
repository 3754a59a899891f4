"""The operator's acts over HTTP: suspension, termination, destinations, integrations (R23, R27, R28)."""

from collections.abc import Mapping
from typing import Any

import pytest

from schoolsms.domain.schools.decisions.destinations import HOME_MULTIPLIERS
from tests.support.builders import SCHOOL, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "operator_api"
AT = "2026-11-23T09:00:00.000Z"
BY = {"at": AT, "by": "kosmos-1", "by_email": "operateur@kosmos.test"}
ACTS = [
    "post_suspension",
    "delete_suspension",
    "post_termination",
    "post_formal_notice",
    "put_destinations",
    "put_integration",
    "delete_integration",
]


@pytest.fixture(autouse=True)
def registered(cloud: Cloud) -> None:
    cloud.schools.put(SCHOOL)


def done(cloud: Cloud, case: str, **changes: Any) -> tuple[int, Any]:
    return cloud.call(FUNCTION, http(FUNCTION, case, **changes))


def test_a_suspension_and_its_end_are_shown_with_who_when_and_why(cloud: Cloud) -> None:
    assert done(cloud, "post_suspension")[1]["state"] == "suspended"
    status, body = done(cloud, "delete_suspension", body={"reason": "Promesse de cesser"})

    assert (status, body["state"]) == (200, "active")
    assert body["acts"] == [
        {"kind": "suspension-ended", **BY, "reason": "Promesse de cesser"},
        {"kind": "suspension", **BY, "reason": "Envois publicitaires"},
    ]
    assert cloud.call(FUNCTION, event(FUNCTION, "get_school")) == (200, body)


def test_the_end_of_a_suspension_needs_no_reason(cloud: Cloud) -> None:
    done(cloud, "post_suspension")

    assert done(cloud, "delete_suspension")[1]["acts"][0] == {"kind": "suspension-ended", **BY, "reason": None}


def test_a_formal_notice_its_answer_and_its_lifting_are_shown_and_mailed(cloud: Cloud) -> None:
    """§6."""
    status, body = done(cloud, "post_formal_notice")
    given = {
        "facts": "Envois publicitaires le 20 novembre 2026",
        "deadline": "2026-12-15",
        "given_at": AT,
        "answer": None,
        "answered_at": None,
        "lifted_at": None,
        "lifting_reason": None,
    }
    assert (status, body["state"], body["formal_notice"]) == (200, "active", given)
    assert body["acts"] == [
        {"kind": "formal-notice", **BY, "reason": given["facts"], "detail": {"deadline": "2026-12-15"}}
    ]
    answered = done(cloud, "post_formal_notice_answer")[1]["formal_notice"]
    assert (answered["answer"], answered["answered_at"]) == ("Le compte en cause est retiré.", AT)
    lifted = done(cloud, "delete_formal_notice")[1]["formal_notice"]
    assert lifted == {**answered, "lifted_at": AT, "lifting_reason": "Mesures suffisantes"}
    assert len(cloud.queued("Notices")) == 2


@pytest.mark.parametrize(
    "body", [{"facts": "x"}, {"facts": " ", "deadline": "2026-12-15"}, {"facts": "x", "deadline": "2026-11-23"}]
)
def test_a_formal_notice_needs_facts_and_a_deadline_to_come(cloud: Cloud, body: dict[str, str]) -> None:
    assert done(cloud, "post_formal_notice", body=body)[0] == 422
    assert cloud.call(FUNCTION, event(FUNCTION, "get_school"))[1]["acts"] == []


@pytest.mark.parametrize("body", ["{}", '{"reason": " "}', '{"reason": 3}', '{"motif": "x"}', "", "{"])
@pytest.mark.parametrize("case", ["post_suspension", "post_termination"])
def test_an_act_without_a_reason_is_none(cloud: Cloud, case: str, body: str) -> None:
    assert done(cloud, case, body=body or " ")[0] in (400, 422)
    assert cloud.call(FUNCTION, event(FUNCTION, "get_school"))[1]["acts"] == []


def test_authorised_destinations_wait_for_the_school_to_accept_them(cloud: Cloud) -> None:
    status, body = done(cloud, "put_destinations")

    assert status == 200
    assert body["destinations"] == {
        "sending_country": "FR",
        "destinations": {"BE": {"multiplier": 2}},
        "version": 1,
        "accepted_version": None,
        "in_force": {iso: {"multiplier": 1} for iso in sorted(HOME_MULTIPLIERS)},
        "tariff": None,
        "accepted_tariff": None,
    }
    assert body["acts"][0]["detail"] == {"version": 1, "sending_country": "FR", "multipliers": {"BE": 2}}

    accepted = cloud.call("school_api", event("school_api", "accept_destinations"))
    assert (accepted[0], accepted[1]["accepted_version"], accepted[1]["in_force"]["BE"]) == (200, 1, {"multiplier": 2})
    assert cloud.call("school_api", event("school_api", "destinations")) == accepted


def test_an_acceptance_without_body_takes_what_stands(cloud: Cloud) -> None:
    bare = event("school_api", "accept_destinations")
    del bare["body"]
    assert cloud.call("school_api", bare)[1]["code"] == "no-destinations"

    done(cloud, "put_destinations")
    assert cloud.call("school_api", bare)[1]["accepted_version"] == 1


def test_a_version_that_was_replaced_is_not_accepted(cloud: Cloud) -> None:
    for multiplier in (2, 9):
        body = {"sending_country": "FR", "destinations": {"BE": {"multiplier": multiplier}}}
        done(cloud, "put_destinations", body=body)

    status, problem = cloud.call("school_api", event("school_api", "accept_destinations"))
    assert (status, problem["code"]) == (409, "destinations-changed")


@pytest.mark.parametrize("case", ["destinations", "accept_destinations"])
def test_a_sender_neither_sees_nor_accepts_destinations(cloud: Cloud, case: str) -> None:
    done(cloud, "put_destinations")
    sender = http("school_api", case, claims={"roles": "[sms_sender]"})

    assert cloud.call("school_api", sender)[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        {"sending_country": "FR", "destinations": {"be": {"multiplier": 2}}},
        {"sending_country": "FR", "destinations": {"XX": {"multiplier": 2}}},
        {"sending_country": "FR", "destinations": {"001": {"multiplier": 2}}},
        {"sending_country": "France", "destinations": {}},
        {"sending_country": "FR", "destinations": {"BE": {"multiplier": 0}}},
        {"sending_country": "FR", "destinations": {"BE": {"multiplier": 101}}},
        {"sending_country": "FR", "destinations": {"BE": {"multiplier": 1.5}}},
        {"sending_country": "FR", "destinations": {"BE": {"multiplier": "2"}}},
        {"sending_country": "FR", "destinations": {"BE": {"multiplier": True}}},
        {"sending_country": "FR", "destinations": {"BE": 2}},
        {"sending_country": "FR", "destinations": ["BE"]},
        {"sending_country": "FR"},
        {"destinations": {}},
    ],
)
def test_destinations_are_countries_with_whole_multipliers(cloud: Cloud, body: dict[str, Any]) -> None:
    status, problem = done(cloud, "put_destinations", body=body)

    assert (status, problem["code"]) == (422, "invalid-request")
    assert all(error["detail"][0].isupper() and error["detail"][-1] == "." for error in problem["errors"])


def test_a_country_the_school_is_not_in_is_no_sending_country(cloud: Cloud) -> None:
    status, problem = done(cloud, "put_destinations", body={"sending_country": "BE", "destinations": {}})

    assert (status, problem["code"]) == (422, "sending-country-mismatch")


def test_a_machine_client_acts_only_while_it_is_granted(cloud: Cloud) -> None:
    """R28."""
    machine = http("school_api", "balance", claims={"client_id": "pronote"})
    assert cloud.call("school_api", machine)[1]["code"] == "integration-not-granted"

    body = done(cloud, "put_integration")[1]
    assert body["integrations"] == [{"client_id": "pronote", "granted_at": AT, "granted_by": "kosmos-1"}]
    assert body["acts"] == [{"kind": "integration-granted", **BY, "reason": None, "detail": {"client_id": "pronote"}}]
    assert cloud.call("school_api", machine)[0] == 200
    other = http("school_api", "balance", claims={"client_id": "other"})
    assert cloud.call("school_api", other)[1]["code"] == "integration-not-granted"

    assert done(cloud, "delete_integration")[1]["integrations"] == []
    assert cloud.call("school_api", machine)[1]["code"] == "integration-not-granted"


def test_a_grant_gives_no_role(cloud: Cloud) -> None:
    done(cloud, "put_integration")
    machine = http("school_api", "balance", claims={"client_id": "pronote", "roles": "[sms_sender]"})

    assert cloud.call("school_api", machine)[1]["code"] == "forbidden"


@pytest.mark.parametrize("case", ACTS)
@pytest.mark.parametrize(
    "claims", [{"roles": "[sms_manager sms_sender]", "school": UAI}, {"roles": None}, {"sub": None}]
)
def test_nobody_but_a_named_operator_acts(cloud: Cloud, case: str, claims: Mapping[str, str | None]) -> None:
    assert done(cloud, case, claims=claims)[1]["code"] == "forbidden"
    assert cloud.schools.get(UAI) == SCHOOL


@pytest.mark.parametrize("case", ACTS)
def test_an_act_on_a_school_nobody_registered_is_not_found(cloud: Cloud, case: str) -> None:
    unknown = {"uai": "0750654D", "client_id": "pronote"}
    assert done(cloud, case, path=unknown)[0] == 404
    assert done(cloud, case, path=unknown | {"uai": "nowhere"})[1]["code"] == "invalid-uai"


def test_a_terminated_school_keeps_its_proofs_of_consent_and_still_serves_those_who_gave_them(cloud: Cloud) -> None:
    """R44, R45: the school must be able to prove what it had, and its recipients have their rights as before."""
    phone, collected = "+33612345650", {"channel": "papier", "collected_by": "moi", "collected_at": "2026-11-20"}
    consent = http(
        "school_api", "put_consent", path={"phone": phone}, body={"wording": "Oui", "version": "1"} | collected
    )
    assert cloud.call("school_api", consent)[0] == 201
    done(cloud, "post_termination")

    def listed() -> list[Any]:
        status, body = cloud.call("school_api", event("school_api", "consents"))
        assert status == 200
        return [(each["phone"], each["state"]) for each in body["items"]]

    assert listed() == [(phone, "granted")]
    status, held = cloud.call("exercise_rights", event("exercise_rights", "show"))
    assert (status, held["consent"]["wording"]) == (200, "Oui")
    withdrawn = cloud.invoke("school_api", http("school_api", "withdraw_consent", path={"phone": phone}))
    assert withdrawn["statusCode"] == 204
    assert listed() == [(phone, "withdrawn")]
    assert cloud.call("exercise_rights", event("exercise_rights", "erase"))[0] == 200
    assert listed() == []
