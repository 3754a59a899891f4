"""The launcher as a person meets it: whole stacks, started, stopped, killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from local.machine.settings import HOST, ROOT
from local.machine.tcp_ports import free_ports, is_free
from local.players.client import eventually
from local.stack.process import Stack, StackFailed
from local.stack.saving.cloud_state import newest
from tests.support.journeys.provider_side import aws

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("state")) as running:
        yield running


def outputs(stack: Stack) -> dict[str, str]:
    [found] = aws(stack, "cloudformation").describe_stacks()["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def running_from(state_dir: Path) -> list[str]:
    """Processes, functions included, that name the state folder in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(state_dir).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # ended meanwhile, or not ours to read
    return found


def test_what_the_cloud_holds_survives_a_restart(stack: Stack) -> None:
    held = outputs(stack)
    item = {"pk": {"S": "test"}, "sk": {"S": "restart"}}
    aws(stack, "dynamodb").put_item(TableName=held["AccountsTableName"], Item=item)
    aws(stack, "s3").put_object(Bucket=held["DocumentsBucketName"], Key="test/restart", Body=b"kept")
    secrets = [held["OrderFormSecretArn"], held["ProvidersSecretArn"]]
    before = [aws(stack, "secretsmanager").get_secret_value(SecretId=s)["SecretString"] for s in secrets]

    stack.restart()

    assert outputs(stack) == held
    read = aws(stack, "dynamodb").get_item(TableName=held["AccountsTableName"], Key=item)
    assert read["Item"] == item
    body = aws(stack, "s3").get_object(Bucket=held["DocumentsBucketName"], Key="test/restart")["Body"]
    assert body.read() == b"kept"
    after = [aws(stack, "secretsmanager").get_secret_value(SecretId=s)["SecretString"] for s in secrets]
    assert after == before


def test_an_execution_that_waits_goes_on_after_a_restart(stack: Stack) -> None:
    machine = outputs(stack)["DeliveryMachineArn"]
    waiting = '{"due_at": "2099-01-01T00:00:00Z", "expires_at": "2099-01-04T00:00:00Z"}'
    started = aws(stack, "stepfunctions").start_execution(stateMachineArn=machine, name="waits", input=waiting)

    stack.restart()
    stack.restart()

    found = aws(stack, "stepfunctions").list_executions(stateMachineArn=machine, statusFilter="RUNNING")
    [resumed] = [e for e in found["executions"] if e["name"].startswith("waits")]
    described = aws(stack, "stepfunctions").describe_execution(executionArn=resumed["executionArn"])
    assert described["input"] == waiting
    assert resumed["executionArn"] != started["executionArn"]


