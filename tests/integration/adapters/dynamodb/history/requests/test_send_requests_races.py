"""Requests that meet a rival, a twin, a lost answer or a slow table (R16, R29, R38, R48)."""

from dataclasses import replace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client import batches
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.errors import IdempotencyKeyReused, InsufficientBalance, TransientError
from schoolsms.domain.schools.stock.ledger import Posting, credit, debit
from schoolsms.domain.sending.send_requests import SendRequest
from tests.integration.conftest import ACCOUNTS, HISTORY, phones_key
from tests.support.builders import NOW, UAI
from tests.support.examples import ATTEMPT, REQUEST_ID, a_request, keys, lines_of
from tests.support.faults.concurrent_writers import beaten

OTHER_DIGEST, OTHER_ATTEMPT = "e" * 20, "OTHERAAAAAAAAA"


def the_debit(request: SendRequest) -> Posting:
    return debit(request.id, request.cost_sms, NOW)


class Unprocessing:
    """A client whose batches leave their last item unprocessed, `times` times."""

    def __init__(self, client: DynamoDBClient, times: int) -> None:
        self._client = client
        self._times = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_write_item(self, RequestItems: dict[str, list[Any]]) -> Any:
        if self._times == 0:
            return self._client.batch_write_item(RequestItems=RequestItems)
        self._times -= 1
        ((table, items),) = RequestItems.items()
        if len(items) > 1:
            self._client.batch_write_item(RequestItems={table: items[:-1]})
        return {"UnprocessedItems": {table: items[-1:]}}


def test_unprocessed_pages_are_written_again(dynamodb: DynamoDBClient, funded: DynamoLedger) -> None:
    slow = DynamoSendRequests(Table(cast(DynamoDBClient, Unprocessing(dynamodb, times=3)), HISTORY), funded, phones_key)
    request = a_request(lines=120)

    slow.store_and_debit(request, lines_of(120), [], the_debit(request))

    assert [line for page in range(3) for line in slow.lines(request, page)] == lines_of(120)


def test_pages_that_stay_unprocessed_are_a_transient_fault_and_cost_nothing(
    dynamodb: DynamoDBClient, funded: DynamoLedger
) -> None:
    slow = DynamoSendRequests(
        Table(cast(DynamoDBClient, Unprocessing(dynamodb, times=100)), HISTORY), funded, phones_key
    )

    with pytest.raises(TransientError):
        slow.store_and_debit(a_request(lines=120), lines_of(120), [], the_debit(a_request(lines=120)))

    assert funded.balance(UAI).sms == 1_000
    assert slow.get(REQUEST_ID) is None


class Throttling:
    """A client that skips the writes of a batch that contain all of `words`, and does the others."""

    def __init__(self, client: DynamoDBClient, *words: str) -> None:
        self._client = client
        self._words = words

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_write_item(self, RequestItems: dict[str, list[Any]]) -> Any:
        ((table, writes),) = RequestItems.items()
        left = [each for each in writes if all(word in repr(each) for word in self._words)]
        done = [each for each in writes if each not in left]
        if done:
            self._client.batch_write_item(RequestItems={table: done})
        return {"UnprocessedItems": {table: left}} if left else {}


