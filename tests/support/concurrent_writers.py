"""Somebody else's turn, just before ours is written."""

from collections.abc import Callable
from typing import Any, cast

from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
from tests.integration.conftest import ACCOUNTS, HISTORY, phones_key


class _Beaten:
    """A client before whose first transaction a rival's comes."""

    def __init__(self, client: DynamoDBClient, rival: Callable[[], object]) -> None:
        self._client = client
        self._rivals = [rival]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **arguments: Any) -> Any:
        if self._rivals:
            self._rivals.pop()()
        return self._client.transact_write_items(**arguments)


def beaten(client: DynamoDBClient, rival: Callable[[], object]) -> DynamoSendRequests:
    """Send requests whose first transaction comes after `rival`."""
    slow = cast(DynamoDBClient, _Beaten(client, rival))
    return DynamoSendRequests(Table(slow, HISTORY), DynamoLedger(Table(slow, ACCOUNTS)), phones_key)
