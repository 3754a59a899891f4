"""Items that the accounts table lost come back from a table restored beside it, and nothing is overwritten (R18)."""

from datetime import date
from typing import Any

import pytest

from local.machine.settings import UnusableSetting
from local.operation import restore as restoring
from local.operation.deployed.stack import Deployed
from local.operation.restore import restore
from schoolsms.adapters.dynamodb.accounts.billing.invoice_sequence import next_number
from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.maintenance import DynamoMaintenance
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.accounts.schools.templates import DynamoTemplates
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.sending.templates import checked
from tests.integration.conftest import ACCOUNTS, dynamodb_client
from tests.support.builders import NOW, OTHER_UAI, SCHOOL, UAI
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


def test_missing_entries_come_back_and_the_ledger_adds_up(stack: Stack) -> None:
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


def move_on(*debits: int) -> None:
    """Debits of the day, of a school that is registered."""
    table = Table(dynamodb_client(), ACCOUNTS)
    DynamoSchools(table).put(SCHOOL)
    for number, sms in enumerate(debits):
        day = SCHOOL.local_day(NOW)
        DynamoLedger(table).post(UAI, debit(f"SINCE{number}", sms, NOW, day=day, daily_limit=1_000))


def balance_item() -> Any:
    key = to_wire({"pk": f"LEDGER#{UAI}", "sk": "BALANCE"})
    return dynamodb_client().get_item(TableName=ACCOUNTS, Key=key, ConsistentRead=True).get("Item")


def delete(pk: str, sk: str) -> None:
    dynamodb_client().delete_item(TableName=ACCOUNTS, Key=to_wire({"pk": pk, "sk": sk}))


def test_a_balance_that_is_missing_comes_back_as_the_entries_since_then_left_it(stack: Stack) -> None:
    """As it was at nine, the school would spend 49 SMS a second time, and all that its day may cost."""
    move_on(40, 9)
    before = balance_item()
    delete(f"LEDGER#{UAI}", "BALANCE")
    said: list[str] = []
    assert restore(stack, RESTORED, say=said.append, dry=True).put == [f"LEDGER#{UAI} BALANCE"]
    changed = "balance_sms, last_seq, spent_on, spent_sms"
    assert said == [f"would put back: LEDGER#{UAI} BALANCE, moved on in {changed}"]
    assert balance_item() is None
    assert restore(stack, RESTORED).put == [f"LEDGER#{UAI} BALANCE"]
    assert balance_item() == before
    assert adds_up(UAI)


def test_a_balance_to_which_the_entries_since_do_not_lead_is_not_put_back(stack: Stack) -> None:
    move_on(40, 9)
    delete(f"LEDGER#{UAI}", "BALANCE")
    lose(UAI, "debit:SINCE0")
    said: list[str] = []
    assert restore(stack, RESTORED, say=said.append).differ == [f"LEDGER#{UAI} BALANCE"]
    why = "entry 151 does not follow from it: restore a later second"
    assert said == [f"differs: LEDGER#{UAI} BALANCE and is missing, {why}"]
    assert balance_item() is None


def test_figures_that_only_a_debit_or_a_credit_changes_are_not_explained_without_one(stack: Stack) -> None:
    """A count of the day that is set to 0 lifts the ceiling of that day (R25)."""
    move_on(40)
    client, name = dynamodb_client(), [f"LEDGER#{UAI} BALANCE"]
    before = balance_item()
    assert restore(stack, RESTORED).differ == []
    for changed in ({"spent_sms": 0}, {"last_credit": "credit:FORGED"}, {"spent_on": "2026-11-20"}):
        client.put_item(TableName=ACCOUNTS, Item={**before, **to_wire(changed)})
        assert restore(stack, RESTORED).differ == name, changed
    client.put_item(TableName=RESTORED, Item=before)
    assert restore(stack, RESTORED).differ == name


