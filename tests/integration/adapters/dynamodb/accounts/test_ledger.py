"""Entry and balance in one transaction, found when repeated, tried again when a rival came first (R11, R16, R18)."""

from datetime import date
from typing import Any, cast

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts import ledger as adapter
from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoOrders
from schoolsms.adapters.dynamodb.client.errors import TransactionConditionFailed
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import DailyLimitReached, InsufficientBalance, RefusedError, TransientError
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.ledger import Balance, Entry, credit, debit, release
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, OTHER_UAI, UAI, order
from tests.support.examples import everything, keys
from tests.support.faults.concurrent_writers import interrupted_ledger
from tests.support.faults.interrupted_transactions import a_conflict, a_throttling


def assert_explained(ledger: DynamoLedger) -> None:
    """R18: the entries explain the balance."""
    newest_first = ledger.entries(UAI, None)
    assert newest_first.cursor is None
    assert audit_ledger(reversed(newest_first.items), ledger.balance(UAI)) == []


def test_a_school_that_never_ordered_has_nothing(ledger: DynamoLedger) -> None:
    assert ledger.balance(UAI) == Balance(UAI, 0, 0)
    assert ledger.entries(UAI, None).items == []


def test_entries_between_two_numbers_are_read_oldest_first_page_after_page(
    dynamodb: DynamoDBClient, ledger: DynamoLedger
) -> None:
    class SmallPages:
        """A client whose pages end after two entries, as DynamoDB's end after a megabyte."""

        def query(self, **arguments: Any) -> Any:
            return dynamodb.query(**arguments, Limit=2)

    made = [ledger.post(UAI, credit(f"BC{number}", number, NOW)) for number in range(1, 7)]
    ledger.post(OTHER_UAI, credit("BC9", 9, NOW))
    paged = DynamoLedger(Table(cast(DynamoDBClient, SmallPages()), ACCOUNTS))
    assert list(paged.entries_between(UAI, 1, 5)) == made[:5]
    assert list(paged.entries_between(UAI, 4, 3)) == []
    assert list(ledger.entries_between(UAI, 1, 6)) == made
    assert list(ledger.entries_between(UAI, 3, 4)) == made[2:4]


def test_an_entry_changes_the_balance_with_it(ledger: DynamoLedger) -> None:
    first = ledger.post(UAI, credit("BC1", 1_000, NOW))
    second = ledger.post(UAI, debit("REQUEST1", 30, NOW))
    third = ledger.post(UAI, release("REQUEST1-0", 2, NOW))

    assert [(entry.seq, entry.amount, entry.balance_after) for entry in (first, second, third)] == [
        (1, 1_000, 1_000),
        (2, -30, 970),
        (3, 2, 972),
    ]
    assert ledger.balance(UAI) == Balance(UAI, 972, 3)
    assert ledger.entries(UAI, None).items == [third, second, first]
    assert_explained(ledger)


def test_each_school_has_its_own_balance(ledger: DynamoLedger) -> None:
    ledger.post(UAI, credit("BC1", 1_000, NOW))
    ledger.post(OTHER_UAI, credit("BC2", 5, NOW))

    assert (ledger.balance(UAI).sms, ledger.balance(OTHER_UAI).sms) == (1_000, 5)
    assert [entry.id for entry in ledger.entries(OTHER_UAI, None).items] == ["credit:BC2"]


def test_a_posting_repeated_is_found_not_made_again(ledger: DynamoLedger) -> None:
    made = ledger.post(UAI, credit("BC1", 1_000, NOW))
    ledger.post(UAI, debit("REQUEST1", 1, NOW))

    assert ledger.post(UAI, credit("BC1", 1_000, NOW)) == made
    assert ledger.balance(UAI) == Balance(UAI, 999, 2)


