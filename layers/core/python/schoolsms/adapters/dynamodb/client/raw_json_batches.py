"""Send and receive DynamoDB batches as raw JSON.

Our items already have the wire's format, yet botocore would walk through them value by value in each direction. For a
request to 10,000 recipients that is more work than all the rest of accepting it. Signing, retries, time-outs and errors
are still botocore's.
"""

import base64
import json
from collections.abc import MutableMapping
from typing import Any

from botocore.exceptions import ResponseStreamingError

_BATCHES = ("BatchGetItem", "BatchWriteItem")


def bypass_serializer(client: Any) -> None:
    """Make `client` send and receive batches as they are. Bytes come back as base64, which `from_wire` reads."""
    events = client.meta.events
    for operation in _BATCHES:
        events.register_last(f"before-parameter-build.dynamodb.{operation}", _hide)
        events.register_first(f"before-call.dynamodb.{operation}", _write)
        events.register_first(f"before-parse.dynamodb.{operation}", _read)


def _hide(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Hide the items from botocore's serializer. `RequestItems` must exist, and may be empty."""
    context["plain"] = dict(params)
    params.clear()
    params["RequestItems"] = {}


def _write(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Write the body, before the request is signed."""
    written = json.dumps(context["plain"], separators=(",", ":"), default=_base64, check_circular=False)
    params["body"] = written.encode()


def _read(response_dict: dict[str, Any], customized_response_dict: MutableMapping[str, Any], **_: object) -> None:
    """Read the answer instead of botocore, which still reads errors."""
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
    raise TypeError(f"an item cannot hold a {type(value).__name__}")
