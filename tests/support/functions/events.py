"""The events of `events/<function>/<case>.json`, as AWS sends them, with what a test wants otherwise."""

import copy
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.support.api.tokens import bearer, issued
from tests.support.template import ROOT

Event = dict[str, Any]


@cache
def _read(function: str, case: str) -> Event:
    event: Event = json.loads((ROOT / "events" / function / f"{case}.json").read_text("utf-8"))
    return event


def event(function: str, case: str) -> Event:
    """The event as it is."""
    return copy.deepcopy(_read(function, case))


def http(
    function: str,
    case: str,
    *,
    claims: Mapping[str, str | None] | None = None,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = None,
) -> Event:
    """An HTTP event with other claims (None takes one away), path parameters, query, headers, body (JSON, or text).

    `claims` are as API Gateway hands them on; the token is made to have them too.
    """
    changed = event(function, case)
    issued_claims = changed["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
    for name, value in (claims or {}).items():
        issued_claims.pop(name, None)
        if value is not None:
            issued_claims[name] = value
    if claims:
        changed["headers"]["authorization"] = bearer(issued(issued_claims))
    if path is not None:
        changed["pathParameters"] = dict(path)
    if query is not None:
        changed["queryStringParameters"] = dict(query)
    changed["headers"] |= headers or {}
    if body is not None:
        changed["body"] = body if isinstance(body, str) else json.dumps(body)
    return changed


def sqs(function: str, case: str, *bodies: object) -> Event:
    """An SQS event with these bodies (JSON, or text) in place of its own; messages are `message-0`, `message-1`, …"""
    changed = event(function, case)
    pattern = changed["Records"][0]
    changed["Records"] = [
        {**pattern, "messageId": f"message-{number}", "body": body if isinstance(body, str) else json.dumps(body)}
        for number, body in enumerate(bodies)
    ]
    return changed


def failed(answer: Any) -> list[str]:
    """Which records a batch handler wants again."""
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]
