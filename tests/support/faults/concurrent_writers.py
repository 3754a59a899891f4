"""Stores whose transactions are interrupted: by somebody else's turn, a conflict, a throttling."""

from collections.abc import Callable

from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from tests.integration.conftest import ACCOUNTS, HISTORY, phones_key
from tests.support.faults.interrupted_transactions import before_transactions


def beaten(client: DynamoDBClient, rival: Callable[[], object]) -> DynamoSendRequests:
    """Send requests whose first transaction comes after `rival`."""
    slow = before_transactions(client, rival)
    return DynamoSendRequests(Table(slow, HISTORY), DynamoLedger(Table(slow, ACCOUNTS)), phones_key)


def interrupted_ledger(client: DynamoDBClient, *happenings: Callable[[], object]) -> DynamoLedger:
    """A ledger before each of whose first transactions one of `happenings` is called, in order."""
    return DynamoLedger(Table(before_transactions(client, *happenings), ACCOUNTS))
