"""Every route asks for a person, a role, a grant, a school and a cursor of its own before anything else.

The routes are those of the template, so that one to come is held to it too.
"""

import json
import re
from typing import Any

import pytest

from local.openapi.routes import routes
from schoolsms.api.cursors import seal
from schoolsms.api.routes import Route
from tests.integration.conftest import ACCOUNTS, HISTORY, dynamodb_client
from tests.support.api.strict_bodies import EXAMPLES, PHONE
from tests.support.api.tokens import bearer, handed_on
from tests.support.builders import OTHER_UAI
from tests.support.examples import keys
from tests.support.functions.cloud import Cloud, client, function_folders
from tests.support.functions.events import Event, event
from tests.support.template import resources, routes_of

IN_A_PATH = {
    "uai": OTHER_UAI,
    "phone": PHONE,
    "client_id": "sis-1",
    "number": "2026-000001",
    "n": "1",
    "name": "Retard",
}
WITHOUT_JSON = {"POST /v1/consents/import": "telephone;date\n0612345678;01/09/2026"}
SAME_FOR_EVERY_SCHOOL = {"GET /v1/price-list"}
ALL_ROLES = ["operator", "sms_manager", "sms_sender"]
FOLDER_OF = {route: folder for folder in function_folders() for route in routes_of(folder)}
SECURED = [route for route in routes() if route.roles]


def called(route: Route, query: dict[str, str] | None = None, **claims: Any) -> Event:
    """A call of the route that has all it takes, with a token of these claims."""
    made = event("school_api", "balance")
    made["routeKey"] = made["requestContext"]["routeKey"] = route.key
    made["requestContext"]["authorizer"]["jwt"]["claims"] = handed_on(claims)
    made["headers"]["authorization"] = bearer(claims)
    made["pathParameters"] = {
        name: IN_A_PATH.get(name, "AAAAAAAAAAAAAA") for name in re.findall(r"\{([a-z_]+)\}", route.template)
    }
    made["queryStringParameters"] = query or {}
    return made


def with_body(made: Event, route: Route) -> Event:
    if route.model:
        made["body"] = json.dumps(EXAMPLES[route.model.__name__][0])
    elif route.key in WITHOUT_JSON:
        made["body"] = WITHOUT_JSON[route.key]
    return made


def answered(cloud: Cloud, made: Event) -> tuple[int, str]:
    """Status and code."""
    status, body = cloud.call(FOLDER_OF[made["routeKey"]], made)
    return status, body.get("code", "")


def test_somebody_without_a_subject_may_do_nothing(cloud: Cloud, school: str) -> None:
    """R26: nothing is done, and nothing read, by nobody."""
    for route in SECURED:
        made = with_body(called(route, email="op@kosmos.test", school=school, roles=ALL_ROLES), route)
        assert answered(cloud, made) == (403, "forbidden"), route.key


@pytest.mark.parametrize("role", ALL_ROLES)
def test_who_lacks_the_role_reads_which_it_takes_and_whom_to_ask(cloud: Cloud, school: str, role: str) -> None:
    """R51."""
    for route in SECURED:
        if role in route.roles:
            continue
        made = with_body(called(route, sub="u", school=school, roles=[role]), route)
        status, body = cloud.call(FOLDER_OF[route.key], made)
        asked = "contactez Kosmos" if route.roles == ("operator",) else "gestionnaire"
        assert (status, body["code"]) == (403, "forbidden"), route.key
        assert asked in body["detail"], route.key


def test_a_machine_client_that_nobody_granted_may_do_nothing(cloud: Cloud, school: str) -> None:
    """R28: neither for a school nor for the operator, whatever roles it has."""
    for route in SECURED:
        made = with_body(called(route, sub="m", client_id="sis-1", school=school, roles=ALL_ROLES), route)
        assert answered(cloud, made) == (403, "integration-not-granted"), route.key


@pytest.mark.parametrize("claimed", ["X" * 3_000, "0750655", "0752000ſ", ""])
def test_whose_claim_names_no_school_may_do_nothing_for_one(cloud: Cloud, school: str, claimed: str) -> None:
    for route in SECURED:
        made = with_body(called(route, sub="u", school=claimed, roles=["sms_manager", "sms_sender"]), route)
        assert answered(cloud, made) == (403, "forbidden"), route.key


def test_for_a_school_that_is_not_registered_nothing_is_found_and_nothing_is_kept(cloud: Cloud) -> None:
    for route in SECURED:
        if route.key in SAME_FOR_EVERY_SCHOOL:
            continue
        made = with_body(called(route, sub="u", school=OTHER_UAI, roles=["sms_manager", "sms_sender"]), route)
        status, code = answered(cloud, made)
        assert (status, code) in ((403, "forbidden"), (404, "not-found")), (route.key, status, code)
    for table in (ACCOUNTS, HISTORY, cloud.reference("ConsentsTable")):
        assert keys(dynamodb_client(), table) == set()
    for bucket in resources("AWS::S3::Bucket"):
        assert client("s3").list_objects_v2(Bucket=cloud.reference(bucket))["KeyCount"] == 0


def _asked_of_the_operator(route: Route, school: str) -> dict[str, str]:
    """The parameters without which an operator's list is refused for another reason than its cursor."""
    if "trace" in route.path:
        return {"reason": "Appel du collège", "phone": "+33612345650", "day": "2026-09-01"}
    asked = {"reason": "Appel du collège", "school": school}
    return {name: asked[name] for name in asked if name in route.query}


def test_a_cursor_that_is_none_is_refused_by_every_list(cloud: Cloud, school: str) -> None:
    lists = [route for route in SECURED if "cursor" in route.query]
    assert len(lists) > 8
    for route in lists:
        for cursor in ("x", "0", " ", "\x00", "é", "a" * 3_000, "eA.00000000", "eA", f"{seal('x')}0", str(seal("x"))):
            for roles in (["operator"], ["sms_manager"]):
                query = {"cursor": cursor} | (_asked_of_the_operator(route, school) if roles == ["operator"] else {})
                made = called(route, query, sub="u", school=school, roles=roles)
                made["pathParameters"] |= {"uai": school} if "{uai}" in route.path else {}
                status, code = answered(cloud, made)
                if (status, code) != (403, "forbidden"):
                    assert (status, code) == (422, "invalid-cursor"), (route.key, cursor)
