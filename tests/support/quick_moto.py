"""Shortcuts through moto, which otherwise works out the same for each answer: a quarter of the time of its tests."""

from functools import cache
from typing import Any

from moto.core import responses, utils
from moto.core.serialize import BaseJSONSerializer

ATTRIBUTE = "AttributeValue"
"""Shape of a value of a DynamoDB item: one of ten members, which moto looks for under each of its possible names."""

PLAIN = {"S": str, "N": str, "BOOL": bool, "NULL": bool}

written_at_length = BaseJSONSerializer._serialize_type_structure


def install() -> None:
    """Take the shortcuts. What moto answers stays the same."""
    BaseJSONSerializer._serialize_type_structure = _written  # type: ignore[method-assign]
    vars(responses)[utils.method_names_from_class.__name__] = cache(utils.method_names_from_class)


def _written(self: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """A text, a number or a truth value of DynamoDB is written as it is."""
    if key and shape.name == ATTRIBUTE and type(value) is dict and len(value) == 1:
        [(member, content)] = value.items()
        if type(content) is PLAIN.get(member):
            serialized[self.get_serialized_name(shape, key)] = {member: content}
            return
    written_at_length(self, serialized, value, shape, key)
