"""Numbers without a gap, one invoice an order, lists by due date (R41, R42)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts import listings
from schoolsms.adapters.dynamodb.accounts.billing import invoices as adapter
from schoolsms.adapters.dynamodb.accounts.billing.invoices import DynamoInvoices
from schoolsms.adapters.dynamodb.client.table import EXISTS, Table, assignments
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.orders.billing.invoices import Invoice, InvoiceContent, InvoiceLine, InvoiceVat, missing_ranks
from schoolsms.domain.orders.billing.payments import Payment, Reception
from schoolsms.domain.schools.schools import Address
from tests.fakes.orders.invoices import BUYER, SELLER, TODAY, content
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import ORDER_ID, OTHER_UAI, UAI
from tests.support.examples import keys
from tests.support.faults.interrupted_transactions import a_conflict, a_throttling, before_transactions

NUMBER = "2026-000001"


@pytest.fixture
def invoices(dynamodb: DynamoDBClient) -> DynamoInvoices:
    return DynamoInvoices(Table(dynamodb, ACCOUNTS))


def interrupted(client: DynamoDBClient, *happenings: Callable[[], object]) -> DynamoInvoices:
    return DynamoInvoices(Table(before_transactions(client, *happenings), ACCOUNTS))


def of_order(rank: int, **changes: Any) -> InvoiceContent:
    return content(order_id=f"BC26-{rank:010d}", **changes)


def today() -> date:
    return TODAY


def issue(invoices: DynamoInvoices, rank: int, deposited_on: date = TODAY, **changes: Any) -> Invoice:
    return invoices.issued(invoices.number(of_order(rank, **changes), today).number, deposited_on)


def settle(invoices: DynamoInvoices, number: str) -> None:
    issued = invoices.get(number)
    assert issued
    assert invoices.paid(issued, issued.paying(Payment(TODAY, "VIR-1", issued.rest_cents)))


def numbers(found: Any) -> list[str]:
    return [each.number for each in found.items]


def test_an_invoice_is_stored_with_all_it_says(invoices: DynamoInvoices) -> None:
    everything = content(
        seller=replace(SELLER, vat_on_debits=False),
        buyer=replace(BUYER, address=Address("Cité", "97600", "Mamoudzou", "YT", "Bât. B")),
        lines=(InvoiceLine("P500", 500, 1, 4_500), InvoiceLine("P1000", 1_000, 2, 8_500)),
        vat=InvoiceVat(Decimal("8.5"), "E", "une raison"),
    )
    numbered = invoices.number(everything, today)
    assert numbered == Invoice(NUMBER, TODAY, everything)
    assert invoices.get(NUMBER) == numbered
    assert invoices.of_order(ORDER_ID) == numbered


def test_what_was_never_numbered_is_not_there(invoices: DynamoInvoices) -> None:
    assert invoices.get(NUMBER) is None
    assert invoices.of_order(ORDER_ID) is None
    with pytest.raises(TransientError):
        invoices.issued(NUMBER, TODAY)


def test_orders_are_numbered_one_after_the_other(invoices: DynamoInvoices) -> None:
    taken = [invoices.number(of_order(rank), today).number for rank in range(12)]
    assert taken[0] == NUMBER
    assert taken[-1] == "2026-000012"
    assert missing_ranks(taken) == []


def test_an_order_numbered_twice_has_one_number(invoices: DynamoInvoices, dynamodb: DynamoDBClient) -> None:
    first = invoices.number(content(), today)
    assert invoices.number(content(ht_cents=1), lambda: TODAY + timedelta(days=1)) == first
    assert keys(dynamodb, ACCOUNTS) == {
        ("INVOICES#2026", "SEQUENCE"),
        (f"INVOICE#{NUMBER}", "INVOICE"),
        (f"INVOICE_OF#{ORDER_ID}", "INVOICE_OF"),
    }


def test_a_rival_with_the_same_order_leaves_one_number(invoices: DynamoInvoices, dynamodb: DynamoDBClient) -> None:
    """It comes between our reading and our writing."""
    late = interrupted(dynamodb, lambda: invoices.number(content(), today))
    assert late.number(content(), today).number == NUMBER
    assert invoices.number(of_order(2), today).number == "2026-000002"


def test_a_rival_with_another_order_takes_another_number(invoices: DynamoInvoices, dynamodb: DynamoDBClient) -> None:
    late = interrupted(dynamodb, *(lambda rank=rank: invoices.number(of_order(rank), today) for rank in range(3)))
    assert late.number(content(), today).number == "2026-000004"


def test_a_transaction_that_fails_takes_no_number(invoices: DynamoInvoices, dynamodb: DynamoDBClient) -> None:
    with pytest.raises(TransientError):
        interrupted(dynamodb, a_throttling).number(content(), today)
    assert keys(dynamodb, ACCOUNTS) == set()
    assert invoices.number(content(), today).number == NUMBER


def test_one_who_never_gets_a_turn_gives_up(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(TransientError):
        interrupted(dynamodb, a_conflict).number(content(), today)


def test_each_year_begins_at_one(invoices: DynamoInvoices) -> None:
    invoices.number(of_order(1), today)
    assert invoices.number(of_order(2), lambda: date(2027, 1, 1)).number == "2027-000001"
    assert invoices.number(of_order(3), lambda: date(2026, 12, 31)).number == "2026-000002"


def test_dates_rise_with_the_numbers(invoices: DynamoInvoices) -> None:
    """Also when a process read its clock before midnight and writes after another that read it later."""
    invoices.number(of_order(1), lambda: TODAY + timedelta(days=1))
    assert invoices.number(of_order(2), today).issued_on == TODAY + timedelta(days=1)


def test_an_invoice_is_issued_once(invoices: DynamoInvoices) -> None:
    invoices.number(content(), today)
    issued = invoices.issued(NUMBER, TODAY)
    assert (issued.state, issued.deposited_on) == ("issued", TODAY)
    assert invoices.issued(NUMBER, TODAY + timedelta(days=5)) == issued
    assert invoices.get(NUMBER) == issued


def test_payments_are_written_one_after_the_other_and_none_over_another(invoices: DynamoInvoices) -> None:
    issued = issue(invoices, 1)
    part, rival = (issued.paying(Payment(TODAY, reference, 10_000)) for reference in ("VIR-1", "VIR-2"))
    assert invoices.paid(issued, part)
    assert not invoices.paid(issued, rival)
    assert invoices.get(NUMBER) == part
    assert numbers(invoices.standing("due", TODAY, None)) == [NUMBER]

    rest = part.paying(Payment(TODAY, "VIR-2", 10_400))
    assert invoices.paid(part, rest)
    assert not invoices.paid(part, rest)
    assert invoices.get(NUMBER) == rest
    assert rest.state == "paid"
    assert numbers(invoices.standing("paid", TODAY, None)) == [NUMBER]
    assert invoices.issued(NUMBER, TODAY) == rest


def test_an_invoice_paid_before_payments_had_amounts_is_paid_in_full(
    dynamodb: DynamoDBClient, invoices: DynamoInvoices
) -> None:
    """Its item has the day and the reference beside the state, as version 0.1.0 wrote them."""
    issued = issue(invoices, 1)
    changes = {"state": "paid", "paid_on": TODAY.isoformat(), "payment_reference": "VIR-OLD"}
    Table(dynamodb, ACCOUNTS).update(
        {"pk": f"INVOICE#{NUMBER}", "sk": "INVOICE"}, assignments(changes), EXISTS, changes
    )
    stored = invoices.get(NUMBER)
    assert stored is not None
    assert stored.payments == (Payment(TODAY, "VIR-OLD", issued.content.ttc_cents),)
    assert (stored.state, stored.rest_cents) == ("paid", 0)


def test_a_reception_moves_the_invoice_in_the_lists(invoices: DynamoInvoices) -> None:
    issued = issue(invoices, 1)
    invoices.reminded(NUMBER, 7)
    received = issued.received(Reception(TODAY + timedelta(days=10), "CPP-42"))
    assert invoices.received(received) == received == invoices.get(NUMBER)
    overdue_by_mail = TODAY + timedelta(days=35)
    assert numbers(invoices.standing("overdue", overdue_by_mail, None)) == []
    assert numbers(invoices.standing("due", overdue_by_mail, None)) == [NUMBER]


def test_a_reminder_is_remembered_and_never_taken_back(invoices: DynamoInvoices) -> None:
    issue(invoices, 1)
    invoices.reminded(NUMBER, 30)
    invoices.reminded(NUMBER, 7)
    stored = invoices.get(NUMBER)
    assert stored is not None
    assert stored.reminded_days == 30


def test_a_school_sees_its_own_newest_first_once_they_are_issued(invoices: DynamoInvoices) -> None:
    """R2."""
    issue(invoices, 1)
    issue(invoices, 2, buyer=replace(BUYER, uai=OTHER_UAI))
    issue(invoices, 3)
    invoices.number(of_order(4), today)
    assert numbers(invoices.of_school(UAI, None)) == ["2026-000003", "2026-000001"]
    assert numbers(invoices.of_school(OTHER_UAI, None)) == ["2026-000002"]


def test_invoices_are_listed_by_how_they_stand(invoices: DynamoInvoices) -> None:
    """R42: due on the day itself, overdue the day after."""
    for rank, days in enumerate((0, 1, 2)):
        issue(invoices, rank, TODAY + timedelta(days=days))
    issue(invoices, 3)
    settle(invoices, "2026-000004")
    invoices.number(of_order(5), today)
    day = date(2026, 12, 24)
    assert numbers(invoices.standing("overdue", day, None)) == ["2026-000001"]
    assert numbers(invoices.standing("due", day, None)) == ["2026-000002", "2026-000003"]
    assert numbers(invoices.standing("paid", day, None)) == ["2026-000004"]


@pytest.mark.parametrize("standing", ["due", "overdue", "paid", "school"])
def test_lists_go_on_where_they_stopped(
    invoices: DynamoInvoices, monkeypatch: pytest.MonkeyPatch, standing: Any
) -> None:
    monkeypatch.setattr(listings, "PAGE", 2)
    for rank in range(5):
        issued = issue(invoices, rank)
        if standing == "paid":
            settle(invoices, issued.number)
    day = TODAY + timedelta(days=60 if standing == "overdue" else 0)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        found = invoices.of_school(UAI, cursor) if standing == "school" else invoices.standing(standing, day, cursor)
        seen += numbers(found)
        cursor = found.cursor
    assert cursor is None
    assert sorted(seen) == [f"2026-{rank:06d}" for rank in range(1, 6)]
    assert len(seen) == 5


def test_a_cursor_past_every_invoice_never_breaks_a_list(invoices: DynamoInvoices) -> None:
    issue(invoices, 1)
    for standing in ("due", "overdue", "paid"):
        invoices.standing(cast(Any, standing), TODAY + timedelta(days=60), "2099-01-01#2026-000001")
    invoices.of_school(UAI, "2099-01-01#2026-000001")


@pytest.mark.parametrize("cursor", ["zzz", " ", "$", "2099-01-01", "2099-01-01#x", "²"])
def test_a_cursor_that_is_not_ours_is_refused(invoices: DynamoInvoices, cursor: str) -> None:
    for standing in ("due", "overdue", "paid"):
        with pytest.raises(RefusedError):
            invoices.standing(cast(Any, standing), TODAY, cursor)
    with pytest.raises(RefusedError):
        invoices.of_school(UAI, cursor)
