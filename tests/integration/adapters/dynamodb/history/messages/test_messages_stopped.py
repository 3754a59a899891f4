"""The messages of a page are stopped together, with one entry, or none of them is (R18, R27)."""

from datetime import timedelta

import pytest

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.schools.stock.ledger import Balance, credit, debit, release_page
from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.send_requests import PAGE_SIZE
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, a_request, lines_of

REQUEST, LINES = a_request(PAGE_SIZE), lines_of(PAGE_SIZE)
POSTING = release_page(REQUEST_ID, 0, PAGE_SIZE - 1, PAGE_SIZE, NOW)


@pytest.fixture
def accepted(requests: DynamoSendRequests, ledger: DynamoLedger) -> DynamoLedger:
    """A full page waits, debited of a stock it used up."""
    ledger.post(UAI, credit("BC1", PAGE_SIZE, NOW))
    requests.store_and_debit(REQUEST, LINES, [], debit(REQUEST_ID, PAGE_SIZE, NOW))
    return ledger


def test_a_full_page_is_stopped_and_released_by_one_entry(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    causes: dict[int, ReasonCode] = {0: "consent-withdrawn", 1: "school-suspended"}
    assert messages.none_handed_over(REQUEST, LINES, "cancelled", POSTING, causes)

    states = requests.states(REQUEST_ID)
    assert {state.status for state in states.values()} == {"cancelled"}
    assert {state.final_at for state in states.values()} == {NOW}
    assert [states[index].reason for index in range(3)] == ["consent-withdrawn", "school-suspended", None]
    assert len(states) == PAGE_SIZE
    assert accepted.balance(UAI) == Balance(UAI, PAGE_SIZE, 3)
    assert accepted.entries(UAI, None).items[0].id == f"release:{REQUEST_ID}-0..{PAGE_SIZE - 1}"


def test_stopped_twice_it_is_released_once(messages: DynamoMessages, accepted: DynamoLedger) -> None:
    messages.none_handed_over(REQUEST, LINES, "cancelled", POSTING)

    assert not messages.none_handed_over(REQUEST, LINES, "cancelled", POSTING)
    assert not messages.none_handed_over(REQUEST, LINES[1:], "cancelled", release_page(REQUEST_ID, 1, 49, 49, NOW))
    assert accepted.balance(UAI) == Balance(UAI, PAGE_SIZE, 3)


def test_where_one_was_claimed_meanwhile_none_is_stopped(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    """It may be on its way: whoever stops the others asks for each."""
    messages.claim(REQUEST, LINES[7], "ovh", NOW + timedelta(minutes=1))

    assert not messages.none_handed_over(REQUEST, LINES, "cancelled", POSTING)
    assert {index: state.status for index, state in requests.states(REQUEST_ID).items()} == {7: "claimed"}
    assert accepted.balance(UAI) == Balance(UAI, 0, 2)
