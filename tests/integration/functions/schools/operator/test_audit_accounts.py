"""Every night: what was altered in the tables is found, named in the log and counted (R18, R46)."""

from collections.abc import Callable
from typing import Any

import pytest

from schoolsms.adapters.dynamodb.accounts.billing.credit_notes import DynamoCreditNotes
from schoolsms.adapters.dynamodb.accounts.billing.invoices import DynamoInvoices
from schoolsms.adapters.dynamodb.client.codec import Item, to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.orders.billing.invoices import Cancellation
from schoolsms.domain.schools.stock import ledger
from tests.fakes.orders.invoices import TODAY, content
from tests.integration.conftest import ACCOUNTS, HISTORY, dynamodb_client
from tests.support.builders import NOW, ORDER_ID, UAI, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http
from tests.support.functions.log_privacy import Logs
from tests.support.sending import phones

FUNCTION = "audit_accounts"
LEDGER = f"LEDGER#{UAI}"


def ask(cloud: Cloud, count: int) -> str:
    """A request to that many phones; its id."""
    body = {"text": "Bonjour", "recipients": [{"phone": each} for each in phones(count)]}
    status, answer = cloud.call("accept_send_request", http("accept_send_request", "one_recipient", body=body))
    assert status == 202, answer
    return str(answer["id"])


def invoices() -> DynamoInvoices:
    return DynamoInvoices(Table(dynamodb_client(), ACCOUNTS))


@pytest.fixture
def supplied(cloud: Cloud, school: str) -> Cloud:
    """2,000 SMS of an invoiced order."""
    cloud.orders.record(order())
    cloud.ledger.credit(order(), ledger.credit(ORDER_ID, order().sms, NOW))
    invoices().number(content(), lambda: TODAY)
    return cloud


def found(cloud: Cloud, logs: Logs) -> list[tuple[str, str]]:
    """Findings of one night."""
    cloud.clock.time = cloud.clock.now().replace(day=cloud.clock.now().day + 1)
    before = len(logs.lines("something does not add up"))
    assert cloud.invoke(FUNCTION, event(FUNCTION, "every_night")) is None
    return [(line["code"], line["id"]) for line in logs.lines("something does not add up")[before:]]


def set_value(table: str, pk: str, sk: str, name: str, value: Any) -> None:
    dynamodb_client().update_item(
        TableName=table,
        Key=to_wire({"pk": pk, "sk": sk}),
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues=to_wire({":value": value}),
    )


def take_out(table: str, **key: Any) -> None:
    dynamodb_client().delete_item(TableName=table, Key=to_wire(key))


def pages_of(request: str) -> list[Item]:
    answer = dynamodb_client().query(
        TableName=HISTORY,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :page)",
        ExpressionAttributeValues=to_wire({":pk": f"REQUEST#{request}", ":page": "PAGE#"}),
    )
    return [{name: each[name]["S"] for name in ("pk", "sk")} for each in answer["Items"]]


def test_accounts_that_add_up_are_silent_and_each_night_is_done_once(supplied: Cloud, logs: Logs) -> None:
    ask(supplied, 60)
    assert found(supplied, logs) == []
    supplied.invoke(FUNCTION, event(FUNCTION, "every_night"))
    first, second = logs.lines("accounts audited")
    assert (first["schools"], first["findings"], first["done"]) == (1, 0, True)
    assert (second["schools"], second["done"]) == (0, False)


def lose_order_and_entry() -> None:
    take_out(ACCOUNTS, pk=LEDGER, sk=f"ENTRY#credit:{ORDER_ID}")
    take_out(ACCOUNTS, pk=f"ORDER#{ORDER_ID}", sk="ORDER")


FAULTS: dict[str, Callable[[str], Any]] = {
    "entry-altered": lambda request: set_value(ACCOUNTS, LEDGER, f"ENTRY#debit:{request}", "balance_after", 7),
    "entry-missing": lambda request: lose_order_and_entry(),
    "balance-differs": lambda request: set_value(ACCOUNTS, LEDGER, "BALANCE", "balance_sms", 5_000),
    "debit-without-request": lambda request: take_out(HISTORY, pk=f"REQUEST#{request}", sk="REQUEST"),
    "entry-lost": lambda request: take_out(ACCOUNTS, pk=LEDGER, sk=f"ENTRY#debit:{request}"),
    "page-missing": lambda request: take_out(HISTORY, **pages_of(request)[1]),
    "credit-without-order": lambda request: take_out(ACCOUNTS, pk=f"ORDER#{ORDER_ID}", sk="ORDER"),
}


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("entry-altered", "debit:{request}"),
        ("entry-missing", "debit:{request}"),
        ("balance-differs", f"balance:{UAI}"),
        ("debit-without-request", "debit:{request}"),
        ("entry-lost", "debit:{request}"),
        ("page-missing", "{request}/1"),
        ("credit-without-order", f"credit:{ORDER_ID}"),
    ],
)
def test_what_was_altered_in_the_tables_is_named(supplied: Cloud, logs: Logs, code: str, named: str) -> None:
    request = ask(supplied, 60)
    FAULTS[code](request)
    assert (code, named.format(request=request)) in found(supplied, logs)


def test_a_message_that_is_released_twice_is_named(supplied: Cloud, logs: Logs) -> None:
    request = ask(supplied, 3)
    lines = supplied.requests.lines(stored := supplied.requests.get(request), 0)  # type: ignore[arg-type]
    assert stored
    closing = ledger.release_page(request, 0, 1, 2, NOW)
    assert supplied.messages.none_handed_over(stored, lines[:2], "failed", closing)
    assert found(supplied, logs) == []
    supplied.ledger.post(UAI, ledger.release(f"{request}-1", 1, NOW))
    twice = {f"release:{request}-0..1", f"release:{request}-1"}
    assert set(found(supplied, logs)) == {("released-twice", entry_id) for entry_id in twice}


def test_an_invoice_that_is_gone_leaves_its_number(supplied: Cloud, logs: Logs) -> None:
    last = invoices().number(content(order_id="BC26-OTHER"), lambda: TODAY)
    assert found(supplied, logs) == []
    take_out(ACCOUNTS, pk="INVOICE#2026-000001", sk="INVOICE")
    assert ("number-missing", "2026-000001") in found(supplied, logs)
    set_value(ACCOUNTS, "INVOICES#2026", "SEQUENCE", "last_rank", 1)
    assert ("number-beyond", last.number) in found(supplied, logs)


def test_a_credit_note_that_its_invoice_does_not_know_is_named(supplied: Cloud, logs: Logs) -> None:
    invoice = invoices().of_order(ORDER_ID)
    assert invoice
    cancelled = {"on": TODAY.isoformat(), "reason": "erreur"}
    set_value(ACCOUNTS, "INVOICE#2026-000001", "INVOICE", "state", "cancelled")
    set_value(ACCOUNTS, "INVOICE#2026-000001", "INVOICE", "cancellation", cancelled)
    notes = DynamoCreditNotes(Table(dynamodb_client(), ACCOUNTS))
    note = notes.number(invoice.cancelled(Cancellation(TODAY, "erreur")), lambda: TODAY)
    assert found(supplied, logs) == []
    set_value(ACCOUNTS, "INVOICE#2026-000001", "INVOICE", "credit_note", "")
    assert ("number-not-known", note.number) in found(supplied, logs)
