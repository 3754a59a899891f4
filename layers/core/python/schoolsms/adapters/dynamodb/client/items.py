"""Plain Python values to DynamoDB's wire format and back, and its errors to ours.

Only strings, whole numbers, booleans, bytes, None, lists and maps: money is in cents and instants are ISO text, so
that no Decimal and no resource layer is needed on the hot path.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import TransientError, not_of_this_list

Item = dict[str, Any]
"""An item as plain values."""

Wire = dict[str, Any]
"""An item as the client takes it: `{"name": {"S": "value"}}`."""


def to_wire(item: Mapping[str, Any]) -> Wire:
    """`item` for the client."""
    return {name: _value_to_wire(value) for name, value in item.items()}


def from_wire(wire: Mapping[str, Any]) -> Item:
    """An item the client gave."""
    return {name: _value_from_wire(value) for name, value in wire.items()}


def _value_to_wire(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, Mapping):
        return {"M": to_wire(value)}
    if isinstance(value, list | tuple):
        return {"L": [_value_to_wire(each) for each in value]}
    raise TypeError(f"{type(value).__name__} has no place in an item")


def _value_from_wire(wire: Mapping[str, Any]) -> Any:
    ((kind, value),) = wire.items()
    if kind in ("S", "BOOL"):
        return value
    if kind == "B":  # as bytes, or as the wire has it (`plain_batches.py`)
        return base64.b64decode(value) if isinstance(value, str) else value
    if kind == "N":
        return int(value)
    if kind == "NULL":
        return None
    if kind == "M":
        return from_wire(value)
    if kind == "L":
        return [_value_from_wire(each) for each in value]
    raise TypeError(f"an attribute of kind {kind} is none of ours")


def iso(moment: datetime) -> str:
    """An aware instant as text that sorts: UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """What `iso` wrote."""
    return datetime.fromisoformat(text)


def optional_instant(text: str | None) -> datetime | None:
    """What `iso` wrote, if anything."""
    return instant(text) if text else None


def epoch(moment: datetime) -> int:
    """Whole seconds, as DynamoDB's TTL wants them."""
    return int(moment.timestamp())


def own_cursor(cursor: str | None, shape: re.Pattern[str]) -> str | None:
    """The cursor, if it may be one of a list whose cursors have that shape; None for none. Raises RefusedError."""
    if cursor and not shape.fullmatch(cursor):
        raise not_of_this_list()
    return cursor or None


class ConditionFailed(Exception):
    """The item is not as the write wanted it: another came first."""


@contextmanager
def translated() -> Iterator[None]:
    """DynamoDB's errors as ours: a failed condition as ConditionFailed, what may pass as TransientError."""
    try:
        yield
    except ClientError as exc:
        code = exc.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            raise ConditionFailed from exc
        if code in ("ValidationException", "AccessDeniedException", "ResourceNotFoundException"):
            raise
        raise TransientError(f"DynamoDB: {code}") from exc
    except BotoCoreError as exc:
        raise TransientError(f"DynamoDB: {type(exc).__name__}") from exc
