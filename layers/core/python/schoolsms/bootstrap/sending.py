"""The wiring of send requests, their delivery and receipts."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.clients import HANDOFFS_AT_ONCE, client, ledger, secret
from schoolsms.bootstrap.consents import consents
from schoolsms.bootstrap.providers import providers, receipt_secret

if TYPE_CHECKING:
    from schoolsms.application.history.export_history import ExportHistory
    from schoolsms.application.history.read_send_requests import ReadSendRequests
    from schoolsms.application.schools.warn_low_balance import WarnLowBalance
    from schoolsms.application.sending.accept_receipts import AcceptReceipts
    from schoolsms.application.sending.accept_send_request import AcceptSendRequest
    from schoolsms.application.sending.cancel_send_request import CancelSendRequest
    from schoolsms.application.sending.dispatch_messages import DispatchMessages
    from schoolsms.application.sending.expire_messages import ExpireMessages
    from schoolsms.application.sending.queue_messages import QueueMessages
    from schoolsms.application.sending.recipient_lists import OpenRecipientList
    from schoolsms.application.sending.record_receipts import RecordReceipts, SmsEvents
    from schoolsms.application.sending.start_delivery import StartDelivery

A = TypeVar("A")
B = TypeVar("B")


def map_concurrently(work: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
    with ThreadPoolExecutor(HANDOFFS_AT_ONCE) as pool:
        return list(pool.map(work, items))


@cache
def accept_send_request() -> "AcceptSendRequest":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.accounts.templates import DynamoTemplates
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.adapters.recipient_lists import S3RecipientLists
    from schoolsms.application.sending.accept_send_request import AcceptSendRequest

    told = settings.AcceptSendRequestSettings()
    dynamodb, key = client("dynamodb"), secret(told.phones_secret).text
    return AcceptSendRequest(
        schools=DynamoSchools(dynamodb, told.accounts_table),
        consents=consents(told),
        templates=DynamoTemplates(dynamodb, told.accounts_table),
        lists=S3RecipientLists(lambda: client("s3"), told.recipient_lists_bucket),
        requests=DynamoSendRequests(dynamodb, told.history_table, ledger(told), key),
        clock=SystemClock(),
        window=timedelta(seconds=told.delivery_window_seconds),
        key=key,
    )


@cache
def cancel_send_request() -> "CancelSendRequest":
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.application.sending.cancel_send_request import CancelSendRequest

    told = settings.Tables()
    return CancelSendRequest(
        requests=DynamoSendRequests(client("dynamodb"), told.history_table, ledger(told)), clock=SystemClock()
    )


@cache
def open_recipient_list() -> "OpenRecipientList":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.recipient_lists import S3RecipientLists
    from schoolsms.application.sending.recipient_lists import OpenRecipientList

    told = settings.RecipientListsSettings()
    return OpenRecipientList(
        schools=DynamoSchools(client("dynamodb"), told.accounts_table),
        lists=S3RecipientLists(lambda: client("s3"), told.recipient_lists_bucket),
        clock=SystemClock(),
    )


@cache
def read_send_requests() -> "ReadSendRequests":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.application.history.read_send_requests import ReadSendRequests

    told = settings.ReadSendRequestsSettings()
    dynamodb = client("dynamodb")
    return ReadSendRequests(
        requests=DynamoSendRequests(dynamodb, told.history_table, ledger(told), secret(told.phones_secret).text),
        schools=DynamoSchools(dynamodb, told.accounts_table),
        clock=SystemClock(),
    )


@cache
def export_history() -> "ExportHistory":
    from schoolsms.adapters.exports import S3Exports
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.history.export_history import ExportHistory

    told = settings.ExportHistorySettings()
    return ExportHistory(
        reading=read_send_requests(),
        exports=S3Exports(client("s3"), told.exports_bucket),
        queue=SqsQueue(client("sqs"), told.exports_queue_url),
        clock=SystemClock(),
    )


@cache
def start_delivery() -> "StartDelivery":
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.adapters.step_functions import StepFunctionsDeliveries
    from schoolsms.application.sending.start_delivery import StartDelivery

    told = settings.StartDeliverySettings()
    return StartDelivery(
        requests=DynamoSendRequests(client("dynamodb"), told.history_table, ledger(told)),
        deliveries=StepFunctionsDeliveries(client("stepfunctions"), told.delivery_machine_arn),
    )


@cache
def warn_low_balance() -> "WarnLowBalance":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.schools.warn_low_balance import WarnLowBalance

    told = settings.WarnLowBalanceSettings()
    dynamodb, postings = client("dynamodb"), ledger(told)
    return WarnLowBalance(
        requests=DynamoSendRequests(dynamodb, told.history_table, postings),
        schools=DynamoSchools(dynamodb, told.accounts_table),
        ledger=postings,
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
    )


@cache
def queue_messages() -> "QueueMessages":
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.sending.queue_messages import QueueMessages

    told = settings.QueueMessagesSettings()
    return QueueMessages(
        requests=DynamoSendRequests(client("dynamodb"), told.history_table, ledger(told)),
        queue=SqsQueue(client("sqs"), told.messages_queue_url),
    )


@cache
def dispatch_messages() -> "DispatchMessages":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.messages import DynamoMessages
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.sending.dispatch_messages import DispatchMessages

    told = settings.DispatchMessagesSettings()
    dynamodb, postings = client("dynamodb"), ledger(told)
    return DispatchMessages(
        requests=DynamoSendRequests(dynamodb, told.history_table, postings),
        messages=DynamoMessages(dynamodb, told.history_table, postings),
        schools=DynamoSchools(dynamodb, told.accounts_table),
        consents=consents(told),
        providers=providers(told),
        queue=SqsQueue(client("sqs"), told.messages_queue_url),
        clock=SystemClock(),
        each=map_concurrently,
        turns=Lock,
    )


@cache
def expire_messages() -> "ExpireMessages":
    from schoolsms.adapters.dynamodb.history.messages import DynamoMessages
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.application.sending.expire_messages import ExpireMessages

    told = settings.OutcomeSettings()
    dynamodb, postings = client("dynamodb"), ledger(told)
    return ExpireMessages(
        requests=DynamoSendRequests(dynamodb, told.history_table, postings),
        messages=DynamoMessages(dynamodb, told.history_table, postings),
        providers=providers(told),
        clock=SystemClock(),
    )


# ------------------------------------------------------------------ receipts


@cache
def accept_receipts() -> "AcceptReceipts":
    from schoolsms.adapters.providers.registry import PARSERS
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.sending.accept_receipts import AcceptReceipts

    told = settings.AcceptReceiptsSettings()
    known = receipt_secret(told.providers_secret)
    return AcceptReceipts(PARSERS, known, SqsQueue(client("sqs"), told.receipts_queue_url))


@cache
def sms_events() -> "SmsEvents":
    from schoolsms.adapters.providers.aws_codes import is_known, parse_event
    from schoolsms.application.sending.record_receipts import SmsEvents

    return SmsEvents(parse_event, is_known)


@cache
def record_receipts() -> "RecordReceipts":
    from schoolsms.adapters.dynamodb.history.messages import DynamoMessages
    from schoolsms.application.sending.record_receipts import RecordReceipts

    told = settings.OutcomeSettings()
    return RecordReceipts(
        messages=DynamoMessages(client("dynamodb"), told.history_table, ledger(told)),
        providers=providers(told),
        clock=SystemClock(),
    )
