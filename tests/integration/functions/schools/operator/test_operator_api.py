"""The operator's HTTP: schools are registered, changed, shown, listed (R1, R2); nobody else may."""

from dataclasses import replace
from typing import Any

import pytest

from schoolsms.api.cursors import seal
from tests.support.builders import OTHER_UAI, SCHOOL, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import Event, event, http

FUNCTION = "operator_api"
BODY: dict[str, Any] = {
    "name": "Lycée Paul Valéry",
    "siret": "73282932000074",
    "address": {"line1": "1 rue des Écoles", "postcode": "75005", "city": "Paris", "country": "FR"},
    "managers": [{"name": "Marie Durand", "email": "marie.durand@lycee.test"}],
    "subscription_end": "2027-08-31",
}


def put(**changes: Any) -> Event:
    return http(FUNCTION, "put_school", body={**BODY, **changes})


def test_a_school_is_registered(cloud: Cloud) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, "put_school"))

    assert status == 201
    assert body == {
        "uai": "0750655E",
        "name": "Lycée Paul Valéry",
        "siret": "73282932000074",
        "address": {
            "line1": "1 rue des Écoles",
            "line2": None,
            "postcode": "75005",
            "city": "Paris",
            "country": "FR",
        },
        "managers": [
            {"name": "Marie Durand", "email": "marie.durand@lycee.test"},
            {"name": "Paul Martin", "email": "paul.martin@lycee.test"},
        ],
        "subscription_end": "2027-08-31",
        "calendar": "metropole",
        "low_balance_threshold": 100,
        "sender_name": None,
        "daily_limit": None,
        "order_senders": [],
        "vat_rate": "20",
        "country": "FR",
        "state": "active",
        "destinations": {
            "sending_country": None,
            "destinations": {},
            "version": 0,
            "accepted_version": None,
            "in_force": {iso: {"multiplier": 1} for iso in ("BL", "FR", "GF", "GP", "MF", "MQ", "PM", "RE", "YT")},
            "tariff": None,
            "accepted_tariff": None,
        },
        "integrations": [],
        "formal_notice": None,
        "blocked_senders": [],
        "acts": [],
    }
    assert cloud.call(FUNCTION, event(FUNCTION, "get_school")) == (200, body)


def test_a_school_registered_again_is_changed(cloud: Cloud) -> None:
    cloud.call(FUNCTION, put())

    status, body = cloud.call(FUNCTION, put(name="Lycée Ampère", low_balance_threshold=50))

    assert (status, body["name"], body["low_balance_threshold"]) == (200, "Lycée Ampère", 50)


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_a_change_never_lifts_a_suspension(cloud: Cloud, state: Any) -> None:
    cloud.replace_school(replace(SCHOOL, state=state))

    assert cloud.call(FUNCTION, put())[1]["state"] == state


def test_a_uai_in_lower_case_is_the_same_school(cloud: Cloud) -> None:
    cloud.call(FUNCTION, http(FUNCTION, "put_school", path={"uai": " 0750655e"}))

    assert cloud.schools.get(UAI) is not None


@pytest.mark.parametrize("uai", ["0750655A", "075065E", "", "0750655²", "٠٧٥٠٦٥٥E", "07506555E"])
def test_a_uai_that_is_none_is_refused(cloud: Cloud, uai: str) -> None:
    status, body = cloud.call(FUNCTION, http(FUNCTION, "put_school", path={"uai": uai}))

    assert (status, body["code"], body["type"]) == (422, "invalid-uai", "/problems/invalid-uai")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("siret", "73282932000075"),
        ("siret", "7328293200007²"),
        ("siret", ""),
        ("siret", None),
        ("siret", 73282932000074),
        ("name", " "),
        ("name", "x" * 201),
        ("managers", []),
        ("managers", [{"name": "Marie", "email": "marie"}]),
        ("managers", [{"name": "Marie", "email": "marie@lycee.test\r\nBcc: tous@lycee.test"}]),
        ("managers", [{"name": "Marie", "email": "marie@lycee.test, paul@lycee.test"}]),
        ("managers", {"name": "Marie"}),
        ("managers", [{"name": "Marie", "email": "m@lycee.test"}, {"name": "Paul", "email": "M@Lycee.test"}]),
        ("address", {"line1": "1 rue des Écoles"}),
        ("address", "1 rue des Écoles"),
        ("subscription_end", "31/08/2027"),
        ("subscription_end", "2027-02-30"),
        ("subscription_end", None),
        ("calendar", "bretagne"),
        ("low_balance_threshold", -1),
        ("low_balance_threshold", 1.5),
        ("low_balance_threshold", "1e3x"),
        ("sender_name", "Lycée Valéry"),
        ("sender_name", "12345"),
        ("sender_name", "AbcdefGhijkl"),
        ("daily_limit", 0),
        ("vat_rate", -1),
        ("vat_rate", 101),
        ("vat_rate", "NaN"),
        ("vat_rate", "Infinity"),
        ("vat_rate", 5.555),
        ("country", "France"),
        ("no_such_field", 1),
    ],
)
def test_a_field_that_is_wrong_is_named(cloud: Cloud, field: str, value: Any) -> None:
    status, body = cloud.call(FUNCTION, put(**{field: value}))

    assert (status, body["code"]) == (422, "invalid-request")
    assert body["errors"]
    assert {error["field"].split(".")[0] for error in body["errors"]} == {field}
    assert all(error["detail"][-1] == "." and error["detail"][0].isupper() for error in body["errors"])
    assert cloud.schools.get(UAI) is None


