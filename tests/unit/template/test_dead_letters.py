"""By `template.yaml`, every failed message reaches a dead-letter queue with an alarm and a redrive (R48)."""

from typing import Any

import pytest

from tests.support.template import ROOT, resources

QUEUES = resources("AWS::SQS::Queue")
WORKING = sorted(name for name in QUEUES if not name.endswith("Dead"))
CONSUMERS = {
    event["Properties"]["Queue"]["Fn::GetAtt"].removesuffix(".Arn"): (function, event["Properties"])
    for function, properties in resources("AWS::Serverless::Function").items()
    for event in properties.get("Events", {}).values()
    if event["Type"] == "SQS"
}
SES_MAILS_A_SECOND = 14
"""That SES takes of an account which has just left its sandbox."""


@pytest.mark.parametrize("queue", WORKING)
def test_every_queue_has_a_dead_letter_queue_of_its_own(queue: str) -> None:
    policy = QUEUES[queue]["RedrivePolicy"]
    assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": f"{queue}Dead.Arn"}
    assert int(policy["maxReceiveCount"]) >= 3
    # A message keeps its age when it moves: what was given up on its last day must not vanish at once.
    dead = QUEUES[f"{queue}Dead"]
    assert dead["MessageRetentionPeriod"] >= QUEUES[queue]["MessageRetentionPeriod"]


@pytest.mark.parametrize("queue", WORKING)
def test_what_arrives_during_a_day_of_maintenance_waits_in_its_queue(queue: str) -> None:
    """R49: no function runs meanwhile; exports are the shortest, because nobody can fetch one that is a day old."""
    assert QUEUES[queue]["MessageRetentionPeriod"] >= (86_400 if queue == "RequestedExports" else 4 * 86_400)


@pytest.mark.parametrize("queue", WORKING)
def test_every_dead_letter_queue_has_an_alarm(queue: str) -> None:
    [alarm] = [
        each
        for each in resources("AWS::CloudWatch::Alarm").values()
        if each.get("Dimensions") == [{"Name": "QueueName", "Value": {"Fn::GetAtt": f"{queue}Dead.QueueName"}}]
    ]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert alarm["AlarmActions"] == [{"Ref": "OperatorAlarms"}]


@pytest.mark.parametrize("queue", WORKING)
def test_a_queue_that_nobody_reads_has_an_alarm_and_one_that_tries_again_has_none(queue: str) -> None:
    """A message that fails is tried until it is dead, which takes three hours at most, and of exports seven and a half;
    a page that no provider takes is queued anew every quarter of an hour."""
    [alarm] = [
        each
        for each in resources("AWS::CloudWatch::Alarm").values()
        if each.get("Dimensions") == [{"Name": "QueueName", "Value": {"Fn::GetAtt": f"{queue}.QueueName"}}]
    ]
    assert alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert (alarm["Statistic"], alarm["ComparisonOperator"]) == ("Maximum", "GreaterThanThreshold")
    tried = QUEUES[queue]["VisibilityTimeout"] * int(QUEUES[queue]["RedrivePolicy"]["maxReceiveCount"])
    assert tried < alarm["Threshold"] <= QUEUES[queue]["MessageRetentionPeriod"] / 3


@pytest.mark.parametrize("queue", WORKING)
def test_a_message_is_not_given_again_while_a_function_still_works_on_it(queue: str) -> None:
    """Six times the function's time, as AWS advises; and one message that fails takes no others with it."""
    function, event = CONSUMERS[queue]
    timeout: Any = resources("AWS::Serverless::Function")[function].get("Timeout", 15)
    assert QUEUES[queue]["VisibilityTimeout"] >= 6 * timeout
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("queue", ["QueuedMessages", "Receipts", "SmsEvents"])
def test_a_burst_meets_providers_and_the_account_a_few_functions_at_a_time(queue: str) -> None:
    """Asked by a thousand functions at once a provider turns away, receipts and handoffs alike: they share its keys.

    What is turned away waits 18 minutes; after ten times it is dead.
    """
    _, event = CONSUMERS[queue]
    assert 2 <= event["ScalingConfig"]["MaximumConcurrency"] <= 40


def test_mails_of_one_morning_reach_ses_no_faster_than_it_takes_them() -> None:
    """Each school is told of its purge on the same day. What SES turns away ten times is dead."""
    _, event = CONSUMERS["Notices"]
    assert event["ScalingConfig"]["MaximumConcurrency"] <= SES_MAILS_A_SECOND / 2  # a mail takes half a second at least


@pytest.mark.parametrize("queue", WORKING)
def test_an_operator_reads_what_waits_in_every_dead_letter_queue(queue: str) -> None:
    assert f"`{queue}Dead`" in (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_no_dead_letter_queue_belongs_to_nobody() -> None:
    assert {f"{queue}Dead" for queue in WORKING} == set(QUEUES) - set(WORKING)


def test_the_operators_overview_counts_every_dead_letter_queue() -> None:
    variables = resources("AWS::Serverless::Function")["OperatorApi"]["Environment"]["Variables"]
    assert sorted(variables["DEAD_LETTER_URLS"]["Fn::Sub"].split()) == [
        f"{queue}=${{{queue}Dead}}" for queue in WORKING
    ]
