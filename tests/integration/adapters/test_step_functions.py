"""One execution a request, named after it; one a purge and attempt."""

import json
from datetime import timedelta
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from mypy_boto3_stepfunctions import SFNClient

from schoolsms.adapters.step_functions import StepFunctionsDeliveries, StepFunctionsPurges
from schoolsms.domain.errors import TransientError
from tests.support.builders import NOW
from tests.support.examples import REQUEST_ID, a_request
from tests.support.template import resources

ROLE = "arn:aws:iam::123456789012:role/states"


@pytest.fixture
def machine(aws: None) -> str:
    definition = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
    made = boto3.client("stepfunctions").create_state_machine(
        name="Delivery", definition=json.dumps(definition), roleArn=ROLE
    )
    return made["stateMachineArn"]


def executions(machine: str) -> list[Any]:
    client = boto3.client("stepfunctions")
    listed = client.list_executions(stateMachineArn=machine)["executions"]
    return [client.describe_execution(executionArn=each["executionArn"]) for each in listed]


def test_a_delivery_starts_with_its_due_time_and_the_end_of_its_window(machine: str) -> None:
    StepFunctionsDeliveries(boto3.client("stepfunctions"), machine).start(a_request(due_at=NOW + timedelta(hours=2)))

    (execution,) = executions(machine)
    assert execution["name"] == REQUEST_ID
    assert json.loads(execution["input"]) == {
        "request_id": REQUEST_ID,
        "due_at": "2026-11-23T11:00:00.000Z",
        "expires_at": "2026-11-26T09:00:00.000Z",
    }


def test_the_state_machine_reads_its_input() -> None:
    states = resources("AWS::Serverless::StateMachine")["Delivery"]["Definition"]["States"]

    assert states["WaitUntilDue"]["TimestampPath"] == "$.due_at"
    assert states["WaitForWindowEnd"]["TimestampPath"] == "$.expires_at"


def test_a_purge_starts_with_its_turn_which_the_state_machine_waits_for(machine: str) -> None:
    purges = StepFunctionsPurges(boto3.client("stepfunctions"), machine)
    for hours in (2, 3):
        purges.start("0750655E", "2026-2027", 1, NOW + timedelta(hours=hours))

    (execution,) = executions(machine)
    assert execution["name"] == "0750655E-2026-2027-1"
    assert json.loads(execution["input"]) == {
        "school": "0750655E",
        "school_year": "2026-2027",
        "begin_at": "2026-11-23T11:00:00.000Z",
    }
    definition = resources("AWS::Serverless::StateMachine")["Purge"]["Definition"]
    assert definition["States"][definition["StartAt"]]["TimestampPath"] == "$.begin_at"


def test_a_delivery_started_twice_runs_once(machine: str) -> None:
    deliveries = StepFunctionsDeliveries(boto3.client("stepfunctions"), machine)
    deliveries.start(a_request())
    deliveries.start(a_request())

    assert len(executions(machine)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        ClientError({"Error": {"Code": "ThrottlingException"}}, "StartExecution"),
        ClientError({"Error": {"Code": "StateMachineDoesNotExist"}}, "StartExecution"),
        EndpointConnectionError(endpoint_url="https://states.test"),
    ],
    ids=["throttled", "no-machine", "connection"],
)
def test_a_delivery_that_could_not_start_is_tried_again(fault: Exception) -> None:
    class Failing:
        def start_execution(self, **_: Any) -> Any:
            raise fault

    with pytest.raises(TransientError):
        StepFunctionsDeliveries(cast(SFNClient, Failing()), "arn").start(a_request())
