"""A purge finds every item of an ended year in the history table, counts it once and removes it (R38)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.removals import purgeable as adapter
from schoolsms.adapters.dynamodb.history.removals.purgeable import DynamoPurgeableHistory
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.history.purges import Attempt, Certificate, Counts
from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.sending.recent_sends import Fingerprints
from schoolsms.domain.sending.send_requests import MessageState, SendRequest
from tests.integration.conftest import ACCOUNTS, HISTORY
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import REQUEST_ID, a_line, a_refusal, a_request, everything, keys, lines_of
from tests.support.faults.fault_injection import Died

YEAR = "2026-27"


@pytest.fixture
def history(dynamodb: DynamoDBClient) -> DynamoPurgeableHistory:
    return DynamoPurgeableHistory(Table(dynamodb, HISTORY), Table(dynamodb, ACCOUNTS))


@pytest.fixture
def accepting(requests: DynamoSendRequests, ledger: DynamoLedger) -> DynamoSendRequests:
    ledger.post(UAI, credit("BC1", 1_000, NOW))
    return requests


def accepted(requests: DynamoSendRequests, lines: int = 1, **changes: object) -> SendRequest:
    """With one refusal; its fingerprints too."""
    request = a_request(lines=lines, refused=1, **changes)
    prints = Fingerprints(tuple(number.to_bytes(8) for number in range(lines)), None)
    posting = debit(request.id, request.cost_sms, NOW)
    return requests.store_and_debit(request, lines_of(lines), [a_refusal(lines)], posting, prints)


def test_everything_of_a_request_is_found_and_taken_away(
    dynamodb: DynamoDBClient,
    accepting: DynamoSendRequests,
    messages: DynamoMessages,
    history: DynamoPurgeableHistory,
) -> None:
    request = accepted(accepting, lines=60)
    messages.claim(request, a_line(0), "ovh", NOW + timedelta(minutes=1))

    remains = history.look(REQUEST_ID)

    assert remains.request
    assert (remains.request.school, remains.request.school_year) == (UAI, YEAR)
    assert remains.request.counts == Counts(1, 1, 60, {"queued": 60})
    assert len(remains.keys) == 1 + 2 + 1 + 1  # request, pages, refusals, message
    history.delete_request(REQUEST_ID, remains)
    assert history.forget_recent(UAI, NOW + timedelta(seconds=1)) == 1
    [attempt] = history.numbered(UAI, YEAR, None).items
    assert (attempt.request_id, attempt.name) == (REQUEST_ID, request.attempt)
    history.remove_number(UAI, YEAR, attempt)
    assert list(everything(dynamodb, HISTORY)) == []
    assert history.look(REQUEST_ID).keys == []


def test_requests_are_listed_oldest_first_in_slices_of_their_school_and_year(
    accepting: DynamoSendRequests, history: DynamoPurgeableHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "SLICE", 2)
    ids = [f"REQUEST{letter * 7}" for letter in "CAB"]
    for number, request_id in enumerate(ids):
        accepted(accepting, id=request_id, accepted_at=NOW + timedelta(seconds=number))
    accepted(accepting, id="REQUESTDDDDDDD", school_year="2027-28")

    first = history.requests(UAI, YEAR, None)
    second = history.requests(UAI, YEAR, first.cursor)

    assert [*first.items, *second.items] == ids
    assert second.cursor is None
    assert history.anything_left(UAI, YEAR)
    assert not history.anything_left(UAI, "2025-26")
    assert not history.anything_left(OTHER_UAI, YEAR)


def test_a_request_is_counted_once_whoever_does(
    accepting: DynamoSendRequests, history: DynamoPurgeableHistory, purges: DynamoPurges
) -> None:
    accepted(accepting, lines=3)
    accepted(accepting, id="REQUESTBBBBBBB", lines=2)
    for request_id in (REQUEST_ID, REQUEST_ID, "REQUESTBBBBBBB"):
        found = history.look(request_id).request
        assert found
        states = [MessageState(index, "delivered") for index in range(found.accepted)]
        history.count(request_id, replace(found, states=states))

    assert purges.get(UAI, YEAR).counted == Counts(2, 2, 5, {"delivered": 5})
    found = history.look(REQUEST_ID).request
    assert found
    assert found.counted


def test_a_request_that_is_gone_or_another_or_a_purge_that_is_certified_counts_nothing(
    accepting: DynamoSendRequests, history: DynamoPurgeableHistory, purges: DynamoPurges
) -> None:
    accepted(accepting)
    found = history.look(REQUEST_ID).request
    assert found
    history.count("GONE", found)
    history.count(REQUEST_ID, replace(found, attempt="ATTEMPTBBBBBBB"))
    assert purges.get(UAI, YEAR).counted == Counts()

    purges.started(UAI, YEAR, NOW)
    day = NOW.date()
    purges.certify(Certificate(UAI, YEAR, day, day, NOW, NOW, Counts()))
    history.count(REQUEST_ID, found)
    assert purges.get(UAI, YEAR).counted == Counts()
    marked = history.look(REQUEST_ID).request
    assert marked
    assert marked.counted
    history.count(REQUEST_ID, found)  # again, and on the mark of another attempt: nothing happens
    history.count(REQUEST_ID, replace(found, attempt="ATTEMPTBBBBBBB"))


def test_fingerprints_of_the_next_year_and_of_other_schools_stay(
    dynamodb: DynamoDBClient, accepting: DynamoSendRequests, history: DynamoPurgeableHistory
) -> None:
    accepted(accepting)
    assert history.forget_recent(UAI, NOW) == 0
    assert history.forget_recent(OTHER_UAI, NOW + timedelta(days=1)) == 0
    assert sum(item["pk"] == f"RECENT#{UAI}" for item in everything(dynamodb, HISTORY)) == 1


def test_the_index_of_numbers_leads_to_what_was_never_accepted(
    dynamodb: DynamoDBClient, history: DynamoPurgeableHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "SLICE", 2)
    places = [f"2026-11-23T09:00:0{number}.000000#REQUEST{number}#0" for number in range(3)]
    for place in places:
        dynamodb.put_item(TableName=HISTORY, Item=to_wire({"pk": f"NUMBERS#{UAI}#{YEAR}", "sk": place}))

    first = history.numbered(UAI, YEAR, None)
    second = history.numbered(UAI, YEAR, first.cursor)

    found = [*first.items, *second.items]
    assert found == [Attempt(f"REQUEST{number}", "0", place) for number, place in enumerate(places)]
    for attempt in found:
        history.remove_number(UAI, YEAR, attempt)
    assert list(everything(dynamodb, HISTORY)) == []


def test_of_one_attempt_its_own_pages_go_and_those_of_another_stay(
    dynamodb: DynamoDBClient, accepting: DynamoSendRequests, history: DynamoPurgeableHistory
) -> None:
    """An accepted request of a later year has the same id, because its key was used again."""
    stored = accepted(accepting, lines=60, school_year="2027-28")
    kept = keys(dynamodb, HISTORY)
    died = Attempt(REQUEST_ID, "ATTEMPT", f"{stored.order_key}#ATTEMPT")  # the other's name begins with its own
    for kind in ("PAGE", "REFUSED"):
        item = {"pk": f"REQUEST#{REQUEST_ID}", "sk": f"{kind}#{died.name}#0000"}
        dynamodb.put_item(TableName=HISTORY, Item=to_wire(item))

    assert history.remove_pages(died) == 2

    assert keys(dynamodb, HISTORY) == kept
    assert history.remove_pages(died) == 0
    assert len(accepting.lines(stored, 1)) == 10


def test_a_removal_that_died_halfway_is_found_again_and_ended(
    dynamodb: DynamoDBClient,
    accepting: DynamoSendRequests,
    history: DynamoPurgeableHistory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accepted(accepting, lines=1_500, cost_sms=1)
    write, calls = dynamodb.batch_write_item, iter(range(2))

    def dies_at_the_second_batch(**arguments: Any) -> Any:
        if next(calls):
            raise Died
        return write(**arguments)

    remains = history.look(REQUEST_ID)
    monkeypatch.setattr(dynamodb, "batch_write_item", dies_at_the_second_batch)
    with pytest.raises(Died):
        history.delete_request(REQUEST_ID, remains)
    monkeypatch.undo()

    assert history.requests(UAI, YEAR, None).items == [REQUEST_ID]
    left = history.look(REQUEST_ID)
    assert left.request
    assert len(left.keys) == len(remains.keys) - 25
    history.delete_request(REQUEST_ID, left)
    assert history.look(REQUEST_ID).keys == []


def test_no_record_of_a_message_goes_before_its_page(
    dynamodb: DynamoDBClient,
    accepting: DynamoSendRequests,
    messages: DynamoMessages,
    history: DynamoPurgeableHistory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R32, R30: a page that is brought again would find nobody to have sent its messages, and be sent, or released."""
    request = accepted(accepting, lines=60)
    for index in range(60):
        messages.claim(request, a_line(index), "ovh", NOW + timedelta(minutes=1))
    write = dynamodb.batch_write_item
    left: list[set[str]] = []

    def watched(**arguments: Any) -> Any:
        answer = write(**arguments)
        left.append({sk.partition("#")[0] for pk, sk in keys(dynamodb, HISTORY) if pk == f"REQUEST#{REQUEST_ID}"})
        return answer

    remains = history.look(REQUEST_ID)
    monkeypatch.setattr(dynamodb, "batch_write_item", watched)
    history.delete_request(REQUEST_ID, remains)

    assert left == [{"MESSAGE", "REQUEST"}] * 3 + [{"REQUEST"}]


