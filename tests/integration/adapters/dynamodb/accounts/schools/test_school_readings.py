"""The operator's looks at a school have a range of their own, so that they crowd no decision out (R2, R46)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.schools import school_changes, school_readings
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import DynamoSchoolActs
from schoolsms.adapters.dynamodb.accounts.schools.school_readings import DynamoSchoolReadings
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.decisions.school_readings import Reading
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, OTHER_UAI, SCHOOL, UAI

READING = Reading("READ1", NOW, "kosmos-1", "operateur@kosmos.test", "Appel", "history", True, ("from", "phone"))
SUSPENSION = Act(1, "suspension", NOW, "kosmos-1", "operateur@kosmos.test", "Envois publicitaires")


@pytest.fixture
def acts(dynamodb: DynamoDBClient, schools: DynamoSchools) -> DynamoSchoolActs:
    schools.put(SCHOOL)
    return DynamoSchoolActs(Table(dynamodb, ACCOUNTS))


@pytest.fixture
def readings(dynamodb: DynamoDBClient) -> DynamoSchoolReadings:
    return DynamoSchoolReadings(Table(dynamodb, ACCOUNTS))


def read_all(readings: DynamoSchoolReadings) -> list[list[str]]:
    """The ids on each page."""
    pages, cursor = [], None
    while True:
        page = readings.page(UAI, cursor)
        pages.append([each.id for each in page.items])
        cursor = page.cursor
        if cursor is None:
            return pages


def a_look_of_earlier(number: int) -> Act:
    """As looks were recorded when they were acts."""
    detail = {"looked_at": "ledger", "numbers": "masked", "searched": []}
    earlier = NOW - timedelta(days=99 - number)
    return Act(number, "viewed", earlier, "kosmos-1", "operateur@kosmos.test", "Appel", detail)  # type: ignore[arg-type]


def test_a_reading_is_kept_as_it_is_once_and_for_its_school_alone(readings: DynamoSchoolReadings) -> None:
    for _ in range(2):
        readings.record(UAI, READING)
    assert readings.page(UAI, None).items == [READING]
    assert readings.page(OTHER_UAI, None).items == []


def test_readings_come_a_page_at_a_time_newest_first(
    readings: DynamoSchoolReadings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(school_readings, "PAGE", 2)
    for second in range(5):
        readings.record(UAI, replace(READING, id=f"R{'ABCDE'[second]}", at=NOW + timedelta(seconds=second)))
    assert read_all(readings) == [["RE", "RD"], ["RC", "RB"], ["RA"]]


def test_readings_of_the_time_when_they_were_acts_are_still_read_as_the_oldest(
    acts: DynamoSchoolActs, readings: DynamoSchoolReadings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(school_readings, "PAGE", 2)
    for number in (1, 2, 4):
        acts.record(replace(SCHOOL, acts=number), a_look_of_earlier(number))
        if number == 2:
            acts.record(replace(SCHOOL, state="suspended", acts=3), replace(SUSPENSION, number=3))
    readings.record(UAI, READING)
    assert read_all(readings) == [["READ1", "000004"], ["000002", "000001"]]
    oldest = readings.page(UAI, "ACT#000002").items[0]
    assert (oldest.looked_at, oldest.numbers_whole, oldest.reason) == ("ledger", False, "Appel")
    assert [each.number for each in acts.page(UAI, None).items] == [3]


def test_a_hundred_readings_crowd_no_decision_out(
    acts: DynamoSchoolActs, readings: DynamoSchoolReadings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(school_changes, "SHOWN", 3)
    suspended = replace(SCHOOL, state="suspended", acts=1)
    acts.record(suspended, SUSPENSION)
    for number in range(2, 8):
        acts.record(replace(suspended, acts=number), a_look_of_earlier(number))
        readings.record(UAI, replace(READING, id=f"R{number}"))
    assert acts.of(UAI) == [SUSPENSION]


@pytest.mark.parametrize("cursor", ["x", "ACT#1", "READING#", "PROFILE", "READING#2026#A", "LEDGER#000001"])
def test_a_cursor_of_another_list_is_refused(
    acts: DynamoSchoolActs, readings: DynamoSchoolReadings, cursor: str
) -> None:
    for page in (readings.page, acts.page):
        with pytest.raises(RefusedError):
            page(UAI, cursor)
