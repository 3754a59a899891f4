"""Holds answers to what `GET /v1/openapi.json` says of them: nothing missing, nothing that is not described."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator

from local.openapi.document import build

Schema = dict[str, Any]


@cache
def _described() -> Schema:
    document = build()
    return {"paths": document["paths"], "components": _closed(document["components"])}


def _closed(schema: Any) -> Any:
    """Objects with no other properties than those named: the document leaves room to grow, the tests do not."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(each) for name, each in schema.items()}
    return {"additionalProperties": False, **closed} if "properties" in schema and "type" in schema else closed


def hold_to_description(event: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Raises AssertionError for an answer of an HTTP function that is not as described."""
    method, _, path = event["routeKey"].partition(" ")
    operation = _described()["paths"].get(path, {}).get(method.lower())
    if operation is None:
        return  # what no route leads to
    responses = operation["responses"]
    status = str(answer["statusCode"])
    assert status in responses, f"{event['routeKey']} answers {status}: tell it in the route's `answers` or `refusals`"
    response = responses[status]
    if "$ref" in response:
        response = _described()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    content_type = answer["headers"].get("content-type", "").partition(";")[0]
    content = response.get("content", {})
    assert bool(answer.get("body")) == bool(content), f"{event['routeKey']} answers {status} with a body, or without"
    if not content_type.endswith("json"):
        assert content_type in content or not content, f"{event['routeKey']} answers {status} as {content_type}"
        return
    assert content_type in content, f"{event['routeKey']} answers {status} as {content_type}"
    schema = {**_closed(content[content_type].get("schema", {})), "components": _described()["components"]}
    wrong = sorted(OAS31Validator(schema).iter_errors(json.loads(answer["body"])), key=lambda error: error.json_path)
    problems = [f"{error.json_path}: {error.message[:200]}" for error in wrong]
    assert not problems, f"{event['routeKey']} answers otherwise than the type of its view says: {problems}"
