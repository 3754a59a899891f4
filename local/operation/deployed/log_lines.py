"""Lines that functions logged about one thing: ids, codes and counts, for logs hold nothing else (R46)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.operation.deployed.stack import Deployed

NOT_SAID = frozenset(
    ("level", "location", "message", "timestamp", "service", "sampling_rate", "cold_start", "xray_trace_id", "_aws")
)
"""Fields of every line, which say nothing about the thing."""
_PHYSICAL = re.compile(r".+-([A-Za-z]+)-[0-9A-Z]{8,}")
"""A function's name as CloudFormation makes it, around its logical id."""


@dataclass(frozen=True)
class LogLine:
    """`function` by its logical id; `says` the message with its ids."""

    at: datetime
    function: str
    says: str


def lines_about(stack: Deployed, wanted: str, since: datetime) -> Iterator[LogLine]:
    """Yield the lines with `wanted` among their ids, in any order."""
    found = _in_files(stack.function_logs, wanted) if stack.function_logs else _in_cloudwatch(stack, wanted, since)
    for function, text in found:
        if line := _read(function, text, wanted):
            yield line


def _in_files(folder: Path, wanted: str) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.glob("*.log")):
        with file.open(encoding="utf-8", errors="replace") as lines:
            yield from ((_PHYSICAL.sub(r"\1", file.stem), line) for line in lines if wanted in line)


def _in_cloudwatch(stack: Deployed, wanted: str, since: datetime) -> Iterator[tuple[str, str]]:
    reader = stack.client("logs").get_paginator("filter_log_events")
    start = int((since - timedelta(hours=1)).timestamp() * 1000)
    for name, group in stack.resources.items():
        if not name.endswith("Logs"):
            continue
        for page in reader.paginate(logGroupName=group, filterPattern=f'"{wanted}"', startTime=start):
            yield from ((name.removesuffix("Logs"), event["message"]) for event in page["events"])


def _read(function: str, text: str, wanted: str) -> LogLine | None:
    """Read one line of our logger; None for another, or if the id stands there as part of another one."""
    begin = text.find("{")
    try:
        line: dict[str, Any] = json.loads(text[begin:]) if begin >= 0 else {}
        at = datetime.fromisoformat(line["timestamp"].replace(",", "."))
    except (ValueError, KeyError, TypeError):
        return None
    said = {name: value for name, value in line.items() if name not in NOT_SAID and not name.startswith("function_")}
    if not _is_about(said, wanted):
        return None
    ids = " ".join(f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in said.items())
    return LogLine(at.astimezone(UTC), function, f"{line.get('message')}: {ids}")


def _is_about(said: object, wanted: str) -> bool:
    if isinstance(said, dict):
        return any(_is_about(value, wanted) for value in said.values())
    if isinstance(said, list):
        return any(_is_about(value, wanted) for value in said)
    return said == wanted
