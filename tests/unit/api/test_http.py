"""HTTP as API Gateway speaks it: who calls, what is asked, and problems of RFC 9457."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from schoolsms.api.http import Request, Response, file_response, json_response, problem, serve
from schoolsms.api.routes import ANYBODY, MANAGER, MANAGER_OR_OPERATOR, OPERATOR, SENDER_OR_MANAGER, Route
from schoolsms.domain.errors import (
    ConflictError,
    InsufficientBalance,
    NotFoundError,
    RefusedError,
    SchoolClosed,
    TransientError,
    UnderMaintenance,
)
from schoolsms.domain.schools.access import Caller, Forbidden, Role
from tests.support.api.tokens import bearer, handed_on
from tests.support.builders import UAI

PATH = "/v1/things/{id}"
ROUTE = f"POST {PATH}"
SECRET = "+33612345678 Léa"


def event(**more: Any) -> dict[str, Any]:
    return {"version": "2.0", "routeKey": ROUTE, "headers": {}, "requestContext": {}, **more}


def route(handler: Callable[..., Response], **more: Any) -> Route:
    """A route of that handler, for anybody unless `more` says otherwise."""
    return Route(
        **{
            "method": "POST",
            "path": PATH,
            "roles": ANYBODY,
            "handler": handler,
            "summary": "Things",
            "answers": {200: None},
            "query": ("cursor",),
            **more,
        }
    )


def seen(**more: Any) -> Request:
    """The request a handler gets for an event."""
    requests: list[Request] = []

    def note(request: Request) -> Response:
        requests.append(request)
        return json_response(200, {})

    assert serve(event(**more), (route(note),))["statusCode"] == 200
    return requests[0]


def served(act: Callable[[Request], Response], **more: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, body and headers of what `act` is answered."""
    response = serve(event(**more), (route(act),))
    return response["statusCode"], json.loads(response["body"]), response["headers"]


def caller(school: str, *roles: Role) -> Caller:
    return Caller(subject="u1", email="", school=school, roles=frozenset(roles))


def raising(error: Exception) -> Callable[[Request], Response]:
    def act(request: Request) -> Response:
        raise error

    return act


# ------------------------------------------------------------------ what is asked


def test_a_request_tells_its_path_query_headers_and_body() -> None:
    request = seen(
        pathParameters={"id": "7"},
        queryStringParameters={"cursor": "a|b"},
        headers={"Idempotency-Key": "k1", "content-type": "application/json"},
        body='{"a":"é"}',
    )
    assert (request.path, request.query) == ({"id": "7"}, {"cursor": "a|b"})
    assert request.headers["idempotency-key"] == "k1"
    assert request.body == '{"a":"é"}'.encode()


@pytest.mark.parametrize(
    ("handed_on", "meant"),
    [
        ("a+b", "a+b"),
        ("été", "été"),
        ("50%25", "50%"),
        ("a%252Fb", "a%2Fb"),
        ("a%2525", "a%25"),
        ("a/b", "a/b"),
        ("%", "%"),
    ],
)
def test_a_path_parameter_is_decoded_once(handed_on: str, meant: str) -> None:
    """An HTTP API decodes every escape in a path but `%25`."""
    assert seen(pathParameters={"id": handed_on}).path == {"id": meant}


def test_what_api_gateway_leaves_out_is_empty() -> None:
    request = seen(headers=None, pathParameters=None, queryStringParameters=None, body=None)
    assert (request.path, request.query, request.headers, request.body) == ({}, {}, {}, b"")


def test_a_body_in_base64_is_decoded() -> None:
    assert seen(body=base64.b64encode(b"\x00\xff").decode(), isBase64Encoded=True).body == b"\x00\xff"


def test_a_body_that_is_no_base64_is_the_caller_s_fault() -> None:
    status, body, _ = served(raising(AssertionError()), body="***", isBase64Encoded=True)
    assert 400 <= status < 500
    assert body["code"] == "invalid-json"


# ------------------------------------------------------------------ what is answered


def test_an_answer_is_json_in_utf_8_that_nobody_caches() -> None:
    response = json_response(201, {"name": "Léa"})
    assert response["statusCode"] == 201
    assert response["body"] == '{"name":"Léa"}'
    assert response["headers"] == {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}


def test_a_file_is_downloaded_under_its_name() -> None:
    response = file_response(b"%PDF\xff", "application/pdf", "bon.pdf")
    assert base64.b64decode(response["body"]) == b"%PDF\xff"
    assert response["isBase64Encoded"] is True
    assert response["headers"]["content-disposition"] == 'attachment; filename="bon.pdf"'


