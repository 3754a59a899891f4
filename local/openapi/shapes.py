"""Small words to write JSON schemas with."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer"}


def ref(name: str) -> Schema:
    """The schema of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def obj(optional: tuple[str, ...] = (), about: str = "", /, **properties: Schema) -> Schema:
    """An object that has all of `properties` but for those that are optional."""
    schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }
    return {"description": about, **schema} if about else schema


def mapping(to: Schema) -> Schema:
    """An object with whatever keys."""
    return {"type": "object", "additionalProperties": to}


def many(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def or_null(schema: Mapping[str, Any]) -> Schema:
    return {"anyOf": [dict(schema), {"type": "null"}]}


def listed(of: Schema) -> Schema:
    """A page of a list; `next_cursor` leads to the next one, if there is any."""
    return obj(items=many(of), next_cursor=or_null(TEXT))
