"""Deploy a build through CloudFormation, in place, and only when something changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.machine.settings import STACK_NAME, Settings
from local.machine.state_files import refusing, write_whole
from local.stack.build import ARTIFACTS_BUCKET, Build
from local.stack.cloud import Cloud

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

DEPLOY_SECONDS = 120
TEMPLATE_KEY = "template.json"
RESTART_ERROR = "States.ServiceRestart"


class DeployFailed(Exception):
    """CloudFormation refused the template; the message names the resources and reasons."""


def deploy(cloud: Cloud, build: Build, settings: Settings) -> dict[str, str]:
    """Bring the stack to this build and these parameters; its outputs. Raises `DeployFailed`."""
    cloudformation = cloud.cloudformation
    parameters = _known_parameters(build.template_body, settings.parameters())
    wanted = hashlib.sha256((build.template_body + json.dumps(parameters)).encode()).hexdigest()
    marker = settings.state_dir / "deployed"
    stack = _find_stack(cloudformation)
    if not (stack and marker.exists() and marker.read_text() == _mark(wanted, stack)):
        marker.unlink(missing_ok=True)
        _upload(cloud, build)
        # By its address, as `sam deploy` does: a template in the call itself may have 51,200 bytes only.
        template_url = f"{settings.aws_endpoint}/{ARTIFACTS_BUCKET}/{TEMPLATE_KEY}"
        stack = _create_or_update(cloudformation, stack, template_url, parameters)
        write_whole(marker, _mark(wanted, stack).encode())
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _mark(wanted: str, stack: StackTypeDef) -> str:
    """Also tells when: after a kill the cloud may be one before the deployment that the marker is of."""
    return f"{wanted} {stack['StackStatus']} {stack.get('LastUpdatedTime', stack['CreationTime'])}"


def _known_parameters(template_body: str, parameters: Mapping[str, str]) -> dict[str, str]:
    known = json.loads(template_body).get("Parameters", {})
    return {name: value for name, value in parameters.items() if name in known}


def _find_stack(cloudformation: CloudFormationClient) -> StackTypeDef | None:
    try:
        stacks = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    except ClientError:
        return None
    return stacks[0] if stacks and stacks[0]["StackStatus"] != "DELETE_COMPLETE" else None


def _upload(cloud: Cloud, build: Build) -> None:
    s3 = cloud.s3
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=ARTIFACTS_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    for archive in build.archives:
        s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=archive.name, Body=archive.read_bytes())
    s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=TEMPLATE_KEY, Body=build.template_body.encode())


def _create_or_update(
    cloudformation: CloudFormationClient,
    stack: StackTypeDef | None,
    template_url: str,
    parameters: Mapping[str, str],
) -> StackTypeDef:
    if stack and stack["StackStatus"] in ("ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"):
        cloudformation.delete_stack(StackName=STACK_NAME)  # never came up, so it holds nothing
        _await_settled(cloudformation)
        stack = None
    change = cloudformation.update_stack if stack else cloudformation.create_stack
    try:
        change(
            StackName=STACK_NAME,
            TemplateURL=template_url,
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except ClientError as error:
        if stack and "No updates are to be performed" in str(error):
            return stack
        raise DeployFailed(f"the template was refused: {error}") from error
    settled = _await_settled(cloudformation)
    if settled is None or settled["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise DeployFailed("the deployment failed:\n" + _reasons(cloudformation))
    return settled


def _await_settled(cloudformation: CloudFormationClient) -> StackTypeDef | None:
    deadline = time.monotonic() + DEPLOY_SECONDS
    while time.monotonic() < deadline:
        stack = _find_stack(cloudformation)
        if stack is None or not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        time.sleep(0.1)
    raise DeployFailed(f"the deployment did not settle within {DEPLOY_SECONDS} s")


def _reasons(cloudformation: CloudFormationClient) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
    failed = [event for event in reversed(events) if event.get("ResourceStatus", "").endswith("_FAILED")]
    return "\n".join(
        f"  {event.get('LogicalResourceId')}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in failed[-10:]
    )


def provider_credentials(cloud: Cloud, secret_arn: str, state_dir: Path) -> dict[str, str]:
    """The simulated OVHcloud account: made once, kept under `STATE_DIR`, put where functions read it."""
    kept = state_dir / "providers.json"
    if not kept.exists():
        names = ("application_key", "application_secret", "consumer_key", "receipt_secret")
        made = {"ovh": {name: secrets.token_hex(16) for name in names}}
        write_whole(kept, json.dumps(made).encode(), mode=0o600)
    with refusing(kept, "remove it to have new keys made"):
        wanted = json.loads(kept.read_bytes())
        ovh: dict[str, str] = wanted["ovh"]
    client = cloud.secrets
    if json.loads(client.get_secret_value(SecretId=secret_arn)["SecretString"]) != wanted:
        client.put_secret_value(SecretId=secret_arn, SecretString=json.dumps(wanted))
    return ovh


def verify_sender(cloud: Cloud, domain: str) -> None:
    """Have SES trust the sending domain, as its owner does once through DNS."""
    ses = cloud.ses
    with contextlib.suppress(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=domain)


def resume_executions(cloud: Cloud) -> int:
    """Start again, with the same input, the executions that MiniStack's stop cut short; how many.

    The new name follows from the old one, so an execution is resumed once, however often the stack restarts.
    """
    client = cloud.step_functions
    resumed = 0
    for machine in client.list_state_machines()["stateMachines"]:
        arn = machine["stateMachineArn"]
        pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn, statusFilter="FAILED")
        for execution in (found for page in pages for found in page["executions"]):
            failed = client.describe_execution(executionArn=execution["executionArn"])
            if failed.get("error") != RESTART_ERROR:
                continue
            name, _, count = execution["name"].partition("..")
            try:
                client.start_execution(
                    stateMachineArn=arn, name=f"{name[:70]}..{int(count or 0) + 1}", input=failed["input"]
                )
                resumed += 1
            except client.exceptions.ExecutionAlreadyExists:
                continue
    return resumed
