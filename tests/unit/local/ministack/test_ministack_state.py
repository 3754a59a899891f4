"""Which calls make a save due, and what is not kept for ever."""

from typing import Any

import pytest

from local.ministack.bounds import HISTORIES_KEPT, trim_histories
from local.ministack.state import is_change


def call(method: str = "POST", path: str = "/", target: str = "") -> dict[str, Any]:
    headers = [(b"x-amz-target", target.encode())] if target else []
    return {"type": "http", "method": method, "path": path, "headers": headers}


@pytest.mark.parametrize(
    "changing",
    [
        call(target="DynamoDB_20120810.PutItem"),
        call(target="DynamoDB_20120810.TransactWriteItems"),
        call(target="DynamoDB_20120810.BatchWriteItem"),
        call(target="AmazonSQS.SendMessage"),
        call(target="AWSStepFunctions.StartExecution"),
        call(target="secretsmanager.PutSecretValue"),
        call("PUT", "/bucket/key"),
        call("DELETE", "/bucket/key"),
        call(),  # the query protocols name their action in the body
    ],
)
def test_calls_that_may_write_make_a_save_due(changing: dict[str, Any]) -> None:
    assert is_change(changing)


@pytest.mark.parametrize(
    "reading",
    [
        call(target="DynamoDB_20120810.GetItem"),
        call(target="DynamoDB_20120810.Query"),
        call(target="DynamoDB_20120810.TransactGetItems"),
        call(target="secretsmanager.GetSecretValue"),
        call("GET", "/bucket/key"),
        call("HEAD", "/bucket/key"),
        call("POST", "/_aws/execute-api/abc/$default/v1/estimates"),
        call("GET", "/_ministack/health"),
    ],
)
def test_calls_that_only_read_make_no_save_due(reading: dict[str, Any]) -> None:
    """A call of the API writes by calls of its function, which count."""
    assert not is_change(reading)


def execution(status: str) -> dict[str, Any]:
    return {"status": status, "input": "{}", "events": [{"id": 1}]}


def test_old_executions_lose_their_history_and_nothing_else() -> None:
    executions = {number: execution("SUCCEEDED") for number in range(HISTORIES_KEPT + 3)}
    trim_histories(executions)
    assert [number for number, each in executions.items() if not each["events"]] == [0, 1, 2]
    assert executions[0] == execution("SUCCEEDED") | {"events": []}


def test_an_execution_that_runs_keeps_its_history_however_old() -> None:
    executions = {0: execution("RUNNING")} | {n: execution("FAILED") for n in range(1, HISTORIES_KEPT + 2)}
    trim_histories(executions)
    assert executions[0]["events"]
    assert not executions[1]["events"]
