"""Which partitions a request of DynamoDB's is about, as its policies see it."""

import json
from typing import Any

import pytest

from local.leading_keys import leading_keys

SCHOOL = {"pk": {"S": "SCHOOL#0750655E"}, "sk": {"S": "PROFILE"}}
TEMPLATE = {"pk": {"S": "TEMPLATES#0750655E"}, "sk": {"S": "absence"}}


@pytest.mark.parametrize(
    ("request_", "keys"),
    [
        ({"TableName": "accounts", "Key": TEMPLATE}, ["TEMPLATES#0750655E"]),
        ({"TableName": "accounts", "Item": {**SCHOOL, "note": {"M": {"Key": {"M": TEMPLATE}}}}}, ["SCHOOL#0750655E"]),
        (
            {"TransactItems": [{"Update": {"Key": SCHOOL}}, {"Put": {"Item": SCHOOL}}, {"Delete": {"Key": TEMPLATE}}]},
            ["SCHOOL#0750655E", "TEMPLATES#0750655E"],
        ),
        ({"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "SCHOOL#0750655E"}}}, []),
        ({"Key": {"pk": {"N": "1"}}}, []),
        ({}, []),
        ([], []),
    ],
)
def test_the_partitions_of_the_items_that_are_named(request_: Any, keys: list[str]) -> None:
    assert leading_keys(json.dumps(request_).encode()) == keys


def test_what_is_no_request_names_none() -> None:
    assert leading_keys(b"") == []
