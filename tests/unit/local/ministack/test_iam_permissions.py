"""Which partitions a request of DynamoDB's is about, as its policies see it."""

import json
from typing import Any

import pytest

from local.ministack.iam_permissions import Partition, asked_of, partitions

SCHOOL = {"pk": {"S": "SCHOOL#0750655E"}, "sk": {"S": "PROFILE"}}
TEMPLATE = {"pk": {"S": "TEMPLATES#0750655E"}, "sk": {"S": "absence"}}
REQUEST = {"pk": {"S": "REQUEST#1"}, "sk": {"S": "REQUEST"}}
ARN = "arn:aws:dynamodb:eu-west-3:000000000000:table/accounts"


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ({"TableName": "accounts", "Key": TEMPLATE}, [("", "accounts", "TEMPLATES#0750655E")]),
        (
            {"TableName": "accounts", "Item": {**SCHOOL, "note": {"M": {"Key": {"M": TEMPLATE}}}}},
            [("", "accounts", "SCHOOL#0750655E")],
        ),
        (
            {
                "TransactItems": [
                    {"Update": {"TableName": "accounts", "Key": SCHOOL}},
                    {"Put": {"TableName": "accounts", "Item": SCHOOL}},
                    {"ConditionCheck": {"TableName": "history", "Key": REQUEST}},
                ]
            },
            [
                ("ConditionCheckItem", "history", "REQUEST#1"),
                ("PutItem", "accounts", "SCHOOL#0750655E"),
                ("UpdateItem", "accounts", "SCHOOL#0750655E"),
            ],
        ),
        ({"RequestItems": {"history": {"Keys": [REQUEST, REQUEST]}}}, [("", "history", "REQUEST#1")]),
        (
            {"RequestItems": {"history": [{"PutRequest": {"Item": REQUEST}}, {"DeleteRequest": {"Key": SCHOOL}}]}},
            [("", "history", "REQUEST#1"), ("", "history", "SCHOOL#0750655E")],
        ),
        (
            {
                "TableName": "accounts",
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :act)",
                "ExpressionAttributeValues": {":pk": {"S": "SCHOOL#0750655E"}, ":act": {"S": "ACT#"}},
            },
            [("", "accounts", "SCHOOL#0750655E")],
        ),
        (
            {
                "TableName": "accounts",
                "IndexName": "listing",
                "KeyConditionExpression": "list_pk = :value",
                "ExpressionAttributeValues": {":value": {"S": "SCHOOLS"}},
            },
            [],
        ),
        ({"Key": {"pk": {"N": "1"}}}, []),
        ({}, []),
        ([], []),
    ],
)
def test_the_partitions_of_the_items_that_are_named(request_: Any, found: list[tuple[str, str, str]]) -> None:
    assert partitions(json.dumps(request_).encode()) == found


def test_what_is_no_request_names_none() -> None:
    assert partitions(b"") == []


def test_each_item_of_a_transaction_is_asked_for_with_its_own_key() -> None:
    named = [Partition("PutItem", "accounts", "LEDGER#1"), Partition("UpdateItem", "accounts", "SCHOOL#1")]
    named.append(Partition("PutItem", "history", "REQUEST#1"))
    assert asked_of(named, "dynamodb:PutItem", ARN) == ["LEDGER#1"]
    assert asked_of(named, "dynamodb:UpdateItem", f"{ARN}/index/by_seq") == ["SCHOOL#1"]
    assert asked_of([Partition("", "accounts", "SCHOOL#1")], "dynamodb:Query", ARN) == ["SCHOOL#1"]
