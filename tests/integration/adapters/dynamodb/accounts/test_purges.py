"""How far a purge has come, and the certificate that stays (R38, R39)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts import purges as adapter
from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.history.purges import Certificate, Counts, Purge
from schoolsms.domain.schools.stock.subscription_ends import Warned
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, OTHER_UAI, UAI

YEAR = "2026-27"
CERTIFICATE = Certificate(UAI, YEAR, date(2026, 9, 1), date(2027, 8, 31), NOW, NOW + timedelta(minutes=1), Counts())


@pytest.fixture
def purges(dynamodb: DynamoDBClient) -> DynamoPurges:
    return DynamoPurges(Table(dynamodb, ACCOUNTS))


def test_a_purge_nobody_began_is_an_empty_one(purges: DynamoPurges) -> None:
    assert purges.get(UAI, YEAR) == Purge(UAI, YEAR)
    assert purges.of_school(UAI) == []


def test_the_announcement_and_the_first_start_are_remembered(purges: DynamoPurges) -> None:
    purges.announced(UAI, YEAR, Warned(date(2027, 9, 1), 30))
    purges.announced(UAI, YEAR, Warned(date(2027, 9, 1), 7))
    purges.started(UAI, YEAR, NOW)
    purges.started(UAI, YEAR, NOW + timedelta(days=1))

    assert purges.get(UAI, YEAR) == Purge(UAI, YEAR, Warned(date(2027, 9, 1), 7), NOW)
    assert purges.of_school(UAI) == []


def test_the_first_certificate_stands_and_its_digest_is_kept_as_it_is_shown(
    purges: DynamoPurges, dynamodb: DynamoDBClient
) -> None:
    purges.started(UAI, YEAR, NOW)
    assert purges.certify(CERTIFICATE) == CERTIFICATE
    assert purges.certify(replace(CERTIFICATE, certified_at=NOW + timedelta(days=1))) == CERTIFICATE

    kept = purges.get(UAI, YEAR).certificate
    assert kept == CERTIFICATE
    item = dynamodb.get_item(TableName=ACCOUNTS, Key=to_wire(adapter.purge_key(UAI, YEAR)))["Item"]
    assert item["digest"] == {"S": CERTIFICATE.digest}


def test_a_school_has_its_own_newest_first_and_the_operator_all(
    purges: DynamoPurges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PAGE", 2)
    made = [(UAI, "2025-26"), (UAI, YEAR), (OTHER_UAI, YEAR)]
    for number, (uai, label) in enumerate(made):
        at = NOW + timedelta(days=number)
        purges.started(uai, label, at)
        purges.certify(replace(CERTIFICATE, school=uai, school_year=label, started_at=at, certified_at=at))

    assert [each.school_year for each in purges.of_school(UAI)] == [YEAR, "2025-26"]
    first = purges.all(None)
    second = purges.all(first.cursor)
    assert [(each.school, each.school_year) for each in [*first.items, *second.items]] == made[::-1]
    assert second.cursor is None


def test_a_cursor_of_another_list_is_refused(purges: DynamoPurges) -> None:
    with pytest.raises(RefusedError):
        purges.all("0750655E")
