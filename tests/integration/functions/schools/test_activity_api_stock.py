"""The stock over HTTP: the pack in use on a day, and how long the stock lasts (R14, R18)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.schools.stock import find_packs
from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.support.builders import NOW, OTHER_UAI, UAI, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "activity_api"
OPERATOR = {"roles": "[operator]", "school": None}


@pytest.fixture
def spent(cloud: Cloud, school: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(find_packs, "EVERY", 1)
    cloud.orders.record(order(id="BC1", quantities={"P500": 1}))
    cloud.ledger.post(school, credit("BC1", 500, NOW - timedelta(days=8)))
    cloud.ledger.post(school, debit("REQUEST1", 60, NOW - timedelta(days=5)))
    cloud.ledger.post(school, debit("REQUEST2", 40, NOW))
    return school


def test_a_manager_sees_the_pack_that_was_in_use_on_a_day(cloud: Cloud, spent: str) -> None:
    assert cloud.call("school_api", event("school_api", "balance"))[1]["pack_in_use"]["remaining_sms"] == 400
    seen = [cloud.call(FUNCTION, http(FUNCTION, "pack_in_use", query={"at": "2026-11-20"})) for _ in range(2)]
    used = {"order_id": "BC1", "pack": "P500", "price_ht": "45.00", "remaining_sms": 440}
    assert seen == [(200, {"school": UAI, "day": "2026-11-20", "balance": 440, "pack_in_use": used})] * 2
    assert cloud.call(FUNCTION, event(FUNCTION, "pack_in_use"))[1]["balance"] == 400


def test_a_manager_sees_how_long_the_stock_lasts(cloud: Cloud, spent: str) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "stock_outlook")) == (
        200,
        {
            "balance": 400,
            "since": "2026-11-15",
            "until": "2026-11-23",
            "school_days": 6,
            "spent_sms": 100,
            "school_days_left": 24,
            "lasts_until": "2026-12-28",
        },
    )


@pytest.mark.parametrize(
    ("case", "claims", "query", "status"),
    [
        ("pack_in_use", OPERATOR, {"school": UAI}, 200),
        ("pack_in_use", OPERATOR, {}, 422),
        ("pack_in_use", {}, {"school": OTHER_UAI}, 404),
        ("pack_in_use", {}, {"at": "2026-11-24"}, 422),
        ("pack_in_use", {"roles": "[sms_sender]"}, {}, 403),
        ("stock_outlook", {"roles": "[sms_sender]"}, {}, 403),
        ("stock_outlook", {"school": OTHER_UAI}, {}, 404),
    ],
)
def test_who_may_ask_what(
    cloud: Cloud, spent: str, case: str, claims: dict[str, Any], query: dict[str, str], status: int
) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, case, claims=claims, query=query))[0] == status
