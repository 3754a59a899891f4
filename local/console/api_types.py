"""Writes `console/api/schema.ts`: the TypeScript types of the HTTP API, from its committed description."""

from __future__ import annotations

import json
import re
from typing import Any

from local.machine.settings import ROOT
from local.machine.state_files import write_whole

DESCRIPTION = ROOT / "layers" / "core" / "python" / "schoolsms" / "api" / "openapi.json"
WRITTEN = ROOT / "console" / "api" / "schema.ts"

Schema = dict[str, Any]
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def write_types() -> None:
    """Write the file again if the description changed."""
    made = types_of(json.loads(DESCRIPTION.read_text("utf-8")))
    if not WRITTEN.exists() or WRITTEN.read_text("utf-8") != made:
        write_whole(WRITTEN, made.encode())


def types_of(document: Schema) -> str:
    """One type a schema, and `Operations`, which has each route by `METHOD /path`."""
    lines = ["// Written by `python -m local.console` from openapi.json; not kept in the repository.", ""]
    for name, schema in document["components"]["schemas"].items():
        lines += [f"export type {name} = {_type(schema)};", ""]
    lines.append("export interface Operations {")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            lines += [f"  // {operation['summary']}", f'  "{method.upper()} {path}": {_operation(path, operation)};']
    return "\n".join([*lines, "}", ""])


def _operation(path: str, operation: Schema) -> str:
    parameters = operation.get("parameters", [])
    query = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    in_path = re.findall(r"\{(\w+)\}", path)
    fields = {
        "path": _fields(dict.fromkeys(in_path, {"type": "string"}), in_path),
        "query": _fields(query, []),
        "body": _body(operation.get("requestBody", {}).get("content", {})),
        "answer": " | ".join(dict.fromkeys(_answers(operation["responses"]))) or "undefined",
    }
    return "{ " + "; ".join(f"{name}: {each}" for name, each in fields.items()) + " }"


def _body(content: Schema) -> str:
    if not content:
        return "undefined"
    return " | ".join(_type(each["schema"]) if "schema" in each else "string" for each in content.values())


def _answers(responses: Schema) -> list[str]:
    found = []
    for status, response in responses.items():
        if status.startswith("2"):
            content: Schema = response.get("content", {})
            schemas = [each.get("schema") for kind, each in content.items() if kind == "application/json"]
            found += [_type(each) for each in schemas if each] or ["Blob" if content else "undefined"]
    return found


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(map(_type, schema[several])))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_type(schema | {"type": each}) for each in kind)
    if kind == "array":
        return f"Array<{_type(schema.get('items', {}))}>"
    if kind == "object":
        return _object(schema)
    return _PLAIN.get(str(kind), "unknown")


def _object(schema: Schema) -> str:
    if "properties" in schema:
        return _fields(schema["properties"], schema.get("required", []))
    patterns: Schema = schema.get("patternProperties", {})
    values: Any = schema.get("additionalProperties") or next(iter(patterns.values()), {})
    return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"


def _fields(properties: Schema, required: list[str]) -> str:
    optional = {name: "" if name in required else "?" for name in properties}
    fields = [f"{json.dumps(name)}{optional[name]}: {_type(each)}" for name, each in properties.items()]
    return "{ " + "; ".join(fields) + " }" if fields else "Record<never, never>"
