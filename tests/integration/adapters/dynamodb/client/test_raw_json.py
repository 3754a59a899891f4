"""Calls that botocore hands on unread: what is written, read and refused stays what it was."""

import json

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.client.batches import read_all, read_partitions, write_all
from schoolsms.adapters.dynamodb.client.codec import from_wire, to_wire
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, Table
from schoolsms.domain.errors import TransientError
from tests.integration.conftest import HISTORY, plain_client
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


@pytest.fixture
def plain(dynamodb: DynamoDBClient) -> DynamoDBClient:
    return plain_client()


def test_what_is_written_plainly_is_read_by_any_client(plain: DynamoDBClient, dynamodb: DynamoDBClient) -> None:
    write_all(plain, HISTORY, [{"PutRequest": {"Item": to_wire(ITEM)}}])
    assert from_wire(dynamodb.get_item(TableName=HISTORY, Key=to_wire(KEY))["Item"]) == ITEM


def test_what_any_client_wrote_is_read_plainly(plain: DynamoDBClient, dynamodb: DynamoDBClient) -> None:
    dynamodb.put_item(TableName=HISTORY, Item=to_wire(ITEM))
    assert list(read_all(plain, HISTORY, [KEY, {"pk": "REQUEST#none", "sk": "REQUEST"}])) == [ITEM]


def test_an_item_is_written_changed_found_and_deleted_plainly(plain: DynamoDBClient) -> None:
    table = Table(plain, HISTORY)
    table.put(ITEM, NEW)
    assert table.get(KEY) == ITEM
    assert table.get(KEY, "sk, yes") == {"sk": KEY["sk"], "yes": True}
    assert table.update_returning("ALL_NEW", KEY, "SET #prints = :prints", EXISTS, {"prints": b"\xff"}) == {
        **ITEM,
        "prints": b"\xff",
    }
    assert table.query("pk = :pk", {"pk": KEY["pk"]}).items == [{**ITEM, "prints": b"\xff"}]
    assert table.count("pk = :pk", {"pk": KEY["pk"]}) == 1
    assert table.take(KEY) == {**ITEM, "prints": b"\xff"}
    assert table.get(KEY) is None


def test_a_condition_that_fails_is_told_as_ever(plain: DynamoDBClient) -> None:
    table = Table(plain, HISTORY)
    table.put(ITEM)
    with pytest.raises(ConditionFailed):
        table.put(ITEM, NEW)
    other = {"pk": "REQUEST#other", "sk": "REQUEST"}
    assert table.try_transaction([table.to_put(other, NEW), table.to_put(ITEM, NEW)]) == [False, True]
    assert table.get(other) is None


def test_a_transaction_that_is_sent_again_has_the_token_it_had() -> None:
    """Else one whose answer was lost would be done twice, or refused by its own conditions."""
    answers = [(500, b'{"__type":"InternalServerError"}'), (200, b"{}")]
    with RawServer(lambda connection: send(answer(*answers.pop(0)))(connection)) as server:
        table = Table(at(server, attempts=2), HISTORY)
        table.transact([table.to_put(ITEM)])
    first, again = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests]
    assert again == first
    assert len(first["ClientRequestToken"]) == 36


def test_a_refused_batch_is_an_error_as_ever(plain: DynamoDBClient) -> None:
    with pytest.raises(plain.exceptions.ResourceNotFoundException):
        list(read_all(plain, "no-such-table", [KEY]))


def at(server: RawServer, attempts: int = 1) -> DynamoDBClient:
    return plain_client(
        attempts,
        endpoint_url=f"http://127.0.0.1:{server.port}",
        region_name="eu-west-3",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def test_an_answer_that_is_no_json_may_pass() -> None:
    with RawServer(send(answer(200, b"<html>"))) as server, pytest.raises(TransientError):
        list(read_all(at(server), HISTORY, [KEY]))


def test_keys_that_are_written_at_once_are_asked_for_like_others(dynamodb: DynamoDBClient) -> None:
    items = [{"pk": f"PHONE#{number}", "sk": "SCHOOL#é", "counted": number} for number in range(3)]
    table = Table(plain_client(), HISTORY)
    table.put_all(items)
    pks = ["PHONE#0", "PHONE#2", "PHONE#3"]
    assert sorted(map(str, read_partitions(table.client, HISTORY, pks, "SCHOOL#é"))) == [
        str(to_wire(items[at])) for at in (0, 2)
    ]
    assert read_partitions(table.client, HISTORY, ["PHONE#1"], "SCHOOL#é", "counted") == [{"counted": {"N": "1"}}]


def test_what_was_left_of_a_batch_is_written_again_byte_for_byte() -> None:
    left = {"UnprocessedItems": {HISTORY: [{"PutRequest": {"Item": {"prints": {"B": "AAEC"}}}}]}}
    bodies = [json.dumps(left).encode(), b"{}"]
    with RawServer(lambda connection: send(answer(200, bodies.pop(0)))(connection)) as server:
        write_all(at(server), HISTORY, [{"PutRequest": {"Item": to_wire({"prints": b"\x00\x01\x02"})}}])
    first, again = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests]
    assert again == first == {"RequestItems": left["UnprocessedItems"]}
