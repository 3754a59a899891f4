"""`make redrive` puts back every dead letter of one queue, and loses none when it is killed in between (R48)."""

from typing import Any

import pytest

from local.machine.settings import UnusableSetting
from local.operation import redrive
from local.operation.deployed.dead_letters import MOST
from local.operation.deployed.stack import Deployed
from schoolsms.queue_messages import NoticeDue, OrderAccepted


class FakeSqs:
    """Two queues by address. What is received stays until it is deleted, and is not given again."""

    def __init__(self, *dead: str) -> None:
        self.dead = {f"id-{body}": body for body in dead}
        self.alive: list[str] = []
        self.given: set[str] = set()
        self.killed = False

    def receive_message(self, QueueUrl: str, MaxNumberOfMessages: int, **_: Any) -> dict[str, Any]:
        assert QueueUrl == "dead"
        found = [each for each in self.dead if each not in self.given][:MaxNumberOfMessages]
        self.given.update(found)
        attributes = {"SentTimestamp": "1795424400000", "ApproximateReceiveCount": "6"}
        return {
            "Messages": [
                {"MessageId": each, "ReceiptHandle": each, "Body": self.dead[each], "Attributes": attributes}
                for each in found
            ]
        }

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        assert QueueUrl == "dead"
        assert len({each["Id"] for each in Entries}) == len(Entries) <= 10
        assert {each["VisibilityTimeout"] for each in Entries} == {0}
        self.given.difference_update(each["ReceiptHandle"] for each in Entries)
        return {}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:
        assert QueueUrl == "alive"
        self.alive.append(MessageBody)

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:
        if self.killed:
            raise KeyboardInterrupt
        del self.dead[ReceiptHandle]


class Stack(Deployed):
    """A stack with one queue that has dead letters, and one that has none."""

    resources = {"Notices": "alive", "NoticesDead": "dead", "Other": "other"}

    def __init__(self, sqs: FakeSqs) -> None:
        super().__init__("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here")
        self.sqs = sqs

    def client(self, service: str) -> Any:
        return self.sqs


@pytest.mark.parametrize("name", ["Notices", "NoticesDead"])
def test_all_letters_go_back_however_many_there_are(name: str) -> None:
    sqs = FakeSqs(*map(str, range(23)))
    assert redrive.redrive(Stack(sqs), name) == 23
    assert (sqs.alive, sqs.dead) == (list(map(str, range(23))), {})


def test_letters_are_listed_by_what_they_name_and_stay() -> None:
    sqs = FakeSqs(*(OrderAccepted(f"BC26-{number}").to_json() for number in range(23)))
    letters = redrive.listed(Stack(sqs), "Notices")
    assert {letter.ids["order_id"] for letter in letters} == {f"BC26-{number}" for number in range(23)}
    assert (len(sqs.dead), sqs.given, sqs.alive) == (23, set(), [])


def test_of_very_many_letters_some_are_listed_and_it_is_said_that_there_are_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = FakeSqs(*(OrderAccepted(f"BC26-{number}").to_json() for number in range(MOST + 1)))
    monkeypatch.setattr(redrive, "deployed", lambda _: Stack(sqs))
    assert redrive.main({"QUEUE": "Notices", "LIST": "1"}) == 0
    last = f"Notices: {MOST} dead letters, and perhaps more: no more are listed at once"
    assert capsys.readouterr().out.splitlines()[-1] == last
    assert (len(sqs.dead), sqs.given) == (MOST + 1, set())


def test_a_listed_letter_and_one_that_is_put_back_are_shown_alike(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = FakeSqs(NoticeDue("credit_activated", {"order_id": "BC26-A"}).to_json())
    monkeypatch.setattr(redrive, "deployed", lambda _: Stack(sqs))
    shown = (
        "2026-11-23T09:00:00Z  received=6  kind=credit_activated order_id=BC26-A  "
        'sqs=id-{"kind": "credit_activated", "ids": {"order_id": "BC26-A"}}'
    )
    assert redrive.main({"QUEUE": "Notices", "LIST": "1"}) == 0
    assert capsys.readouterr().out.splitlines() == [shown, "Notices: 1 dead letters"]
    assert redrive.main({"QUEUE": "Notices"}) == 0
    assert capsys.readouterr().out.splitlines() == [shown, "Notices: 1 dead letters put back"]


def test_a_command_that_is_killed_loses_no_letter() -> None:
    sqs = FakeSqs("a", "b")
    sqs.killed = True
    with pytest.raises(KeyboardInterrupt):
        redrive.redrive(Stack(sqs), "Notices")
    assert {*sqs.alive, *sqs.dead.values()} == {"a", "b"}


@pytest.mark.parametrize("name", ["Other", "notices", "Dead"])
def test_another_queue_is_told_which_there_are(name: str) -> None:
    with pytest.raises(UnusableSetting, match=f"QUEUE={name} is none of Notices"):
        redrive.redrive(Stack(FakeSqs()), name)


def test_without_a_queue_one_line_says_how_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert redrive.main({}) == 1
    assert capsys.readouterr().err == "error: say which queue: make redrive QUEUE=AcceptedOrders\n"
