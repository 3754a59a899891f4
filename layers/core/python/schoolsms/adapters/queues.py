"""What crosses the queues: ids and codes, never a number, a name or a text (R38, R46)."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.handoffs import Receipt

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10
"""Messages in one SendMessageBatch, SQS's limit."""


class SqsQueue:
    """One queue. Implements the port of whatever it carries: orders, notices, pages of messages, receipts, replies."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def order_accepted(self, order_id: str) -> None:
        self._send({"order_id": order_id})

    def order_credited(self, order_id: str) -> None:
        self._send({"order_id": order_id})

    def notice_due(self, kind: str, **ids: str) -> None:
        self._send({"kind": kind, "ids": ids})

    def pages_due(self, request_id: str, school: str, pages: Iterable[int]) -> None:
        # By group SQS serves schools fairly: one with a backlog waits for one without, however long its request is.
        numbers = list(pages)
        for start in range(0, len(numbers), BATCH):
            self._send_batch(
                [
                    {
                        "Id": str(number),
                        "MessageBody": json.dumps({"request_id": request_id, "page": number, "attempt": 0}),
                        "MessageGroupId": school,
                    }
                    for number in numbers[start : start + BATCH]
                ]
            )

    def page_due_again(self, request_id: str, school: str, page: int, attempt: int, delay_seconds: int) -> None:
        self._send(
            {"request_id": request_id, "page": page, "attempt": attempt},
            DelaySeconds=delay_seconds,
            MessageGroupId=school,
        )

    def export_due(self, school: str, export_id: str) -> None:
        self._send({"school": school, "export_id": export_id})

    def receipt_due(self, receipt: Receipt) -> None:
        self._send(
            {
                "provider": receipt.provider,
                "provider_message_id": receipt.provider_message_id,
                "status": receipt.status,
                "code": receipt.code,
                "message_id": receipt.message_id,
            }
        )

    def reply_due(self, reply_id: str) -> None:
        self._send({"reply_id": reply_id})

    def _send(self, body: dict[str, Any], **options: Any) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(body), **options)
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("SQS: send") from exc

    def _send_batch(self, entries: list[Any]) -> None:
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("SQS: send batch") from exc
        if answer.get("Failed"):
            raise TransientError("SQS: some of a batch")