def test_a_request_that_came_to_stand_under_the_same_id_is_not_taken_for_the_former(
    accepting: DynamoSendRequests, history: DynamoPurgeableHistory
) -> None:
    accepted(accepting)
    remains = history.look(REQUEST_ID)
    history.delete_request(REQUEST_ID, remains)
    free = a_request(school_year="2027-28", attempt="ATTEMPTBBBBBBB", cost_sms=0)
    accepting.store_and_debit(free, lines_of(1), [], None)

    history.delete_request(REQUEST_ID, remains)

    assert accepting.get(REQUEST_ID) == free
    assert len(accepting.lines(free, 0)) == 1


def test_what_a_process_wrote_that_died_while_accepting_is_found_and_taken_away(
    dynamodb: DynamoDBClient,
    accepting: DynamoSendRequests,
    history: DynamoPurgeableHistory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages without a request: the index of numbers, written before them, leads there."""
    write, calls = dynamodb.batch_write_item, iter(range(3))

    def dies_at_the_second_batch_of_pages(**arguments: Any) -> Any:
        if next(calls) == 2:
            raise Died
        return write(**arguments)

    monkeypatch.setattr(dynamodb, "batch_write_item", dies_at_the_second_batch_of_pages)
    with pytest.raises(Died):
        accepted(accepting, lines=2_000, cost_sms=2)
    monkeypatch.undo()
    written = list(everything(dynamodb, HISTORY))
    assert len(written) == 1 + 25
    assert [item for item in written if not item.get("purge_at")] == []  # the second net
    assert history.requests(UAI, YEAR, None).items == []
    assert history.anything_left(UAI, YEAR)

    [attempt] = history.numbered(UAI, YEAR, None).items
    assert history.look(attempt.request_id).request is None
    assert history.remove_pages(attempt) == 25
    history.remove_number(UAI, YEAR, attempt)
    assert list(everything(dynamodb, HISTORY)) == []
    assert not history.anything_left(UAI, YEAR)


def test_every_item_with_a_number_or_content_carries_the_time_at_which_the_table_forgets_it(
    dynamodb: DynamoDBClient, accepting: DynamoSendRequests, messages: DynamoMessages
) -> None:
    """R38: TTL is the second net, on every item of the table."""
    request = accepted(accepting, lines=60, purge_at=datetime(2027, 9, 30, 22, tzinfo=UTC))
    messages.claim(request, a_line(0), "ovh", NOW + timedelta(minutes=1))
    messages.sent(request, a_line(0), "ovh", "provider-1")
    messages.never_handed_over(request, a_line(1), "failed", NOW, None)

    items = list(everything(dynamodb, HISTORY))

    assert {item["sk"].split("#")[0] for item in items} >= {"REQUEST", "PAGE", "REFUSED", "MESSAGE", "HANDOFF"}
    assert [item for item in items if not item.get("purge_at")] == []
    assert all(item["purge_at"] <= request.purge_at.timestamp() for item in items)
