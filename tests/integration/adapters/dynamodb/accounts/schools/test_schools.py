"""Schools and the price list are read back as they were written."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.schools import schools as adapter
from schoolsms.adapters.dynamodb.accounts.schools.published_lists import DynamoPriceList, DynamoTrustedSigners
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from schoolsms.domain.schools.schools import Address
from schoolsms.domain.schools.stock.subscription_ends import EndChanged
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import OTHER_UAI, SCHOOL, UAI


def test_a_school_is_read_back_as_it_was_put(schools: DynamoSchools) -> None:
    full = replace(
        SCHOOL,
        address=Address("1 rue des Écoles", "97400", "Saint-Denis", "FR", line2="BP 12"),
        calendar="reunion",
        country="RE",
        vat_rate=Decimal("8.5"),
        low_balance_threshold=0,
        sender_name="LyceeValery",
        daily_limit=5_000,
        order_senders=("ce.<uai>@ac-reunion.fr", "secretariat@lycee.test"),
        state="suspended",
    )
    schools.put(full)

    assert schools.get(UAI) == full
    assert schools.get(OTHER_UAI) is None


def test_putting_a_school_tells_whether_it_is_new(schools: DynamoSchools) -> None:
    assert schools.put(SCHOOL)
    assert not schools.put(replace(SCHOOL, name="Lycée Ampère"))
    assert schools.get(UAI) == replace(SCHOOL, name="Lycée Ampère")


def test_a_change_never_undoes_a_suspension_that_came_in_between(schools: DynamoSchools) -> None:
    """R27."""
    schools.put(replace(SCHOOL, state="suspended"))

    schools.put(replace(SCHOOL, name="Lycée Ampère"))

    assert schools.get(UAI) == replace(SCHOOL, state="suspended", name="Lycée Ampère")


def test_a_change_made_for_another_end_of_subscription_is_not_written(schools: DynamoSchools) -> None:
    ended = date(2026, 8, 31)
    with pytest.raises(EndChanged):
        schools.put(replace(SCHOOL, subscription_end=ended), ended)
    assert schools.get(SCHOOL.uai) is None
    schools.put(replace(SCHOOL, subscription_end=ended))
    assert not schools.put(replace(SCHOOL, subscription_end=ended, name="Lycée Ampère"), ended)
    schools.put(SCHOOL)
    with pytest.raises(EndChanged):
        schools.put(replace(SCHOOL, subscription_end=ended), ended)
    assert schools.get(SCHOOL.uai) == SCHOOL


def test_schools_are_listed_by_uai_in_slices(schools: DynamoSchools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PAGE", 2)
    known = ["0070021B", "0750654D", "0750655E", "7200009X", "9830002K"]
    for uai in reversed(known):
        schools.put(replace(SCHOOL, uai=uai))

    found, cursor = [], None
    for _ in range(10):
        piece = schools.all(cursor)
        found += [school.uai for school in piece.items]
        cursor = piece.cursor
        if cursor is None:
            break

    assert found == known


def test_the_price_list_is_the_shipped_one_until_another_is_published(dynamodb: DynamoDBClient) -> None:
    prices = DynamoPriceList(Table(dynamodb, ACCOUNTS))
    assert prices.packs() == DEFAULT_PRICE_LIST

    published = {"pk": "PRICES", "sk": "CURRENT", "packs": [["P1000", 1_000, 9_000]]}
    dynamodb.put_item(TableName=ACCOUNTS, Item=to_wire(published))

    assert prices.packs() == (Pack("P1000", 1_000, 9_000),)


def test_nobody_is_trusted_until_a_list_is_published(dynamodb: DynamoDBClient) -> None:
    signers = DynamoTrustedSigners(Table(dynamodb, ACCOUNTS))
    assert signers.certificates() == ()
    signers.publish(["one", "two"])
    assert signers.certificates() == ("one", "two")
    signers.publish([])
    assert signers.certificates() == ()
