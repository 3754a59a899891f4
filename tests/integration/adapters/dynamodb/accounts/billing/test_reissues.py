"""A cancelled invoice is replaced by one with the next number, once, whoever else numbers (R41)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.audits import DynamoAuditedNumbers
from schoolsms.adapters.dynamodb.accounts.billing.invoices import DynamoInvoices
from schoolsms.adapters.dynamodb.accounts.billing.reissues import DynamoReissues
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.orders.billing.invoices import Invoice, Replaced, missing_ranks
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from tests.fakes.orders.invoices import BUYER, TODAY, content
from tests.integration.adapters.dynamodb.accounts.billing.test_credit_notes import NOTE, NUMBER, Book
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, ORDER_ID, SCHOOL, UAI
from tests.support.faults.interrupted_transactions import a_conflict, before_transactions

NEW = "2026-000003"
CORRECTED = content(buyer=replace(BUYER, siret="55208131766522"))


class Reissued(Book):
    """The first invoice is cancelled, and its credit note numbered."""

    def __init__(self, client: DynamoDBClient) -> None:
        super().__init__(client)
        table = Table(client, ACCOUNTS)
        self.reissues, self.numbers = DynamoReissues(table), DynamoAuditedNumbers(table)
        self.notes.number(self.cancelled(), lambda: TODAY)

    def ask(self, act: int = 2) -> bool:
        cancelled = self.known(NUMBER)
        return self.reissues.ask(cancelled, replace(cancelled, reissue_asked_on=TODAY), *recorded(act))

    def known(self, number: str) -> Invoice:
        found = self.invoices.get(number)
        assert found
        return found

    def reissue(self) -> Invoice:
        return self.invoices.number(CORRECTED, lambda: TODAY, self.known(NUMBER))

    def late(self, *happenings: Callable[[], object]) -> DynamoInvoices:
        return DynamoInvoices(Table(before_transactions(self.client, *happenings), ACCOUNTS))

    def known_as(self) -> list[tuple[str, str]]:
        """Each number that was given, and what its order or invoice has for it."""
        papers = self.numbers.papers(2026, self.numbers.last_rank(2026))
        return [(paper.number, paper.known_as) for _, paper in papers if paper]


def recorded(number: int) -> tuple[School, Act]:
    return replace(SCHOOL, acts=number), Act(number, "invoice-reissued", NOW, "kosmos-1", "op@kosmos.test")


@pytest.fixture
def book(dynamodb: DynamoDBClient) -> Reissued:
    return Reissued(dynamodb)


def test_a_reissue_is_asked_for_once_with_its_act(book: Reissued) -> None:
    assert book.ask()
    assert book.known(NUMBER).awaits_reissue
    assert not book.ask(3)
    assert sorted(act.kind for act in book.acts.of(UAI)) == ["invoice-cancelled", "invoice-reissued"]


def test_another_act_of_the_school_that_comes_first_makes_it_look_again(book: Reissued) -> None:
    assert not book.ask(1)
    assert not book.known(NUMBER).awaits_reissue
    assert book.ask(2)


def test_an_invoice_that_stands_is_not_asked_for(book: Reissued) -> None:
    standing = book.invoices.issued(book.next_invoice(9), TODAY)
    asked = replace(standing, reissue_asked_on=TODAY)
    assert not book.reissues.ask(standing, asked, *recorded(2))
    with pytest.raises(ValueError, match="asked"):
        book.reissues.ask(standing, standing, *recorded(2))
    assert [act.kind for act in book.acts.of(UAI)] == ["invoice-cancelled"]


def test_the_new_invoice_is_the_orders_and_each_names_the_other(book: Reissued) -> None:
    book.ask()
    new = book.reissue()
    assert new == Invoice(NEW, TODAY, CORRECTED, replaces=Replaced(NUMBER, TODAY))
    assert book.invoices.get(NEW) == book.invoices.of_order(ORDER_ID) == new
    replaced = book.known(NUMBER)
    assert (replaced.state, replaced.replaced_by, replaced.credit_note) == ("cancelled", NEW, NOTE)
    assert replaced.content == content()
    assert book.known_as() == [(NUMBER, NUMBER), (NOTE, NOTE), (NEW, NEW)]
    issued = book.invoices.issued(NEW, TODAY)
    assert issued == replace(new, state="issued", deposited_on=TODAY)
    assert [each.number for each in book.invoices.of_school(UAI, None).items] == [NEW, NUMBER]


def test_numbered_again_it_is_the_same_one(book: Reissued) -> None:
    book.ask()
    before = book.known(NUMBER)
    new = book.reissue()
    assert book.invoices.number(CORRECTED, lambda: TODAY, before) == new == book.reissue()
    assert book.next_invoice(9) == "2026-000004"


def test_what_nobody_asked_for_takes_no_number(book: Reissued) -> None:
    assert book.invoices.number(CORRECTED, lambda: TODAY).number == NUMBER
    assert book.invoices._try(CORRECTED, TODAY, book.known(NUMBER)) is None
    assert book.next_invoice(9) == NEW


def test_an_order_has_one_new_invoice_and_the_sequence_no_gap_whoever_comes_between(book: Reissued) -> None:
    book.ask()
    before, taken = book.known(NUMBER), [NUMBER, NOTE]
    late = book.late(
        lambda: taken.append(book.next_invoice(2)),
        a_conflict,
        lambda: taken.append(book.next_invoice(3)),
        lambda: taken.append(book.reissue().number),
    )
    assert late.number(CORRECTED, lambda: TODAY, before).number == taken[-1]
    taken.append(book.next_invoice(4))
    assert (sorted(set(taken)), missing_ranks(taken)) == (sorted(taken), [])
    assert book.known(NUMBER).replaced_by == taken[-2]
