"""Messages cross the queues unchanged, and faults of SQS become our errors."""

import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from mypy_boto3_sqs import SQSClient

from schoolsms.adapters.queues import (
    SqsCreditedOrderQueue,
    SqsExportQueue,
    SqsMessageQueue,
    SqsNoticeQueue,
    SqsOrderQueue,
    SqsQueue,
    SqsReceiptQueue,
    SqsReplyQueue,
)
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.queue_messages import ExportDue, NoticeDue, OrderAccepted, OrderCredited, PageDue, ReceiptDue, ReplyDue
from tests.support.builders import UAI

Q = TypeVar("Q", bound=SqsQueue)

RECEIPT = Receipt("ovh", "26929925", "delivered", "1/4")


class Queue:
    """A queue of moto and the bodies in it."""

    def __init__(self) -> None:
        self.client = boto3.client("sqs")
        self.url = self.client.create_queue(QueueName="queue", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]

    def as_one(self, kind: Callable[[SQSClient, str], Q]) -> Q:
        return kind(self.client, self.url)

    def bodies(self) -> list[str]:
        taken: list[str] = []
        while messages := self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                taken.append(message["Body"])
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return taken


class Recording:
    """A client that remembers what it was asked, and answers or raises."""

    def __init__(self, answer: dict[str, Any] | Exception | None = None) -> None:
        self._answer = answer
        self.asked: list[dict[str, Any]] = []

    def _call(self, **arguments: Any) -> Any:
        self.asked.append(arguments)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer or {}

    send_message = send_message_batch = _call


def on(client: Recording, kind: Callable[[SQSClient, str], Q]) -> Q:
    """The queue of that kind, at `client`."""
    return kind(cast(SQSClient, client), "https://sqs.test/queue")


@pytest.fixture
def queue(aws: None) -> Queue:
    return Queue()


def test_an_accepted_order_crosses_as_its_id(queue: Queue) -> None:
    queue.as_one(SqsOrderQueue).order_accepted("BC26-ABCDEFGHIJ")

    (body,) = queue.bodies()
    assert body == '{"order_id": "BC26-ABCDEFGHIJ"}'
    assert OrderAccepted.from_json(body).order_id == "BC26-ABCDEFGHIJ"


def test_a_credited_order_crosses_as_its_id(queue: Queue) -> None:
    queue.as_one(SqsCreditedOrderQueue).order_credited("BC26-ABCDEFGHIJ")

    (body,) = queue.bodies()
    assert OrderCredited.from_json(body) == OrderCredited("BC26-ABCDEFGHIJ")


def test_a_notice_crosses_as_its_kind_and_ids(queue: Queue) -> None:
    queue.as_one(SqsNoticeQueue).notice_due("order_incomplete", mail_id="MAIL1")

    (body,) = queue.bodies()
    assert body == '{"kind": "order_incomplete", "ids": {"mail_id": "MAIL1"}}'
    assert NoticeDue.from_json(body) == NoticeDue("order_incomplete", {"mail_id": "MAIL1"})


def test_an_export_crosses_as_school_and_id(queue: Queue) -> None:
    queue.as_one(SqsExportQueue).export_due(UAI, "EXPORT1")

    (body,) = queue.bodies()
    assert ExportDue.from_json(body) == ExportDue(UAI, "EXPORT1")


def test_an_answer_of_a_recipient_crosses_as_its_id(queue: Queue) -> None:
    queue.as_one(SqsReplyQueue).reply_due("REPLY1")

    (body,) = queue.bodies()
    assert ReplyDue.from_json(body) == ReplyDue("REPLY1")


@pytest.mark.parametrize("pages", [1, 10, 11, 200])
def test_every_page_of_a_request_is_queued(queue: Queue, pages: int) -> None:
    queue.as_one(SqsMessageQueue).pages_due("REQUESTAAAAAAA", UAI, range(pages))

    queued = [PageDue.from_json(body) for body in queue.bodies()]
    assert sorted(due.page for due in queued) == list(range(pages))
    assert {(due.request_id, due.attempt) for due in queued} == {("REQUESTAAAAAAA", 0)}


def test_pages_go_in_the_group_of_their_school() -> None:
    """Fair queues: a school that sends much does not hold up the others."""
    client = Recording()
    on(client, SqsMessageQueue).pages_due("REQUESTAAAAAAA", UAI, range(2))

    assert [entry["MessageGroupId"] for asked in client.asked for entry in asked["Entries"]] == [UAI, UAI]


def test_a_page_comes_again_after_its_delay() -> None:
    client = Recording()
    on(client, SqsMessageQueue).page_due_again("REQUESTAAAAAAA", UAI, 3, 2, 4)

    (asked,) = client.asked
    assert (asked["DelaySeconds"], asked["MessageGroupId"]) == (4, UAI)
    assert json.loads(asked["MessageBody"]) == {"request_id": "REQUESTAAAAAAA", "page": 3, "attempt": 2}


@pytest.mark.parametrize(
    "receipt",
    [
        RECEIPT,
        Receipt("simulated", "1", None, "0/3", "REQUESTAAAAAAA-0"),
        Receipt("ovh", "1", "undeliverable", "2/24", None, "phone-off"),
    ],
)
def test_a_receipt_crosses_as_it_is(queue: Queue, receipt: Receipt) -> None:
    queue.as_one(SqsReceiptQueue).receipt_due(receipt)

    (body,) = queue.bodies()
    assert ReceiptDue.from_json(body).receipt() == receipt


SENDINGS: list[Callable[[Recording], None]] = [
    lambda client: on(client, SqsOrderQueue).order_accepted("BC26-ABCDEFGHIJ"),
    lambda client: on(client, SqsNoticeQueue).notice_due("order_incomplete", mail_id="MAIL1"),
    lambda client: on(client, SqsMessageQueue).pages_due("REQUESTAAAAAAA", UAI, [0]),
    lambda client: on(client, SqsMessageQueue).page_due_again("REQUESTAAAAAAA", UAI, 0, 1, 2),
    lambda client: on(client, SqsReceiptQueue).receipt_due(RECEIPT),
]


@pytest.mark.parametrize("send", SENDINGS, ids=["order", "notice", "pages", "page-again", "receipt"])
@pytest.mark.parametrize(
    "fault",
    [
        ClientError({"Error": {"Code": "ServiceUnavailable"}}, "SendMessage"),
        EndpointConnectionError(endpoint_url="https://sqs.test"),
    ],
    ids=["service", "connection"],
)
def test_what_sqs_did_not_take_is_a_transient_fault(send: Callable[[Recording], None], fault: Exception) -> None:
    with pytest.raises(TransientError):
        send(Recording(fault))


def test_a_batch_taken_in_part_is_a_transient_fault() -> None:
    """Queued again as a whole: pages twice in the queue are harmless, pages lost are not."""
    with pytest.raises(TransientError):
        on(Recording({"Failed": [{"Id": "1"}]}), SqsMessageQueue).pages_due("REQUESTAAAAAAA", UAI, range(2))