def test_no_page_is_written_before_what_leads_to_it(
    dynamodb: DynamoDBClient, funded: DynamoLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R38, R45: neither a purge nor an erasure would find it. What is in one batch is done in any order, or in part."""
    monkeypatch.setattr(batches, "TRIES", 2)
    client = cast(DynamoDBClient, Throttling(dynamodb, "PutRequest", "NUMBERS#"))

    with pytest.raises(TransientError):
        DynamoSendRequests(Table(client, HISTORY), funded, phones_key).store_and_debit(
            a_request(lines=2), lines_of(2), [], the_debit(a_request(lines=2))
        )
    assert keys(dynamodb, HISTORY) == set()


def test_index_entries_are_removed_after_their_pages(
    dynamodb: DynamoDBClient, ledger: DynamoLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "TRIES", 2)
    ledger.post(UAI, credit("BC1", 2, NOW))
    client = cast(DynamoDBClient, Throttling(dynamodb, "DeleteRequest", "PAGE#"))
    slow = beaten(client, lambda: ledger.post(UAI, debit("RIVAL", 1, NOW)))

    with pytest.raises(InsufficientBalance):
        slow.store_and_debit(a_request(lines=2), lines_of(2), [], the_debit(a_request(lines=2)))
    assert {pk.partition("#")[0] for pk, _ in keys(dynamodb, HISTORY)} == {"NUMBERS", "REQUEST"}


def test_a_request_that_a_rival_made_unpayable_takes_its_pages_back(
    dynamodb: DynamoDBClient, ledger: DynamoLedger
) -> None:
    """R16, R38: enough when it was looked at, not enough when it was written."""
    ledger.post(UAI, credit("BC1", 2, NOW))
    slow = beaten(dynamodb, lambda: ledger.post(UAI, debit("RIVAL", 1, NOW)))

    with pytest.raises(InsufficientBalance):
        slow.store_and_debit(a_request(lines=2), lines_of(2), [], the_debit(a_request(lines=2)))

    assert keys(dynamodb, HISTORY) == set()
    assert ledger.balance(UAI).sms == 1


@pytest.mark.parametrize("cost_sms", [0, 1])
def test_of_two_twins_at_once_the_later_takes_its_pages_back(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, funded: DynamoLedger, cost_sms: int
) -> None:
    first = a_request(cost_sms=cost_sms)
    second = replace(first, attempt=OTHER_ATTEMPT)
    posting = the_debit(first) if cost_sms else None
    slow = beaten(dynamodb, lambda: requests.store_and_debit(first, lines_of(1), [], posting))

    assert slow.store_and_debit(second, lines_of(1), [], posting) == first
    assert slow.lines(first, 0) == lines_of(1)
    assert {sk for _, sk in keys(dynamodb, HISTORY)} == {
        "REQUEST",
        f"PAGE#{ATTEMPT}#0000",
        f"{first.order_key}#{ATTEMPT}",
    }
    assert funded.balance(UAI).sms == 1_000 - cost_sms


class AnswerLost:
    """A client whose first transaction is made, and its answer lost for good."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client
        self._lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **arguments: Any) -> Any:
        answer = self._client.transact_write_items(**arguments)
        if not self._lost:
            self._lost = True
            raise ReadTimeoutError(endpoint_url="https://dynamodb.test")
        return answer


@pytest.mark.parametrize("cost_sms", [0, 1])
def test_a_request_whose_answer_was_lost_is_accepted_all_the_same(
    dynamodb: DynamoDBClient, funded: DynamoLedger, cost_sms: int
) -> None:
    """R48: said to have failed, the caller would send it again under another id."""
    client = cast(DynamoDBClient, AnswerLost(dynamodb))
    unlucky = DynamoSendRequests(Table(client, HISTORY), DynamoLedger(Table(client, ACCOUNTS)), phones_key)
    request = a_request(cost_sms=cost_sms)

    assert unlucky.store_and_debit(request, lines_of(1), [], the_debit(request) if cost_sms else None) == request
    assert unlucky.lines(request, 0) == lines_of(1)
    assert funded.balance(UAI).sms == 1_000 - cost_sms


def test_a_key_of_a_year_that_was_purged_is_not_taken_for_a_new_request(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, funded: DynamoLedger
) -> None:
    """R48: its debit stays in the ledger for ten years, and would pass for that of the new one, which nobody sends."""
    requests.store_and_debit(a_request(), lines_of(1), [], the_debit(a_request()))
    for pk, sk in keys(dynamodb, HISTORY):
        dynamodb.delete_item(TableName=HISTORY, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    with pytest.raises(IdempotencyKeyReused):
        requests.store_and_debit(replace(a_request(), attempt=OTHER_ATTEMPT), lines_of(1), [], the_debit(a_request()))

    assert keys(dynamodb, HISTORY) == set()
    assert funded.balance(UAI).sms == 1_000 - a_request().cost_sms


def test_throttling_is_transient(dynamodb: DynamoDBClient, funded: DynamoLedger) -> None:
    class Throttled:
        def __getattr__(self, name: str) -> Any:
            return getattr(dynamodb, name)

        def batch_write_item(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "BatchWriteItem")

    throttled = DynamoSendRequests(Table(cast(DynamoDBClient, Throttled()), HISTORY), funded, phones_key)

    with pytest.raises(TransientError):
        throttled.store_and_debit(a_request(), lines_of(1), [], None)
