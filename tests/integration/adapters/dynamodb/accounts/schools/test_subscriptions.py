"""A forfeiture is one transaction with the school it empties: extended in time, nothing is written (R17, R18)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts import ledger as adapter
from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.accounts.schools.subscriptions import DynamoSubscriptionEnds
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.ledger import Balance, credit, forfeited_end, release
from schoolsms.domain.schools.stock.subscription_ends import Warned
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, SCHOOL, UAI
from tests.support.examples import everything
from tests.support.faults.concurrent_writers import interrupted_ledger
from tests.support.faults.interrupted_transactions import a_conflict

ENTRY_ID = f"forfeiture:{UAI}:2027-08-31:2"
AT = datetime.fromisoformat("2027-08-31T22:02:00+00:00")


@pytest.fixture
def supplied(schools: DynamoSchools, ledger: DynamoLedger) -> DynamoLedger:
    schools.put(SCHOOL)
    ledger.post(UAI, credit("BC1", 200, NOW))
    return ledger


@pytest.fixture
def ends(dynamodb: DynamoDBClient) -> DynamoSubscriptionEnds:
    return DynamoSubscriptionEnds(Table(dynamodb, ACCOUNTS))


def left(ledger: DynamoLedger) -> Balance:
    """The balance, after checking that its entries explain it."""
    balance = ledger.balance(UAI)
    assert audit_ledger(reversed(ledger.entries(UAI, None).items), balance) == []
    return balance


def test_the_end_before_which_the_proofs_of_consent_were_offered_is_kept(
    supplied: DynamoLedger,
    ends: DynamoSubscriptionEnds,
    schools: DynamoSchools,
) -> None:
    ends.consents_offered(UAI, SCHOOL.subscription_end)
    schools.put(SCHOOL)
    assert schools.get(UAI) == replace(SCHOOL, consents_offered_for=SCHOOL.subscription_end)


def test_all_that_is_left_is_forfeited_and_its_notice_is_pending(
    supplied: DynamoLedger, schools: DynamoSchools
) -> None:
    entry = supplied.forfeit(SCHOOL, AT)
    assert entry is not None
    assert (entry.id, entry.kind, entry.amount, entry.balance_after, entry.at) == (ENTRY_ID, "forfeiture", -200, 0, AT)
    assert forfeited_end(entry) == SCHOOL.subscription_end
    assert supplied.entry(UAI, ENTRY_ID) == entry
    assert left(supplied) == Balance(UAI, 0, 2)
    assert schools.get(UAI) == replace(SCHOOL, pending_forfeiture_notice=ENTRY_ID)


def test_where_nothing_is_left_nothing_is_written(
    schools: DynamoSchools, ledger: DynamoLedger, dynamodb: DynamoDBClient
) -> None:
    schools.put(SCHOOL)
    before = list(everything(dynamodb, ACCOUNTS))
    assert ledger.forfeit(SCHOOL, AT) is None
    assert list(everything(dynamodb, ACCOUNTS)) == before


@pytest.mark.parametrize("changes", [{"subscription_end": date(2028, 8, 31)}, {"calendar": "polynesie"}])
def test_a_school_that_is_no_longer_as_read_forfeits_nothing(
    supplied: DynamoLedger, schools: DynamoSchools, dynamodb: DynamoDBClient, changes: dict[str, Any]
) -> None:
    """Extended, or moved to a later clock, between reading and writing."""
    schools.put(replace(SCHOOL, **changes))
    before = list(everything(dynamodb, ACCOUNTS))
    assert supplied.forfeit(SCHOOL, AT) is None
    assert list(everything(dynamodb, ACCOUNTS)) == before


def test_an_extension_right_before_the_transaction_saves_what_is_left(
    supplied: DynamoLedger, schools: DynamoSchools, dynamodb: DynamoDBClient
) -> None:
    extended = interrupted_ledger(dynamodb, lambda: schools.put(replace(SCHOOL, subscription_end=date(2028, 8, 31))))
    assert extended.forfeit(SCHOOL, AT) is None
    assert left(supplied).sms == 200


def test_what_comes_back_right_before_the_transaction_is_forfeited_with_the_rest(
    supplied: DynamoLedger, dynamodb: DynamoDBClient
) -> None:
    entry = interrupted_ledger(dynamodb, lambda: supplied.post(UAI, release("R-1", 3, NOW)), a_conflict).forfeit(
        SCHOOL, AT
    )
    assert entry is not None
    assert (entry.id, entry.amount) == (f"forfeiture:{UAI}:2027-08-31:3", -203)
    assert left(supplied).sms == 0


def test_of_two_runs_at_once_one_forfeits(supplied: DynamoLedger, dynamodb: DynamoDBClient) -> None:
    assert interrupted_ledger(dynamodb, lambda: supplied.forfeit(SCHOOL, AT)).forfeit(SCHOOL, AT) is None
    assert left(supplied) == Balance(UAI, 0, 2)


def test_a_pending_notice_delays_the_next_forfeiture(
    supplied: DynamoLedger, ends: DynamoSubscriptionEnds, schools: DynamoSchools
) -> None:
    supplied.forfeit(SCHOOL, AT)
    supplied.post(UAI, release("R-1", 3, NOW))
    assert supplied.forfeit(SCHOOL, AT) is None

    ends.forfeiture_notice_queued(UAI, "forfeiture:another")
    assert supplied.forfeit(SCHOOL, AT) is None
    for _ in range(2):
        ends.forfeiture_notice_queued(UAI, ENTRY_ID)
    assert schools.get(UAI) == SCHOOL
    assert supplied.forfeit(SCHOOL, AT) is not None
    assert left(supplied).sms == 0


def test_too_many_rivals_are_a_transient_error(
    supplied: DynamoLedger, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PATIENCE_SECONDS", 0)
    with pytest.raises(TransientError):
        interrupted_ledger(dynamodb, *[a_conflict] * 9).forfeit(SCHOOL, AT)
    assert left(supplied).sms == 200


def test_a_registration_keeps_the_pending_notice(
    supplied: DynamoLedger, ends: DynamoSubscriptionEnds, schools: DynamoSchools
) -> None:
    ends.warned(UAI, Warned(date(2027, 8, 31), 30))
    supplied.forfeit(SCHOOL, AT)
    schools.put(replace(SCHOOL, name="Lycée Ampère"))
    [listed] = schools.all(None).items
    assert (listed.name, listed.last_warning, listed.pending_forfeiture_notice) == (
        "Lycée Ampère",
        Warned(date(2027, 8, 31), 30),
        ENTRY_ID,
    )
