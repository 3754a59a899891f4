"""`make status` reads what the operator's overview reads: the journey of `test_operation.py` has its figures (R48)."""

from __future__ import annotations

from typing import Any

import pytest

from local.machine.tcp_ports import free_ports
from local.operation.deployed.readings import Reading
from local.operation.deployed.stack import Deployed
from local.operation.status import main, queue_lines, queues_of, ringing
from schoolsms.settings import OverviewSettings


class Stack(Deployed):
    """A stack with the queue of messages, and another."""

    resources = {"QueuedMessages": "m", "QueuedMessagesDead": "m-dead", "Notices": "n", "NoticesDead": "n-dead"}


class FakeCloud:
    """SQS and CloudWatch of that stack: `dead` letters of `Notices`, ages in seconds by queue, alarms by state."""

    def __init__(self, dead: int = 0, ages: dict[str, int] | None = None, alarms: dict[str, str] | None = None) -> None:
        self.dead, self.measured, self.alarms = dead, ages or {}, alarms or {}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        counts = dict.fromkeys(AttributeNames, "0")
        return {"Attributes": counts | ({AttributeNames[0]: str(self.dead)} if QueueUrl == "n-dead" else {})}

    def get_metric_data(self, MetricDataQueries: list[Any], **_: Any) -> dict[str, Any]:
        asked = {each["Id"]: each["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for each in MetricDataQueries}
        values = {each: [self.measured[queue]] if queue in self.measured else [] for each, queue in asked.items()}
        return {"MetricDataResults": [{"Id": each, "Values": found} for each, found in values.items()]}

    def get_paginator(self, _: str) -> FakeCloud:
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"MetricAlarms": [{"AlarmName": name, "StateValue": state} for name, state in self.alarms.items()]}]


class Watched(Stack):
    """The same, with what it says of itself."""

    resources = {**Stack.resources, "OneAlarm": "one", "OtherAlarm": "other"}

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here")
        self.cloud = cloud

    def client(self, service: str) -> Any:
        return self.cloud


READ = Reading("QueuedMessages", "1", "Enabled")


def to_do(*readings: Reading, maintenance: bool = False, cloud: FakeCloud | None = None) -> list[str]:
    lines = queue_lines(Watched(cloud or FakeCloud()), list(readings), maintenance)
    return [each for _, _, said in lines for each in said]


def test_a_queue_that_is_not_read_is_named_with_what_to_type() -> None:
    assert to_do(READ, Reading("Notices", "2", "Enabled")) == []
    assert to_do(READ, Reading("Notices", "2", "Disabled")) == [
        "Notices is not read, though maintenance is off: make maintenance STATE=OFF"
    ]
    assert to_do(READ) == ["Notices has nothing that reads it: make deploy makes it anew"]


def test_a_queue_that_is_read_during_maintenance_is_named() -> None:
    assert to_do(READ, Reading("Notices", "2", "Disabled"), maintenance=True) == [
        "QueuedMessages is read, though maintenance is on: make maintenance STATE=ON, or STATE=OFF to end it"
    ]


def test_dead_letters_are_named_with_what_lists_them() -> None:
    said = to_do(READ, Reading("Notices", "2", "Enabled"), cloud=FakeCloud(dead=2))
    assert said == ["Notices has dead letters: make redrive QUEUE=Notices LIST=1"]


def test_a_queue_shows_whether_it_is_read_and_how_old_its_oldest_message_is_where_that_is_measured() -> None:
    readings = [Reading("Notices", "2", "Enabling")]
    lines = {name: line for name, line, _ in queue_lines(Watched(FakeCloud(ages={"n": 3_725})), readings, False)}
    assert lines == {
        "Notices": "waiting=0 handled=0 later=0 dead=0 read=enabling oldest=1:02:05",
        "QueuedMessages": "waiting=0 handled=0 later=0 dead=0 read=never",
    }


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"one": "OK", "other": "OK"}, "none"),
        ({"one": "ALARM", "other": "OK", "somebody's": "ALARM"}, "OneAlarm"),
        ({"one": "ALARM", "other": "INSUFFICIENT_DATA"}, "OneAlarm; unknown: OtherAlarm"),
        ({"one": "OK", "other": "INSUFFICIENT_DATA"}, "none; unknown: OtherAlarm"),
        ({"one": "INSUFFICIENT_DATA"}, "unknown: none of the 2 has been evaluated"),
    ],
)
def test_an_alarm_without_data_is_unknown(states: dict[str, str], said: str) -> None:
    assert ringing(Watched(FakeCloud(alarms=states))) == said


def test_it_knows_every_variable_of_the_overview(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here")
    monkeypatch.delenv("DEAD_LETTER_URLS", raising=False)
    for name, value in queues_of(stack).items():
        monkeypatch.setenv(name, value)
    config = OverviewSettings()
    assert config.messages_queue_url == "m"
    assert config.dead_letters == {"Notices": "n-dead", "QueuedMessages": "m-dead"}


def test_without_a_stack_one_line_says_where_it_was_looked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [port] = free_ports(1)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert main({"AWS_PORT": str(port)}) == 1
    assert capsys.readouterr().err.startswith(f"error: no stack skolengo-sms answers on AWS_PORT={port}: start one")
