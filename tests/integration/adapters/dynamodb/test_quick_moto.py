"""moto answers the same with the shortcuts of the tests and without them."""

import pytest
from moto.core.serialize import BaseJSONSerializer
from mypy_boto3_dynamodb import DynamoDBClient

from tests.integration.conftest import ACCOUNTS
from tests.support import quick_moto


def test_every_kind_of_value_comes_back_as_without_the_shortcut(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    simple = {"text": {"S": "a"}, "none": {"S": ""}, "number": {"N": "12.50"}, "yes": {"BOOL": True}}
    simple |= {"no": {"BOOL": False}, "null": {"NULL": True}, "bytes": {"B": b"\x00\xff"}, "set": {"SS": ["a"]}}
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    item = {**key, **simple, "list": {"L": [*simple.values()]}, "map": {"M": simple}}
    dynamodb.put_item(TableName=ACCOUNTS, Item=item)  # type: ignore[arg-type]

    quick = dynamodb.get_item(TableName=ACCOUNTS, Key=key)["Item"]
    monkeypatch.setattr(BaseJSONSerializer, "_serialize_type_structure", quick_moto.written_at_length)
    assert quick == dynamodb.get_item(TableName=ACCOUNTS, Key=key)["Item"] == item
