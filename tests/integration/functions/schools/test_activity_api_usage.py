"""SMS a day over HTTP (R14, R18)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit, release
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "activity_api"
OPERATOR = {"roles": "[operator]", "school": None}
EMPTY = {"credit": 0, "debit": 0, "release": 0, "forfeiture": 0, "correction": 0}


@pytest.fixture
def spent(cloud: Cloud, school: str) -> str:
    for number in range(40):
        cloud.ledger.post(school, credit(f"BC{number}", 10, NOW - timedelta(days=40 - number)))
    cloud.ledger.post(school, debit("REQUEST1", 3, NOW))
    cloud.ledger.post(school, release("REQUEST1-0", 1, NOW))
    return school


def test_a_manager_sees_what_each_day_did(cloud: Cloud, spent: str) -> None:
    query = {"from": "2026-11-22", "to": "2026-11-23"}
    assert cloud.call(FUNCTION, http(FUNCTION, "usage", query=query)) == (
        200,
        {
            "items": [
                {**EMPTY, "day": "2026-11-22", "credit": 10, "change": 10, "balance": 400},
                {**EMPTY, "day": "2026-11-23", "debit": -3, "release": 1, "change": -2, "balance": 398},
            ],
            "next_cursor": None,
        },
    )
    assert len(cloud.call(FUNCTION, event(FUNCTION, "usage"))[1]["items"]) == 30


@pytest.mark.parametrize(
    ("claims", "query", "status"),
    [
        (OPERATOR, {"school": UAI}, 200),
        (OPERATOR, {}, 422),
        ({}, {"school": UAI}, 200),
        ({}, {"school": OTHER_UAI}, 404),
        ({"school": OTHER_UAI}, {}, 404),
        ({"roles": "[sms_sender]"}, {}, 403),
        ({}, {"from": "2026-11-31"}, 422),
        ({}, {"from": "2026-11-23", "to": "2026-11-22"}, 422),
        ({}, {"since": "2026-11-23"}, 422),
        ({}, {"cursor": "x"}, 422),
    ],
)
def test_who_may_ask_what(cloud: Cloud, spent: str, claims: dict[str, Any], query: dict[str, str], status: int) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "usage", claims=claims, query=query))[0] == status