def test_a_problem_is_that_of_rfc_9457() -> None:
    response = problem(402, "insufficient-balance", "Il reste 3 SMS.", errors=[])
    assert response["headers"]["content-type"] == "application/problem+json; charset=utf-8"
    assert json.loads(response["body"]) == {
        "type": "/problems/insufficient-balance",
        "title": "Solde de SMS insuffisant",
        "status": 402,
        "detail": "Il reste 3\u00a0SMS.",
        "code": "insufficient-balance",
        "errors": [],
    }


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InsufficientBalance("d"), 402, "insufficient-balance"),
        (Forbidden("d"), 403, "forbidden"),
        (SchoolClosed("d", "school-suspended"), 403, "school-suspended"),
        (SchoolClosed("d", "school-terminated"), 403, "school-terminated"),
        (SchoolClosed("d", "subscription-ended"), 403, "subscription-ended"),
        (NotFoundError("d"), 404, "not-found"),
        (ConflictError("d"), 409, "conflict"),
        (ConflictError("d", "idempotency-key-reused"), 409, "idempotency-key-reused"),
        (RefusedError("d", "unknown-pack"), 422, "unknown-pack"),
    ],
)
def test_every_refusal_has_its_status_and_code(error: RefusedError, status: int, code: str) -> None:
    found, body, headers = served(raising(error))
    assert (found, body["status"], body["code"], body["type"]) == (status, status, code, f"/problems/{code}")
    assert body["detail"] == "d"
    assert body["title"]
    assert headers["content-type"].startswith("application/problem+json")


def test_a_refusal_names_the_field_to_change() -> None:
    _, body, _ = served(raising(RefusedError("d.", "end-in-past", field="subscription_end")))
    assert body["errors"] == [{"field": "subscription_end", "code": "end-in-past", "detail": "d."}]
    assert "errors" not in served(raising(RefusedError("d.", "unknown-pack")))[1]


def test_a_temporary_refusal_says_when_to_try_again() -> None:
    status, body, headers = served(raising(TransientError(SECRET)))
    assert (status, body["code"], headers["retry-after"]) == (503, "unavailable", "5")
    assert SECRET not in json.dumps(body, ensure_ascii=False)


def test_maintenance_says_in_french_that_nothing_was_done_and_when_to_try_again() -> None:
    """R49."""
    status, body, headers = served(raising(UnderMaintenance()))
    assert (status, body["code"], headers["retry-after"]) == (503, "maintenance", "300")
    assert body["title"] == "Service en maintenance"
    assert "rien n’a été débité" in body["detail"]


def test_an_error_of_ours_tells_the_caller_nothing_of_it() -> None:
    """R46."""
    status, body, _ = served(raising(ZeroDivisionError(SECRET)))
    assert (status, body["code"]) == (500, "internal-error")
    assert SECRET not in json.dumps(body, ensure_ascii=False)


def test_a_route_nobody_serves_is_an_error_of_ours() -> None:
    """API Gateway matches routes: one that comes through was forgotten in the code."""
    assert serve(event(routeKey="GET /v1/forgotten"), ())["statusCode"] == 500


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


def named(request: Request, body: Thing | None) -> Response:
    return json_response(200, {"name": body.name if body else "nobody"})


def posted(body: str | None, **more: Any) -> tuple[int, dict[str, Any]]:
    """Status and answer of a route that takes a `Thing`."""
    of_route = {name: more.pop(name) for name in ("body_optional", "roles") if name in more}
    response = serve(event(body=body, **more), (route(named, body=Thing, **of_route),))
    return response["statusCode"], json.loads(response["body"])


def test_a_body_is_read_as_its_model() -> None:
    assert posted('{"name":"Léa"}') == (200, {"name": "Léa"})


def test_a_body_may_be_left_out_where_the_route_says_so() -> None:
    assert posted(None, body_optional=True) == (200, {"name": "nobody"})
    assert posted('{"name":"Léa"}', body_optional=True) == (200, {"name": "Léa"})
    assert posted("{}", body_optional=True)[0] == 422
    assert posted(None)[0] == 400


@pytest.mark.parametrize("body", ["{", "{}", '{"name":1}', "***"])
def test_a_stranger_learns_nothing_about_a_body(body: str) -> None:
    """The role is checked first: a caller without it learns nothing about the body's fields."""
    status, answer = posted(body, roles=OPERATOR, isBase64Encoded=body == "***")
    assert (status, answer["code"]) == (403, "forbidden")


