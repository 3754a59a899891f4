"""The deployed stack that an operator's command is about: the running local one, or one on AWS.

`REGION` says that it is on AWS, with the credentials that are there; `STACK` names it (`skolengo-sms`). Without
`REGION` it is the embedded cloud on `AWS_PORT`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import ACCOUNT, REGION, STACK_NAME, read_settings


class NotDeployed(Exception):
    """No stack of that name answers; the message says where it was looked for."""


@dataclass
class Deployed:
    """A stack by its name; its resources are looked up once."""

    name: str
    environment: Mapping[str, str]
    """Variables that AWS's own libraries read: region, and for the embedded cloud its address and keys."""
    where: str
    function_logs: Path | None = None
    """Where the embedded cloud keeps what functions log, a file each; on AWS they are in CloudWatch."""
    _session: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._session = boto3.Session(
            self.environment.get("AWS_ACCESS_KEY_ID"),
            self.environment.get("AWS_SECRET_ACCESS_KEY"),
            region_name=self.environment["AWS_DEFAULT_REGION"],
        )

    def client(self, service: str) -> Any:
        return self._session.client(cast(Any, service), endpoint_url=self.environment.get("AWS_ENDPOINT_URL"))

    @cached_property
    def resources(self) -> Mapping[str, str]:
        """Physical names by logical id. Raises `NotDeployed`."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        try:
            listed = [each for page in pages for each in page["StackResourceSummaries"]]
        except (BotoCoreError, ClientError) as error:
            raise NotDeployed(f"no stack {self.name} answers {self.where} ({type(error).__name__})") from error
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed if "PhysicalResourceId" in each
        }

    def act_as_function(self) -> None:
        """Give this process the environment that functions have, so that it may wire their use cases."""
        tables = {"ACCOUNTS_TABLE": self.resources["AccountsTable"], "HISTORY_TABLE": self.resources["HistoryTable"]}
        os.environ.update({**self.environment, **tables, "POWERTOOLS_SERVICE_NAME": STACK_NAME})


def deployed(environ: Mapping[str, str] = os.environ) -> Deployed:
    """The stack that the environment names. Raises `UnusableSetting`."""
    name = environ.get("STACK") or STACK_NAME
    if region := environ.get("REGION"):
        return Deployed(name, {"AWS_DEFAULT_REGION": region}, f"in {region}: say REGION and STACK as make deploy does")
    settings = read_settings(environ)
    there = {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": settings.aws_endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    where = f"on AWS_PORT={settings.aws_port}: start one with make run, or name REGION on AWS"
    return Deployed(name, there, where, settings.state_dir / "logs" / "functions")
