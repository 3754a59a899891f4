"""The same message twice within ten minutes, over the tables: whoever dies and whoever comes at once (R25)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.errors import InsufficientBalance
from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.sending.recent_sends import WITHIN, AlreadySent, Fingerprints, fingerprints
from schoolsms.domain.sending.send_requests import SendRequest
from tests.integration.conftest import HISTORY
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import a_request as example
from tests.support.examples import everything, keys, lines_of
from tests.support.faults.concurrent_writers import beaten

pytestmark = pytest.mark.usefixtures("funded")


@pytest.fixture
def funded(ledger: DynamoLedger) -> DynamoLedger:
    """Two schools have 1,000 SMS each."""
    ledger.post(UAI, credit("BC1", 1_000, NOW))
    ledger.post(OTHER_UAI, credit("BC2", 1_000, NOW))
    return ledger


def a_request(mark: str, at: datetime = NOW, lines: int = 1, **changes: Any) -> SendRequest:
    """`mark`, a letter, tells requests and their attempts apart."""
    named = {"id": f"REQUEST{mark * 7}", "attempt": f"ATTEMPT{mark * 7}"}
    return replace(example(lines=lines), **{**named, "accepted_at": at, "due_at": at, **changes})


def accept(requests: DynamoSendRequests, request: SendRequest, *, confirmed: bool = False) -> SendRequest:
    lines = lines_of(request.accepted)
    since = None if confirmed else request.due_at - WITHIN
    posting = debit(request.id, request.cost_sms, NOW) if request.cost_sms else None
    return requests.store_and_debit(request, lines, [], posting, Fingerprints(fingerprints(lines), since))


def recent(client: DynamoDBClient) -> list[str]:
    return sorted(sk for pk, sk in keys(client, HISTORY) if pk == f"RECENT#{UAI}")


@pytest.mark.parametrize("cost_sms", [0, 1])
def test_the_same_message_is_refused_and_leaves_nothing_behind(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, ledger: DynamoLedger, cost_sms: int
) -> None:
    accept(requests, a_request("A", cost_sms=cost_sms))
    before = keys(dynamodb, HISTORY)

    with pytest.raises(AlreadySent) as refused:
        accept(requests, a_request("B", lines=2, cost_sms=2 * cost_sms))

    assert refused.value.found == frozenset(fingerprints(lines_of(1)))
    assert keys(dynamodb, HISTORY) == before
    assert ledger.balance(UAI).sms == 1_000 - cost_sms


@pytest.mark.parametrize(("after", "refused"), [(WITHIN - timedelta(milliseconds=1), True), (WITHIN, False)])
def test_ten_minutes_end_at_ten_minutes(requests: DynamoSendRequests, after: timedelta, refused: bool) -> None:
    accept(requests, a_request("A"))
    later = a_request("B", at=NOW + after)

    if refused:
        with pytest.raises(AlreadySent):
            accept(requests, later)
    else:
        assert accept(requests, later) == later


@pytest.mark.parametrize(("due", "refused"), [(WITHIN - timedelta(milliseconds=1), True), (WITHIN, False)])
def test_a_scheduled_one_counts_when_it_is_due(requests: DynamoSendRequests, due: timedelta, refused: bool) -> None:
    """Accepted long before, it reaches the phone just after the one that is sent at once; or well after it."""
    accept(requests, a_request("A", at=NOW - timedelta(days=1), due_at=NOW + due))
    at_once = a_request("B")

    if refused:
        with pytest.raises(AlreadySent):
            accept(requests, at_once)
    else:
        assert accept(requests, at_once) == at_once


def test_a_confirmed_one_passes_and_another_school_s_does_not_matter(requests: DynamoSendRequests) -> None:
    accept(requests, a_request("A"))
    accept(requests, a_request("B"), confirmed=True)
    accept(requests, a_request("C", school=OTHER_UAI))


def test_what_was_written_for_a_request_that_never_came_to_be_says_nothing(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests
) -> None:
    """An attempt died between pages and debit, or its key was used again for another body."""
    accept(requests, a_request("A", cost_sms=0))
    dynamodb.delete_item(TableName=HISTORY, Key={"pk": {"S": "REQUEST#REQUESTAAAAAAA"}, "sk": {"S": "REQUEST"}})
    accept(requests, a_request("A", at=NOW + timedelta(seconds=1), cost_sms=0, attempt="ATTEMPTXXXXXXX"))
    assert len(recent(dynamodb)) == 2
    requests.cancel(requests.get("REQUESTAAAAAAA") or a_request("A"), NOW, "user-2", None)

    accept(requests, a_request("B"))


def test_a_request_that_could_not_be_paid_takes_its_fingerprints_back(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, ledger: DynamoLedger
) -> None:
    slow = beaten(dynamodb, lambda: ledger.post(UAI, debit("RIVAL", 1_000, NOW)))

    with pytest.raises(InsufficientBalance):
        accept(slow, a_request("A"))

    assert recent(dynamodb) == []


def test_fingerprints_are_forgotten_and_hold_no_number_and_no_text(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests
) -> None:
    """R38, R46: eight bytes a recipient."""
    accept(requests, a_request("A", lines=120))

    (item,) = (item for item in everything(dynamodb, HISTORY) if item["pk"] == f"RECENT#{UAI}")
    assert set(item) == {"pk", "sk", "prints", "purge_at"}
    assert len(item["prints"]) == 120 * 8
    assert item["purge_at"] == int((NOW + WITHIN + timedelta(hours=1)).timestamp())


@pytest.mark.parametrize("earlier", ["A", "B"])
def test_of_two_at_once_the_one_that_is_debited_first_passes_and_the_other_does_not(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, ledger: DynamoLedger, earlier: str
) -> None:
    """Both looked before either was debited, and whoever came in first may be the slower one."""
    at = {"A": NOW, "B": NOW + timedelta(seconds=1)}
    if earlier == "B":
        at = {"A": at["B"], "B": at["A"]}
    slow = beaten(dynamodb, lambda: accept(requests, a_request("B", at["B"])))

    with pytest.raises(AlreadySent):
        accept(slow, a_request("A", at["A"]))

    assert ledger.balance(UAI).sms == 999
    assert [sk.split("#")[1] for sk in recent(dynamodb)] == ["REQUESTBBBBBBB"]


def test_the_same_request_twice_at_once_is_no_duplicate_of_itself(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests
) -> None:
    """R29."""
    first = a_request("A")
    slow = beaten(dynamodb, lambda: accept(requests, first))

    assert accept(slow, replace(first, attempt="ATTEMPTXXXXXXX", accepted_at=NOW + timedelta(seconds=1))) == first
    assert [sk.split("#")[2] for sk in recent(dynamodb)] == ["ATTEMPTAAAAAAA"]


def test_the_largest_request_fits_in_an_item(requests: DynamoSendRequests) -> None:
    """30,000 of a list make 240 KB of DynamoDB's 400."""
    prints = Fingerprints([number.to_bytes(8, "big") for number in range(30_000)], NOW - WITHIN)
    requests.store_and_debit(a_request("A", cost_sms=0), lines_of(1), [], None, prints)

    with pytest.raises(AlreadySent) as refused:
        requests.store_and_debit(a_request("B", cost_sms=0), lines_of(1), [], None, prints)

    assert len(refused.value.found) == 30_000