def test_a_stranger_learns_nothing_about_a_query_or_a_path() -> None:
    response = serve(
        event(pathParameters={"id": "x" * 1000}, queryStringParameters={"name": ""}),
        (route(raising(AssertionError()), search=Thing, roles=MANAGER),),
    )
    assert response["statusCode"] == 403


def test_a_query_is_read_as_its_model() -> None:
    def search(request: Request, query: Thing) -> Response:
        return json_response(200, {"name": query.name, "seen": dict(request.query)})

    found = serve(event(queryStringParameters={"name": "Léa"}), (route(search, search=Thing),))
    assert json.loads(found["body"]) == {"name": "Léa", "seen": {}}
    assert serve(event(), (route(search, search=Thing),))["statusCode"] == 422


@pytest.mark.parametrize(
    ("more", "named"),
    [({}, "cursor"), ({"search": Thing}, "name, cursor"), ({"query": ()}, "n’en prend aucun")],
)
def test_a_parameter_that_a_route_does_not_know_is_refused(more: dict[str, Any], named: str) -> None:
    """A filter with a slip of the pen must not answer as if it were applied."""
    claims = {"sub": "u1", "email": "marie@lycee.test", "school": UAI, "roles": ["sms_manager"]}
    asked = event(
        queryStringParameters={"statuts": SECRET},
        requestContext={"authorizer": {"jwt": {"claims": handed_on(claims)}}},
        headers={"authorization": bearer(claims)},
    )
    response = serve(asked, (route(raising(AssertionError()), roles=MANAGER, **more),))
    answer = json.loads(response["body"])
    assert (response["statusCode"], answer["code"]) == (422, "unknown-parameter")
    assert named in answer["detail"]
    assert SECRET not in response["body"]


def test_a_caller_without_a_token_may_add_parameters_of_their_own() -> None:
    """Providers and monitors do, and what a provider calls is answered in every case."""
    assert seen(queryStringParameters={"utm": "b"}).query == {}


def test_a_handler_sees_only_the_parameters_that_its_route_names() -> None:
    """So the description, which is made of the route, names all that counts."""
    assert seen(queryStringParameters={"cursor": "a", "state": "b"}).query == {"cursor": "a"}


@pytest.mark.parametrize(
    ("roles", "admitted"),
    [
        (OPERATOR, {"operator"}),
        (MANAGER, {"manager"}),
        (SENDER_OR_MANAGER, {"manager", "sender"}),
        (MANAGER_OR_OPERATOR, {"operator", "manager"}),
        (ANYBODY, {"operator", "manager", "sender", "manager without a school", "nobody"}),
    ],
)
def test_a_route_admits_its_roles_and_no_others(roles: tuple[Role, ...], admitted: set[str]) -> None:
    callers = {
        "operator": caller("", "operator"),
        "manager": caller(UAI, "sms_manager"),
        "sender": caller(UAI, "sms_sender"),
        "manager without a school": caller("", "sms_manager"),
        "nobody": caller(UAI),
    }
    found = set()
    for name, each in callers.items():
        try:
            route(raising(AssertionError()), roles=roles).admit(each)
            found.add(name)
        except Forbidden:
            pass
    assert found == admitted


def test_every_wrong_field_is_reported() -> None:
    status, body = posted('{"name":1,"more":2}')
    assert (status, body["code"]) == (422, "invalid-request")
    assert {error["field"] for error in body["errors"]} == {"name", "more"}
    assert {"field", "code", "detail"} == set(body["errors"][0])


@pytest.mark.parametrize("body", ["", "{", "nom=Léa", "{'name':'x'}"])
def test_a_body_that_is_no_json_is_400(body: str) -> None:
    status, answer = posted(body)
    assert (status, answer["code"]) == (400, "invalid-json")


def test_bytes_that_are_no_text_are_400() -> None:
    body = base64.b64encode(b'{"name":"\xff\xfe"}').decode()
    status, answer = posted(body, isBase64Encoded=True)
    assert (status, answer["code"]) == (400, "invalid-json")


def test_a_refusal_that_says_to_ask_kosmos_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """R51."""
    monkeypatch.setenv("SUPPORT_EMAIL", "aide@kosmos.test")
    body = json.loads(problem(403, "school-suspended", "Suspendu. Contactez Kosmos.")["body"])
    assert body["detail"] == "Suspendu. Contactez Kosmos (aide@kosmos.test)."
