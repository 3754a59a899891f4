"""`make maintenance` stops and starts what reads queues, and waits until Lambda has followed (R49)."""

from __future__ import annotations

from typing import Any

import pytest

from local.machine.settings import UnusableSetting
from local.operation import maintenance
from local.operation.deployed.stack import Deployed
from local.operation.maintenance import Switched
from schoolsms import bootstrap


class FakeLambda:
    """One reading of one queue; a change is under way until it is listed again."""

    def __init__(self, state: str, *, follows: bool = True) -> None:
        self.state, self.follows = state, follows
        self.asked: list[bool] = []

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": {"QueueArn": "arn"}}

    def get_paginator(self, _: str) -> FakeLambda:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        listed = {"UUID": "one", "State": self.state}
        if self.follows:
            self.state = {"Disabling": "Disabled", "Enabling": "Enabled"}.get(self.state, self.state)
        return [{"EventSourceMappings": [listed]}]

    def update_event_source_mapping(self, UUID: str, Enabled: bool) -> None:
        assert UUID == "one"
        self.asked.append(Enabled)
        self.state = "Enabling" if Enabled else "Disabling"


class FakeSwitch:
    def __init__(self) -> None:
        self.said: list[str] = []

    def begin(self) -> None:
        self.said.append("on")

    def end(self) -> None:
        self.said.append("off")


class Stack(Deployed):
    """A stack of one queue, which this process does not act for."""

    resources = {"Notices": "alive", "NoticesDead": "dead"}

    def __init__(self, aws: FakeLambda) -> None:
        super().__init__("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here")
        self.aws = aws

    def client(self, service: str) -> Any:
        return self.aws

    def act_as_function(self) -> None:
        """Nothing, because the switch is a fake."""


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> FakeSwitch:
    made = FakeSwitch()
    monkeypatch.setattr(bootstrap, "maintenance", lambda: made)
    return made


@pytest.mark.parametrize(
    ("state", "before", "asked"), [("ON", "Enabled", [False]), ("OFF", "Disabled", [True]), ("ON", "Disabled", [])]
)
def test_each_queue_is_turned_once_and_waited_for(
    switch: FakeSwitch, state: str, before: str, asked: list[bool]
) -> None:
    aws = FakeLambda(before)
    pauses: list[float] = []
    switched = maintenance.switch(Stack(aws), state, pauses.append)
    assert (switched.count, switched.turned) == (1, ["Notices"] if asked else [])
    assert (aws.asked, switch.said, len(pauses)) == (asked, [state.lower()], 2 * len(asked))


def test_sends_stay_refused_where_lambda_does_not_read_the_queues_again(switch: FakeSwitch) -> None:
    with pytest.raises(TimeoutError):
        maintenance.switch(Stack(FakeLambda("Enabling", follows=False)), "OFF", lambda seconds: None)
    assert switch.said == []


@pytest.mark.parametrize(
    ("state", "turned", "said"),
    [
        ("OFF", ["Notices", "Receipts"], "read again: Notices Receipts"),
        ("OFF", [], "all were read before"),
        ("ON", ["Notices"], "no longer read: Notices"),
        ("ON", [], "none was read before"),
    ],
)
def test_it_names_the_queues_that_it_turned(state: str, turned: list[str], said: str) -> None:
    assert maintenance.said_of(state, Switched(2, turned)).splitlines()[1:] == [said]


def test_another_word_than_on_or_off_is_refused(switch: FakeSwitch) -> None:
    with pytest.raises(UnusableSetting, match="STATE=ON"):
        maintenance.switch(Stack(FakeLambda("Enabled")), "PERHAPS")
    assert switch.said == []
