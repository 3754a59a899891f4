"""Templates are read back as they were put, each school's apart, in slices by name (R2, R19)."""

from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.schools import templates as adapter
from schoolsms.adapters.dynamodb.accounts.schools.templates import DynamoTemplates
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.sending.templates import StoredTemplate
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, OTHER_UAI, UAI

RETARD = StoredTemplate("Élève en retard", "Bonjour ((Prénom)),\n« où ? » €", NOW)


@pytest.fixture
def templates(dynamodb: DynamoDBClient) -> DynamoTemplates:
    return DynamoTemplates(Table(dynamodb, ACCOUNTS))


def test_a_template_is_read_back_as_it_was_put(templates: DynamoTemplates) -> None:
    assert templates.put(UAI, RETARD)

    assert templates.get(UAI, "eleve en retard") == RETARD
    assert templates.get(UAI, "retard") is None
    assert templates.get(OTHER_UAI, RETARD.key) is None


def test_putting_again_replaces_and_tells_so(templates: DynamoTemplates) -> None:
    templates.put(UAI, RETARD)
    changed = StoredTemplate("ELEVE EN RETARD", "Autre", NOW + timedelta(days=1))

    assert not templates.put(UAI, changed)
    assert templates.of_school(UAI, None).items == [changed]


def test_deleting_tells_whether_there_was_one(templates: DynamoTemplates) -> None:
    templates.put(UAI, RETARD)

    assert not templates.delete(OTHER_UAI, RETARD.key)
    assert templates.delete(UAI, RETARD.key)
    assert not templates.delete(UAI, RETARD.key)
    assert templates.get(UAI, RETARD.key) is None


def test_all_templates_come_in_slices_by_name(templates: DynamoTemplates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PAGE", 2)
    names = ["Absence", "brevet", "Car", "Départ", "élection"]
    for name in reversed(names):
        templates.put(UAI, StoredTemplate(name, name, NOW))
    templates.put(OTHER_UAI, RETARD)

    found, cursor = [], None
    while True:
        piece = templates.of_school(UAI, cursor)
        found += [template.name for template in piece.items]
        cursor = piece.cursor
        if cursor is None:
            break

    assert found == names
    assert (templates.count(UAI), templates.count(OTHER_UAI)) == (5, 1)


@pytest.mark.parametrize("key", ["", "a" * 1_100, "é" * 600])
def test_what_is_no_key_finds_nothing(templates: DynamoTemplates, key: str) -> None:
    assert templates.get(UAI, key) is None
    assert not templates.delete(UAI, key)
