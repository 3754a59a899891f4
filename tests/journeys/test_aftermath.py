"""Runs last: what all the journeys left behind (R18, R46, R48)."""

import json
from functools import partial
from pathlib import Path

from local.client import eventually
from local.school_player import SchoolPlayer
from local.stack import Stack
from tests.journeys.observed import PersonalData
from tests.journeys.provider_side import aws, is_empty, waiting

METRIC = '{"_aws":{"Timestamp":'
"""How the embedded format of a metric begins."""


def function_logs(*stacks: Stack) -> list[Path]:
    return [log for stack in stacks for log in (stack.state_dir / "logs" / "functions").glob("*.log")]


def test_the_ledger_of_every_school_adds_up_to_its_balance(every_school: list[SchoolPlayer]) -> None:
    for school in every_school:
        entries = school.ledger()
        assert sum(entry["amount"] for entry in entries) == school.balance(), school.uai
        assert all(entry["balance_after"] >= 0 for entry in entries), school.uai


def test_no_message_was_given_up_or_waits_to_be_tried_again(stack: Stack, hasty_stack: Stack) -> None:
    for each in (stack, hasty_stack):
        sqs = aws(each, "sqs")
        urls = sqs.list_queues()["QueueUrls"]
        dead = [url for url in urls if "Dead-" in url]
        assert len(dead) >= 5
        assert {url: waiting(sqs, url) for url in dead} == dict.fromkeys(dead, 0)
        # Pages with a number whose provider stays down are offered until their window ends.
        for url in urls:
            if "-QueuedMessages-" not in url:
                eventually(partial(is_empty, sqs, url))


def test_no_function_failed(stack: Stack, hasty_stack: Stack) -> None:
    logs = function_logs(stack, hasty_stack)
    assert logs
    failures = [
        f"{log.name}: {line}"
        for log in logs
        for line in log.read_text(errors="replace").splitlines()
        if not any(mark in line for mark in ('"level":"INFO"', '"level":"WARNING"', METRIC))
    ]
    assert failures == []


def test_no_log_of_a_function_holds_a_number_a_name_a_text_or_an_address(
    supplied_school: SchoolPlayer, stack: Stack, hasty_stack: Stack, personal: PersonalData
) -> None:
    supplied_school.send("Réunion des délégués.", ["06 39 98 76 54"])
    traces = personal.traces()
    # What is looked for is what was sent.
    assert {"Zoé Lefèvre", "Zo\\u00e9 Lef\\u00e8vre", "Réunion des délégués", "639987654"} <= traces
    for log in function_logs(stack, hasty_stack):
        text = log.read_text(errors="replace")
        assert sorted(trace for trace in traces if trace in text) == [], log.name


def test_what_functions_log_is_json_with_ids(stack: Stack) -> None:
    for log in function_logs(stack):
        for line in log.read_text().splitlines():
            told = json.loads(line)
            assert METRIC in line or {"level", "message", "timestamp", "service"} <= told.keys(), log.name
