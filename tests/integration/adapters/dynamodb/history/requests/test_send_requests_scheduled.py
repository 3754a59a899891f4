"""A scheduled request starts or is cancelled, never both (R29)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.ledger import Posting, credit, debit, release_request
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, a_request, lines_of
from tests.support.faults.concurrent_writers import beaten

RELEASE = release_request(REQUEST_ID, 3, NOW)


@pytest.fixture(params=[3, 0])
def request_and_release(
    request: pytest.FixtureRequest, ledger: DynamoLedger, requests: DynamoSendRequests
) -> tuple[SendRequest, Posting | None]:
    """Scheduled, of a school that had 10 SMS; one that cost three, and one to test numbers."""
    cost = request.param
    ledger.post(UAI, credit("BC1", 10, NOW))
    scheduled = replace(a_request(lines=3, cost_sms=cost), due_at=NOW + timedelta(hours=1))
    requests.store_and_debit(scheduled, lines_of(3), [], debit(REQUEST_ID, cost, NOW) if cost else None)
    return scheduled, RELEASE if cost else None


def test_a_request_that_waits_is_read_back_as_it_is(
    requests: DynamoSendRequests, request_and_release: tuple[SendRequest, Posting | None]
) -> None:
    scheduled, _ = request_and_release
    stored = requests.get(REQUEST_ID)
    assert stored == scheduled
    assert stored.waits


def test_cancelled_it_is_released_once_and_does_not_start(
    requests: DynamoSendRequests, ledger: DynamoLedger, request_and_release: tuple[SendRequest, Posting | None]
) -> None:
    scheduled, posting = request_and_release

    assert requests.cancel(scheduled, NOW, "user-2", posting)
    assert not requests.cancel(scheduled, NOW, "user-2", posting)
    assert not requests.start(REQUEST_ID)

    stored = requests.get(REQUEST_ID)
    assert stored == replace(scheduled, cancelled=True, cancelled_at=NOW, cancelled_by="user-2")
    assert ledger.balance(UAI).sms == 10
    assert audit_ledger(list(ledger.entries(UAI, None).items)[::-1], ledger.balance(UAI)) == []


def test_started_it_is_not_cancelled(
    requests: DynamoSendRequests, ledger: DynamoLedger, request_and_release: tuple[SendRequest, Posting | None]
) -> None:
    scheduled, posting = request_and_release

    assert requests.start(REQUEST_ID)
    assert requests.start(REQUEST_ID), "the state machine may ask twice"
    assert not requests.cancel(scheduled, NOW, "user-2", posting)

    assert requests.get(REQUEST_ID) == replace(scheduled, started=True)
    assert ledger.balance(UAI).sms == 10 - scheduled.cost_sms


def test_a_request_that_is_gone_neither_starts_nor_is_cancelled(requests: DynamoSendRequests) -> None:
    assert not requests.start(REQUEST_ID)
    assert not requests.cancel(a_request(), NOW, "user-2", None)


@pytest.mark.parametrize("request_and_release", [3], indirect=True)
def test_a_start_that_comes_just_before_the_release_wins(
    dynamodb: DynamoDBClient,
    requests: DynamoSendRequests,
    ledger: DynamoLedger,
    request_and_release: tuple[SendRequest, Posting | None],
) -> None:
    scheduled, posting = request_and_release
    slow = beaten(dynamodb, lambda: requests.start(REQUEST_ID))

    assert not slow.cancel(scheduled, NOW, "user-2", posting)
    assert ledger.balance(UAI).sms == 7
