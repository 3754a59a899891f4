"""Shortcuts through moto, which otherwise works out the same for each answer: a quarter of the time of its tests."""

import copy
from collections import defaultdict
from functools import cache
from types import SimpleNamespace
from typing import Any

from moto.core import responses, utils
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb import models
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

ATTRIBUTE = "AttributeValue"
"""Shape of a value of a DynamoDB item: one of ten members, which moto looks for under each of its possible names."""

PLAIN = {"S": str, "N": str, "BOOL": bool, "NULL": bool}

written_at_length = BaseJSONSerializer._serialize_type_structure
updated_in_place = models.DynamoDBBackend.update_item


def install() -> None:
    """Take the shortcuts. What moto answers stays the same."""
    BaseJSONSerializer._serialize_type_structure = _written  # type: ignore[method-assign]
    models.DynamoDBBackend.update_item = _updated  # type: ignore[method-assign]
    vars(models)["copy"] = SimpleNamespace(deepcopy=_copied)
    vars(responses)[utils.method_names_from_class.__name__] = cache(utils.method_names_from_class)


def _written(self: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """A text, a number or a truth value of DynamoDB is written as it is."""
    if key and shape.name == ATTRIBUTE and type(value) is dict and len(value) == 1:
        [(member, content)] = value.items()
        if type(content) is PLAIN.get(member):
            serialized[self.get_serialized_name(shape, key)] = {member: content}
            return
    written_at_length(self, serialized, value, shape, key)


def _copied(each: Any) -> Any:
    """A table, copied before each write of a transaction, shares its items with its copy: none is changed in place."""
    if not isinstance(each, Table):
        return copy.deepcopy(each)
    copied = copy.copy if each.has_range_key else copy.deepcopy
    table = copy.copy(each)
    table.items = defaultdict(dict, {key: copied(items) for key, items in each.items.items()})
    if each.stream_shard is not None:
        table.stream_shard = copy.copy(each.stream_shard)
        table.stream_shard.table, table.stream_shard.items = table, [*each.stream_shard.items]
    return table


def _updated(self: models.DynamoDBBackend, table_name: str, key: dict[str, Any], *more: Any, **named: Any) -> Any:
    """Change a copy of the item, for a copy of the table may hold the item as it was."""
    table = self.get_table(table_name)
    if table.range_key_attr in key:
        of_partition = table.items.get(DynamoType(key[table.hash_key_attr]), {})
        place = DynamoType(key[table.range_key_attr])
        if place in of_partition:
            of_partition[place] = copy.deepcopy(of_partition[place])
    return updated_in_place(self, table_name, key, *more, **named)
