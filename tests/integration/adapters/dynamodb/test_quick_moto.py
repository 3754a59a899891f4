"""moto answers the same with the shortcuts of the tests and without them."""

from typing import Any

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


def test_a_transaction_that_fails_leaves_everything_as_it_was(dynamodb: DynamoDBClient) -> None:
    keys = [{"pk": {"S": "a"}, "sk": {"S": each}} for each in ("added", "checked", "deleted", "put", "updated")]
    added, checked, deleted, put, updated = keys
    before = [{**key, "n": {"N": "1"}, "in": {"M": {"n": {"N": "1"}}}} for key in (deleted, put, updated)]
    for item in before:
        dynamodb.put_item(TableName=ACCOUNTS, Item=item)  # type: ignore[arg-type]
    update = {
        "UpdateExpression": "SET n = :two, #in.n = :two",
        "ExpressionAttributeNames": {"#in": "in"},
        "ExpressionAttributeValues": {":two": {"N": "2"}},
    }
    writes: list[Any] = [
        {"Update": {"TableName": ACCOUNTS, "Key": updated, **update}},
        {"Put": {"TableName": ACCOUNTS, "Item": {**put, "n": {"N": "2"}}}},
        {"Delete": {"TableName": ACCOUNTS, "Key": deleted}},
        {"Put": {"TableName": ACCOUNTS, "Item": added}},
        {"ConditionCheck": {"TableName": ACCOUNTS, "Key": checked, "ConditionExpression": "attribute_exists(pk)"}},
    ]
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=writes)
    assert dynamodb.scan(TableName=ACCOUNTS)["Items"] == before

    dynamodb.transact_write_items(TransactItems=writes[:-1])
    found = dynamodb.scan(TableName=ACCOUNTS)["Items"]
    assert [(item["sk"]["S"], item.get("n")) for item in found] == [
        ("added", None),
        ("put", {"N": "2"}),
        ("updated", {"N": "2"}),
    ]
