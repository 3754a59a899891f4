"""Messages that are claimed together (R30-R34); each arrow from there is in `test_messages.py`."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.errors import TransientError
from schoolsms.domain.ids import message_id
from schoolsms.domain.sending.delivering.handoffs import GROUP_SIZE
from schoolsms.domain.sending.send_requests import Line, MessageState
from tests.fakes.core import FakeLedger
from tests.fakes.history.history import FakeSendRequests
from tests.fakes.history.messages import FakeMessages
from tests.integration.conftest import HISTORY
from tests.support.builders import NOW
from tests.support.examples import REQUEST_ID, a_request, keys, lines_of
from tests.support.faults.answers_lost import AnswersLost

LINES = [line._replace(index=2 * line.index + 7, cost_sms=0) for line in lines_of(12)]
"""A page whose first recipients, and each second one after them, were refused."""

FIRST, NEXT = LINES[:GROUP_SIZE], LINES[GROUP_SIZE:]
REQUEST = a_request(lines=12, cost_sms=0)
LEASE, LATER = NOW + timedelta(seconds=60), NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def stored(requests: DynamoSendRequests) -> Iterator[None]:
    requests.store_and_debit(REQUEST, LINES, [], None)
    return iter([None])


def test_a_group_is_claimed_by_one_write_and_recorded_by_another(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, messages: DynamoMessages
) -> None:
    before = keys(dynamodb, HISTORY)
    assert messages.claim_together(REQUEST, FIRST, {line.index: "ovh" for line in FIRST[1:]}, LEASE)
    messages.sent_together(REQUEST, FIRST, FIRST[1:9])

    assert keys(dynamodb, HISTORY) - before == {(f"REQUEST#{REQUEST_ID}", "MESSAGE#00007#GROUP")}
    states = requests.states(REQUEST_ID)
    assert list(states.values()) == [
        MessageState(7, "queued"),
        *(MessageState(line.index, "sent", LEASE, provider="ovh") for line in FIRST[1:9]),
        MessageState(25, "claimed", LEASE, provider="ovh"),
    ]
    assert requests.states(REQUEST_ID, 7, 29) == states
    for index in range(30):
        assert requests.states(REQUEST_ID, index, index) == {at: states[at] for at in states if at == index}


def test_of_two_processes_one_has_the_group(requests: DynamoSendRequests, messages: DynamoMessages) -> None:
    assert messages.claim_together(REQUEST, FIRST, {7: "ovh"}, LEASE)
    assert not messages.claim_together(REQUEST, FIRST, {7: "aws", 9: "aws"}, LATER)
    assert messages.claim_together(REQUEST, NEXT, {27: "aws"}, LATER)

    assert {index: state.provider for index, state in requests.states(REQUEST_ID).items() if state.provider} == {
        7: "ovh",
        27: "aws",
    }


def test_a_group_whose_answer_was_lost_is_known_as_our_own(dynamodb: DynamoDBClient, ledger: DynamoLedger) -> None:
    """Else nobody would hand its messages over, and they would be paid for."""
    unlucky = DynamoMessages(Table(cast(DynamoDBClient, AnswersLost(dynamodb)), HISTORY), ledger)

    assert unlucky.claim_together(REQUEST, FIRST, {7: "ovh"}, LEASE)
    assert not unlucky.claim_together(REQUEST, FIRST, {7: "ovh"}, LEASE)


class NoAnswer:
    """A client whose next write is `made` or not, and never answered."""

    def __init__(self, client: DynamoDBClient, *, made: bool) -> None:
        self._client, self._made, self._next = client, made, True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def update_item(self, **arguments: Any) -> Any:
        silent, self._next = self._next, False
        answer = self._client.update_item(**arguments) if self._made or not silent else None
        if silent:
            raise EndpointConnectionError(endpoint_url="dynamodb")
        return answer


def claims(messages: DynamoMessages) -> Sequence[Callable[[], bool]]:
    """Of a group, and of one message that waits."""
    return [
        lambda: messages.claim_together(REQUEST, FIRST, {7: "ovh"}, LEASE),
        lambda: messages.claim(REQUEST, FIRST[1], "ovh", LEASE),
    ]


@pytest.mark.parametrize("kind", [0, 1])
def test_a_claim_that_was_made_and_never_answered_is_known_as_our_own(
    dynamodb: DynamoDBClient, ledger: DynamoLedger, kind: int
) -> None:
    """R30: else nobody would ever hand its messages over, and those of a provider that cannot be asked be paid for."""
    silent = DynamoMessages(Table(cast(DynamoDBClient, NoAnswer(dynamodb, made=True)), HISTORY), ledger)

    assert claims(silent)[kind]()
    assert not claims(silent)[kind]()


@pytest.mark.parametrize("kind", [0, 1])
def test_a_claim_that_was_neither_made_nor_answered_is_nobodys(
    dynamodb: DynamoDBClient, ledger: DynamoLedger, kind: int
) -> None:
    """Not taken for another's: the end of the window would release what is in no group."""
    silent = DynamoMessages(Table(cast(DynamoDBClient, NoAnswer(dynamodb, made=False)), HISTORY), ledger)

    with pytest.raises(TransientError):
        claims(silent)[kind]()
    assert claims(silent)[kind]()


