"""The operator's commands, run against a stack of the journeys."""

import os
import subprocess
import sys

from local.machine.settings import ROOT
from local.stack.process import Stack
from tests.support.journeys.provider_side import aws


def operate(stack: Stack, command: str, **settings: str) -> tuple[int, str]:
    """`make <command>`: its exit code and what it prints; nothing is said of an error."""
    port = stack.aws_endpoint.rpartition(":")[2]
    environ = {"PATH": os.environ["PATH"], "AWS_PORT": port, "STATE_DIR": str(stack.state_dir), **settings}
    called = [sys.executable, "-m", f"local.operation.{command}"]
    ended = subprocess.run(called, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def physical(stack: Stack, logical_id: str) -> str:
    """The name of a resource of the template in that stack."""
    asked = {"StackName": "skolengo-sms", "LogicalResourceId": logical_id}
    answer = aws(stack, "cloudformation").describe_stack_resource(**asked)
    return str(answer["StackResourceDetail"]["PhysicalResourceId"])
