"""Makes the OpenAPI 3.1 description of the HTTP API."""

import copy
import json
from typing import Any

from pydantic import BaseModel

from local.openapi.answers import SCHEMAS
from local.openapi.operations import OPERATIONS, Download, Operation
from local.openapi.shapes import DAY, TEXT, Schema, obj, ref
from local.openapi.sources import ROOT, Route, routes
from schoolsms.api.cursors import LONGEST_CURSOR
from schoolsms.api.http import LONGEST_ID

WRITTEN = ROOT / "layers" / "core" / "python" / "schoolsms" / "api" / "openapi.json"
_MODELS = "#/components/schemas/{model}"

_ABOUT = """\
Prepaid SMS for schools. JSON, snake_case, instants in UTC.

A token of the school's identity provider names the school (UAI) and the roles. Refusals are problems of RFC 9457, with
a stable `code` and a French `detail`. What API Gateway refuses itself (no or no good token: 401; no such route: 404; a
body above 10 MB: 413; too many requests: 429; no answer in time: 503) has its own shape, `{"message": "…"}`, which
cannot be changed. Lists answer `next_cursor`, to be given back as `cursor`.
"""
_IN_A_PATH: dict[str, Schema] = {
    "uai": {"pattern": "^[0-9]{7}[A-Za-z]$", "description": "UAI: seven digits and a letter that checks them"},
    "phone": {"maxLength": 64, "description": "a mobile number, as it is dialled or in E.164"},
    "client_id": {"pattern": "^[!-~]{1,128}$"},
    "name": {"maxLength": 60},
    "number": {"pattern": "^[0-9]{4}-[0-9]{6,}$", "description": "of an invoice"},
    "n": {"pattern": "^[1-9][0-9]*$", "description": "from 1"},
}
_LONGEST = {"maxLength": LONGEST_ID}
_IN_A_QUERY: dict[str, Schema] = {
    "cursor": {"maxLength": LONGEST_CURSOR, "description": "`next_cursor` of the page before, as it is"},
}
_REFUSALS = {
    400: "The body is no JSON",
    402: "The stock does not suffice",
    403: "The caller's role, school or client may not, or the school may not send now",
    404: "No such thing in this school",
    409: "The thing is in another state",
    422: "Something in the request is to be corrected",
    500: "An error on our side",
    503: "Not now: try again after a few seconds",
}
_AT_THE_GATE = {401: "No token, or none that is accepted", 413: "The body is too large"}


def build() -> Schema:
    """The document, the same for the same sources."""
    components = copy.deepcopy(SCHEMAS) | {"Day": dict(DAY), "Health": obj(status={"const": "ok"})}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes():
        paths.setdefault(route.path, {})[route.method] = _operation(route, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "skolengo-sms", "version": "1", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": {str(status): _refusal(status) for status in (*_REFUSALS, *_AT_THE_GATE)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def written(document: Schema) -> str:
    """As it is kept and served."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def without_words() -> list[str]:
    """Routes that `OPERATIONS` does not tell about, and rows of it without a route."""
    return sorted({route.key for route in routes()} ^ OPERATIONS.keys())


def _operation(route: Route, components: dict[str, Schema]) -> Schema:
    words = OPERATIONS.get(route.key) or Operation(route.handler.replace("_", " "), (), {200: {}})
    answers = {str(status): _answer(status, answer) for status, answer in words.answers.items()}
    refusals = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _statuses(route, words)}
    described: Schema = {
        "operationId": f"{route.method}_{_named(route.path)}",
        "summary": words.summary,
        "description": _about(words),
        "security": [] if route.open else [{"token": []}],
        "parameters": [*_path(route), *_query(route, components), *_headers(words)],
        "responses": dict(sorted((answers | refusals).items())),
    }
    if route.body or words.takes:
        described["requestBody"] = _body(route, words, components)
    return {name: value for name, value in described.items() if value or name == "security"}


def _named(path: str) -> str:
    """`/v1/orders/{id}/form` → `orders_id_form`."""
    words = path.removeprefix("/v1").replace("{", "").replace("}", "").replace(".", "_").replace("-", "_")
    return words.strip("/").replace("/", "_")


def _about(words: Operation) -> str:
    roles = f"For: {', '.join(words.roles)}." if words.roles else ""
    return " ".join(part for part in (words.about, roles) if part)


def _statuses(route: Route, words: Operation) -> list[int]:
    """What else may come, by the kind of route."""
    found = {500, 503, *words.refusals}
    if not route.open:
        found |= {401, 403}
    if route.path_parameters:
        found.add(404)
    if route.query or route.search or route.body or words.takes:
        found.add(422)
    if route.body:
        found |= {400, 413}
    return sorted(found)


def _answer(status: int, answer: Schema | Download | None) -> Schema:
    if status == 303:
        return {
            "description": "Too large for an answer",
            "headers": {"Location": {"description": "where it may be downloaded", "schema": dict(TEXT)}},
        }
    if answer is None:
        return {"description": "Done"}
    if isinstance(answer, Download):
        return {"description": "The document", "content": {each: {} for each in answer.content_types}}
    return {"description": "What was asked for", "content": {"application/json": {"schema": answer}}}


def _refusal(status: int) -> Schema:
    if status in _AT_THE_GATE:
        content = {"application/json": {"schema": ref("GatewayMessage")}}
        return {"description": _AT_THE_GATE[status], "content": content}
    return {
        "description": _REFUSALS[status],
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }


def _path(route: Route) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {**TEXT, **_IN_A_PATH.get(name, _LONGEST)}}
        for name in route.path_parameters
    ]


def _query(route: Route, components: dict[str, Schema]) -> list[Schema]:
    found = {name: {**TEXT, **_IN_A_QUERY.get(name, {})} for name in route.query}
    if route.search:
        found |= _schema_of(route.search, components)["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": _present(found[name])} for name in found]


def _present(schema: Schema) -> Schema:
    """What is not given in a query is absent, never null."""
    if isinstance(schema.get("type"), list):
        return {name: each for name, each in schema.items() if name != "default"} | {"type": schema["type"][0]}
    present = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return present[0] if len(present) == 1 else schema


def _headers(words: Operation) -> list[Schema]:
    return [
        {"name": name, "in": "header", "required": False, "description": about, "schema": dict(TEXT)}
        for name, about in words.headers.items()
    ]


def _body(route: Route, words: Operation, components: dict[str, Schema]) -> Schema:
    if route.body is None:
        return {"content": {words.takes: {}}}
    components[route.body.__name__] = _schema_of(route.body, components)
    content = {"application/json": {"schema": ref(route.body.__name__)}}
    return {"required": not route.body_optional, "content": content}


def _schema_of(model: type[BaseModel], components: dict[str, Schema]) -> Schema:
    """As pydantic describes it, what it refers to put among the components."""
    schema: Schema = _told(model.model_json_schema(ref_template=_MODELS))
    components |= schema.pop("$defs", {})
    return schema


def _told(schema: Any) -> Any:
    """Without pydantic's titles, which say the names again, and defaults that are not of the type."""
    if isinstance(schema, list):
        return [_told(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _told(each) for name, each in schema.items() if name != "title" or not isinstance(each, str)}
    if told.get("type") == "string" and told.get("default", "") is None:
        del told["default"]  # may be left out, and may not be null
    return told
