"""The counter of write units, against sizes counted by hand as DynamoDB's documentation says."""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.benchmarks.measuring.instructions import in_environment
from tests.benchmarks.measuring.units import UnitCounter, size_of

TABLE = "T"
LSI = {
    "IndexName": "by_n",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "KEYS_ONLY"},
}


@pytest.fixture
def client() -> Iterator[Any]:
    """A table with an index of its keys by `n`."""
    with mock_aws(), in_environment({}):
        made: Any = boto3.client("dynamodb")
        made.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind} for name, kind in (("pk", "S"), ("sk", "S"), ("n", "N"))
            ],
            LocalSecondaryIndexes=[LSI],
            BillingMode="PAY_PER_REQUEST",
        )
        yield made


@pytest.fixture
def counter(client: Any) -> Iterator[UnitCounter]:
    with UnitCounter(client, boto3.client("dynamodb")).watching() as watching:
        yield watching


def item(size: int, n: int | None = None) -> dict[str, Any]:
    """One of `size` bytes without `n`."""
    key = {"pk": {"S": "p"}, "sk": {"S": "s"}}
    return {**key, "t": {"S": "x" * (size - 7)}, **({"n": {"N": str(n)}} if n else {})}


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "a"}}, 3),
        ({"é": {"S": "é"}}, 4),
        ({"n": {"N": "100"}}, 3),
        ({"n": {"N": "-12345"}}, 6),
        ({"b": {"BOOL": True}, "z": {"NULL": True}}, 4),
        ({"l": {"L": [{"S": "ab"}]}}, 7),
        ({"m": {"M": {"k": {"S": "ab"}}}}, 8),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(item: Mapping[str, Any], size: int) -> None:
    assert size_of(item) == size


@pytest.mark.parametrize(("size", "units"), [(1_024, 1), (1_025, 2), (10_240, 10)])
def test_every_started_kibibyte_is_a_unit(client: Any, counter: UnitCounter, size: int, units: int) -> None:
    client.put_item(TableName=TABLE, Item=item(size))
    assert counter.total == units


def test_a_transaction_takes_twice_that(client: Any, counter: UnitCounter) -> None:
    client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item(1_025)}}])
    assert counter.total == 4


def test_a_condition_check_in_a_transaction_costs_the_same(client: Any, counter: UnitCounter) -> None:
    check = {
        "TableName": TABLE,
        "Key": {"pk": {"S": "none"}, "sk": {"S": "none"}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    put = {"Put": {"TableName": TABLE, "Item": item(1_025)}}
    client.transact_write_items(TransactItems=[put, {"ConditionCheck": check}])
    assert counter.total == 6


def test_an_index_takes_its_own(client: Any, counter: UnitCounter) -> None:
    client.put_item(TableName=TABLE, Item=item(2_000, n=1))
    assert counter.total == 3  # what the index holds is small
    client.put_item(TableName=TABLE, Item=item(1_500, n=1))
    assert counter.total == 5  # nothing changed in the index
    client.put_item(TableName=TABLE, Item=item(1_500, n=2))
    assert counter.total == 9  # taken out of the index and put in


def test_an_update_and_a_deletion_count_the_larger_of_before_and_after(client: Any, counter: UnitCounter) -> None:
    client.put_item(TableName=TABLE, Item=item(3_000))
    key = {"pk": {"S": "p"}, "sk": {"S": "s"}}
    client.update_item(TableName=TABLE, Key=key, UpdateExpression="REMOVE t")
    assert counter.total == 6
    client.delete_item(TableName=TABLE, Key=key)
    assert counter.total == 7


def test_a_batch_counts_each_item_and_reading_nothing(client: Any, counter: UnitCounter) -> None:
    items = [{**item(1_025), "sk": {"S": str(number)}} for number in range(3)]
    client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": each}} for each in items]})
    client.scan(TableName=TABLE)
    assert counter.total == 6
    assert counter.calls == {"BatchWriteItem": 1, "Scan": 1}
