"""Permissions as AWS asks for them, where MiniStack's policies ask otherwise.

`dynamodb:LeadingKeys`: MiniStack does not know which partitions a request is about, and takes a condition on an absent
key for fulfilled, so that one in the template would say nothing here. Of a transaction each item is asked for with its
own key. Mails are asked for by the sender's identity, several messages at once as one message.
"""

from __future__ import annotations

import json
import re
from email.utils import parseaddr
from typing import Any, NamedTuple

PARTITION_KEY = "pk"
"""Of every table of the template."""

TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "ConditionCheck": "ConditionCheckItem",
}
"""The action that a policy names, by what an item of a transaction is called."""

_EQUALS = re.compile(rf"(?<![\w#]){PARTITION_KEY} *= *(:\w+)")


class Partition(NamedTuple):
    """A partition that a request names: by `action` ("" for the request's own), in `table`."""

    action: str
    table: str
    key: str


def partitions(body: bytes) -> list[Partition]:
    """The partitions of the items, or of the query, that a request of DynamoDB's names, each once.

    Queries of an index with another key name none.
    """
    try:
        request = json.loads(body)
    except ValueError:
        return []
    return sorted(set(_named(request))) if isinstance(request, dict) else []


def _named(request: dict[str, Any]) -> list[Partition]:
    found = _of("", request)
    for each in request.get("TransactItems", ()):
        for member, action in TRANSACTED.items():
            if member in each:
                found += _of(action, each[member])
    for table, asked in request.get("RequestItems", {}).items():
        keys = asked.get("Keys", ()) if isinstance(asked, dict) else ()
        written = (one for each in asked for one in each.values()) if isinstance(asked, list) else ()
        for item in (*({"Key": key} for key in keys), *written):
            found += _of("", {"TableName": table, **item})
    return found


def _of(action: str, request: dict[str, Any]) -> list[Partition]:
    named = [request[name].get(PARTITION_KEY) for name in ("Item", "Key") if isinstance(request.get(name), dict)]
    values = request.get("ExpressionAttributeValues", {})
    named += [values.get(value) for value in _EQUALS.findall(request.get("KeyConditionExpression", ""))]
    keys = [each["S"] for each in named if isinstance(each, dict) and isinstance(each.get("S"), str)]
    return [Partition(action, request.get("TableName", ""), key) for key in keys]


def asked_of(named: list[Partition], action: str, resource: str) -> list[str]:
    """The keys that count where a policy is asked for `action` (`dynamodb:PutItem`) on `resource` (an ARN)."""
    table = resource.partition(":table/")[2].partition("/")[0]
    return [
        each.key for each in named if each.table in (table, resource) and each.action in ("", action.partition(":")[2])
    ]


def patch() -> None:
    """Have MiniStack ask as AWS does."""
    from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found]

    _know_partitions(iam_actions, iam_evaluator)
    _know_identities(iam_actions)
    _know_batches(iam_actions)
    _count_as_tls(iam_evaluator)


def _know_partitions(iam_actions: Any, iam_evaluator: Any) -> None:
    context_of, enforce = iam_actions.dynamodb_service_context, iam_evaluator.enforce
    condition = "dynamodb:LeadingKeys"

    def with_partitions(body: bytes) -> dict[str, Any]:
        return {**context_of(body), condition: partitions(body)}

    def enforce_with_keys(
        access_key: str, action: str, service: str, region: str, resource_arn: str = "*", service_context: Any = None
    ) -> Any:
        if service == "dynamodb" and service_context and condition in service_context:
            context = dict(service_context)
            keys = asked_of(context.pop(condition), action, resource_arn)
            service_context = {**context, condition: keys} if keys else context
        return enforce(access_key, action, service, region, resource_arn=resource_arn, service_context=service_context)

    iam_actions.dynamodb_service_context = with_partitions
    iam_evaluator.enforce = enforce_with_keys


def _know_identities(iam_actions: Any) -> None:
    """A role that may send for one identity may send for it: MiniStack asks for every resource instead."""
    named = iam_actions._ses_v2_resource_arn

    def resource_arn(method: str, path: str, body: bytes, region: str, account: str) -> Any:
        if method == "POST" and path.rstrip("/").endswith("/outbound-emails"):
            sender = parseaddr(json.loads(body).get("FromEmailAddress", ""))[1]
            return f"arn:aws:ses:{region}:{account}:identity/{sender.rpartition('@')[2]}"
        return named(method, path, body, region, account)

    iam_actions._ses_v2_resource_arn = resource_arn


def _know_batches(iam_actions: Any) -> None:
    """A role that may send messages to a queue may send several at once: on AWS both are `sqs:SendMessage`."""
    action_of = iam_actions.extract_iam_action

    def without_batch(service: str, *args: Any, **options: Any) -> Any:
        action = action_of(service, *args, **options)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    iam_actions.extract_iam_action = without_batch


def _count_as_tls(iam_evaluator: Any) -> None:
    """Nothing leaves this machine: what the template refuses unless it comes over TLS is not refused here."""
    resolve = iam_evaluator._resolve_condition_key

    def with_tls(key: str, context: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    iam_evaluator._resolve_condition_key = with_tls
