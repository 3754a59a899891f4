"""The layer's botocore knows every operation that functions call, and knows it as botocore does."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.loaders import Loader

from layers.dependencies.trim_botocore import OPERATIONS
from local.machine.settings import ROOT
from tests.support.starts.trimmed_botocore import INSTALLED, trimmed_botocore

CALLED_BY_BOTOCORE = {("s3", "CreateBucket"), ("s3", "HeadBucket")}
PLACES = (
    ("eu-west-3", Config()),
    ("us-east-1", Config()),
    ("us-gov-west-1", Config(use_fips_endpoint=True, use_dualstack_endpoint=True)),
)
"""Regions, and what the environment may ask of their endpoints."""
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "dynamodb": ("put_item", {"TableName": "t", "Item": {"pk": {"S": "é"}, "n": {"L": [{"B": b"1"}]}}}),
    "pinpoint-sms-voice-v2": ("send_text_message", {"DestinationPhoneNumber": "+33600000000", "Context": {"id": "1"}}),
    "s3": ("put_object", {"Bucket": "b", "Key": "k é", "Body": b"x", "ContentType": "text/csv"}),
    "secretsmanager": ("get_secret_value", {"SecretId": "s"}),
    "sesv2": ("send_email", {"Content": {"Raw": {"Data": b"x"}}, "EmailTags": [{"Name": "n", "Value": "v"}]}),
    "sqs": ("send_message_batch", {"QueueUrl": "https://q.test/1/q", "Entries": [{"Id": "1", "MessageBody": "b"}]}),
    "stepfunctions": ("start_execution", {"stateMachineArn": "arn:aws:states:eu-west-3:1:stateMachine:m"}),
}


def named_in(file: Path) -> Iterator[str]:
    """Attributes, and the texts that name operations to paginators and signers."""
    yield from (node.attr for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute))
    yield from texts_in(file)


def texts_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def full() -> botocore.session.Session:
    return session(INSTALLED / "data")


@cache
def trimmed() -> botocore.session.Session:
    return session(trimmed_botocore() / "botocore" / "data")


def session(data: Path) -> botocore.session.Session:
    made = botocore.session.Session()
    loader = Loader([str(data)], include_default_search_paths=False)
    loader.BUILTIN_DATA_PATH = str(data)  # as in the layer; endpoints of another folder would override the rules
    made.register_component("data_loader", loader)
    made.set_credentials("testing", "testing")
    return made


def test_the_layer_has_the_operations_that_functions_call_and_no_others() -> None:
    files = [*(ROOT / "layers" / "core").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    names = {name for file in files for name in named_in(file)}
    called = {
        (service, operation)
        for service in OPERATIONS
        for operation in full().get_service_model(service).operation_names
        if xform_name(operation) in names
    }
    listed = {(service, operation) for service, operations in OPERATIONS.items() for operation in operations}
    assert listed == called | CALLED_BY_BOTOCORE


def test_every_service_that_functions_make_a_client_of_is_in_the_layer() -> None:
    services = set(full().get_available_services())
    wiring = [*(ROOT / "layers/core/python/schoolsms/bootstrap").rglob("*.py")]
    wiring.append(ROOT / "layers/core/python/schoolsms/adapters/providers/aws.py")
    named = {name for file in wiring for name in texts_in(file)} & services
    assert named == set(OPERATIONS)
    assert set(OPERATIONS) == set(CALLS)


def test_the_layer_says_what_a_list_of_several_pages_is() -> None:
    client = trimmed().create_client("s3", region_name="eu-west-3")
    assert client.can_paginate("list_objects_v2")
    assert client.can_paginate("list_multipart_uploads")


@pytest.mark.slow
@pytest.mark.parametrize(("region", "endpoints"), PLACES)
@pytest.mark.parametrize("service", OPERATIONS)
def test_a_call_is_written_as_by_botocore_with_all_its_data(service: str, region: str, endpoints: Config) -> None:
    assert sent_by(trimmed(), service, region, endpoints) == sent_by(full(), service, region, endpoints)


def sent_by(of: botocore.session.Session, service: str, region: str, endpoints: Config) -> tuple[Any, ...]:
    """Method, address, body and headers of a call, those aside that change from call to call."""
    requests: list[AWSPreparedRequest] = []

    def keep(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        requests.append(request)
        return AWSResponse(str(request.url), 400, {}, Raw())  # type: ignore[arg-type]

    client: Any = of.create_client(service, region_name=region, config=endpoints)
    client.meta.events.register("before-send", keep)
    name, arguments = CALLS[service]
    with pytest.raises(client.exceptions.ClientError):
        getattr(client, name)(**arguments)
    [request] = requests
    sent: Any = request.body
    body = sent.read() if hasattr(sent, "read") else sent
    random = {"authorization", "x-amz-date", "amz-sdk-invocation-id", "date"}
    headers = {key.lower(): value for key, value in request.headers.items() if key.lower() not in random}
    scope = str(request.headers["Authorization"]).partition("Credential=")[2].partition(",")[0].split("/")[2:]
    return request.method, request.url, body, headers, scope


class Raw:
    """The body of an answer."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield b""
