"""A client of DynamoDB that hears of no write at first."""

from typing import Any

from mypy_boto3_dynamodb import DynamoDBClient


class AnswersLost:
    """A client whose writes are made, their answers lost, and made again, as its retries do."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def update_item(self, **arguments: Any) -> Any:
        self._client.update_item(**arguments)
        return self._client.update_item(**arguments)
