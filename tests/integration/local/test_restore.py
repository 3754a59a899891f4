"""What the accounts table lost comes back from a table restored beside it, and nothing is overwritten (R18)."""

from typing import Any

import pytest

from local.machine.settings import UnusableSetting
from local.operation import restore as restoring
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
from tests.support.cloud_copies import made_once
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
    made_once("two ledgers, and the table beside", _make)
    return Stack("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here")


def _make() -> None:
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


def adds_up(uai: str) -> bool:
    ledger = DynamoLedger(Table(dynamodb_client(), ACCOUNTS))
    return audit_ledger(ledger.entries_from(uai, 1), ledger.balance(uai)) == []


def lose(uai: str, *entries: str) -> None:
    for entry in entries:
        key = to_wire({"pk": f"LEDGER#{uai}", "sk": f"ENTRY#{entry}"})
        dynamodb_client().delete_item(TableName=ACCOUNTS, Key=key)


def alter(pk: str, sk: str, **numbers: int) -> None:
    dynamodb_client().update_item(
        TableName=ACCOUNTS,
        Key=to_wire({"pk": pk, "sk": sk}),
        UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in numbers),
        ExpressionAttributeValues=to_wire({f":{name}": number for name, number in numbers.items()}),
    )


def test_what_is_missing_comes_back_and_the_ledger_adds_up(stack: Stack) -> None:
    lose(UAI, "debit:Q3", "debit:Q77", "credit:BC26-A")
    assert not adds_up(UAI)
    done = restore(stack, RESTORED)
    assert set(done.put) == {f"LEDGER#{UAI} ENTRY#{entry}" for entry in ("debit:Q3", "debit:Q77", "credit:BC26-A")}
    assert (done.alike, done.differ) == (150, [])
    assert adds_up(UAI)
    again = restore(stack, RESTORED)
    assert (again.put, again.alike) == ([], 153)


def test_a_balance_that_later_entries_explain_is_as_it_should_be(stack: Stack) -> None:
    DynamoLedger(Table(dynamodb_client(), ACCOUNTS)).post(UAI, debit("SINCE", 5, NOW))
    lose(UAI, "debit:Q3")
    done = restore(stack, RESTORED)
    assert (done.put, done.differ) == ([f"LEDGER#{UAI} ENTRY#debit:Q3"], [])
    assert adds_up(UAI)


@pytest.mark.parametrize(
    "how", ["an entry made since is lost", "an entry made since is altered", "only the balance is"]
)
def test_a_balance_that_no_entries_explain_differs_and_stays(stack: Stack, how: str) -> None:
    ledger = DynamoLedger(Table(dynamodb_client(), ACCOUNTS))
    ledger.post(UAI, debit("SINCE", 5, NOW))
    ledger.post(UAI, debit("SINCE2", 5, NOW))
    if how == "an entry made since is lost":
        lose(UAI, "debit:SINCE")
    elif how == "an entry made since is altered":
        alter(f"LEDGER#{UAI}", "ENTRY#debit:SINCE", amount=-4)
    else:
        alter(f"LEDGER#{UAI}", "BALANCE", balance_sms=99_999)
    said: list[str] = []
    assert restore(stack, RESTORED, say=said.append).differ == [f"LEDGER#{UAI} BALANCE"]
    assert said == [f"differs: LEDGER#{UAI} BALANCE in balance_sms, last_seq"]


def test_what_differs_is_named_by_its_attributes_and_no_value_is_shown(stack: Stack) -> None:
    alter(f"LEDGER#{UAI}", "ENTRY#debit:Q3", amount=-2, note=7)
    said: list[str] = []
    assert restore(stack, RESTORED, say=said.append).put == []
    assert said == [f"differs: LEDGER#{UAI} ENTRY#debit:Q3 in amount, note (only live)"]


def test_a_dry_run_says_what_it_would_put_back_and_writes_nothing(stack: Stack) -> None:
    lose(UAI, "debit:Q3")
    said: list[str] = []
    done = restore(stack, RESTORED, dry=True, say=said.append)
    assert said == [f"would put back: LEDGER#{UAI} ENTRY#debit:Q3"]
    assert (len(done.put), adds_up(UAI)) == (1, False)


def test_the_exit_code_of_a_difference_is_not_that_of_an_error(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(restoring, "deployed", lambda _: stack)
    assert restoring.main({"FROM": RESTORED}) == 0
    alter(f"LEDGER#{UAI}", "ENTRY#debit:Q3", amount=-2)
    assert restoring.main({"FROM": RESTORED}) == restoring.DIFFERENCES == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 items put back, 152 are there alike, 1 differ and stay"
    assert restoring.main({"FROM": ACCOUNTS}) == restoring.NOT_DONE == 2


def test_only_the_partitions_that_are_asked_for_are_touched(stack: Stack) -> None:
    lose(UAI, "debit:Q3")
    lose(OTHER_UAI, "credit:BC26-B")
    assert len(restore(stack, RESTORED, f"LEDGER#{OTHER_UAI}").put) == 1
    assert (adds_up(UAI), adds_up(OTHER_UAI)) == (False, True)


def test_a_table_that_lost_everything_comes_back_whole(stack: Stack) -> None:
    client = dynamodb_client()
    client.delete_table(TableName=ACCOUNTS)
    client.create_table(**table_arguments("AccountsTable"))
    assert len(restore(stack, RESTORED).put) == 153
    assert (adds_up(UAI), adds_up(OTHER_UAI)) == (True, True)


def test_the_table_is_not_restored_from_itself(stack: Stack) -> None:
    with pytest.raises(UnusableSetting, match="is the accounts table itself"):
        restore(stack, ACCOUNTS)


def test_a_maintenance_of_that_time_does_not_begin_again(stack: Stack) -> None:
    """R49."""
    DynamoMaintenance(Table(dynamodb_client(), RESTORED)).begin()
    assert restore(stack, RESTORED).put == []
    assert not DynamoMaintenance(Table(dynamodb_client(), ACCOUNTS)).is_on()
