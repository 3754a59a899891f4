"""A correction, its act and its entry are written in one transaction, or none of them (R16, R18)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.corrections import DynamoCorrections
from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import DynamoSchoolActs
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import ConflictError, RefusedError
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.corrections import Correction, Proposal, Step
from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, OTHER_UAI, SCHOOL, UAI
from tests.support.faults.interrupted_transactions import a_conflict, before_transactions

ID = "ABCDEFGHIJKLMN"
BY_ONE = Step("kosmos-1", "operateur@kosmos.test", NOW, 1)
BY_SECOND = Step("kosmos-2", "collegue@kosmos.test", NOW + timedelta(hours=1), 2)
TWICE = Correction(ID, UAI, Proposal(-1_000, "Commande créditée deux fois", Cause("order", "BC1")), BY_ONE)


class Book:
    """One school's corrections; `interrupted` has things happen before each of the next transactions."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.client = client
        table = Table(client, ACCOUNTS)
        self.ledger, self.acts, self.schools = DynamoLedger(table), DynamoSchoolActs(table), DynamoSchools(table)
        self.schools.put(SCHOOL)
        self.ledger.post(UAI, credit("BC1", 1_500, NOW))
        self.corrections = DynamoCorrections(table, self.ledger)

    def interrupted(self, *happenings: Callable[[], object]) -> DynamoCorrections:
        table = Table(before_transactions(self.client, *happenings), ACCOUNTS)
        return DynamoCorrections(table, DynamoLedger(table))

    def proposed(self, correction: Correction = TWICE) -> Correction:
        assert self.corrections.propose(correction, *recorded(correction.proposed))
        return correction

    def whole(self) -> tuple[int, list[int]]:
        """The balance, explained by its entries, and the numbers of the acts."""
        newest_first = self.ledger.entries(UAI, None)
        assert audit_ledger(reversed(newest_first.items), self.ledger.balance(UAI)) == []
        return self.ledger.balance(UAI).sms, [act.number for act in self.acts.of(UAI)]


def recorded(step: Step) -> tuple[School, Act]:
    act = Act(step.act, "correction-proposed", step.at, step.by, step.by_email, "Motif", {"sms": -1_000})
    return replace(SCHOOL, acts=step.act), act


@pytest.fixture
def book(dynamodb: DynamoDBClient) -> Book:
    return Book(dynamodb)


def test_a_correction_is_read_back_as_it_was_proposed_and_confirmed(book: Book) -> None:
    book.proposed()
    assert book.corrections.get(ID) == TWICE
    confirmed = book.corrections.confirm(TWICE, BY_SECOND, *recorded(BY_SECOND))
    assert confirmed == book.corrections.get(ID)
    assert confirmed == replace(TWICE, state="confirmed", decided=BY_SECOND, applied_sms=-1_000)
    assert book.whole() == (500, [2, 1])
    assert book.corrections.get("OTHER") is None


def test_the_same_id_is_proposed_once(book: Book) -> None:
    book.proposed()
    assert not book.corrections.propose(TWICE, *recorded(BY_SECOND))
    assert book.whole() == (1_500, [1])


def test_of_two_who_confirm_at_once_one_does(book: Book) -> None:
    book.proposed()
    late = book.interrupted(lambda: book.corrections.confirm(TWICE, BY_SECOND, *recorded(BY_SECOND)))
    assert late.confirm(TWICE, replace(BY_SECOND, by="kosmos-3"), *recorded(BY_SECOND)) is None
    assert book.whole() == (500, [2, 1])


def test_of_a_confirmation_and_a_refusal_at_once_the_first_counts(book: Book) -> None:
    book.proposed()
    refused = TWICE.refused(BY_SECOND)
    late = book.interrupted(lambda: book.corrections.refuse(refused, *recorded(BY_SECOND)))
    assert late.confirm(TWICE, BY_SECOND, *recorded(BY_SECOND)) is None
    assert book.corrections.get(ID) == refused
    assert book.whole() == (1_500, [2, 1])
    third = replace(BY_SECOND, act=3)
    assert book.corrections.confirm(TWICE, third, *recorded(third)) is None
    assert not book.corrections.refuse(refused, *recorded(third))
    assert book.whole() == (1_500, [2, 1])


def test_what_is_sent_just_before_limits_what_is_taken(book: Book) -> None:
    """R16: the amount is that of the balance at the moment of the entry, not of an earlier look."""
    book.proposed()
    late = book.interrupted(lambda: book.ledger.post(UAI, debit("R1", 1_200, NOW)), a_conflict)
    confirmed = late.confirm(TWICE, BY_SECOND, *recorded(BY_SECOND))
    assert confirmed
    assert (confirmed.applied_sms, confirmed.missing_sms) == (-300, 700)
    assert book.whole() == (0, [2, 1])


def test_nothing_is_written_when_nothing_is_left(book: Book) -> None:
    book.proposed()
    book.ledger.post(UAI, debit("R1", 1_500, NOW))
    with pytest.raises(ConflictError):
        book.corrections.confirm(TWICE, BY_SECOND, *recorded(BY_SECOND))
    assert book.whole() == (0, [1])
    assert book.corrections.get(ID) == TWICE


def test_another_act_of_the_school_makes_it_start_again(book: Book) -> None:
    book.proposed()
    book.acts.record(*recorded(BY_SECOND))
    assert book.corrections.confirm(TWICE, BY_SECOND, *recorded(BY_SECOND)) is None
    assert book.whole() == (1_500, [2, 1])


def test_corrections_are_listed_by_school_and_while_they_wait(book: Book) -> None:
    book.proposed()
    assert book.corrections.waiting(None).items == book.corrections.of_school(UAI, None).items == [TWICE]
    assert book.corrections.of_school(OTHER_UAI, None).items == []
    refused = TWICE.refused(BY_SECOND)
    assert book.corrections.refuse(refused, *recorded(BY_SECOND))
    assert book.corrections.waiting(None).items == []
    assert book.corrections.of_school(UAI, None).items == [refused]
    with pytest.raises(RefusedError):
        book.corrections.waiting("elsewhere")


def test_sms_of_both_signs_end_where_they_should_under_concurrency(book: Book) -> None:
    """Ten proposals, each confirmed by two at once."""
    proposals = [replace(TWICE, id=f"{'ABCDEFGHIJ'[n] * 14}", proposal=Proposal(-n - 1, "M")) for n in range(10)]

    def confirm(number: int) -> None:
        correction = proposals[number % 10]
        for _ in range(40):
            school = book.schools.get(UAI)
            assert school
            step = replace(BY_SECOND, act=school.acts + 1)
            found = book.corrections.get(correction.id)
            if (found and found.state == "confirmed") or book.corrections.confirm(correction, step, *recorded(step)):
                return

    for number, each in enumerate(proposals, 1):
        assert book.corrections.propose(each, *recorded(replace(BY_ONE, act=number)))
    for number in range(20):
        confirm(number)
    assert book.whole()[0] == 1_500 - 55
