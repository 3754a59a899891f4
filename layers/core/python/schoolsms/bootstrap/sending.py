"""The wiring of send requests, their delivery and receipts."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.clients import HANDOFFS_AT_ONCE, client, ledger, secret

if TYPE_CHECKING:
    from schoolsms.adapters.providers.ovh import OvhCredentials
    from schoolsms.adapters.providers.registry import ProviderRegistry
    from schoolsms.application.accept_receipts import AcceptReceipts
    from schoolsms.application.accept_send_request import AcceptSendRequest
    from schoolsms.application.dispatch_messages import DispatchMessages
    from schoolsms.application.expire_messages import ExpireMessages
    from schoolsms.application.queue_messages import QueueMessages
    from schoolsms.application.read_send_requests import ReadSendRequests
    from schoolsms.application.record_receipts import RecordReceipts
    from schoolsms.application.start_delivery import StartDelivery

A = TypeVar("A")
B = TypeVar("B")


def _several_at_once(work: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
    with ThreadPoolExecutor(HANDOFFS_AT_ONCE) as pool:
        return list(pool.map(work, items))


@cache
def accept_send_request() -> "AcceptSendRequest":
    from schoolsms.adapters.consents import GrantedByDefault
    from schoolsms.adapters.dynamodb.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.send_requests import DynamoSendRequests
    from schoolsms.application.accept_send_request import AcceptSendRequest

    told = settings.AcceptSendRequestSettings()
    dynamodb = client("dynamodb")
    return AcceptSendRequest(
        schools=DynamoSchools(dynamodb, told.accounts_table),
        consents=GrantedByDefault(),
        requests=DynamoSendRequests(dynamodb, told.history_table, ledger(told)),
        clock=SystemClock(),
        window=timedelta(seconds=told.delivery_window_seconds),
    )


@cache
def read_send_requests() -> "ReadSendRequests":
    from schoolsms.adapters.dynamodb.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.send_requests import DynamoSendRequests
    from schoolsms.application.read_send_requests import ReadSendRequests

    told = settings.Tables()
    dynamodb = client("dynamodb")
    return ReadSendRequests(
        requests=DynamoSendRequests(dynamodb, told.history_table, ledger(told)),
        schools=DynamoSchools(dynamodb, told.accounts_table),
        clock=SystemClock(),
    )


@cache
def start_delivery() -> "StartDelivery":
    from schoolsms.adapters.dynamodb.send_requests import DynamoSendRequests
    from schoolsms.adapters.step_functions import StepFunctionsDeliveries
    from schoolsms.application.start_delivery import StartDelivery

    told = settings.StartDeliverySettings()
    return StartDelivery(
        requests=DynamoSendRequests(client("dynamodb"), told.history_table, ledger(told)),
        deliveries=StepFunctionsDeliveries(client("stepfunctions"), told.delivery_machine_arn),
    )


@cache
def queue_messages() -> "QueueMessages":
    from schoolsms.adapters.dynamodb.send_requests import DynamoSendRequests
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.queue_messages import QueueMessages

    told = settings.QueueMessagesSettings()
    return QueueMessages(
        requests=DynamoSendRequests(client("dynamodb"), told.history_table, ledger(told)),
        queue=SqsQueue(client("sqs"), told.messages_queue_url),
    )


@cache
def dispatch_messages() -> "DispatchMessages":
    from schoolsms.adapters.consents import GrantedByDefault
    from schoolsms.adapters.dynamodb.messages import DynamoMessages
    from schoolsms.adapters.dynamodb.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.send_requests import DynamoSendRequests
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.dispatch_messages import DispatchMessages

    told = settings.DispatchMessagesSettings()
    dynamodb, postings = client("dynamodb"), ledger(told)
    return DispatchMessages(
        requests=DynamoSendRequests(dynamodb, told.history_table, postings),
        messages=DynamoMessages(dynamodb, told.history_table, postings),
        schools=DynamoSchools(dynamodb, told.accounts_table),
        consents=GrantedByDefault(),
        providers=_providers(told),
        queue=SqsQueue(client("sqs"), told.messages_queue_url),
        clock=SystemClock(),
        each=_several_at_once,
    )


@cache
def expire_messages() -> "ExpireMessages":
    from schoolsms.adapters.dynamodb.messages import DynamoMessages
    from schoolsms.adapters.dynamodb.send_requests import DynamoSendRequests
    from schoolsms.application.expire_messages import ExpireMessages

    told = settings.Tables()
    dynamodb, postings = client("dynamodb"), ledger(told)
    return ExpireMessages(
        requests=DynamoSendRequests(dynamodb, told.history_table, postings),
        messages=DynamoMessages(dynamodb, told.history_table, postings),
        clock=SystemClock(),
    )


# ------------------------------------------------------------------ receipts


@cache
def accept_receipts() -> "AcceptReceipts":
    from schoolsms.adapters.providers.receipts import PARSERS
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.accept_receipts import AcceptReceipts

    told = settings.AcceptReceiptsSettings()
    keys_and_secrets = secret(told.providers_secret)

    def receipt_secret(provider: str, fresh: bool) -> str:
        return str(keys_and_secrets.json(fresh=fresh).get(provider, {}).get("receipt_secret", ""))

    return AcceptReceipts(PARSERS, receipt_secret, SqsQueue(client("sqs"), told.receipts_queue_url))


@cache
def record_receipts() -> "RecordReceipts":
    from schoolsms.adapters.dynamodb.messages import DynamoMessages
    from schoolsms.application.record_receipts import RecordReceipts

    told = settings.RecordReceiptsSettings()
    return RecordReceipts(
        messages=DynamoMessages(client("dynamodb"), told.history_table, ledger(told)),
        providers=_providers(told),
        clock=SystemClock(),
    )


def _providers(told: settings.ProviderSettings) -> "ProviderRegistry":
    from schoolsms.adapters.providers.ovh import OvhProvider
    from schoolsms.adapters.providers.registry import ProviderRegistry
    from schoolsms.adapters.providers.simulated import SimulatedProvider

    keys_and_secrets = secret(told.providers_secret)

    def credentials() -> "OvhCredentials":
        from schoolsms.adapters.providers.ovh import OvhCredentials

        # Asked for at the start and when the provider refused the last ones: they may just have been rotated.
        keys = keys_and_secrets.json(fresh=True)["ovh"]
        return OvhCredentials(keys["application_key"], keys["application_secret"], keys["consumer_key"])

    network = None
    if told.simulated_network_url:
        network = OvhProvider(credentials, told.simulated_network_url, "simulated", name="simulated")
    return ProviderRegistry(
        primary=OvhProvider(credentials, told.ovh_endpoint, told.ovh_service_name),
        simulated=SimulatedProvider(network),
    )
