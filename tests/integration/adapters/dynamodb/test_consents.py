"""Consents in DynamoDB: conditional, without a number in any key (R24, R44, R45)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.consents import DynamoConsents
from schoolsms.domain.consents.consents import (
    ConsentRecord,
    Proof,
    corrected,
    is_corrected_to,
    rectified,
    with_consent_of,
    without_consent,
)
from schoolsms.domain.errors import RefusedError
from tests.integration.conftest import plain_client
from tests.support.builders import MANAGER, NOW, OTHER_UAI, UAI
from tests.support.template import table_arguments

TABLE = "ConsentsTable"
PROOF = Proof("J'accepte les SMS.", "1", "papier", "Secrétariat", NOW - timedelta(days=3))


def phone(number: int) -> str:
    return f"+336123{number:05d}"


def granting(number: int = 0) -> ConsentRecord:
    return with_consent_of(ConsentRecord(phone(number)), PROOF, NOW, MANAGER)


@pytest.fixture
def dynamodb(aws: None) -> DynamoDBClient:
    return plain_client()


@pytest.fixture
def consents(dynamodb: DynamoDBClient) -> DynamoConsents:
    dynamodb.create_table(**table_arguments(TABLE))
    return DynamoConsents(Table(dynamodb, TABLE), lambda: "a-key", at_once=1)


def everything(dynamodb: DynamoDBClient) -> str:
    return str(dynamodb.scan(TableName=TABLE)["Items"])


def test_what_was_put_is_read_back(consents: DynamoConsents) -> None:
    record = without_consent(granting(), NOW + timedelta(hours=1), MANAGER)

    assert consents.get(UAI, phone(0)) == ConsentRecord(phone(0))
    assert consents.put(UAI, record)
    assert consents.get(UAI, phone(0)) == replace(record, changes=1)
    assert consents.get(OTHER_UAI, phone(0)) == ConsentRecord(phone(0))


def test_a_write_on_what_changed_meanwhile_is_none(consents: DynamoConsents) -> None:
    assert consents.put(UAI, granting())
    assert not consents.put(UAI, granting())
    read = consents.get(UAI, phone(0))
    assert consents.put(UAI, without_consent(read, NOW, MANAGER))
    assert not consents.put(UAI, read)
    assert not consents.get(UAI, phone(0)).granted


def test_those_who_consented_are_granted_whatever_their_number(consents: DynamoConsents) -> None:
    """Over the hundred keys of one call."""
    records = [granting(number) for number in range(120)]
    assert consents.put_all(UAI, records) == []
    assert consents.put(UAI, without_consent(consents.get(UAI, phone(7)), NOW, MANAGER))

    granted = consents.granted(UAI, [phone(number) for number in range(130)])

    assert granted == {phone(number) for number in range(120)} - {phone(7)}
    assert consents.granted(OTHER_UAI, [phone(1)]) == frozenset()
    assert consents.granted(UAI, []) == frozenset()


def test_many_writes_tell_which_ones_came_too_late(consents: DynamoConsents) -> None:
    consents.put(UAI, granting(1))

    assert consents.put_all(UAI, [granting(number) for number in range(3)]) == [granting(1)]


def test_all_of_a_school_are_listed_in_pages(consents: DynamoConsents) -> None:
    consents.put_all(UAI, [granting(number) for number in range(60)])
    consents.put(OTHER_UAI, granting(99))

    first = consents.of_school(UAI, None)
    second = consents.of_school(UAI, first.cursor)

    assert (len(first.items), len(second.items), second.cursor) == (50, 10, None)
    assert {each.phone for each in (*first.items, *second.items)} == {phone(number) for number in range(60)}
    with pytest.raises(RefusedError):
        consents.of_school(UAI, phone(1))


@pytest.mark.parametrize("at_once", [1, 2])
def test_all_of_a_school_come_one_after_the_other(dynamodb: DynamoDBClient, at_once: int) -> None:
    """Over the hundred keys of one read, and in the order of the list."""
    dynamodb.create_table(**table_arguments(TABLE))
    consents = DynamoConsents(Table(dynamodb, TABLE), lambda: "a-key", at_once)
    consents.put_all(UAI, [granting(number) for number in range(230)])
    consents.put(OTHER_UAI, granting(999))
    listed: list[ConsentRecord] = []
    cursor: str | None = None
    while True:
        page = consents.of_school(UAI, cursor)
        listed += page.items
        cursor = page.cursor
        if cursor is None:
            break
    assert len(listed) == 230
    assert list(consents.all_of_school(UAI)) == listed


def test_the_schools_of_a_number_are_found(consents: DynamoConsents) -> None:
    for uai in (UAI, OTHER_UAI):
        consents.put(uai, granting())

    assert sorted(consents.schools_of(phone(0))) == sorted([UAI, OTHER_UAI])
    assert consents.schools_of(phone(1)) == []


def test_no_key_holds_a_number(consents: DynamoConsents, dynamodb: DynamoDBClient) -> None:
    consents.put(UAI, granting())

    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert phone(0)[1:] not in str(item["pk"]) + str(item["sk"])
    assert DynamoConsents(Table(dynamodb, TABLE), lambda: "another-key").get(UAI, phone(0)) == ConsentRecord(phone(0))


def test_an_erased_number_is_nowhere_and_is_remembered(consents: DynamoConsents, dynamodb: DynamoDBClient) -> None:
    consents.put(UAI, granting())
    consents.put(UAI, granting(1))
    record = consents.get(UAI, phone(0))

    assert consents.suppress(UAI, replace(record, suppressed_at=NOW))

    assert consents.get(UAI, phone(0)) == ConsentRecord(phone(0), suppressed_at=NOW, changes=2)
    assert consents.granted(UAI, [phone(0), phone(1)]) == {phone(1)}
    assert consents.forgotten(UAI, [phone(0), phone(1), phone(2)]) == {phone(0)}
    assert [each.phone for each in consents.of_school(UAI, None).items] == [phone(1)]
    assert phone(0) not in everything(dynamodb)
    assert not consents.put(UAI, granting())


def correct(consents: DynamoConsents, old: ConsentRecord, new: ConsentRecord) -> bool:
    return consents.move(UAI, corrected(old, NOW, MANAGER), rectified(old, new, NOW, MANAGER))


def test_a_correction_moves_all_of_it_at_once(consents: DynamoConsents, dynamodb: DynamoDBClient) -> None:
    consents.put(UAI, granting())

    assert correct(consents, consents.get(UAI, phone(0)), consents.get(UAI, phone(1)))

    assert consents.granted(UAI, [phone(0), phone(1)]) == {phone(1)}
    assert consents.forgotten(UAI, [phone(0), phone(1)]) == {phone(0)}
    assert phone(0) not in everything(dynamodb)
    assert [each.phone for each in consents.of_school(UAI, None).items] == [phone(1)]


def test_a_corrected_number_is_remembered_and_its_stop_is_heard(
    consents: DynamoConsents, dynamodb: DynamoDBClient
) -> None:
    consents.put(UAI, granting())
    correct(consents, consents.get(UAI, phone(0)), consents.get(UAI, phone(1)))

    left = consents.get(UAI, phone(0))
    assert left == ConsentRecord(phone(0), corrected(granting(), NOW, MANAGER).events, changes=2)
    assert consents.schools_of(phone(0)) == [UAI]
    assert consents.put(UAI, without_consent(left, NOW, "SMS"))
    assert consents.get(UAI, phone(0)).withdrawn_at == NOW
    assert phone(0) not in everything(dynamodb)


def test_a_correction_of_what_changed_meanwhile_is_none(consents: DynamoConsents) -> None:
    consents.put(UAI, granting())
    old = consents.get(UAI, phone(0))
    consents.put(UAI, without_consent(old, NOW, MANAGER))

    assert not correct(consents, old, ConsentRecord(phone(1)))
    assert consents.granted(UAI, [phone(0), phone(1)]) == frozenset()
    assert consents.get(UAI, phone(1)) == ConsentRecord(phone(1))


def test_a_correction_whose_answer_was_lost_is_seen_to_be_done(
    consents: DynamoConsents, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    consents.put(UAI, granting())
    old, new = consents.get(UAI, phone(0)), consents.get(UAI, phone(1))
    transact = dynamodb.transact_write_items

    def lost(**arguments: Any) -> Any:
        transact(**arguments)
        raise ReadTimeoutError(endpoint_url="https://dynamodb.test")

    monkeypatch.setattr(dynamodb, "transact_write_items", lost)

    assert not correct(consents, old, new), "read again"
    assert is_corrected_to(consents.get(UAI, phone(0)), consents.get(UAI, phone(1)))
