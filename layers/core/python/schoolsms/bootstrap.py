"""The only wiring: for each function its use case, made of adapters, once a process.

Adapters are imported where they are needed: a function must not pay for what only others use.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import botocore.session
from botocore.config import Config

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.adapters.dynamodb.ledger import DynamoLedger

if TYPE_CHECKING:
    from schoolsms.adapters.providers.ovh import OvhCredentials
    from schoolsms.adapters.providers.registry import ProviderRegistry
    from schoolsms.adapters.secrets import Secret
    from schoolsms.application.accept_receipts import AcceptReceipts
    from schoolsms.application.accept_send_request import AcceptSendRequest
    from schoolsms.application.credit_order import CreditOrder
    from schoolsms.application.decide_order import DecideOrder
    from schoolsms.application.dispatch_messages import DispatchMessages
    from schoolsms.application.expire_messages import ExpireMessages
    from schoolsms.application.ingest_order_email import IngestOrderEmail
    from schoolsms.application.issue_order_form import IssueOrderForm
    from schoolsms.application.notify_managers import NotifyManagers
    from schoolsms.application.operator_settings import OperatorSettings
    from schoolsms.application.ports import OrderForms
    from schoolsms.application.queue_messages import QueueMessages
    from schoolsms.application.read_accounts import ReadAccounts
    from schoolsms.application.read_send_requests import ReadSendRequests
    from schoolsms.application.record_receipts import RecordReceipts
    from schoolsms.application.register_school import RegisterSchool
    from schoolsms.application.start_delivery import StartDelivery
    from schoolsms.application.watch_deadlines import WatchDeadlines

A = TypeVar("A")
B = TypeVar("B")

HANDOFFS_AT_ONCE = 10
"""Provider calls in flight in one dispatching process."""


@cache
def client(service: str) -> Any:
    """A botocore client (boto3 would only add to the start). Region and endpoint come from the environment."""
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 4},
        max_pool_connections=HANDOFFS_AT_ONCE + 2,
    )
    return botocore.session.get_session().create_client(service, config=config)


@cache
def _secret(secret_id: str) -> "Secret":
    from schoolsms.adapters.secrets import Secret

    return Secret(client("secretsmanager"), secret_id)


def _ledger(tables: settings.Tables) -> DynamoLedger:
    return DynamoLedger(client("dynamodb"), tables.accounts_table)


def _several_at_once(work: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
    with ThreadPoolExecutor(HANDOFFS_AT_ONCE) as pool:
        return list(pool.map(work, items))


# ------------------------------------------------------------------ accounts


@cache
def register_school() -> "RegisterSchool":
    from schoolsms.adapters.dynamodb.schools import DynamoSchools
    from schoolsms.application.register_school import RegisterSchool

    return RegisterSchool(DynamoSchools(client("dynamodb"), settings.Tables().accounts_table))


@cache
def read_accounts() -> "ReadAccounts":
    from schoolsms.adapters.dynamodb.orders import DynamoOrders
    from schoolsms.adapters.dynamodb.schools import DynamoSchools
    from schoolsms.application.read_accounts import ReadAccounts

    tables = settings.Tables()
    dynamodb = client("dynamodb")
    return ReadAccounts(
        DynamoSchools(dynamodb, tables.accounts_table), _ledger(tables), DynamoOrders(dynamodb, tables.accounts_table)
    )


# ------------------------------------------------------------------ orders


def _order_forms(secret_id: str, order_inbox: str) -> "OrderForms":
    from schoolsms.adapters.order_forms import PdfOrderForms

    return PdfOrderForms(_secret(secret_id).text().encode(), order_inbox)


@cache
def operator_settings() -> "OperatorSettings":
    from schoolsms.adapters.dynamodb.schools import DynamoClosures, DynamoPriceList
    from schoolsms.application.operator_settings import OperatorSettings

    dynamodb, table = client("dynamodb"), settings.Tables().accounts_table
    return OperatorSettings(DynamoClosures(dynamodb, table), DynamoPriceList(dynamodb, table))


@cache
def decide_order() -> "DecideOrder":
    from schoolsms.adapters.dynamodb.orders import DynamoOrders
    from schoolsms.adapters.dynamodb.schools import DynamoIssuedForms
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.adapters.s3 import DocumentStore, S3InboxFiles
    from schoolsms.application.decide_order import DecideOrder

    told = settings.OperatorApiSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    documents = DocumentStore(client("s3"), told.documents_bucket)
    return DecideOrder(
        orders=DynamoOrders(dynamodb, table),
        forms=DynamoIssuedForms(dynamodb, table, documents),
        files=S3InboxFiles(documents, documents),
        order_queue=SqsQueue(client("sqs"), told.orders_queue_url),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        clock=SystemClock(),
    )


@cache
def issue_order_form() -> "IssueOrderForm":
    from schoolsms.adapters.dynamodb.schools import DynamoIssuedForms, DynamoPriceList, DynamoSchools
    from schoolsms.adapters.s3 import DocumentStore
    from schoolsms.application.issue_order_form import IssueOrderForm

    told = settings.IssueOrderFormSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    return IssueOrderForm(
        schools=DynamoSchools(dynamodb, table),
        prices=DynamoPriceList(dynamodb, table),
        forms=DynamoIssuedForms(dynamodb, table, DocumentStore(client("s3"), told.documents_bucket)),
        order_forms=_order_forms(told.order_form_secret, told.order_inbox),
        clock=SystemClock(),
    )


@cache
def ingest_order_email() -> "IngestOrderEmail":
    from schoolsms.adapters.clock import FrenchWorkingDays
    from schoolsms.adapters.dynamodb.orders import DynamoOrders
    from schoolsms.adapters.dynamodb.schools import DynamoClosures, DynamoIssuedForms, DynamoSchools
    from schoolsms.adapters.mail.inbound import MimeMailReader
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.adapters.s3 import DocumentStore, S3InboxFiles
    from schoolsms.application.ingest_order_email import IngestOrderEmail

    told = settings.IngestOrderEmailSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    documents = DocumentStore(client("s3"), told.documents_bucket)
    return IngestOrderEmail(
        inbox=S3InboxFiles(DocumentStore(client("s3"), told.mail_bucket), documents),
        reader=MimeMailReader(),
        order_forms=_order_forms(told.order_form_secret, told.order_inbox),
        forms=DynamoIssuedForms(dynamodb, table, documents),
        schools=DynamoSchools(dynamodb, table),
        orders=DynamoOrders(dynamodb, table),
        order_queue=SqsQueue(client("sqs"), told.orders_queue_url),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        working_days=FrenchWorkingDays(DynamoClosures(dynamodb, table).days),
    )


@cache
def credit_order() -> "CreditOrder":
    from schoolsms.adapters.dynamodb.orders import DynamoOrders
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.credit_order import CreditOrder

    told = settings.CreditOrderSettings()
    return CreditOrder(
        orders=DynamoOrders(client("dynamodb"), told.accounts_table),
        ledger=_ledger(told),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        clock=SystemClock(),
    )


@cache
def notify_managers() -> "NotifyManagers":
    from schoolsms.adapters.dynamodb.orders import DynamoNotices, DynamoOrders
    from schoolsms.adapters.dynamodb.schools import DynamoSchools
    from schoolsms.adapters.mail.outbound import SesMailer
    from schoolsms.application.notify_managers import NotifyManagers

    told = settings.NotifyManagersSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    return NotifyManagers(
        orders=DynamoOrders(dynamodb, table),
        schools=DynamoSchools(dynamodb, table),
        ledger=_ledger(told),
        notices=DynamoNotices(dynamodb, table),
        mailer=SesMailer(client("sesv2"), told.mail_from),
        clock=SystemClock(),
        order_inbox=told.order_inbox,
        operator_email=told.operator_email,
    )


@cache
def watch_deadlines() -> "WatchDeadlines":
    from schoolsms.adapters.dynamodb.orders import DynamoOrders
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.watch_deadlines import WatchDeadlines

    told = settings.WatchDeadlinesSettings()
    return WatchDeadlines(
        DynamoOrders(client("dynamodb"), told.accounts_table),
        SqsQueue(client("sqs"), told.notices_queue_url),
        SystemClock(),
    )


# ------------------------------------------------------------------ sending


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
        requests=DynamoSendRequests(dynamodb, told.history_table, _ledger(told)),
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
        requests=DynamoSendRequests(dynamodb, told.history_table, _ledger(told)),
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
        requests=DynamoSendRequests(client("dynamodb"), told.history_table, _ledger(told)),
        deliveries=StepFunctionsDeliveries(client("stepfunctions"), told.delivery_machine_arn),
    )


@cache
def queue_messages() -> "QueueMessages":
    from schoolsms.adapters.dynamodb.send_requests import DynamoSendRequests
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.queue_messages import QueueMessages

    told = settings.QueueMessagesSettings()
    return QueueMessages(
        requests=DynamoSendRequests(client("dynamodb"), told.history_table, _ledger(told)),
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
    dynamodb, ledger = client("dynamodb"), _ledger(told)
    return DispatchMessages(
        requests=DynamoSendRequests(dynamodb, told.history_table, ledger),
        messages=DynamoMessages(dynamodb, told.history_table, ledger),
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
    dynamodb, ledger = client("dynamodb"), _ledger(told)
    return ExpireMessages(
        requests=DynamoSendRequests(dynamodb, told.history_table, ledger),
        messages=DynamoMessages(dynamodb, told.history_table, ledger),
        clock=SystemClock(),
    )


# ------------------------------------------------------------------ receipts


@cache
def accept_receipts() -> "AcceptReceipts":
    from schoolsms.adapters.providers.receipts import PARSERS
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.accept_receipts import AcceptReceipts

    told = settings.AcceptReceiptsSettings()
    secret = _secret(told.providers_secret)

    def receipt_secret(provider: str, fresh: bool) -> str:
        return str(secret.json(fresh=fresh).get(provider, {}).get("receipt_secret", ""))

    return AcceptReceipts(PARSERS, receipt_secret, SqsQueue(client("sqs"), told.receipts_queue_url))


@cache
def record_receipts() -> "RecordReceipts":
    from schoolsms.adapters.dynamodb.messages import DynamoMessages
    from schoolsms.application.record_receipts import RecordReceipts

    told = settings.RecordReceiptsSettings()
    return RecordReceipts(
        messages=DynamoMessages(client("dynamodb"), told.history_table, _ledger(told)),
        providers=_providers(told),
        clock=SystemClock(),
    )


def _providers(told: settings.ProviderSettings) -> "ProviderRegistry":
    from schoolsms.adapters.providers.ovh import OvhProvider
    from schoolsms.adapters.providers.registry import ProviderRegistry
    from schoolsms.adapters.providers.simulated import SimulatedProvider

    secret = _secret(told.providers_secret)

    def credentials() -> "OvhCredentials":
        from schoolsms.adapters.providers.ovh import OvhCredentials

        # Asked for at the start and when the provider refused the last ones: they may just have been rotated.
        keys = secret.json(fresh=True)["ovh"]
        return OvhCredentials(keys["application_key"], keys["application_secret"], keys["consumer_key"])

    network = None
    if told.simulated_network_url:
        network = OvhProvider(credentials, told.simulated_network_url, "simulated", name="simulated")
    return ProviderRegistry(
        primary=OvhProvider(credentials, told.ovh_endpoint, told.ovh_service_name),
        simulated=SimulatedProvider(network),
    )