def test_an_item_that_the_service_writes_meanwhile_stays(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    lose(UAI, "debit:Q3")
    entry = {"pk": f"LEDGER#{UAI}", "sk": "ENTRY#debit:Q3"}

    class Overtaken:
        """A client that the service is always faster than."""

        def __getattr__(self, name: str) -> Any:
            return getattr(dynamodb_client(), name)

        def put_item(self, **asked: Any) -> Any:
            Table(dynamodb_client(), ACCOUNTS).put(entry)
            return dynamodb_client().put_item(**asked)

    monkeypatch.setattr(stack, "client", lambda _: Overtaken())
    said: list[str] = []
    restore(stack, RESTORED, say=said.append)
    assert said == [f"differs: LEDGER#{UAI} ENTRY#debit:Q3 and was written meanwhile: repeat the command"]


# ------------------------------------------------------------------ numbers, decisions, templates


def paper(rank: int, day: str, kind: str = "INVOICE", table: str = ACCOUNTS) -> None:
    number = f"2026-{rank:06d}"
    Table(dynamodb_client(), table).put({"pk": f"{kind}#{number}", "sk": kind, "issued_on": day})


def sequence(rank: int, day: str, table: str = ACCOUNTS) -> None:
    item = {"pk": "INVOICES#2026", "sk": "SEQUENCE", "last_rank": rank, "last_issued_on": day}
    Table(dynamodb_client(), table).put(item)


def test_a_sequence_of_invoices_that_is_missing_comes_back_with_the_last_number_there_is(stack: Stack) -> None:
    """R41."""
    sequence(7, "2026-11-01", RESTORED)
    paper(8, "2026-11-20")
    paper(9, "2026-11-22", "CREDIT_NOTE")
    Table(dynamodb_client(), ACCOUNTS).put({"pk": "INVOICE#2026-000006", "sk": "INVOICE"})  # altered: without a day
    restore(stack, RESTORED)
    assert next_number(Table(dynamodb_client(), ACCOUNTS), date(2026, 11, 21)).number == "2026-000010"
    assert next_number(Table(dynamodb_client(), ACCOUNTS), date(2026, 11, 21)).issued_on == date(2026, 11, 22)
    delete("INVOICES#2026", "SEQUENCE")
    # The invoice itself is lost, and its order has the number.
    Table(dynamodb_client(), ACCOUNTS).put({"pk": "INVOICE_OF#A", "sk": "INVOICE_OF", "number": "2026-000011"})
    restore(stack, RESTORED)
    assert next_number(Table(dynamodb_client(), ACCOUNTS), date(2026, 11, 21)).number == "2026-000012"


def test_a_sequence_that_the_papers_since_then_explain_is_alike(stack: Stack) -> None:
    sequence(7, "2026-11-01", RESTORED)
    sequence(9, "2026-11-22")
    paper(8, "2026-11-20")
    assert restore(stack, RESTORED).differ == ["INVOICES#2026 SEQUENCE"]
    paper(9, "2026-11-22")
    assert restore(stack, RESTORED).differ == []
    sequence(6, "2026-11-01")
    assert restore(stack, RESTORED).differ == ["INVOICES#2026 SEQUENCE"]


def test_a_profile_from_before_a_decision_does_not_come_back(stack: Stack) -> None:
    """A suspension would be undone, and the next decision take the number of one that is recorded (R27)."""
    DynamoSchools(Table(dynamodb_client(), RESTORED)).put(SCHOOL)
    Table(dynamodb_client(), ACCOUNTS).put({"pk": f"SCHOOL#{UAI}", "sk": "ACT#000001", "kind": "suspended"})
    said: list[str] = []
    assert restore(stack, RESTORED, say=said.append).put == []
    why = "decisions after number 0 are recorded: restore a later second"
    assert said == [f"differs: SCHOOL#{UAI} PROFILE and is missing, {why}"]
    delete(f"SCHOOL#{UAI}", "ACT#000001")
    assert restore(stack, RESTORED).put == [f"SCHOOL#{UAI} PROFILE"]


def test_templates_come_back_only_if_they_are_asked_for_and_their_words_are_not_printed(stack: Stack) -> None:
    """A school may have deleted one, and its key is what the school called it (R46)."""
    before, live = (DynamoTemplates(Table(dynamodb_client(), table)) for table in (RESTORED, ACCOUNTS))
    for name in ("Renvoi de Léo Martin", "Absence", "Cantine"):
        before.put(UAI, checked(name, "Texte", NOW))
    live.put(UAI, checked("Cantine", "Autre texte", NOW))
    said: list[str] = []
    done = restore(stack, RESTORED, say=said.append)
    assert (done.put, done.differ, done.left_out, live.count(UAI)) == ([], [], 2, 1)
    assert said == ["left out: 2 templates, which schools may have deleted; ONLY=TEMPLATES# puts them back"]
    said.clear()
    done = restore(stack, RESTORED, f"TEMPLATES#{UAI}", say=said.append)
    assert (len(done.put), done.left_out, live.count(UAI)) == (2, 0, 3)
    assert said == [f"differs: TEMPLATES#{UAI} in text", f"put back: 2 of TEMPLATES#{UAI}"]


def test_an_item_that_differs_is_named_by_its_attributes_and_no_value_is_shown(stack: Stack) -> None:
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
