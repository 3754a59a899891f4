"""`make status` reads what the operator's overview reads: the journey of `test_operation.py` has its figures (R48)."""

import pytest

from local.machine.tcp_ports import free_ports
from local.operation.deployed import Deployed
from local.operation.status import main, queues_of
from schoolsms.settings import OverviewSettings


class Stack(Deployed):
    """A stack with the queue of messages, and another."""

    resources = {"QueuedMessages": "m", "QueuedMessagesDead": "m-dead", "Notices": "n", "NoticesDead": "n-dead"}


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
