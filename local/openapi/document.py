"""Makes the OpenAPI 3.1 description of the HTTP API."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from local.openapi.refusals import SCHEMAS, responses, statuses
from local.openapi.routes import ROOT, routes
from local.openapi.shapes import TEXT, Schema, listed, ref
from local.openapi.views import ViewSchemas, read_as_by_a_type_checker
from schoolsms.api.cursors import LONGEST_CURSOR
from schoolsms.api.http import LONGEST_ID
from schoolsms.api.routes import ANY_QUERY, File, PageOf, Route
from schoolsms.api.views.sending.sending import refusal_view

if TYPE_CHECKING:
    from schoolsms.api.routes import View

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


def build() -> Schema:
    """The document, the same for the same sources."""
    components, every_route = copy.deepcopy(SCHEMAS), routes()
    paths: dict[str, dict[str, Any]] = {}
    with read_as_by_a_type_checker() as modules:
        views = ViewSchemas(modules)
        for route in every_route:
            paths.setdefault(route.template, {})[route.method.lower()] = _operation(route, components, views)
        views.of(refusal_view)  # which problems refer to
    return {
        "openapi": "3.1.0",
        "info": {"title": "skolengo-sms", "version": "1", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": dict(sorted((components | views.components).items())),
            "responses": responses(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def written(document: Schema) -> str:
    """As it is kept and served."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _operation(route: Route, components: dict[str, Schema], views: ViewSchemas) -> Schema:
    answers = {str(status): _answer(status, answer, views) for status, answer in route.answers.items()}
    refusals = {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses(route)}
    described: Schema = {
        "operationId": f"{route.method.lower()}_{_named(route.template)}",
        "summary": route.summary,
        "description": _about(route),
        "security": [{"token": []}] if route.roles else [],
        "parameters": [*_path(route), *_query(route, components), *_headers(route)],
        "responses": dict(sorted((answers | refusals).items())),
    }
    if route.body or route.takes:
        described["requestBody"] = _body(route, components)
    return {name: value for name, value in described.items() if value or name == "security"}


def _named(path: str) -> str:
    """`/v1/orders/{id}/form` → `orders_id_form`."""
    words = path.removeprefix("/v1").replace("{", "").replace("}", "").replace(".", "_").replace("-", "_")
    return words.strip("/").replace("/", "_")


def _about(route: Route) -> str:
    roles = f"For: {', '.join(route.roles)}." if route.roles else ""
    return " ".join(part for part in (route.about, roles) if part)


def _answer(status: int, answer: View | PageOf | File | None, views: ViewSchemas) -> Schema:
    if status == 303:
        return {
            "description": "Too large for an answer",
            "headers": {"Location": {"description": "where it may be downloaded", "schema": dict(TEXT)}},
        }
    if answer is None:
        return {"description": "Done"}
    if isinstance(answer, File):
        content: dict[str, Schema] = {each: {} for each in answer.content_types}
        if "application/json" in content:
            content["application/json"] = {"schema": {"type": "object"}}
        return {"description": "The document", "content": content}
    schema = listed(views.of(answer.view)) if isinstance(answer, PageOf) else views.of(answer)
    return {"description": "What was asked for", "content": {"application/json": {"schema": schema}}}


def _path(route: Route) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {**TEXT, **_IN_A_PATH.get(name, _LONGEST)}}
        for name in re.findall(r"\{([a-z_]+)\}", route.template)
    ]


def _query(route: Route, components: dict[str, Schema]) -> list[Schema]:
    found = {name: {**TEXT, **_IN_A_QUERY.get(name, {})} for name in route.query if name not in ANY_QUERY}
    if route.search:
        found |= _schema_of(route.search, components)["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": _present(found[name])} for name in found]


def _present(schema: Schema) -> Schema:
    """Parameters that a query does not have are absent, never null."""
    if isinstance(schema.get("type"), list):
        return {name: each for name, each in schema.items() if name != "default"} | {"type": schema["type"][0]}
    present = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return present[0] if len(present) == 1 else schema


def _headers(route: Route) -> list[Schema]:
    return [
        {"name": name, "in": "header", "required": False, "description": about, "schema": dict(TEXT)}
        for name, about in (route.headers or {}).items()
    ]


def _body(route: Route, components: dict[str, Schema]) -> Schema:
    if route.model is None:
        return {"content": {route.takes: {}}}
    components[route.model.__name__] = _schema_of(route.model, components)
    content = {"application/json": {"schema": ref(route.model.__name__)}}
    return {"required": not route.body_optional, "content": content}


def _schema_of(model: type[BaseModel], components: dict[str, Schema]) -> Schema:
    """As pydantic describes it, what it refers to put among the components."""
    schema: Schema = _without_titles(model.model_json_schema(ref_template=_MODELS))
    components |= schema.pop("$defs", {})
    return schema


def _without_titles(schema: Any) -> Any:
    """Without pydantic's titles, which say the names again, and defaults that are not of the type."""
    if isinstance(schema, list):
        return [_without_titles(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        name: _without_titles(each) for name, each in schema.items() if name != "title" or not isinstance(each, str)
    }
    if kept.get("type") == "string" and kept.get("default", "") is None:
        del kept["default"]  # may be left out, and may not be null
    return kept
