"""Batches that botocore hands on unread: what is written, read and refused stays what it was."""

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.client.batches import read_all, write_all
from schoolsms.adapters.dynamodb.client.codec import from_wire, to_wire
from schoolsms.adapters.dynamodb.client.raw_json_batches import bypass_serializer
from schoolsms.domain.errors import TransientError
from tests.integration.conftest import HISTORY
from tests.support.servers.raw_server import RawServer, answer, send

KEY = {"pk": "REQUEST#é😀", "sk": "REQUEST"}
ITEM = {
    **KEY,
    "prints": bytes(range(256)),
    "nothing": None,
    "number": 5,
    "yes": True,
    "events": [{"kind": "a", "key": b"\x00"}],
}


def plain_client(**more: Any) -> DynamoDBClient:
    client: DynamoDBClient = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}), **more)
    bypass_serializer(client)
    return client


@pytest.fixture
def plain(dynamodb: DynamoDBClient) -> DynamoDBClient:
    return plain_client()


def test_what_is_written_plainly_is_read_by_any_client(plain: DynamoDBClient, dynamodb: DynamoDBClient) -> None:
    write_all(plain, HISTORY, [{"PutRequest": {"Item": to_wire(ITEM)}}])
    assert from_wire(dynamodb.get_item(TableName=HISTORY, Key=to_wire(KEY))["Item"]) == ITEM


def test_what_any_client_wrote_is_read_plainly(plain: DynamoDBClient, dynamodb: DynamoDBClient) -> None:
    dynamodb.put_item(TableName=HISTORY, Item=to_wire(ITEM))
    assert list(read_all(plain, HISTORY, [KEY, {"pk": "REQUEST#none", "sk": "REQUEST"}])) == [ITEM]


def test_other_calls_are_as_they_were(plain: DynamoDBClient) -> None:
    plain.put_item(TableName=HISTORY, Item=to_wire(ITEM))
    assert from_wire(plain.get_item(TableName=HISTORY, Key=to_wire(KEY))["Item"]) == ITEM


def test_a_refused_batch_is_an_error_as_ever(plain: DynamoDBClient) -> None:
    with pytest.raises(plain.exceptions.ResourceNotFoundException):
        list(read_all(plain, "no-such-table", [KEY]))


def at(server: RawServer) -> DynamoDBClient:
    return plain_client(
        endpoint_url=f"http://127.0.0.1:{server.port}",
        region_name="eu-west-3",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def test_an_answer_that_is_no_json_may_pass() -> None:
    with RawServer(send(answer(200, b"<html>"))) as server, pytest.raises(TransientError):
        list(read_all(at(server), HISTORY, [KEY]))


def test_what_was_left_of_a_batch_is_written_again_byte_for_byte() -> None:
    left = {"UnprocessedItems": {HISTORY: [{"PutRequest": {"Item": {"prints": {"B": "AAEC"}}}}]}}
    bodies = [json.dumps(left).encode(), b"{}"]
    with RawServer(lambda connection: send(answer(200, bodies.pop(0)))(connection)) as server:
        write_all(at(server), HISTORY, [{"PutRequest": {"Item": to_wire({"prints": b"\x00\x01\x02"})}}])
    first, again = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests]
    assert again == first == {"RequestItems": left["UnprocessedItems"]}