def test_what_costs_more_than_the_balance_writes_nothing(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    ledger.post(UAI, credit("BC1", 10, NOW))
    before = keys(dynamodb, ACCOUNTS)

    with pytest.raises(InsufficientBalance):
        ledger.post(UAI, debit("REQUEST1", 11, NOW))

    assert keys(dynamodb, ACCOUNTS) == before
    assert ledger.balance(UAI) == Balance(UAI, 10, 1)


def test_all_of_the_balance_may_be_spent(ledger: DynamoLedger) -> None:
    ledger.post(UAI, credit("BC1", 10, NOW))

    assert ledger.post(UAI, debit("REQUEST1", 10, NOW)).balance_after == 0


def test_a_debit_of_a_school_without_balance_is_refused(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    with pytest.raises(InsufficientBalance):
        ledger.post(UAI, debit("REQUEST1", 1, NOW))

    assert keys(dynamodb, ACCOUNTS) == set()


def test_a_lost_race_is_run_again_on_the_new_balance(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    ledger.post(UAI, credit("BC1", 10, NOW))
    slow = interrupted_ledger(
        dynamodb,
        lambda: ledger.post(UAI, debit("RIVAL1", 3, NOW)),
        lambda: ledger.post(UAI, debit("RIVAL2", 3, NOW)),
    )

    entry = slow.post(UAI, debit("REQUEST1", 4, NOW))

    assert (entry.seq, entry.balance_after) == (4, 0)
    assert_explained(ledger)


def test_a_race_for_the_first_entry_is_run_again(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    slow = interrupted_ledger(dynamodb, lambda: ledger.post(UAI, credit("RIVAL", 5, NOW)))

    assert slow.post(UAI, credit("BC1", 10, NOW)).balance_after == 15
    assert_explained(ledger)


def test_a_lost_race_for_the_last_sms_is_refused(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    ledger.post(UAI, credit("BC1", 10, NOW))
    slow = interrupted_ledger(dynamodb, lambda: ledger.post(UAI, debit("RIVAL", 8, NOW)))

    with pytest.raises(InsufficientBalance):
        slow.post(UAI, debit("REQUEST1", 3, NOW))

    assert ledger.balance(UAI).sms == 2
    assert_explained(ledger)


def test_the_same_posting_made_meanwhile_by_another_is_found(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    slow = interrupted_ledger(dynamodb, lambda: ledger.post(UAI, credit("BC1", 10, NOW)))

    entry = slow.post(UAI, credit("BC1", 10, NOW))

    assert entry.seq == 1
    assert ledger.balance(UAI) == Balance(UAI, 10, 1)


def test_a_conflict_with_another_transaction_is_tried_again(dynamodb: DynamoDBClient) -> None:
    slow = interrupted_ledger(dynamodb, a_conflict, a_conflict)

    assert slow.post(UAI, credit("BC1", 10, NOW)).balance_after == 10


def test_patience_ends_in_a_transient_error(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PATIENCE_SECONDS", 0.0)

    with pytest.raises(TransientError):
        interrupted_ledger(dynamodb, a_conflict, a_conflict).post(UAI, credit("BC1", 10, NOW))

    assert keys(dynamodb, ACCOUNTS) == set()


def test_throttling_is_transient(dynamodb: DynamoDBClient) -> None:
    with pytest.raises(TransientError):
        interrupted_ledger(dynamodb, a_throttling).post(UAI, credit("BC1", 10, NOW))


def test_what_goes_with_an_entry_is_written_or_nothing_is(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    there: Any = {
        "Put": {
            "TableName": ACCOUNTS,
            "Item": {"pk": {"S": "X"}, "sk": {"S": "X"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    ledger.post(UAI, credit("BC1", 10, NOW), [there])

    with pytest.raises(TransactionConditionFailed):
        ledger.post(UAI, credit("BC2", 10, NOW), [there])

    assert ledger.balance(UAI) == Balance(UAI, 10, 1)
    assert ledger.entry(UAI, "credit:BC2") is None


def test_a_credit_makes_the_order_credited_in_the_same_transaction(ledger: DynamoLedger, orders: DynamoOrders) -> None:
    orders.record(order())

    entry = ledger.credit(order(), credit(order().id, 2_000, NOW))

    assert (entry.amount, entry.balance_after) == (2_000, 2_000)
    assert orders.get(order().id) == order(state="credited", credited_at=NOW)
    assert [each.id for each in orders.in_state("credited", None).items] == [order().id]
    assert orders.in_state("accepted", None).items == []


def test_an_order_is_credited_once_however_often_it_is_posted(ledger: DynamoLedger, orders: DynamoOrders) -> None:
    orders.record(order())

    entries = [ledger.credit(order(), credit(order().id, 2_000, NOW)) for _ in range(3)]

    assert len(set(entries)) == 1
    assert ledger.balance(UAI) == Balance(UAI, 2_000, 1)


def test_two_workers_that_credit_one_order_at_once_make_one_entry(
    ledger: DynamoLedger, orders: DynamoOrders, dynamodb: DynamoDBClient
) -> None:
    orders.record(order())
    slow = interrupted_ledger(dynamodb, lambda: ledger.credit(order(), credit(order().id, 2_000, NOW)))

    assert slow.credit(order(), credit(order().id, 2_000, NOW)).seq == 1
    assert ledger.balance(UAI) == Balance(UAI, 2_000, 1)


@pytest.mark.parametrize("state", ["incomplete", "review", "rejected"])
def test_an_order_that_nobody_accepted_is_not_credited(ledger: DynamoLedger, orders: DynamoOrders, state: Any) -> None:
    orders.record(order(state=state))

    with pytest.raises(TransientError):
        ledger.credit(order(), credit(order().id, 2_000, NOW))

    assert ledger.balance(UAI) == Balance(UAI, 0, 0)


def test_the_ledger_is_read_in_slices_newest_first(ledger: DynamoLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PAGE", 2)
    posted = [ledger.post(UAI, credit(f"BC{number}", 1, NOW)) for number in range(5)]

    found: list[Entry] = []
    cursor = None
    for _ in range(10):
        piece = ledger.entries(UAI, cursor)
        found += piece.items
        cursor = piece.cursor
        if cursor is None:
            break

    assert found == posted[::-1]


@pytest.mark.parametrize("cursor", ["x", "-1", "0", "²", "1.5", "9" * 40, "9" * 5_000])
def test_a_cursor_that_is_not_ours_is_refused(ledger: DynamoLedger, cursor: str) -> None:
    ledger.post(UAI, credit("BC1", 1, NOW))

    with pytest.raises(RefusedError) as refused:
        ledger.entries(UAI, cursor)
    assert refused.value.code == "invalid-cursor"
    assert len(ledger.entries(UAI, "").items) == 1


def test_entries_hold_neither_number_nor_text(ledger: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    """R39: the ledger stays after the purge."""
    ledger.post(UAI, credit("BC1", 10, NOW))
    ledger.post(UAI, debit("REQUEST1", 3, NOW))

    attributes = {name for item in everything(dynamodb, ACCOUNTS) for name in item}
    assert attributes == {
        *("pk", "sk", "balance_sms", "last_seq", "spent_on", "spent_sms"),
        *("seq", "at", "kind", "amount", "balance_after", "cause", "last_credit"),
    }


def test_an_entry_is_read_back_as_it_was_made(ledger: DynamoLedger) -> None:
    made = ledger.post(UAI, credit("BC1", 10, NOW))

    assert made.at == NOW
    assert made == ledger.entry(UAI, "credit:BC1") == ledger.entries(UAI, None).items[0]


def test_an_entry_whose_cause_is_an_english_phrase_is_still_read(
    ledger: DynamoLedger, dynamodb: DynamoDBClient
) -> None:
    """R18: entries are kept for ten years; this is how they were written at first."""
    ledger.post(UAI, credit("BC1", 10, NOW))
    dynamodb.update_item(
        TableName=ACCOUNTS,
        Key={"pk": {"S": f"LEDGER#{UAI}"}, "sk": {"S": "ENTRY#credit:BC1"}},
        UpdateExpression="SET cause = :phrase",
        ExpressionAttributeValues={":phrase": {"S": "order BC1"}},
    )

    [entry] = ledger.entries(UAI, None).items
    assert entry.cause == Cause("order", "BC1")


def test_of_debits_at_once_the_daily_limit_lets_no_more_through_than_it_says(
    dynamodb: DynamoDBClient, ledger: DynamoLedger
) -> None:
    """R25: kept on the balance, in the transaction of the debit."""
    today = date(2026, 11, 23)
    ledger.post(UAI, credit("BC1", 100, NOW))
    slow = interrupted_ledger(dynamodb, lambda: ledger.post(UAI, debit("RIVAL", 8, NOW, day=today, daily_limit=10)))

    with pytest.raises(DailyLimitReached):
        slow.post(UAI, debit("REQUEST1", 3, NOW, day=today, daily_limit=10))

    ledger.post(UAI, debit("REQUEST1", 2, NOW, day=today, daily_limit=10))
    assert (ledger.balance(UAI).sms, ledger.balance(UAI).spent_on, ledger.balance(UAI).spent_sms) == (90, today, 10)
    ledger.post(UAI, release("RIVAL-0", 5, NOW))
    assert (ledger.balance(UAI).spent_on, ledger.balance(UAI).spent_sms) == (today, 10)


def test_an_entry_is_read_back_with_the_credit_it_came_after(ledger: DynamoLedger) -> None:
    """R15."""
    ledger.post(UAI, credit("BC1", 9, NOW))
    ledger.post(UAI, release("R0-0", 1, NOW))
    made = ledger.post(UAI, debit("R1", 4, NOW))

    read = ledger.entry(UAI, "debit:R1")
    assert read == made
    assert read.last_credit == made.last_credit == ledger.balance(UAI).last_credit == "credit:BC1"
