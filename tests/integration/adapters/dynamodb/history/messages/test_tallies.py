"""Tallies in DynamoDB: nothing that was noted is lost, whoever writes meanwhile (R35)."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages import tallies
from schoolsms.adapters.dynamodb.history.messages.tallies import DynamoTallies
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.tallies import Tally
from tests.benchmarks.measuring.units import size_of
from tests.integration.conftest import HISTORY
from tests.support.builders import NOW
from tests.support.examples import REQUEST_ID


class Interrupted:
    """A client before or after whose first updates something happens."""

    def __init__(self, client: DynamoDBClient, before: list[Callable[[], object]], *, lost: bool = False) -> None:
        self._client, self._before, self._lost = client, before, lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def update_item(self, **arguments: Any) -> Any:
        if self._before:
            self._before.pop()()
        if self._lost:  # botocore writes again when the answer of a write does not come
            self._lost = False
            self._client.update_item(**arguments)
        return self._client.update_item(**arguments)


def store(client: Any) -> DynamoTallies:
    return DynamoTallies(Table(cast(DynamoDBClient, client), HISTORY))


def note(client: Any, index: int) -> Tally | None:
    return store(client).change(REQUEST_ID, lambda tally: (tally or Tally(NOW)).noted({index: "sent"}))


def kept(client: Any) -> Tally:
    return store(client).of([REQUEST_ID])[REQUEST_ID]


def test_a_tally_is_read_as_it_was_written(dynamodb: DynamoDBClient) -> None:
    assert store(dynamodb).of([REQUEST_ID]) == {}
    assert note(dynamodb, 7) == kept(dynamodb) == Tally(NOW, b"       s")
    assert set(store(dynamodb).of([REQUEST_ID, "REQUESTOFNOBOD"])) == {REQUEST_ID}


@pytest.mark.parametrize("first", [True, False], ids=["the first", "a later one"])
def test_of_two_changes_at_once_both_count(dynamodb: DynamoDBClient, *, first: bool) -> None:
    if not first:
        note(dynamodb, 0)
    note(Interrupted(dynamodb, [lambda: note(dynamodb, 1)]), 2)
    assert kept(dynamodb).totals(3) == ({"queued": 1, "sent": 2} if first else {"sent": 3})


def test_a_change_whose_answer_was_lost_is_there(dynamodb: DynamoDBClient) -> None:
    note(dynamodb, 0)
    assert note(Interrupted(dynamodb, [], lost=True), 1) == kept(dynamodb)
    assert kept(dynamodb).totals(2) == {"sent": 2}


def test_a_change_that_is_always_too_late_is_left_to_another_time(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "PATIENCE_SECONDS", 0.0)
    faster: list[Callable[[], object]] = [partial(note, dynamodb, index) for index in range(1, 100)]
    with pytest.raises(TransientError):
        note(Interrupted(dynamodb, faster), 0)


def test_nothing_is_written_when_nothing_changes(dynamodb: DynamoDBClient) -> None:
    note(dynamodb, 0)

    def fail() -> None:
        raise AssertionError("written")

    note(Interrupted(dynamodb, [fail]), 0)
    assert store(Interrupted(dynamodb, [fail])).change("REQUESTOFNOBOD", lambda _: None) is None


def test_a_tally_of_10_000_messages_at_random_takes_three_write_units(dynamodb: DynamoDBClient) -> None:
    """Half of them delivered in any order is the most that a tally holds; at its ends it is one unit."""
    import random

    dice = random.Random(1)
    half = {index: "delivered" if dice.random() < 0.5 else "sent" for index in range(10_000)}
    store(dynamodb).change(REQUEST_ID, lambda _: Tally(NOW).noted(cast(Any, half)))
    [item] = dynamodb.scan(TableName=HISTORY)["Items"]
    assert size_of(item) <= 3 * 1_024
