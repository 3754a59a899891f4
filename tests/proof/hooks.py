"""Loaded by schemathesis: leaves out the calls that nothing of ours would answer."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import schemathesis  # type: ignore[import-not-found]  # installed apart

LONGEST = 6_000
"""Bytes of an address. API Gateway takes 10,240 with all headers, the local stack's server 8,190 of the line."""

Parameters = Mapping[str, Any] | None


def filter_query(context: Any, query: Parameters) -> bool:
    return len(urlencode(query or {}, doseq=True)) < LONGEST


def filter_path_parameters(context: Any, path_parameters: Parameters) -> bool:
    return len(urlencode(path_parameters or {})) < LONGEST


def map_path_parameters(context: Any, path_parameters: Parameters) -> Parameters:
    """The embedded cloud's API Gateway finds no route for a path with a line break, and answers in its own form."""
    return path_parameters and {name: _on_a_line(value) for name, value in path_parameters.items()}


def _on_a_line(value: Any) -> Any:
    """`value`, which may be percent-encoded already, with a tab for a line break: it stays as long as it was."""
    return value.replace("\n", "\t").replace("%0A", "%09") if isinstance(value, str) else value


for hook in (filter_query, filter_path_parameters, map_path_parameters):
    schemathesis.hook(hook)
