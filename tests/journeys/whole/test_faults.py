"""Whatever dies, is cut, throttled or comes twice: no phone gets it twice, no message is lost, the ledger adds up.

All of it happens at once to one school: each scenario to a request of its own, 200 messages to numbers that behave
badly beside them. Then their windows are made to end, and what became of everything is looked at.
"""

from collections.abc import Iterator

import pytest

from tests.support.journeys.faults.line import FaultLine, fault_line
from tests.support.journeys.faults.scenarios import SCENARIOS, Scenario
from tests.support.journeys.outcomes import EXPECTED, mixed_phones, outcomes, received_twice
from tests.support.journeys.provider_side import aws, waiting
from tests.support.journeys.redriving import name_of
from tests.support.template import resources

STOCK = 1_000
QUEUES = resources("AWS::SQS::Queue")
WORKING = {name for name, queue in QUEUES.items() if "RedrivePolicy" in queue}
MIXED = mixed_phones(200)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultLine]:
    """After everything that was to go wrong went wrong."""
    with fault_line(tmp_path_factory.mktemp("faulty"), packs=STOCK // 1_000) as made:
        made.meet_all(SCENARIOS, MIXED)
        yield made


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_message_ends_as_it_should_and_reaches_its_phone_once_at_most(line: FaultLine, scenario: Scenario) -> None:
    assert [fault.hits for fault in line.faults[scenario.name]] == [times for _, _, times in scenario.faults]
    assert line.heard[scenario.name] == list(scenario.asked)
    phone = line.phones[scenario.name]
    assert (line.statuses[phone], len(line.school.client.phone(phone))) == (scenario.status, scenario.received)


def test_200_messages_to_numbers_that_behave_badly_end_as_documented(line: FaultLine) -> None:
    assert outcomes(MIXED, line.statuses) == EXPECTED


def test_no_phone_got_an_sms_twice(line: FaultLine) -> None:
    assert received_twice(line.stack) == {}


def test_what_failed_is_back_in_stock_and_nothing_else_is(line: FaultLine) -> None:
    """R18, R30."""
    entries = line.school.ledger()
    failed = sum(status == "failed" for status in line.statuses.values())
    assert len(line.statuses) == len(SCENARIOS) + len(MIXED)
    assert sum(entry["amount"] for entry in entries if entry["kind"] == "release") == failed
    assert sum(entry["amount"] for entry in entries) == line.school.balance()
    assert line.school.balance() == STOCK - len(line.statuses) + failed


def test_nothing_lies_in_a_dead_letter_queue(line: FaultLine) -> None:
    sqs = aws(line.stack, "sqs")
    dead = [url for url in sqs.list_queues()["QueueUrls"] if "Dead-" in url]
    assert {name_of(url) for url in dead} == QUEUES.keys() - WORKING
    assert {url: waiting(sqs, url) for url in dead} == dict.fromkeys(dead, 0)


def test_what_every_queue_carried_changes_nothing_when_it_is_given_again(line: FaultLine) -> None:
    """R48: how a dead-letter queue is redriven. Every queue of the template that has one is among them."""
    assert line.redriven == WORKING
    for what, was in line.before.items():
        assert line.after[what] == was, what
