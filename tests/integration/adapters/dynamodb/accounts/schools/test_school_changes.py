"""Acts are numbered, append-only, and written together with what they make of the school (R23, R27, R28)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.schools import school_changes as adapter
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import DynamoSchoolActs
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.decisions.destinations import Destinations, Tariff
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.notified import Notified
from schoolsms.domain.schools.schools import BlockedSender, Integration
from schoolsms.domain.schools.stock import ledger as postings
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, OTHER_UAI, SCHOOL, UAI
from tests.support.faults.interrupted_transactions import a_conflict, before_transactions

SUSPENDED = replace(SCHOOL, state="suspended", acts=1)
SUSPENSION = Act(1, "suspension", NOW, "kosmos-1", "operateur@kosmos.test", "Envois publicitaires")


def interrupted(client: DynamoDBClient, *happenings: Callable[[], object]) -> DynamoSchoolActs:
    return DynamoSchoolActs(Table(before_transactions(client, *happenings), ACCOUNTS))


@pytest.fixture
def acts(dynamodb: DynamoDBClient, schools: DynamoSchools) -> DynamoSchoolActs:
    schools.put(SCHOOL)
    return DynamoSchoolActs(Table(dynamodb, ACCOUNTS))


def test_an_act_and_what_it_made_of_the_school_are_read_back(acts: DynamoSchoolActs, schools: DynamoSchools) -> None:
    ruled = replace(
        SCHOOL,
        state="terminated",
        terminated_at=NOW,
        destinations=Destinations(
            "FR", {"BE": 2, "ES": 3}, 2, Tariff("Tarif", {"BE": Decimal("0.0825"), "ES": Decimal(12)})
        ),
        accepted_destinations=Destinations("FR", {"BE": 2}, 1),
        integrations=(Integration("pronote", NOW, "kosmos-1"),),
        formal_notice=FormalNotice(1, "Faits", date(2026, 12, 15), NOW, "Réponse", NOW, NOW, "Motif"),
        notified=(Notified("chef@lycee.test", NOW, "TOKEN", confirmed=False), Notified("paul@lycee.test", NOW)),
        blocked_senders=(BlockedSender("user-2", NOW, "user-1"),),
        acts=1,
    )
    act = replace(SUSPENSION, detail={"version": 2, "multipliers": {"BE": 2}})

    assert acts.record(ruled, act)

    assert schools.get(UAI) == ruled
    assert acts.of(UAI) == [act]
    assert acts.of(OTHER_UAI) == []
    assert [acts.numbered(UAI, number) for number in (1, 2)] == [act, None]


def test_a_tariff_of_the_time_of_whole_cents_is_still_read(
    dynamodb: DynamoDBClient, acts: DynamoSchoolActs, schools: DynamoSchools
) -> None:
    stored = {"sending_country": "FR", "multipliers": {"BE": 2}, "version": 1}
    cents = {"text": "Tarif", "prices_cents": {"BE": 9, "ES": 120}}
    Table(dynamodb, ACCOUNTS).update(
        {"pk": f"SCHOOL#{UAI}", "sk": "PROFILE"},
        "SET destinations = :offer",
        values={"offer": {**stored, "tariff": cents}},
    )

    school = schools.get(UAI)
    assert school
    prices = {"BE": Decimal("0.09"), "ES": Decimal("1.20")}
    assert school.destinations == Destinations("FR", {"BE": 2}, 1, Tariff("Tarif", prices))


def test_an_act_on_a_school_as_it_no_longer_is_writes_nothing(acts: DynamoSchoolActs, schools: DynamoSchools) -> None:
    acts.record(SUSPENDED, SUSPENSION)

    late = replace(SUSPENSION, kind="termination")
    assert not acts.record(replace(SCHOOL, state="terminated", acts=1), late)
    assert not acts.record(replace(SCHOOL, state="terminated", acts=3), replace(late, number=3))

    assert schools.get(UAI) == SUSPENDED
    assert acts.of(UAI) == [SUSPENSION]


def test_an_act_that_met_another_transaction_is_tried_again(
    dynamodb: DynamoDBClient, acts: DynamoSchoolActs, schools: DynamoSchools
) -> None:
    """DynamoDB cancels one of two at once, though neither condition failed."""
    assert interrupted(dynamodb, a_conflict, a_conflict).record(SUSPENDED, SUSPENSION)
    assert (schools.get(UAI), acts.of(UAI)) == (SUSPENDED, [SUSPENSION])


def test_acts_that_meet_without_end_are_given_up(dynamodb: DynamoDBClient, acts: DynamoSchoolActs) -> None:
    with pytest.raises(TransientError):
        interrupted(dynamodb, *[a_conflict] * adapter.CONFLICT_TRIES).record(SUSPENDED, SUSPENSION)
    assert acts.of(UAI) == []


def test_an_act_on_a_school_nobody_registered_writes_nothing(acts: DynamoSchoolActs, schools: DynamoSchools) -> None:
    assert not acts.record(replace(SUSPENDED, uai=OTHER_UAI), SUSPENSION)
    assert schools.get(OTHER_UAI) is None
    assert acts.of(OTHER_UAI) == []


def test_a_registration_and_an_act_keep_what_the_other_wrote(acts: DynamoSchoolActs, schools: DynamoSchools) -> None:
    acts.record(SUSPENDED, SUSPENSION)
    schools.put(replace(SCHOOL, name="Lycée Ampère"))
    ended = replace(SUSPENSION, number=2, kind="suspension-ended")
    acts.record(replace(SUSPENDED, state="active", acts=2), ended)

    assert schools.get(UAI) == replace(SCHOOL, name="Lycée Ampère", acts=2)
    assert acts.of(UAI) == [ended, SUSPENSION]


def test_the_latest_acts_are_shown(acts: DynamoSchoolActs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "SHOWN", 2)
    for number in range(1, 12):
        acts.record(replace(SCHOOL, acts=number), replace(SUSPENSION, number=number))

    assert [act.number for act in acts.of(UAI)] == [11, 10]


def test_all_acts_come_a_page_at_a_time_newest_first(acts: DynamoSchoolActs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "SHOWN", 2)
    for number in range(1, 6):
        acts.record(replace(SCHOOL, acts=number), replace(SUSPENSION, number=number))

    pages, cursor = [], None
    for _ in range(3):
        page = acts.page(UAI, cursor)
        pages.append([act.number for act in page.items])
        cursor = page.cursor
    assert (pages, cursor) == ([[5, 4], [3, 2], [1]], None)


def test_acts_are_no_entries_of_the_ledger(acts: DynamoSchoolActs, ledger: DynamoLedger) -> None:
    acts.record(SUSPENDED, SUSPENSION)
    entry = ledger.post(UAI, postings.credit("BC1", 5, NOW))

    assert ledger.entries(UAI, None).items == [entry]
