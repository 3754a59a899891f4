"""The resources of the template as moto has them, and each function with the environment the template gives it."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from local.machine.settings import ROLES
from schoolsms.adapters.clock import SystemClock
from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.orders.issued_forms import DynamoIssuedForms
from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoOrders
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.consents import DynamoConsents
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.adapters.s3.documents import DocumentStore
from schoolsms.bootstrap.shared import clients
from schoolsms.domain.schools.schools import School
from tests.fakes.core import ManualClock
from tests.integration.conftest import ACCOUNTS, HISTORY, dynamodb_client, phones_key
from tests.support.cloud_copies import made_once
from tests.support.functions.permissions import watch
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET
from tests.support.template import ROOT, environment, function_of, parameter, resources, table_arguments, variables

RESOURCES = "every resource of the template"
"""Name of the copy that a new account starts from."""

ORDER_FORM_SECRET = "key-of-the-order-forms"
_GRANTED = DynamoConsents.granted
PARAMETERS = {"JwtIssuer": "https://ent.test", "AwsSmsEndpoint": "http://127.0.0.1:9", **ROLES}


@cache
def client(service: str) -> Any:
    """A client, made once for all tests."""
    return boto3.client(  # type: ignore[call-overload]
        service, region_name="eu-west-3", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


@cache
def load(folder: str) -> ModuleType:
    """`functions/<folder>/app.py`, as Lambda loads it: by its path, with nothing of the other functions."""
    path = ROOT / "functions" / folder / "app.py"
    spec = importlib.util.spec_from_file_location(f"function_{folder}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def function_folders() -> list[str]:
    """The names of all functions."""
    return sorted(path.parent.name for path in Path(ROOT / "functions").glob("*/app.py"))


class Cloud:
    """One account. `parameters` may be changed by a test before it first invokes a function."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> None:
        self._monkeypatch = monkeypatch
        self.clock = clock
        self.parameters = dict(PARAMETERS)
        self._references = made_once(RESOURCES, _make_all)
        _forget_use_cases()
        monkeypatch.setattr(SystemClock, "now", lambda _: clock.now())
        self.everybody_consents(True)
        monkeypatch.setattr(clients, "HANDOFFS_AT_ONCE", 1)  # moto is for one thread
        dynamodb = dynamodb_client()
        self.ledger = DynamoLedger(Table(dynamodb, ACCOUNTS))
        self.orders = DynamoOrders(Table(dynamodb, ACCOUNTS))
        self.schools = DynamoSchools(Table(dynamodb, ACCOUNTS))
        self.requests = DynamoSendRequests(Table(dynamodb, HISTORY), self.ledger, phones_key)
        self.messages = DynamoMessages(Table(dynamodb, HISTORY), self.ledger)
        self.documents = DocumentStore(client("s3"), self.reference("DocumentsBucket"))
        self.mails = DocumentStore(client("s3"), self.reference("MailBucket"))
        self.forms = DynamoIssuedForms(Table(dynamodb, ACCOUNTS), self.documents)

    def everybody_consents(self, do: bool) -> None:
        """Whether whom tests write to has consented without more ado, as is at first; else what is recorded counts."""
        granted = (lambda _, __, phones: frozenset(phones)) if do else _GRANTED
        self._monkeypatch.setattr(DynamoConsents, "granted", granted)

    def reference(self, logical_id: str) -> str:
        """Resolve `Ref` for a resource or a parameter of the template."""
        known = {**self._references, **self.parameters}
        if logical_id in known:
            return known[logical_id]
        default = parameter(logical_id)
        assert default is not None, f"the template has no {logical_id}, or no default for it"
        return default

    def _logical_id(self, name: str) -> str:
        """The other way round: whose name, address or ARN it is; "" of what is none of ours."""
        return next((logical_id for logical_id, known in self._references.items() if known == name), "")

    def invoke(self, folder: str, event: Any) -> Any:
        """Invoke the function with only the template's environment; event and answer pass through JSON as in Lambda."""
        with self._monkeypatch.context() as patch:
            for name in variables():
                patch.delenv(name, raising=False)
            for name, value in environment(folder, self.reference).items():
                patch.setenv(name, value)
            with watch().of(function_of(folder), self._logical_id):
                answer = load(folder).handler(json.loads(json.dumps(event)), object())
        return json.loads(json.dumps(answer))

    def call(self, folder: str, event: Any) -> tuple[int, Any]:
        """Status and JSON body of an HTTP function's answer."""
        answer = self.invoke(folder, event)
        assert answer["headers"]["content-type"].startswith(("application/json", "application/problem+json"))
        return answer["statusCode"], json.loads(answer["body"])

    def queued(self, logical_id: str) -> list[Any]:
        """The bodies that lie in a queue, each once, taken out."""
        sqs, url, bodies = client("sqs"), self.reference(logical_id), []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def delayed(self, logical_id: str) -> int:
        """How many messages of a queue wait for their time."""
        names = ["ApproximateNumberOfMessagesDelayed"]
        found = client("sqs").get_queue_attributes(QueueUrl=self.reference(logical_id), AttributeNames=names)
        return int(found["Attributes"][names[0]])

    def mails_sent(self) -> list[Any]:
        """Mails that SES took, oldest first, with `destinations` and `raw_data`."""
        return list(ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages)

    def executions(self) -> dict[str, Any]:
        """The executions of the state machine: their inputs by name."""
        states, machine = client("stepfunctions"), self.reference("Delivery")
        listed = states.list_executions(stateMachineArn=machine)["executions"]
        described = [states.describe_execution(executionArn=each["executionArn"]) for each in listed]
        return {each["name"]: json.loads(each["input"]) for each in described}

    @contextmanager
    def outage(self, service: str) -> Iterator[None]:
        """While it lasts, the functions do not reach `service`."""

        def fail(**_: object) -> None:
            raise EndpointConnectionError(endpoint_url=f"https://{service}.test")

        events = clients.client(service).meta.events
        events.register_first("before-call", fail)
        try:
            yield
        finally:
            events.unregister("before-call", fail)

    def replace_school(self, school: School) -> None:
        """Make it what it is, its state too, which no registration changes."""
        key = to_wire({"pk": f"SCHOOL#{school.uai}", "sk": "PROFILE"})
        dynamodb_client().delete_item(TableName=ACCOUNTS, Key=key)
        self.schools.put(school)

    def put_secret(self, logical_id: str, value: str) -> None:
        client("secretsmanager").put_secret_value(SecretId=self.reference(logical_id), SecretString=value)


