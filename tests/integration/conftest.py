"""AWS as moto plays it, in one thread: never proof of anything about concurrency."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from moto import mock_aws
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoNotices, DynamoOrders
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.raw_json import bypass_serializer
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.adapters.order_forms import order_forms
from tests.fakes.core import ManualClock
from tests.support import quick_moto
from tests.support.builders import NOW
from tests.support.clock import ServicesClock
from tests.support.cloud_copies import made_once
from tests.support.papers.form_reading import ChildInThisProcess
from tests.support.template import table_arguments

quick_moto.install()

ACCOUNTS, HISTORY = "AccountsTable", "HistoryTable"


@pytest.fixture(autouse=True)
def forms_read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This has order forms read without a process of their own, but in tests that are marked `sandboxed`.

    Starting one takes a second each.
    """
    if not request.node.get_closest_marker("sandboxed"):
        monkeypatch.setattr(order_forms, "Child", ChildInThisProcess)


@cache
def dynamodb_client() -> DynamoDBClient:
    """Made once, for it takes longer than most tests; moto answers it in each test anew."""
    return boto3.client(
        "dynamodb", region_name="eu-west-3", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def plain_client(attempts: int = 1, **more: Any) -> DynamoDBClient:
    """A client as the functions have it, which sends and receives items as they are."""
    config = Config(parameter_validation=False, retries={"mode": "standard", "total_max_attempts": attempts})
    client: DynamoDBClient = boto3.client("dynamodb", config=config, **more)
    bypass_serializer(client)
    return client


def phones_key() -> str:
    """The secret of the hashes of numbers."""
    return "key-of-the-phones"


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    """The clock of the functions and of every simulated service: what S3, SQS or SES stamps agrees with it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield ServicesClock(NOW, traveller)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> Iterator[None]:
    """An empty account in eu-west-3, and no way to a real one."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


@pytest.fixture
def dynamodb(aws: None) -> DynamoDBClient:
    """A client, both tables being made as the template says."""
    made_once("both tables", _make_tables)
    return dynamodb_client()


def _make_tables() -> None:
    for table in (ACCOUNTS, HISTORY):
        dynamodb_client().create_table(**table_arguments(table))


@pytest.fixture
def ledger(dynamodb: DynamoDBClient) -> DynamoLedger:
    return DynamoLedger(Table(dynamodb, ACCOUNTS))


@pytest.fixture
def orders(dynamodb: DynamoDBClient) -> DynamoOrders:
    return DynamoOrders(Table(dynamodb, ACCOUNTS))


@pytest.fixture
def notices(dynamodb: DynamoDBClient) -> DynamoNotices:
    return DynamoNotices(Table(dynamodb, ACCOUNTS))


@pytest.fixture
def schools(dynamodb: DynamoDBClient) -> DynamoSchools:
    return DynamoSchools(Table(dynamodb, ACCOUNTS))


@pytest.fixture
def requests(dynamodb: DynamoDBClient, ledger: DynamoLedger) -> DynamoSendRequests:
    return DynamoSendRequests(Table(dynamodb, HISTORY), ledger, phones_key)


@pytest.fixture
def messages(dynamodb: DynamoDBClient, ledger: DynamoLedger) -> DynamoMessages:
    return DynamoMessages(Table(dynamodb, HISTORY), ledger)
