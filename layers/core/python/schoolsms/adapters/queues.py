"""The SQS queues, one class each: what it carries is one message of `queue_messages.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.queue_messages import (
    ExportDue,
    InvoiceCancelled,
    NoticeDue,
    OrderAccepted,
    OrderCredited,
    PageDue,
    QueueMessage,
    ReceiptDue,
    ReplyDue,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_WAITING: Sequence[QueueAttributeNameType] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)

BATCH = 10
"""Messages in one SendMessageBatch, SQS's limit."""


class SqsMessageBacklog:
    """Implements the port `MessageBacklog`."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def pages_waiting(self) -> int:
        try:
            found = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=list(_WAITING))
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("SQS: attributes") from exc
        return sum(int(found.get("Attributes", {}).get(name, 0)) for name in _WAITING)


class SqsDeadLetters:
    """Implements the port `DeadLetters`; `urls` are the dead-letter queues by the name of their queue."""

    def __init__(self, client: SQSClient, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = urls

    def waiting(self) -> Mapping[str, int]:
        counts = {name: SqsMessageBacklog(self._client, url).pages_waiting() for name, url in self._urls.items()}
        return {name: count for name, count in counts.items() if count}


class SqsQueue:
    """One queue of SQS."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def _send(self, message: QueueMessage, **options: Any) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=message.to_json(), **options)
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("SQS: send") from exc

    def _send_batch(self, entries: list[Any]) -> None:
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("SQS: send batch") from exc
        if answer.get("Failed"):
            raise TransientError("SQS: some of a batch")


class SqsOrderQueue(SqsQueue):
    """Implements the port `OrderQueue`."""

    def order_accepted(self, order_id: str) -> None:
        self._send(OrderAccepted(order_id))


class SqsCreditedOrderQueue(SqsQueue):
    """Implements the port `CreditedOrderQueue`."""

    def order_credited(self, order_id: str) -> None:
        self._send(OrderCredited(order_id))


class SqsCancelledInvoiceQueue(SqsQueue):
    """Implements the port `CancelledInvoiceQueue`."""

    def invoice_cancelled(self, invoice_number: str) -> None:
        self._send(InvoiceCancelled(invoice_number))


class SqsNoticeQueue(SqsQueue):
    """Implements the port `NoticeQueue`."""

    def notice_due(self, kind: str, **ids: str) -> None:
        self._send(NoticeDue(kind, ids))


class SqsMessageQueue(SqsQueue):
    """Implements the port `MessageQueue`.

    The group of a page is its school, because SQS serves groups fairly: a school with a backlog waits for one without,
    however long its request is.
    """

    def pages_due(self, request_id: str, school: str, pages: Iterable[int]) -> None:
        entries = [
            {"Id": str(page), "MessageBody": PageDue(request_id, page, 0).to_json(), "MessageGroupId": school}
            for page in pages
        ]
        for start in range(0, len(entries), BATCH):
            self._send_batch(entries[start : start + BATCH])

    def page_due_again(self, request_id: str, school: str, page: int, attempt: int, delay_seconds: int) -> None:
        self._send(PageDue(request_id, page, attempt), DelaySeconds=delay_seconds, MessageGroupId=school)


class SqsExportQueue(SqsQueue):
    """Implements the port `ExportQueue`."""

    def export_due(self, school: str, export_id: str) -> None:
        self._send(ExportDue(school, export_id))


class SqsReceiptQueue(SqsQueue):
    """Implements the port `ReceiptQueue`."""

    def receipt_due(self, receipt: Receipt) -> None:
        self._send(ReceiptDue.of(receipt))


class SqsReplyQueue(SqsQueue):
    """Implements the port `ReplyQueue`."""

    def reply_due(self, reply_id: str) -> None:
        self._send(ReplyDue(reply_id))