def _make_all() -> dict[str, str]:
    """Every resource of the template that moto has; how `Ref` names each."""
    references = {}
    providers = json.dumps({"ovh": {**KEYS, "receipt_secret": RECEIPT_SECRET}})
    secrets = {"OrderFormSecret": ORDER_FORM_SECRET, "ProvidersSecret": providers, "PhonesSecret": phones_key()}
    definition = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
    makers: dict[str, Callable[[str], str]] = {
        "AWS::DynamoDB::Table": _make_table,
        "AWS::S3::Bucket": _make_bucket,
        "AWS::SQS::Queue": lambda name: str(client("sqs").create_queue(QueueName=name)["QueueUrl"]),
        "AWS::SecretsManager::Secret": lambda name: str(
            client("secretsmanager").create_secret(Name=name, SecretString=secrets[name])["ARN"]
        ),
        "AWS::Serverless::StateMachine": lambda name: str(
            client("stepfunctions").create_state_machine(
                name=name, definition=definition, roleArn="arn:aws:iam::123456789012:role/states"
            )["stateMachineArn"]
        ),
    }
    for kind, make in makers.items():
        for logical_id in resources(kind):
            references[logical_id] = make(logical_id)
    client("sesv2").create_email_identity(EmailIdentity=str(parameter("MailDomain")))
    return references


def _make_table(logical_id: str) -> str:
    dynamodb_client().create_table(**table_arguments(logical_id))
    return logical_id


def _make_bucket(logical_id: str) -> str:
    name = logical_id.lower()
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return name


def _forget_use_cases() -> None:
    """As in a new process; only the clients stay, for they take long to make."""
    wiring = [module for name, module in list(sys.modules.items()) if name.split(".")[:2] == ["schoolsms", "bootstrap"]]
    for module in wiring:
        for each in vars(module).values():
            if each is not clients.client and each is not clients.session and hasattr(each, "cache_clear"):
                each.cache_clear()
