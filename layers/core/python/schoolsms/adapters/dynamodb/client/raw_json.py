"""Send and receive every call of DynamoDB as the JSON it is.

Our items already have the wire's format, yet botocore would walk through them value by value in each direction: more
work for a request to 10,000 recipients than all the rest of accepting it, and for a message four times what the item
takes. Idempotency tokens, signing, retries, time-outs and errors are still botocore's.
"""

import base64
import json
from collections.abc import MutableMapping
from typing import Any

from botocore.exceptions import ResponseStreamingError


class Written(str):
    """A parameter that is JSON already. Only clients with `bypass_serializer` take it."""

    __slots__ = ()


def bypass_serializer(client: Any) -> None:
    """Make `client` send and receive items as they are. Bytes come back as base64, which `from_wire` reads.

    It must be made with `parameter_validation=False`, because botocore sees no parameter.
    """
    events = client.meta.events
    events.register_last("before-parameter-build", _hide)  # after botocore gave a transaction its token
    events.register_first("before-call", _write)
    events.register_first("before-parse", _read)


def _hide(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Hide the parameters from botocore's serializer. `RequestItems` must exist: its endpoint rules ask for it."""
    context["plain"] = dict(params)
    params.clear()
    if "RequestItems" in context["plain"]:
        params["RequestItems"] = {}


def _write(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Write the body, before the request is signed."""
    written = [
        f'"{name}":{value if isinstance(value, Written) else _written(value)}'
        for name, value in context["plain"].items()
    ]
    params["body"] = f"{{{','.join(written)}}}".encode()


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


_written = json.JSONEncoder(separators=(",", ":"), default=_base64, check_circular=False).encode
