"""A DynamoDB client before whose transactions something happens: another write, a conflict, a throttling."""

from collections.abc import Callable
from typing import Any, cast

from botocore.exceptions import ClientError
from mypy_boto3_dynamodb import DynamoDBClient


class _Interrupted:
    def __init__(self, client: DynamoDBClient, *happenings: Callable[[], object]) -> None:
        self._client = client
        self._happenings = list(happenings)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **arguments: Any) -> Any:
        if self._happenings:
            self._happenings.pop(0)()
        return self._client.transact_write_items(**arguments)


def before_transactions(client: DynamoDBClient, *happenings: Callable[[], object]) -> DynamoDBClient:
    """Return a client that calls one of `happenings`, in order, before each of its first transactions."""
    return cast(DynamoDBClient, _Interrupted(client, *happenings))


def a_throttling() -> None:
    """Fail as DynamoDB does when it is asked too often."""
    raise ClientError({"Error": {"Code": "ThrottlingException"}}, "TransactWriteItems")


def a_conflict() -> None:
    """Fail as DynamoDB does when another transaction writes the same item at once."""
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    raise ClientError(
        cast(Any, {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}),
        "TransactWriteItems",
    )
