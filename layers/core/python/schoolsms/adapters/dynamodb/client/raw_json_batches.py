"""Batches to and from DynamoDB as the JSON they are.

An item in a call is written as DynamoDB's wire has it, yet botocore walks through a description of its type, value by
value, in each direction: for a request to 10,000 recipients more work than all the rest of accepting it. Signing,
retries, time-outs and errors stay botocore's.
"""

import base64
import json
from collections.abc import MutableMapping
from typing import Any

from botocore.exceptions import ResponseStreamingError

_BATCHES = ("BatchGetItem", "BatchWriteItem")


def bypass_serializer(client: Any) -> None:
    """Have `client` hand batches on as they are. Bytes come back as base64, which `from_wire` reads."""
    events = client.meta.events
    for operation in _BATCHES:
        events.register_last(f"before-parameter-build.dynamodb.{operation}", _hide)
        events.register_first(f"before-call.dynamodb.{operation}", _write)
        events.register_first(f"before-parse.dynamodb.{operation}", _read)


def _hide(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Before botocore looks at what the caller gave: `RequestItems` must be there, and may be empty."""
    context["plain"] = dict(params)
    params.clear()
    params["RequestItems"] = {}


def _write(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Before the request is signed."""
    written = json.dumps(context["plain"], separators=(",", ":"), default=_base64, check_circular=False)
    params["body"] = written.encode()


def _read(response_dict: dict[str, Any], customized_response_dict: MutableMapping[str, Any], **_: object) -> None:
    """Before botocore reads the answer; errors it reads itself."""
    if response_dict["status_code"] != 200:
        return
    try:
        customized_response_dict.update(json.loads(response_dict["body"]))
    except ValueError as exc:
        raise ResponseStreamingError(error=type(exc).__name__) from None
    response_dict["body"] = b"{}"


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in an item")
