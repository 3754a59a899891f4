"""Every arrow of a message's states, and every arrow that must not be (R30-R35)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.ids import message_id
from schoolsms.domain.schools.stock.ledger import Balance, release
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.send_requests import MessageState
from tests.integration.conftest import HISTORY
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, a_line, a_request, keys, lines_of
from tests.support.faults.answers_lost import AnswersLost

REQUEST, LINE = a_request(), a_line()
MESSAGE_ID = message_id(REQUEST_ID, 0)
LEASE, LATER = NOW + timedelta(seconds=60), NOW + timedelta(hours=1)

Step = Callable[[DynamoMessages], object]


def claim(messages: DynamoMessages) -> bool:
    return messages.claim(REQUEST, LINE, "ovh", LEASE)


def together(messages: DynamoMessages) -> None:
    messages.claim_together(REQUEST, [LINE], {0: "ovh"}, LEASE)


def for_nobody(messages: DynamoMessages) -> None:
    messages.claim_together(REQUEST, [LINE], {}, LEASE)


def sent_together(messages: DynamoMessages) -> None:
    messages.sent_together(REQUEST, [LINE], [LINE])


def unclaim(messages: DynamoMessages) -> None:
    messages.unclaim(REQUEST, LINE, LEASE)


def sent(messages: DynamoMessages) -> None:
    messages.sent(REQUEST, LINE, "ovh", "26929925")


def uncertain(messages: DynamoMessages) -> None:
    messages.uncertain(REQUEST, LINE)


def known_sent(messages: DynamoMessages) -> None:
    messages.known_sent(MESSAGE_ID, "ovh")


def delivered(messages: DynamoMessages) -> bool:
    return messages.settle(MESSAGE_ID, "ovh", "delivered", LATER)


def undeliverable(messages: DynamoMessages) -> bool:
    return messages.settle(MESSAGE_ID, "ovh", "undeliverable", LATER)


def expired(messages: DynamoMessages) -> bool:
    return messages.expired(REQUEST, LINE, LATER)


def failed(messages: DynamoMessages) -> bool:
    return messages.never_handed_over(REQUEST, LINE, "failed", LATER, release(MESSAGE_ID, 1, LATER))


def failed_unpaid(messages: DynamoMessages) -> bool:
    return messages.never_handed_over(REQUEST, LINE, "failed", LATER, None)


def never_taken(messages: DynamoMessages) -> bool:
    claimed = MessageState(0, "uncertain", LEASE, provider="ovh")
    return messages.never_taken(REQUEST, LINE, claimed, LATER, release(MESSAGE_ID, 1, LATER))


def cancelled(messages: DynamoMessages) -> bool:
    return messages.never_handed_over(REQUEST, LINE, "cancelled", LATER, release(MESSAGE_ID, 1, LATER))


REACHED: dict[str, tuple[Step, ...]] = {
    "none": (),
    "claimed by its group": (together,),
    "sent by its group": (together, sent_together),
    "queued by its group": (for_nobody,),
    "queued after its group": (together, unclaim),
    "sent after its group": (together, uncertain, sent_together),
    "claimed": (claim,),
    "queued": (claim, unclaim),
    "sent": (claim, sent),
    "uncertain": (claim, uncertain),
    "delivered": (claim, sent, delivered),
    "undeliverable": (claim, sent, undeliverable),
    "expired": (claim, sent, expired),
    "failed": (failed,),
    "cancelled": (cancelled,),
}
"""Each state, and the steps that lead to it."""

OF_THE_QUEUED = ("claim", "failed", "failed_unpaid", "cancelled")
"""Steps that are taken with messages that were found `queued`, which a group never makes claimed any more."""

ARROWS: dict[Step, dict[str, str]] = {
    claim: {"none": "claimed", "queued": "claimed"},
    unclaim: {"claimed": "queued", "uncertain": "queued"},
    sent: {"claimed": "sent", "uncertain": "sent"},
    uncertain: {"claimed": "uncertain"},
    known_sent: {"uncertain": "sent"},
    delivered: {"claimed": "delivered", "sent": "delivered", "uncertain": "delivered"},
    undeliverable: {"claimed": "undeliverable", "sent": "undeliverable", "uncertain": "undeliverable"},
    expired: {"claimed": "expired", "sent": "expired", "uncertain": "expired"},
    failed: {"none": "failed", "queued": "failed"},
    failed_unpaid: {"none": "failed", "queued": "failed"},
    cancelled: {"none": "cancelled", "queued": "cancelled"},
    never_taken: {"claimed": "failed", "uncertain": "failed"},
    together: {"none": "claimed"},
    for_nobody: {"none": "queued"},
}
"""Each step: from which state to which. From all others it must change nothing."""

CASES = [
    (step, state)
    for step in ARROWS
    for state in REACHED
    if not (step.__name__ in OF_THE_QUEUED and state in ("claimed by its group", "sent by its group"))
    and not (step is unclaim and state == "sent after its group")  # by whom its provider did not answer
]


def state_of(requests: DynamoSendRequests) -> MessageState | None:
    return requests.states(REQUEST_ID).get(0)


@pytest.mark.parametrize(("step", "before"), CASES, ids=[f"{step.__name__}-after-{state}" for step, state in CASES])
def test_a_step_follows_its_arrow_and_no_other(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger, step: Step, before: str
) -> None:
    for each in REACHED[before]:
        each(messages)
    was, balance = state_of(requests), accepted.balance(UAI)
    assert (was.status if was else "none") == before.split()[0]
    goes = ARROWS[step].get(before.split()[0])

    answer = step(messages)

    now = state_of(requests)
    if goes is None:
        assert answer in (False, None)
        assert now == was
        assert accepted.balance(UAI) == balance
    else:
        assert answer in (True, None)
        assert now is not None
        assert now.status == goes


def test_a_claim_keeps_until_when_it_holds(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    claim(messages)

    assert state_of(requests) == MessageState(0, "claimed", lease_until=LEASE, provider="ovh")


@pytest.mark.parametrize("end", [delivered, undeliverable, expired])
def test_the_end_of_a_message_keeps_its_moment(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger, end: Step
) -> None:
    for step in (claim, sent, end):
        step(messages)

    state = state_of(requests)
    assert state is not None
    assert state.final_at == LATER


def test_what_a_provider_has_is_consumed_whatever_becomes_of_it(
    messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    for step in (claim, sent, undeliverable, expired, unclaim, failed):
        step(messages)

    assert accepted.balance(UAI) == Balance(UAI, 9, 2)


@pytest.mark.parametrize("steps", [(failed,), (cancelled,), (claim, unclaim, failed)])
def test_what_nobody_got_is_released_once(
    messages: DynamoMessages, accepted: DynamoLedger, steps: tuple[Step, ...]
) -> None:
    for step in (*steps, failed, cancelled, claim, unclaim, failed):
        step(messages)

    assert accepted.balance(UAI) == Balance(UAI, 10, 3)
    assert [(entry.kind, entry.amount) for entry in accepted.entries(UAI, None).items] == [
        ("release", 1),
        ("debit", -1),
        ("credit", 10),
    ]


def test_a_message_that_cost_nothing_releases_nothing(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    assert failed_unpaid(messages)
    assert not failed_unpaid(messages)
    assert accepted.balance(UAI) == Balance(UAI, 9, 2)
    assert (state := state_of(requests)) is not None
    assert state.final_at == LATER


def test_a_message_claimed_meanwhile_is_not_released(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    """The window ends while a worker hands over: nothing of the release is written, the entry neither."""
    claim(messages)

    assert not failed(messages)
    assert accepted.balance(UAI) == Balance(UAI, 9, 2)


def test_one_claim_wins(messages: DynamoMessages, accepted: DynamoLedger) -> None:
    assert [claim(messages) for _ in range(3)] == [True, False, False]


def test_a_claim_whose_answer_was_lost_is_known_as_our_own(dynamodb: DynamoDBClient, accepted: DynamoLedger) -> None:
    """Else nobody would hand the message over, and it would be paid for."""
    unlucky = DynamoMessages(Table(cast(DynamoDBClient, AnswersLost(dynamodb)), HISTORY), accepted)

    assert claim(unlucky)
    assert not claim(unlucky)


def test_a_provider_id_leads_to_the_message_even_when_the_receipt_came_first(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    for step in (claim, delivered, sent):
        step(messages)

    assert messages.by_provider_id("ovh", "26929925") == MESSAGE_ID
    state = state_of(requests)
    assert state is not None
    assert state.status == "delivered"


EARLY = Receipt("ovh", "26929925", "undeliverable", "2/24", reason="phone-off")


def test_a_receipt_that_came_first_is_applied_once_the_handoff_is_written(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    claim(messages)
    assert messages.keep_receipt(EARLY, NOW, LATER)
    assert not messages.keep_receipt(replace(EARLY, status="delivered"), LATER, LATER)
    assert messages.by_provider_id("ovh", "26929925") is None
    for _ in range(2):  # the answer to the first was lost
        sent(messages)

    assert state_of(requests) == MessageState(0, "undeliverable", LEASE, NOW, "ovh", "phone-off")
    assert messages.by_provider_id("ovh", "26929925") == MESSAGE_ID
    assert not messages.keep_receipt(EARLY, NOW, LATER)


def test_the_class_of_the_receipt_that_settles_a_message_is_stored_with_it(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    """§5."""
    for step in (claim, sent):
        step(messages)
    assert messages.settle(MESSAGE_ID, "ovh", "undeliverable", LATER, "wrong-number")
    assert not messages.settle(MESSAGE_ID, "ovh", "undeliverable", LATER, "content")

    assert state_of(requests) == MessageState(0, "undeliverable", LEASE, LATER, "ovh", "wrong-number")


def test_an_unclaim_that_comes_late_undoes_no_later_claim(
    requests: DynamoSendRequests, messages: DynamoMessages, accepted: DynamoLedger
) -> None:
    """Written, its answer lost, and written again after another worker had claimed."""
    for step in (claim, unclaim):
        step(messages)
    messages.claim(REQUEST, LINE, "aws", LATER)
    unclaim(messages)

    assert state_of(requests) == MessageState(0, "claimed", LATER, provider="aws")


def test_provider_ids_are_apart_by_provider(messages: DynamoMessages, accepted: DynamoLedger) -> None:
    claim(messages)
    sent(messages)

    assert messages.by_provider_id("ovh", "26929925") == MESSAGE_ID
    assert messages.by_provider_id("simulated", "26929925") is None
    assert messages.by_provider_id("ovh", "26929926") is None


@pytest.mark.parametrize(
    "foreign", ["", "-", "x", "REQUESTAAAAAAA", "REQUESTAAAAAAA-", "REQUESTAAAAAAA-²", "REQUESTAAAAAAA-123456", "B-1"]
)
def test_an_id_that_is_none_of_ours_changes_nothing(
    dynamodb: DynamoDBClient, messages: DynamoMessages, foreign: str
) -> None:
    assert not messages.settle(foreign, "ovh", "delivered", NOW)
    messages.known_sent(foreign, "ovh")

    assert keys(dynamodb, HISTORY) == set()


def test_a_receipt_for_a_message_that_was_never_claimed_makes_no_record(
    dynamodb: DynamoDBClient, messages: DynamoMessages
) -> None:
    assert not delivered(messages)
    known_sent(messages)

    assert keys(dynamodb, HISTORY) == set()


def test_the_messages_of_a_request_move_apart(
    requests: DynamoSendRequests, messages: DynamoMessages, ledger: DynamoLedger
) -> None:
    request = a_request(lines=3, cost_sms=0)
    requests.store_and_debit(request, lines_of(3), [], None)
    for index in (0, 1):
        messages.claim(request, a_line(index), "ovh", LEASE)
    messages.sent(request, a_line(1), "ovh", "1")

    assert {index: state.status for index, state in requests.states(REQUEST_ID).items()} == {0: "claimed", 1: "sent"}
