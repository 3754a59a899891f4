"""Nothing fails unheard, by `template.yaml`: what nobody waits for has an alarm, and every alarm a reader (R48)."""

import json
from typing import Any

import pytest

from tests.support.template import resources

FUNCTIONS = resources("AWS::Serverless::Function")
MACHINES = resources("AWS::Serverless::StateMachine")
ALARMS = resources("AWS::CloudWatch::Alarm")


def triggers(function: str) -> set[str]:
    return {event["Type"] for event in FUNCTIONS[function].get("Events", {}).values()}


def alarms_of(metric: str, name: str, value: Any) -> list[dict[str, Any]]:
    dimension = {"Name": name, "Value": value}
    return [
        each for each in ALARMS.values() if each["MetricName"] == metric and dimension in each.get("Dimensions", [])
    ]


@pytest.mark.parametrize("alarm", sorted(ALARMS))
def test_every_alarm_reaches_the_operator_and_none_rings_for_silence(alarm: str) -> None:
    assert ALARMS[alarm]["AlarmActions"] == [{"Ref": "OperatorAlarms"}]
    assert ALARMS[alarm]["TreatMissingData"] == "notBreaching"


# A caller sees that a route fails; what a queue brought becomes a dead letter (`test_dead_letters.py`).
@pytest.mark.parametrize("function", sorted(name for name in FUNCTIONS if not triggers(name) & {"HttpApi", "SQS"}))
def test_a_function_that_nobody_waits_for_has_an_alarm_for_its_errors(function: str) -> None:
    [alarm] = alarms_of("Errors", "FunctionName", {"Ref": function})
    assert alarm["Namespace"] == "AWS/Lambda"
    # Streams and state machines try again at once, so that a first error says nothing yet.
    assert alarm["Threshold"] <= (0 if "ScheduleV2" in triggers(function) else 3)


@pytest.mark.parametrize("function", sorted(name for name in FUNCTIONS if "DynamoDB" in triggers(name)))
def test_a_stream_that_falls_behind_has_an_alarm_long_before_it_forgets(function: str) -> None:
    [alarm] = alarms_of("IteratorAge", "FunctionName", {"Ref": function})
    assert alarm["Threshold"] <= 3_600_000  # of the 24 hours, in milliseconds


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_a_state_machine_that_gives_up_has_an_alarm(machine: str) -> None:
    assert alarms_of("ExecutionsFailed", "StateMachineArn", {"Ref": machine})


def test_what_the_api_fails_to_answer_has_an_alarm() -> None:
    [alarm] = alarms_of("5xx", "ApiId", {"Ref": "HttpApi"})
    assert alarm["Namespace"] == "AWS/ApiGateway"


def test_what_the_api_turns_away_has_an_alarm() -> None:
    """It is a 4xx among many: counted by its status in the access log."""
    assert_counted_in_the_access_log("ApiThrottled", "429")


def test_what_broke_in_the_api_has_an_alarm_that_rings_at_the_first() -> None:
    assert assert_counted_in_the_access_log("ApiBroken", "500")["Threshold"] == 0


def assert_counted_in_the_access_log(metric_filter: str, status: str) -> dict[str, Any]:
    """Return the alarm of answers of this status."""
    counted = resources("AWS::Logs::MetricFilter")[metric_filter]
    assert counted["LogGroupName"] == {"Ref": "AccessLog"}
    line = json.loads(resources("AWS::Serverless::HttpApi")["HttpApi"]["AccessLogSettings"]["Format"])
    assert line["status"] == "$context.status"
    assert counted["FilterPattern"] == f'{{ $.status = "{status}" }}'
    [metric] = counted["MetricTransformations"]
    [alarm] = [each for each in ALARMS.values() if each["MetricName"] == metric["MetricName"]]
    assert alarm["Namespace"] == metric["MetricNamespace"]
    return alarm


def test_functions_that_could_not_be_started_have_an_alarm() -> None:
    [alarm] = [each for each in ALARMS.values() if each["MetricName"] == "Throttles"]
    assert "Dimensions" not in alarm  # whichever function
