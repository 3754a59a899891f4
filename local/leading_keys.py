"""`dynamodb:LeadingKeys` for MiniStack, whose policies do not know which partitions a request is about.

It keeps a condition on an absent key for fulfilled, so that one in the template would say nothing here.
"""

from __future__ import annotations

import json
from typing import Any

PARTITION_KEY = "pk"
"""Of every table of the template."""

VALUES = ("Item", "Key", "ExpressionAttributeValues", "ExpressionAttributeNames")
"""What a request names by these is no request in a request."""


def leading_keys(body: bytes) -> list[str]:
    """The partitions of the items that a request of DynamoDB's names, each once; queries name none here."""
    try:
        return sorted(set(_partitions(json.loads(body))))
    except ValueError:
        return []


def _partitions(request: Any) -> list[str]:
    if isinstance(request, list):
        return [found for each in request for found in _partitions(each)]
    if not isinstance(request, dict):
        return []
    found = [
        found
        for name, each in request.items()
        if isinstance(each, dict | list) and name not in VALUES
        for found in _partitions(each)
    ]
    for name in ("Item", "Key"):
        named = request.get(name)
        key = named.get(PARTITION_KEY) if isinstance(named, dict) else None
        if isinstance(key, dict) and isinstance(key.get("S"), str):
            found.append(key["S"])
    return found


def patch() -> None:
    """Have MiniStack's policies know them."""
    from ministack.core import iam_actions  # type: ignore[import-not-found]

    context_of = iam_actions.dynamodb_service_context

    def with_leading_keys(body: bytes) -> dict[str, Any]:
        context: dict[str, Any] = context_of(body)
        keys = leading_keys(body)
        return {**context, "dynamodb:LeadingKeys": keys} if keys else context

    iam_actions.dynamodb_service_context = with_leading_keys
