"""Runs last: what all the journeys left behind (R18, R46, R48)."""

import json

import pytest

from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.function_logs import METRIC, failures_in, function_logs
from tests.support.journeys.observed import PersonalData
from tests.support.journeys.operating import operate
from tests.support.journeys.provider_side import aws, queues_are_worked_off, waiting

SHOWN_BY_THE_LAUNCHER = "/local/phones/+33639980000"
"""Of a number kept for fiction, as an example."""
RARE = 3
"""Failures of one function in all journeys that its caller tries again."""


def test_the_ledger_of_every_school_adds_up_to_its_balance(every_school: list[SchoolPlayer]) -> None:
    for school in every_school:
        entries = school.ledger()
        assert sum(entry["amount"] for entry in entries) == school.balance(), school.uai
        assert all(entry["balance_after"] >= 0 for entry in entries), school.uai


def test_all_that_the_journeys_did_adds_up(stack: Stack) -> None:
    """Not so of the hasty stack, whose cloud was killed in the middle."""
    assert operate(stack, "audit", SCHOOL="ALL") == (0, "ALL: all adds up\n")


def test_no_message_was_given_up_or_waits_to_be_tried_again(stack: Stack, hasty_stack: Stack) -> None:
    for each in (stack, hasty_stack):
        sqs = aws(each, "sqs")
        dead = [url for url in sqs.list_queues()["QueueUrls"] if "Dead-" in url]
        assert len(dead) >= 5
        queues_are_worked_off(each)
        assert {url: waiting(sqs, url) for url in dead} == dict.fromkeys(dead, 0)


def test_no_function_failed(stack: Stack, hasty_stack: Stack) -> None:
    """A caller that tries again may have to a few times, because somebody else was faster; more would be a habit."""
    logs = function_logs(stack, hasty_stack)
    assert logs
    cut_off = set(function_logs(hasty_stack))
    failures = {log.name: failures_in(log.read_text(errors="replace").splitlines(), log in cut_off) for log in logs}
    assert {name: each.defects for name, each in failures.items() if each.defects} == {}
    assert {name: each.transient for name, each in failures.items() if len(each.transient) > RARE} == {}


@pytest.fixture
def looked_for(supplied_school: SchoolPlayer, hasty_school: SchoolPlayer, personal: PersonalData) -> PersonalData:
    """All that was sent; known to hold what it should, however it was spelled."""
    text = "Réunion des délégués : ((prenom)), rendez-vous en salle B12."
    one = {"phone": "06.39.98.76.54", "variables": {"prenom": "Anne-Lou"}}
    for school in (supplied_school, hasty_school):
        school.manager.get("/v1/history", phone="06 39 98 76 53", author="Karim Benali")
        taken, refused = (
            school.sender.post("/v1/send-requests", {"text": text, "recipients": [one, *more]}).status
            for more in ([], [{"phone": "06 39 98 76 52", "prenom": "Sidonie"}])
        )
        assert (taken, refused) == (202, 422)
    assert {"639987652", "639987653", "639987654"} <= personal.numbers()
    begun, gone_on = "Réunion des délégués", ", rendez-vous en sal"
    assert {"Zoé Lefèvre", "Zo\\u00e9 Lef\\u00e8vre", "Anne-Lou", begun, gone_on} <= personal.traces()
    spaced = ("06 39 98 76 54", "06.39.98.76.54", "6\u00a039\u00a098\u00a076\u00a054")
    for spelled in ("+33639987654", "%2B33639987654", "0033639987654", *spaced):
        assert personal.found_in(f"to={spelled};") == ["639987654"]
    return personal


def test_no_output_of_a_stack_holds_a_number_a_name_a_text_or_an_address(
    looked_for: PersonalData, stack: Stack, hasty_stack: Stack
) -> None:
    """Of every function, of the launcher, of the embedded cloud: its gateway sees paths and queries."""
    for each in (stack, hasty_stack):
        outputs = [each.log, *(path for path in (each.state_dir / "logs").rglob("*") if path.is_file())]
        assert len(outputs) > 5
        for output in outputs:
            text = output.read_text(errors="replace").replace(SHOWN_BY_THE_LAUNCHER, "")
            assert looked_for.found_in(text) == [], output.name


def test_no_execution_was_given_or_gave_a_number_a_name_or_a_text(
    looked_for: PersonalData, stack: Stack, hasty_stack: Stack
) -> None:
    """State machines keep what goes in and out for 90 days."""
    for each in (stack, hasty_stack):
        states = aws(each, "stepfunctions")
        kept = [
            states.describe_execution(executionArn=execution["executionArn"])
            for machine in states.list_state_machines()["stateMachines"]
            for page in states.get_paginator("list_executions").paginate(stateMachineArn=machine["stateMachineArn"])
            for execution in page["executions"]
        ]
        assert kept
        said = [str(one.get(what, "")) for one in kept for what in ("name", "input", "output", "error", "cause")]
        assert looked_for.found_in("\n".join(said)) == []


def test_no_problem_that_was_answered_holds_a_number_a_name_or_a_text(looked_for: PersonalData) -> None:
    assert looked_for.problems > 1
    assert looked_for.found_in_problems() == {}


def test_what_functions_log_is_json_with_ids(stack: Stack) -> None:
    for log in function_logs(stack):
        for line in log.read_text().splitlines():
            entry = json.loads(line)
            assert METRIC in line or {"level", "message", "timestamp", "service"} <= entry.keys(), log.name
