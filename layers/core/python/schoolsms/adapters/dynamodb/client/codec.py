"""Translate plain Python values to DynamoDB's wire format and back.

Only strings, whole numbers, booleans, bytes, None, lists, maps, and frozensets of strings (written only): money is in
cents and instants are ISO text, so the hot path needs neither Decimal nor boto3's resource layer.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Item = dict[str, Any]
"""An item as plain values."""

Wire = dict[str, Any]
"""An item as the client takes it: `{"name": {"S": "value"}}`."""


def to_wire(item: Mapping[str, Any]) -> Wire:
    """Return `item` as the client takes it."""
    return {name: _value_to_wire(value) for name, value in item.items()}


def from_wire(wire: Mapping[str, Any]) -> Item:
    """Return an item that the client gave as plain values."""
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
    if isinstance(value, frozenset):
        return {"SS": sorted(value)}
    raise TypeError(f"an item cannot hold a {type(value).__name__}")


def _value_from_wire(wire: Mapping[str, Any]) -> Any:
    ((kind, value),) = wire.items()
    if kind in ("S", "BOOL"):
        return value
    if kind == "B":  # bytes from botocore, base64 from `raw_json.py`
        return base64.b64decode(value) if isinstance(value, str) else value
    if kind == "N":
        return int(value)
    if kind == "NULL":
        return None
    if kind == "M":
        return from_wire(value)
    if kind == "L":
        return [_value_from_wire(each) for each in value]
    raise TypeError(f"no item of ours has an attribute of kind {kind}")


def iso(moment: datetime) -> str:
    """Return an aware instant as text that sorts: UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """Read what `iso` wrote."""
    return datetime.fromisoformat(text)


def optional_instant(text: str | None) -> datetime | None:
    """Read what `iso` wrote, if anything."""
    return instant(text) if text else None


def epoch(moment: datetime) -> int:
    """Return whole seconds, as DynamoDB's TTL wants them."""
    return int(moment.timestamp())
