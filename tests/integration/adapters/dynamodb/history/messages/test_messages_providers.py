"""A provider's answer counts only while it was the last one offered the message (R30, R33)."""

from datetime import timedelta

import pytest

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.ids import message_id
from schoolsms.domain.schools.stock.ledger import release
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.send_requests import MessageState
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, a_line, a_request

REQUEST, LINE = a_request(), a_line()
MESSAGE_ID = message_id(REQUEST_ID, 0)
LEASE, LATER = NOW + timedelta(seconds=60), NOW + timedelta(hours=1)


def state_of(requests: DynamoSendRequests) -> MessageState | None:
    return requests.states(REQUEST_ID).get(0)


@pytest.mark.parametrize("state", ["claimed", "sent", "uncertain"])
def test_a_message_is_settled_by_the_provider_that_was_offered_it_alone(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger, state: str
) -> None:
    """R33."""
    messages.claim(REQUEST, LINE, "ovh", LEASE)
    if state == "sent":
        messages.sent(REQUEST, LINE, "ovh", "26929925")
    elif state == "uncertain":
        messages.uncertain(REQUEST, LINE)
    before = state_of(requests)

    assert not messages.settle(MESSAGE_ID, "aws", "delivered", LATER)
    messages.known_sent(MESSAGE_ID, "aws")
    assert state_of(requests) == before
    assert messages.settle(MESSAGE_ID, "ovh", "delivered", LATER)


def test_a_receipt_kept_by_another_provider_s_id_settles_no_message_of_the_next(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    """R33: the answer of the first provider came after the message was claimed for the second."""
    messages.keep_receipt(Receipt("ovh", "26929925", "delivered", "1"), NOW, LATER)
    messages.claim(REQUEST, LINE, "aws", LEASE)

    messages.sent(REQUEST, LINE, "ovh", "26929925")

    state = state_of(requests)
    assert state is not None
    assert (state.status, state.provider) == ("claimed", "aws")


@pytest.mark.parametrize(
    "other", [MessageState(0, "claimed", LEASE, provider="aws"), MessageState(0, "claimed", LATER, provider="ovh")]
)
def test_a_message_claimed_again_since_is_not_released(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger, other: MessageState
) -> None:
    messages.claim(REQUEST, LINE, "ovh", LEASE)
    before = state_of(requests)

    assert not messages.never_taken(REQUEST, LINE, other, LATER, release(MESSAGE_ID, 1, LATER))
    assert not messages.never_taken(REQUEST, LINE, MessageState(0, "claimed"), LATER, release(MESSAGE_ID, 1, LATER))
    assert (state_of(requests), accepted.balance(UAI).sms) == (before, 9)


def test_what_a_provider_never_had_is_released_once(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    messages.claim(REQUEST, LINE, "ovh", LEASE)
    state = state_of(requests)
    assert state is not None

    assert messages.never_taken(REQUEST, LINE, state, LATER, release(MESSAGE_ID, 1, LATER))
    assert accepted.balance(UAI).sms == 10
    messages.never_taken(REQUEST, LINE, state, LATER, release(MESSAGE_ID, 1, LATER))
    assert not messages.settle(MESSAGE_ID, "ovh", "delivered", LATER)
    assert accepted.balance(UAI).sms == 10


def test_a_message_that_cost_nothing_fails_without_an_entry(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    messages.claim(REQUEST, LINE, "simulated", LEASE)
    state = state_of(requests)
    assert state is not None

    assert messages.never_taken(REQUEST, LINE, state, LATER, None)
    failed = state_of(requests)
    assert failed is not None
    assert (failed.status, failed.final_at) == ("failed", LATER)
    assert accepted.balance(UAI).sms == 9
