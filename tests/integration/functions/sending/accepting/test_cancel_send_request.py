"""A scheduled request is cancelled over HTTP, once, by who may (R29)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import REQUEST_ID, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "cancel_send_request"
CANCEL = event(FUNCTION, "scheduled_request")


@pytest.fixture
def scheduled(cloud: Cloud, school: str) -> Cloud:
    """Three SMS of ten, in an hour."""
    cloud.ledger.post(school, credit("BC1", 10, NOW))
    request = replace(a_request(lines=3), due_at=NOW + timedelta(hours=1))
    cloud.requests.store_and_debit(request, lines_of(3), [], debit(REQUEST_ID, 3, NOW))
    return cloud


def test_a_scheduled_request_is_cancelled_once_and_released(scheduled: Cloud) -> None:
    status, body = scheduled.call(FUNCTION, CANCEL)

    assert (status, body["state"], body["totals"]) == (200, "cancelled", {"cancelled": 3})
    assert body["send_at"] == "2026-11-23T10:00:00.000Z"
    assert scheduled.call(FUNCTION, CANCEL) == (200, body)
    assert scheduled.ledger.balance(UAI).sms == 10
    assert [entry.id for entry in scheduled.ledger.entries(UAI, None).items][0] == f"release:{REQUEST_ID}"
    assert scheduled.invoke("queue_messages", event("queue_messages", "request_due")) == {"pages": 0}


def test_what_has_started_is_not_cancelled(scheduled: Cloud) -> None:
    scheduled.invoke("queue_messages", event("queue_messages", "request_due"))

    status, body = scheduled.call(FUNCTION, CANCEL)

    assert (status, body["code"], body["title"]) == (409, "already-started", "Envoi déjà commencé")
    assert scheduled.ledger.balance(UAI).sms == 7


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"roles": "[sms_manager]", "sub": "user-1"}, 200),
        ({"sub": "user-3"}, 404),
        ({"school": OTHER_UAI}, 404),
        ({"roles": "[operator]"}, 403),
        ({"school": None}, 403),
        ({"client_id": "ent"}, 403),
    ],
)
def test_the_author_and_managers_may(scheduled: Cloud, claims: Any, status: int) -> None:
    assert scheduled.call(FUNCTION, http(FUNCTION, "scheduled_request", claims=claims))[0] == status
    assert scheduled.ledger.balance(UAI).sms == (10 if status == 200 else 7)


def test_a_table_that_does_not_answer_cancels_nothing(scheduled: Cloud) -> None:
    with scheduled.outage("dynamodb"):
        status, body = scheduled.call(FUNCTION, CANCEL)

    assert (status, body["code"]) == (503, "unavailable")
    assert scheduled.ledger.balance(UAI).sms == 7
