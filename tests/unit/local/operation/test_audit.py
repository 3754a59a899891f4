"""`make audit` says in one line what keeps it from auditing; `test_aftermath` has audits that are made (R18)."""

import subprocess
import sys

import pytest

from local.machine.settings import ROOT
from local.machine.tcp_ports import free_ports
from local.operation.audit import NOT_MADE, main
from local.operation.deployed.stack import deployed


@pytest.mark.parametrize("school", ["", "all", "0750655", "0750655E;", "Éluard"])
def test_a_school_that_is_none_is_shown_how_to_write(school: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main({"SCHOOL": school}) == NOT_MADE
    assert capsys.readouterr().err == "error: say which school: make audit SCHOOL=0750655E, or SCHOOL=ALL\n"


def test_without_a_stack_one_line_says_where_it_was_looked_for() -> None:
    [port] = free_ports(1)
    command = [sys.executable, "-m", "local.operation.audit"]
    environ = {"PATH": "", "SCHOOL": "ALL", "AWS_PORT": str(port), "AWS_MAX_ATTEMPTS": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (NOT_MADE, "")
    assert ended.stderr == (
        f"error: no stack skolengo-sms answers on AWS_PORT={port}: start one with make run, or name REGION on AWS "
        "(EndpointConnectionError)\n"
    )


def test_a_region_leads_to_aws_with_its_own_credentials() -> None:
    """And never to the address or the keys of the embedded cloud."""
    stack = deployed({"REGION": "eu-west-3", "STACK": "sms-preprod", "AWS_PORT": "4566"})
    assert (stack.name, stack.environment) == ("sms-preprod", {"AWS_DEFAULT_REGION": "eu-west-3"})
    assert stack.client("dynamodb").meta.endpoint_url == "https://dynamodb.eu-west-3.amazonaws.com"


def test_without_a_region_it_is_the_running_stack() -> None:
    stack = deployed({"AWS_PORT": "4999"})
    assert (stack.name, stack.client("dynamodb").meta.endpoint_url) == ("skolengo-sms", "http://127.0.0.1:4999")
