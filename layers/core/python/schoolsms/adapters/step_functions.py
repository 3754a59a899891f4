"""The state machines: one execution a request, named after it; one a purge and attempt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.adapters.dynamodb.client.codec import iso
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.send_requests import SendRequest

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsDeliveries:
    """Implements the port `Deliveries`."""

    def __init__(self, client: SFNClient, machine_arn: str) -> None:
        self._client = client
        self._machine_arn = machine_arn

    def start(self, request: SendRequest) -> None:
        state = {"request_id": request.id, "due_at": iso(request.due_at), "expires_at": iso(request.expires_at)}
        _start_once(self._client, self._machine_arn, request.id, state)


class StepFunctionsPurges:
    """Implements the port `PurgeMachine`."""

    def __init__(self, client: SFNClient, machine_arn: str) -> None:
        self._client = client
        self._machine_arn = machine_arn

    def start(self, uai: str, school_year: str, attempt: int, begin_at: datetime) -> None:
        state = {"school": uai, "school_year": school_year, "begin_at": iso(begin_at)}
        _start_once(self._client, self._machine_arn, f"{uai}-{school_year}-{attempt}", state)


def _start_once(client: SFNClient, machine_arn: str, name: str, state: Mapping[str, str]) -> None:
    try:
        client.start_execution(stateMachineArn=machine_arn, name=name, input=json.dumps(state, sort_keys=True))
    except ClientError as exc:
        if exc.response["Error"]["Code"] != "ExecutionAlreadyExists":
            raise TransientError("Step Functions: start") from exc
    except BotoCoreError as exc:
        raise TransientError("Step Functions: start") from exc
