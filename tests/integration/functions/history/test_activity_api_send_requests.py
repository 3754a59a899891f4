"""The list of send requests over HTTP (R29, R36)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.support.builders import A_MANAGER, NOW, OTHER_UAI
from tests.support.cloud_copies import made_once
from tests.support.examples import TEXT, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "activity_api"
MANAGER = {"roles": "[sms_manager]", "sub": A_MANAGER.subject}


@pytest.fixture
def made(cloud: Cloud, school: str) -> list[str]:
    """The ids of 25 requests, newest first."""
    return made_once("25 requests", lambda: _make(cloud, school), after="a school")


def _make(cloud: Cloud, school: str) -> list[str]:
    cloud.ledger.post(school, credit("BC1", 1_000, NOW))
    ids = []
    for number in range(25):
        request_id, at = f"REQUEST{number:07d}", NOW + timedelta(seconds=number)
        request = a_request(lines=2, id=request_id, accepted_at=at, due_at=at)
        cloud.requests.store_and_debit(request, lines_of(2), [], debit(request_id, 2, at))
        ids.append(request_id)
    return ids[::-1]


def test_a_sender_pages_through_their_own_requests(cloud: Cloud, made: list[str]) -> None:
    status, first = cloud.call(FUNCTION, event(FUNCTION, "send_requests"))
    query = {"cursor": first["next_cursor"], "state": "accepted"}
    _, rest = cloud.call(FUNCTION, http(FUNCTION, "send_requests", query=query))

    assert status == 200
    assert [each["id"] for each in first["items"] + rest["items"]] == made
    assert rest["next_cursor"] is None
    assert first["items"][0] == {
        "id": made[0],
        "state": "accepted",
        "text_start": TEXT,
        "accepted": 2,
        "refused": 0,
        "cost_sms": 2,
        "client_id": None,
        "accepted_at": "2026-11-23T09:00:24.000Z",
        "send_at": None,
        "due_at_local": "2026-11-23T10:00:24.000+01:00",
        "expires_at": "2026-11-26T09:00:00.000Z",
        "totals": {"queued": 2},
    }


@pytest.mark.parametrize(
    ("claims", "found"), [(MANAGER, 20), ({"sub": "user-3"}, 0), ({"roles": "[operator]"}, None), ({"sub": None}, None)]
)
def test_a_manager_sees_all_and_another_sender_none(
    cloud: Cloud, made: list[str], claims: dict[str, Any], found: int | None
) -> None:
    status, body = cloud.call(FUNCTION, http(FUNCTION, "send_requests", claims=claims))
    assert status == (403 if found is None else 200)
    assert len(body.get("items", [])) == (found or 0)
    assert {each["author"] for each in body.get("items", []) if "author" in each} == (
        {"lea.petit@lycee.test"} if claims is MANAGER else set()
    )


def test_another_school_does_not_see_them(cloud: Cloud, made: list[str]) -> None:
    """R2."""
    status, _ = cloud.call(FUNCTION, http(FUNCTION, "send_requests", claims={**MANAGER, "school": OTHER_UAI}))
    assert status == 404