@pytest.mark.parametrize("body", ["", "{", "null", "[]", '"text"', "\ufeff{}", "[" * 20_000, '{"name": "\\ud800"}'])
def test_a_body_that_is_no_school_is_a_problem(cloud: Cloud, body: str) -> None:
    status, answer = cloud.call(FUNCTION, http(FUNCTION, "put_school", body=body or " "))

    assert status in (400, 422)
    assert answer["code"] in ("invalid-json", "invalid-request")


@pytest.mark.parametrize("encoded", ["%%%", "/w==", ""])
def test_a_body_in_base64_that_holds_no_json_is_a_problem(cloud: Cloud, encoded: str) -> None:
    broken = http(FUNCTION, "put_school", body=encoded) | {"isBase64Encoded": True}

    assert cloud.call(FUNCTION, broken)[1]["code"] == "invalid-json"


def test_a_school_without_body_is_a_problem(cloud: Cloud) -> None:
    bare = event(FUNCTION, "put_school")
    del bare["body"]

    assert cloud.call(FUNCTION, bare)[0] == 400


@pytest.mark.parametrize("case", ["put_school", "get_school"])
def test_a_uai_too_long_to_be_looked_for_is_not_found(cloud: Cloud, case: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, case, path={"uai": "x" * 5_000}))[0] == 404


def test_schools_are_listed_by_uai(cloud: Cloud) -> None:
    for uai in (UAI, OTHER_UAI):
        cloud.schools.put(replace(SCHOOL, uai=uai))

    status, body = cloud.call(FUNCTION, event(FUNCTION, "list_schools"))

    assert status == 200
    assert [each["uai"] for each in body["items"]] == [OTHER_UAI, UAI]
    assert body["next_cursor"] is None
    after = cloud.call(FUNCTION, http(FUNCTION, "list_schools", query={"cursor": str(seal(OTHER_UAI))}))[1]
    assert [each["uai"] for each in after["items"]] == [UAI]
    for query, found in (({"q": f"lycee {UAI.lower()}", "state": "active"}, 1), ({"state": "suspended"}, 0)):
        assert len(cloud.call(FUNCTION, http(FUNCTION, "list_schools", query=query))[1]["items"]) == found


@pytest.mark.parametrize("cursor", ["x", "~", "0750655e", "٠٧٥٠٦٥٥E", "2026-11-23", "0" * 5_000])
def test_a_cursor_that_is_no_schools_is_refused(cloud: Cloud, cursor: str) -> None:
    for query in (cursor, str(seal(cursor))):
        status, body = cloud.call(FUNCTION, http(FUNCTION, "list_schools", query={"cursor": query}))

        assert (status, body["code"]) == (422, "invalid-cursor")


@pytest.mark.parametrize("case", ["put_school", "get_school", "list_schools"])
@pytest.mark.parametrize(
    "claims",
    [
        {"roles": "[sms_manager sms_sender]", "school": UAI},
        {"roles": "[sms_sender]", "school": UAI},
        {"roles": "[]"},
        {"roles": ""},
        {"roles": None},
        {"roles": "[operators]"},
        {"roles": "[not-operator]"},
        {"sub": None},
        {"sub": ""},
    ],
)
def test_nobody_but_a_named_operator_may(cloud: Cloud, case: str, claims: dict[str, str | None]) -> None:
    """R2, R26."""
    status, body = cloud.call(FUNCTION, http(FUNCTION, case, claims=claims))

    assert (status, body["code"]) == (403, "forbidden")
    assert cloud.schools.get(UAI) is None


def test_a_stranger_learns_nothing_of_what_is_wrong_with_a_body(cloud: Cloud) -> None:
    stranger = http(FUNCTION, "put_school", claims={"roles": "[sms_manager]"}, body="{")

    assert cloud.call(FUNCTION, stranger)[0] == 403


@pytest.mark.parametrize("roles", ["[operator]", "operator", "[sms_sender operator]"])
def test_a_role_is_an_item_of_a_list_or_a_text_by_itself(cloud: Cloud, roles: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "list_schools", claims={"roles": roles}))[0] == 200


def test_claims_may_have_other_names(cloud: Cloud) -> None:
    cloud.parameters["RolesClaim"] = "https://ent.test/roles"

    renamed = http(FUNCTION, "list_schools", claims={"roles": None, "https://ent.test/roles": "[operator]"})
    assert cloud.call(FUNCTION, renamed)[0] == 200
    assert cloud.call(FUNCTION, event(FUNCTION, "list_schools"))[0] == 403
