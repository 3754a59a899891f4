"""What the accounts table lost comes back from a table restored beside it, and nothing is overwritten (R18)."""

from typing import Any

import pytest

from local.machine.settings import UnusableSetting
from local.operation.deployed import Deployed
from local.operation.restore import restore
from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.maintenance import DynamoMaintenance
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.integration.conftest import ACCOUNTS, dynamodb_client
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.template import table_arguments

RESTORED = "restored-at-nine"


class Stack(Deployed):
    """A stack whose accounts table is the one of the tests."""

    resources = {"AccountsTable": ACCOUNTS}

    def client(self, service: str) -> Any:
        return dynamodb_client()


@pytest.fixture
def stack(aws: None) -> Stack:
    """Two schools with a ledger of 150 entries and one of 1, as they were at nine, in a table beside."""
    client = dynamodb_client()
    client.create_table(**table_arguments("AccountsTable"))
    ledger = DynamoLedger(Table(client, ACCOUNTS))
    ledger.post(UAI, credit("BC26-A", 1_000, NOW))
    for number in range(149):
        ledger.post(UAI, debit(f"Q{number}", 1, NOW))
    ledger.post(OTHER_UAI, credit("BC26-B", 500, NOW))
    client.create_table(**{**table_arguments("AccountsTable"), "TableName": RESTORED})
    for item in client.scan(TableName=ACCOUNTS)["Items"]:
        client.put_item(TableName=RESTORED, Item=item)
    return Stack("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here")


def adds_up(uai: str) -> bool:
    ledger = DynamoLedger(Table(dynamodb_client(), ACCOUNTS))
    return audit_ledger(ledger.entries_from(uai, 1), ledger.balance(uai)) == []


def lose(uai: str, *entries: str) -> None:
    for entry in entries:
        key = to_wire({"pk": f"LEDGER#{uai}", "sk": f"ENTRY#{entry}"})
        dynamodb_client().delete_item(TableName=ACCOUNTS, Key=key)


def test_what_is_missing_comes_back_and_the_ledger_adds_up(stack: Stack) -> None:
    lose(UAI, "debit:Q3", "debit:Q77", "credit:BC26-A")
    assert not adds_up(UAI)
    done = restore(stack, RESTORED)
    assert (done.put, done.alike, done.differ) == (3, 150, [])
    assert adds_up(UAI)
    again = restore(stack, RESTORED)
    assert (again.put, again.alike) == (0, 153)


def test_what_the_service_wrote_since_stays_and_is_named(stack: Stack) -> None:
    DynamoLedger(Table(dynamodb_client(), ACCOUNTS)).post(UAI, debit("SINCE", 5, NOW))
    lose(UAI, "debit:Q3")
    done = restore(stack, RESTORED)
    assert (done.put, done.differ) == (1, [f"LEDGER#{UAI} BALANCE"])
    assert adds_up(UAI)


def test_only_the_partitions_that_are_asked_for_are_touched(stack: Stack) -> None:
    lose(UAI, "debit:Q3")
    lose(OTHER_UAI, "credit:BC26-B")
    assert restore(stack, RESTORED, f"LEDGER#{OTHER_UAI}").put == 1
    assert (adds_up(UAI), adds_up(OTHER_UAI)) == (False, True)


def test_a_table_that_lost_everything_comes_back_whole(stack: Stack) -> None:
    client = dynamodb_client()
    client.delete_table(TableName=ACCOUNTS)
    client.create_table(**table_arguments("AccountsTable"))
    assert restore(stack, RESTORED).put == 153
    assert (adds_up(UAI), adds_up(OTHER_UAI)) == (True, True)


def test_the_table_is_not_restored_from_itself(stack: Stack) -> None:
    with pytest.raises(UnusableSetting, match="is the accounts table itself"):
        restore(stack, ACCOUNTS)


def test_a_maintenance_of_that_time_does_not_begin_again(stack: Stack) -> None:
    """R49."""
    DynamoMaintenance(Table(dynamodb_client(), RESTORED)).begin()
    assert restore(stack, RESTORED).put == 0
    assert not DynamoMaintenance(Table(dynamodb_client(), ACCOUNTS)).is_on()
