"""All that moto's account holds, to look for what must not be there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from tests.support.functions.cloud import client


def queues() -> Mapping[str, Any]:
    """Those of moto, by name."""
    found: Mapping[str, Any] = sqs_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].queues
    return found


def everything_kept(*, but: Sequence[str] = ()) -> Iterator[str]:
    """Every item, object, queued message and execution there is, as text; not of the tables named."""
    dynamodb, s3, states = client("dynamodb"), client("s3"), client("stepfunctions")
    for table in dynamodb.list_tables()["TableNames"]:
        if table not in but:
            for page in dynamodb.get_paginator("scan").paginate(TableName=table):
                yield from (json.dumps(item, ensure_ascii=False, default=str) for item in page["Items"])
    for bucket in s3.list_buckets()["Buckets"]:
        for found in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            body = s3.get_object(Bucket=bucket["Name"], Key=found["Key"])["Body"].read()
            yield f"{found['Key']} {body.decode(errors='replace')}"
    for queue in queues().values():
        yield from (str(message.body) for message in queue._messages)
    for machine in states.list_state_machines()["stateMachines"]:
        for execution in states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
            yield json.dumps(states.describe_execution(executionArn=execution["executionArn"]), default=str)
