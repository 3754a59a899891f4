"""A credit note takes the next number of the invoices, once, whoever else numbers (R41)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.billing.credit_notes import DynamoCreditNotes
from schoolsms.adapters.dynamodb.accounts.billing.invoices import DynamoInvoices
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import DynamoSchoolActs
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Cancellation, Invoice, missing_ranks
from schoolsms.domain.orders.billing.payments import Payment
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from tests.fakes.orders.invoices import TODAY, content
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, SCHOOL, UAI
from tests.support.faults.interrupted_transactions import a_conflict, before_transactions

NUMBER, NOTE = "2026-000001", "2026-000002"
WHY = Cancellation(TODAY, "SIRET erroné")


class Book:
    def __init__(self, client: DynamoDBClient) -> None:
        self.client, table = client, Table(client, ACCOUNTS)
        self.invoices, self.notes, self.acts = DynamoInvoices(table), DynamoCreditNotes(table), DynamoSchoolActs(table)
        DynamoSchools(table).put(SCHOOL)
        self.invoices.number(content(), lambda: TODAY)
        self.first = self.invoices.issued(NUMBER, TODAY)

    def interrupted(self, *happenings: Callable[[], object]) -> DynamoCreditNotes:
        return DynamoCreditNotes(Table(before_transactions(self.client, *happenings), ACCOUNTS))

    def next_invoice(self, rank: int) -> str:
        return self.invoices.number(content(order_id=f"BC26-{rank:010d}"), lambda: TODAY).number

    def cancelled(self) -> Invoice:
        assert self.notes.cancel(self.first, self.first.cancelled(WHY), *recorded(1))
        stored = self.invoices.get(NUMBER)
        assert stored
        return stored


def recorded(number: int) -> tuple[School, Act]:
    return replace(SCHOOL, acts=number), Act(number, "invoice-cancelled", NOW, "kosmos-1", "op@kosmos.test", "Motif")


@pytest.fixture
def book(dynamodb: DynamoDBClient) -> Book:
    return Book(dynamodb)


def test_a_cancelled_invoice_is_read_back_and_listed_as_such(book: Book) -> None:
    cancelled = book.cancelled()
    assert cancelled == book.first.cancelled(WHY)
    assert [each.number for each in book.invoices.standing("cancelled", TODAY, None).items] == [NUMBER]
    assert book.invoices.standing("due", TODAY, None).items == []
    assert [each.state for each in book.invoices.of_school(UAI, None).items] == ["cancelled"]
    assert [act.kind for act in book.acts.of(UAI)] == ["invoice-cancelled"]


def test_a_credit_note_is_stored_with_all_it_says(book: Book) -> None:
    cancelled = book.cancelled()
    note = book.notes.number(cancelled, lambda: TODAY)
    assert note == CreditNote(NOTE, TODAY, NUMBER, TODAY, content(), WHY.reason)
    assert book.notes.get(NOTE) == book.notes.of_invoice(NUMBER) == note
    assert book.notes.issued(NOTE) == replace(note, state="issued") == book.notes.get(NOTE)
    stored = book.invoices.get(NUMBER)
    assert stored
    assert stored.credit_note == NOTE
    assert (book.notes.get(NUMBER), book.invoices.get(NOTE)) == (None, None)
    assert book.next_invoice(9) == "2026-000003"


@pytest.mark.parametrize("cents", [20_400, 5_000], ids=["in full", "in part"])
def test_a_payment_that_comes_first_makes_it_look_again(book: Book, cents: int) -> None:
    paid = book.first.paying(Payment(TODAY, "VIR-1", cents))
    late = book.interrupted(lambda: book.invoices.paid(book.first, paid))
    assert not late.cancel(book.first, book.first.cancelled(WHY), *recorded(1))
    assert book.acts.of(UAI) == []
    assert late.cancel(paid, paid.cancelled(WHY), *recorded(1))
    assert not book.notes.cancel(paid, paid.cancelled(WHY), *recorded(2))


def test_a_payment_that_comes_late_does_not_undo_it(book: Book) -> None:
    cancelled = book.cancelled()
    payment = Payment(TODAY, "VIR-1", 20_400)
    assert not book.invoices.paid(book.first, book.first.paying(payment))
    assert book.invoices.paid(cancelled, cancelled.paying(payment))
    stored = book.invoices.get(NUMBER)
    assert stored
    assert (stored.state, stored.refund_due_cents) == ("cancelled", 20_400)
    assert [each.number for each in book.invoices.standing("cancelled", TODAY, None).items] == [NUMBER]


def test_an_invoice_has_one_credit_note_and_the_sequence_no_gap_whoever_comes_between(book: Book) -> None:
    cancelled, taken = book.cancelled(), [NUMBER]
    late = book.interrupted(
        lambda: taken.append(book.next_invoice(2)),
        a_conflict,
        lambda: taken.append(book.next_invoice(3)),
        lambda: taken.append(book.notes.number(cancelled, lambda: TODAY).number),
    )
    note = late.number(cancelled, lambda: TODAY)
    assert note.number == taken[-1]
    taken.append(book.next_invoice(4))
    assert (sorted(set(taken)), missing_ranks(taken)) == (sorted(taken), [])


def test_an_invoice_that_is_not_cancelled_takes_no_number(book: Book) -> None:
    with pytest.raises(ValueError, match="cancelled"):
        book.notes.number(book.first, lambda: TODAY)
    assert book.notes.of_invoice(NUMBER) is None
    assert book.notes.of_invoice("2026-000009") is None
    assert book.next_invoice(2) == NOTE