def test_a_receipt_that_comes_before_the_answers_are_written_stands(
    requests: DynamoSendRequests, messages: DynamoMessages
) -> None:
    """R33, R48."""
    messages.claim_together(REQUEST, FIRST, {7: "ovh", 9: "ovh"}, LEASE)
    assert messages.settle(message_id(REQUEST_ID, 9), "ovh", "undeliverable", LATER, "wrong-number")
    messages.sent_together(REQUEST, FIRST, FIRST[:2])
    assert not messages.settle(message_id(REQUEST_ID, 9), "ovh", "delivered", LATER)

    states = requests.states(REQUEST_ID)
    assert states[7].status == "sent"
    assert states[9] == MessageState(9, "undeliverable", LEASE, LATER, "ovh", "wrong-number")


def test_only_the_claim_that_was_found_outdated_becomes_uncertain(
    requests: DynamoSendRequests, messages: DynamoMessages
) -> None:
    messages.claim_together(REQUEST, FIRST, {7: "ovh", 9: "ovh"}, LEASE)
    messages.unclaim(REQUEST, FIRST[0], LEASE)
    messages.claim(REQUEST, FIRST[0], "aws", LATER)
    for line in FIRST[:2]:
        messages.uncertain(REQUEST, line, LEASE)

    assert [requests.states(REQUEST_ID)[index].status for index in (7, 9)] == ["claimed", "uncertain"]


def test_a_receipt_of_another_provider_or_of_a_message_not_offered_settles_nothing(
    requests: DynamoSendRequests, messages: DynamoMessages
) -> None:
    messages.claim_together(REQUEST, FIRST, {7: "ovh"}, LEASE)
    for index, provider in ((7, "aws"), (9, "ovh"), (8, "ovh"), (27, "ovh")):
        assert not messages.settle(message_id(REQUEST_ID, index), provider, "delivered", LATER)

    assert requests.states(REQUEST_ID)[7].status == "claimed"


def test_a_group_keeps_no_number_and_no_text(dynamodb: DynamoDBClient, messages: DynamoMessages) -> None:
    """R38, R45: an erasure and a purge need not look for them there."""
    messages.claim_together(REQUEST, FIRST, {7: "ovh"}, LEASE)
    key = {"pk": {"S": f"REQUEST#{REQUEST_ID}"}, "sk": {"S": "MESSAGE#00007#GROUP"}}

    assert dynamodb.get_item(TableName=HISTORY, Key=key)["Item"].keys() == {
        "pk",
        "sk",
        "covers",
        "offered",
        "claimed_by",
        "lease_until",
        "purge_at",
    }


def seen(states: Mapping[int, MessageState]) -> list[MessageState]:
    """States without the claim of a message that was released, of which the stand-in keeps nothing."""
    return [
        replace(state, lease_until=None, provider=None) if state.status == "failed" else state
        for state in states.values()
    ]


class Both:
    """The same steps on the table and on the stand-in, where a message has one state."""

    def __init__(self, requests: DynamoSendRequests, messages: DynamoMessages, seed: int) -> None:
        self.requests, self.messages = requests, messages
        self.chance = random.Random(seed)
        self.request = replace(REQUEST, id=f"REQUESTAAAA{seed:03d}")
        self.fake = FakeSendRequests(FakeLedger())
        self.fakes = FakeMessages(self.fake)
        self.minute = 0
        self.recorded: set[int] = set()

    def __call__(self, step: str, *arguments: Any) -> None:
        answers = [getattr(of, step)(*arguments) for of in (self.messages, self.fakes)]
        assert answers[0] == answers[1], step
        assert seen(self.states()) == seen(self.fake.states(self.request.id)), step

    def states(self) -> dict[int, MessageState]:
        return dict(self.requests.states(self.request.id))

    def step(self) -> None:
        """One that a process may take with what it read; several processes take theirs in any order."""
        chance, request = self.chance, self.request
        self.minute += 1
        at = NOW + timedelta(minutes=self.minute)
        line, provider = chance.choice(LINES), chance.choice(["ovh", "aws"])
        group = FIRST if line in FIRST else NEXT
        state = self.states().get(line.index)
        if state is None:
            offered = {each.index: chance.choice(["ovh", "aws"]) for each in group if chance.random() < 0.8}
            self("claim_together", request, group, offered, at)
        elif state.status == "queued":
            step = chance.choice(["claim", "never_handed_over"])
            self(step, request, line, *((provider, at) if step == "claim" else ("failed", at, None)))
        else:
            self._with_an_answer(line, provider, state, group)

    def _with_an_answer(self, line: Line, provider: str, state: MessageState, group: list[Line]) -> None:
        request, at = self.request, NOW + timedelta(minutes=self.minute)
        if state.status in ("claimed", "uncertain") and self.chance.random() < 0.2:
            self("unclaim", request, line, state.lease_until)
            return
        named = message_id(request.id, line.index)
        steps: dict[str, tuple[Any, ...]] = {
            "sent_together": (request, group, [line]),
            "sent": (request, line, provider, None),
            "uncertain": (request, line),
            "settle": (named, provider, "delivered", at),
            "known_sent": (named, provider),
            "expired": (request, line, at),
            "never_taken": (request, line, state, at, None),
            "claim_together": (request, group, {line.index: provider}, at),
        }
        if group[0].index in self.recorded:  # by its owner, once
            del steps["sent_together"]
        step = self.chance.choice([*steps])
        if step == "sent_together":
            self.recorded.add(group[0].index)
        self(step, *steps[step])


@pytest.mark.parametrize("seed", range(12))
def test_a_message_moves_alike_by_its_group_and_by_its_record(
    requests: DynamoSendRequests, messages: DynamoMessages, seed: int
) -> None:
    both = Both(requests, messages, seed)
    for _ in range(30):
        both.step()
