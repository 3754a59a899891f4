"""Data that several tests of the history table begin with."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, a_line, a_request


@pytest.fixture
def funded(ledger: DynamoLedger) -> DynamoLedger:
    """The school has 1,000 SMS."""
    ledger.post(UAI, credit("BC1", 1_000, NOW))
    return ledger


@pytest.fixture
def accepted(requests: DynamoSendRequests, ledger: DynamoLedger) -> DynamoLedger:
    """One message waits, for which one SMS of ten was debited."""
    ledger.post(UAI, credit("BC1", 10, NOW))
    requests.store_and_debit(a_request(), [a_line()], [], debit(REQUEST_ID, 1, NOW))
    return ledger


@pytest.fixture
def purges(dynamodb: DynamoDBClient) -> DynamoPurges:
    return DynamoPurges(Table(dynamodb, ACCOUNTS))