def test_tables_keep_what_cloudformation_says_of_retention(stack: Stack) -> None:
    held, dynamodb = outputs(stack), aws(stack, "dynamodb")
    ttl = dynamodb.describe_time_to_live(TableName=held["HistoryTableName"])["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "purge_at"}
    backups = dynamodb.describe_continuous_backups(TableName=held["AccountsTableName"])
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"


def test_a_taken_port_ends_the_start_at_once_in_one_line(stack: Stack, tmp_path: Path) -> None:
    port = int(stack.url.rpartition(":")[2])
    smtp_port, aws_port = free_ports(2)
    refused = Stack(tmp_path, ports=(port, smtp_port, aws_port))
    with pytest.raises(StackFailed, match=rf"error: port {port} is taken"):
        refused.start()
    assert len(refused.log.read_text().splitlines()) == 1


def test_two_stacks_never_share_a_state_folder(stack: Stack) -> None:
    log = stack.log.read_bytes()
    with pytest.raises(StackFailed, match="another stack runs on STATE_DIR="):
        Stack(stack.state_dir).start()
    stack.log.write_bytes(log)


def test_a_killed_launcher_leaves_nothing_running_and_loses_nothing(stack: Stack) -> None:
    held = outputs(stack)
    item = {"pk": {"S": "test"}, "sk": {"S": "kill"}}
    aws(stack, "dynamodb").put_item(TableName=held["AccountsTableName"], Item=item)

    stack.kill()
    eventually(lambda: not running_from(stack.state_dir))

    stack.start()
    read = aws(stack, "dynamodb").get_item(TableName=held["AccountsTableName"], Key=item)
    assert read["Item"] == item


def test_a_killed_cloud_goes_on_from_one_moment_and_says_which(stack: Stack) -> None:
    """Here a change is in the table alone; the journeys have what goes through queues."""
    held = outputs(stack)
    written: dict[str, float] = {}
    dynamodb = aws(stack, "dynamodb")
    while len(written) < 50 or not (saved_since(stack, min(written.values())) or len(written) == 10_000):
        item = {"pk": {"S": "killed"}, "sk": {"S": f"{len(written):06d}"}}
        dynamodb.put_item(TableName=held["AccountsTableName"], Item=item)
        written[item["sk"]["S"]] = time.time()

    stack.kill_cloud()
    assert "the embedded cloud was killed before it had saved" in stack.log.read_text()
    stack.start()

    said = re.search(
        r"was killed at about .*: up to [0-9.]+ s are lost, what it did since (\S+Z)", stack.log.read_text()
    )
    assert said
    since = datetime.fromisoformat(said[1]).timestamp()
    query = {":pk": {"S": "killed"}}
    found = dynamodb.get_paginator("query").paginate(
        TableName=held["AccountsTableName"], KeyConditionExpression="pk = :pk", ExpressionAttributeValues=query
    )
    kept = {item["sk"]["S"] for page in found for item in page["Items"]}
    assert kept
    assert kept >= {name for name, at in written.items() if at < since}
    assert kept == set(sorted(written)[: len(kept)])


def saved_since(stack: Stack, moment: float) -> bool:
    generation = newest(stack.state_dir / "cloud")
    return generation is not None and generation.path.stat().st_mtime > moment + 1


def test_a_state_that_cannot_be_read_is_refused_in_one_line_and_left_as_it_is(stack: Stack) -> None:
    stack.interrupt()  # a second signal cuts nothing short that the first one saves
    stack.stop()
    assert "still stopping: the state is being saved" in stack.log.read_text()
    generation = newest(stack.state_dir / "cloud")
    assert generation
    whole = generation.path.read_bytes()
    generation.path.write_bytes(whole[:-10])
    before = sorted((each.name, each.stat().st_mtime_ns) for each in (stack.state_dir / "cloud").glob("0*"))

    with pytest.raises(StackFailed, match="error: the saved state cannot be read: .*make clean"):
        stack.start()

    assert "Traceback" not in stack.log.read_text()
    assert sorted((each.name, each.stat().st_mtime_ns) for each in (stack.state_dir / "cloud").glob("0*")) == before
    generation.path.write_bytes(whole)
    stack.start()
    assert "killed" not in stack.log.read_text()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@pytest.mark.parametrize(
    ("after", "number"),
    [
        (b"", signal.SIGINT),
        (b"embedded cloud runs", signal.SIGTERM),
        (b"deployed", signal.SIGINT),
        (b"ready: ", signal.SIGTERM),
    ],
)
def test_a_signal_stops_everything_whenever_it_comes(tmp_path: Path, number: signal.Signals, after: bytes) -> None:
    """Each moment once, each signal twice: one handler has them all."""
    ports = free_ports(3)
    names = ("PORT", "SMTP_PORT", "AWS_PORT")
    environ = {name: str(port) for name, port in zip(names, ports, strict=True)}
    with subprocess.Popen(
        [sys.executable, "-m", "local.stack"],
        cwd=ROOT,
        env=os.environ | environ | {"STATE_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout
        if after:
            assert any(after in line for line in process.stdout)
        else:  # the front listens as soon as signals are handled; before that its port is only tried
            eventually(lambda: listens(ports[0]))
        process.send_signal(number)
        output, _ = process.communicate(timeout=90)
    assert process.returncode == 0, output
    assert output.endswith(b"stopped\n")
    assert running_from(tmp_path) == []
    assert all(is_free(port) for port in ports)
