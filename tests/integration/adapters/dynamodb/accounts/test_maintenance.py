"""The switch of maintenance is read once in ten seconds by a process, and is never older (R49)."""

from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.maintenance import DynamoMaintenance
from schoolsms.adapters.dynamodb.client.table import Table
from tests.integration.conftest import ACCOUNTS


def test_a_process_notices_the_switch_when_what_it_knows_is_ten_seconds_old(dynamodb: DynamoDBClient) -> None:
    now = [100.0]
    table = Table(dynamodb, ACCOUNTS)
    operator, function = DynamoMaintenance(table), DynamoMaintenance(table, lambda: now[0])
    seen = [function.is_on()]
    operator.begin()
    for now[0] in (110.0, 110.1):
        seen.append(function.is_on())
    operator.end()
    for now[0] in (120.1, 120.2):
        seen.append(function.is_on())
    assert seen == [False, False, True, True, False]


def test_saying_it_twice_is_saying_it_once(dynamodb: DynamoDBClient) -> None:
    table = Table(dynamodb, ACCOUNTS)
    for switch, on in ((DynamoMaintenance.begin, True), (DynamoMaintenance.end, False)):
        switch(DynamoMaintenance(table))
        switch(DynamoMaintenance(table))
        assert DynamoMaintenance(table).is_on() is on
