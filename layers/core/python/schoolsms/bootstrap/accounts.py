"""The wiring of schools, orders and the operator's settings."""

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.clients import client, ledger, secret
from schoolsms.bootstrap.invoices import mail_invoices

if TYPE_CHECKING:
    from schoolsms.application.mails.notify_managers import NotifyManagers
    from schoolsms.application.orders.credit_order import CreditOrder
    from schoolsms.application.orders.decide_order import DecideOrder
    from schoolsms.application.orders.ingest_order_email import IngestOrderEmail
    from schoolsms.application.orders.issue_order_form import IssueOrderForm
    from schoolsms.application.orders.operator_settings import OperatorSettings
    from schoolsms.application.orders.read_order_documents import ReadOrderDocuments
    from schoolsms.application.orders.watch_deadlines import WatchDeadlines
    from schoolsms.application.ports.core import OrderForms
    from schoolsms.application.schools.audited_change import AuditedChange
    from schoolsms.application.schools.authorise_destinations import AuthoriseDestinations
    from schoolsms.application.schools.forfeit_balances import ForfeitBalances
    from schoolsms.application.schools.give_formal_notice import GiveFormalNotice
    from schoolsms.application.schools.grant_integrations import GrantIntegrations
    from schoolsms.application.schools.read_accounts import ReadAccounts
    from schoolsms.application.schools.register_school import RegisterSchool
    from schoolsms.application.schools.suspend_school import SuspendSchool


@cache
def register_school() -> "RegisterSchool":
    from schoolsms.adapters.dynamodb.accounts.school_changes import DynamoSchoolActs
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.application.schools.register_school import RegisterSchool

    dynamodb, table = client("dynamodb"), settings.Tables().accounts_table
    return RegisterSchool(DynamoSchools(dynamodb, table), DynamoSchoolActs(dynamodb, table), SystemClock())


def _act() -> "AuditedChange":
    from schoolsms.adapters.dynamodb.accounts.school_changes import DynamoSchoolActs
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.application.schools.audited_change import AuditedChange

    dynamodb, table = client("dynamodb"), settings.Tables().accounts_table
    return AuditedChange(DynamoSchools(dynamodb, table), DynamoSchoolActs(dynamodb, table), SystemClock())


@cache
def suspend_school() -> "SuspendSchool":
    from schoolsms.application.schools.suspend_school import SuspendSchool

    return SuspendSchool(_act())


@cache
def give_formal_notice() -> "GiveFormalNotice":
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.schools.give_formal_notice import GiveFormalNotice

    told = settings.OperatorApiSettings()
    return GiveFormalNotice(_act(), SqsQueue(client("sqs"), told.notices_queue_url))


@cache
def authorise_destinations() -> "AuthoriseDestinations":
    from schoolsms.application.schools.authorise_destinations import AuthoriseDestinations

    return AuthoriseDestinations(_act())


@cache
def grant_integrations() -> "GrantIntegrations":
    from schoolsms.application.schools.grant_integrations import GrantIntegrations

    return GrantIntegrations(_act())


def integration_granted(uai: str, client_id: str) -> bool:
    """Whether a machine client may act for a school now: looked up each time, so that a revocation holds at once."""
    return grant_integrations().granted(uai, client_id)


@cache
def read_accounts() -> "ReadAccounts":
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.application.schools.read_accounts import ReadAccounts

    tables = settings.Tables()
    dynamodb = client("dynamodb")
    return ReadAccounts(
        DynamoSchools(dynamodb, tables.accounts_table), ledger(tables), DynamoOrders(dynamodb, tables.accounts_table)
    )


# ------------------------------------------------------------------ orders


def _order_forms(told: settings.IssueOrderFormSettings) -> "OrderForms":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoTrustedSigners
    from schoolsms.adapters.order_forms.order_forms import PdfOrderForms

    signers = DynamoTrustedSigners(client("dynamodb"), told.accounts_table)
    return PdfOrderForms(secret(told.order_form_secret).text().encode(), told.order_inbox, signers.certificates)


@cache
def operator_settings() -> "OperatorSettings":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoClosures, DynamoPriceList, DynamoTrustedSigners
    from schoolsms.application.orders.operator_settings import OperatorSettings

    dynamodb, table = client("dynamodb"), settings.Tables().accounts_table
    return OperatorSettings(
        DynamoClosures(dynamodb, table), DynamoPriceList(dynamodb, table), DynamoTrustedSigners(dynamodb, table)
    )


@cache
def decide_order() -> "DecideOrder":
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoIssuedForms
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.adapters.s3 import DocumentStore
    from schoolsms.application.orders.decide_order import DecideOrder

    told = settings.OperatorApiSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    return DecideOrder(
        orders=DynamoOrders(dynamodb, table),
        forms=DynamoIssuedForms(dynamodb, table, DocumentStore(client("s3"), told.documents_bucket)),
        order_queue=SqsQueue(client("sqs"), told.orders_queue_url),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        clock=SystemClock(),
    )


@cache
def read_order_documents() -> "ReadOrderDocuments":
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders
    from schoolsms.adapters.s3 import DocumentStore
    from schoolsms.application.orders.read_order_documents import ReadOrderDocuments

    told = settings.OperatorApiSettings()
    return ReadOrderDocuments(
        orders=DynamoOrders(client("dynamodb"), told.accounts_table),
        documents=DocumentStore(client("s3"), told.documents_bucket),
        mails=DocumentStore(client("s3"), told.mail_bucket),
    )


@cache
def issue_order_form() -> "IssueOrderForm":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoIssuedForms, DynamoPriceList, DynamoSchools
    from schoolsms.adapters.s3 import DocumentStore
    from schoolsms.application.orders.issue_order_form import IssueOrderForm

    told = settings.IssueOrderFormSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    return IssueOrderForm(
        schools=DynamoSchools(dynamodb, table),
        prices=DynamoPriceList(dynamodb, table),
        forms=DynamoIssuedForms(dynamodb, table, DocumentStore(client("s3"), told.documents_bucket)),
        order_forms=_order_forms(told),
        clock=SystemClock(),
    )


@cache
def ingest_order_email() -> "IngestOrderEmail":
    from schoolsms.adapters.clock import FrenchWorkingDays
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoClosures, DynamoIssuedForms, DynamoSchools
    from schoolsms.adapters.mail.inbound import MimeMailReader
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.adapters.s3 import DocumentStore, S3InboxFiles
    from schoolsms.application.orders.ingest_order_email import IngestOrderEmail

    told = settings.IngestOrderEmailSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    documents = DocumentStore(client("s3"), told.documents_bucket)
    return IngestOrderEmail(
        inbox=S3InboxFiles(DocumentStore(client("s3"), told.mail_bucket), documents),
        reader=MimeMailReader((told.order_inbox, told.mail_from)),
        order_forms=_order_forms(told),
        forms=DynamoIssuedForms(dynamodb, table, documents),
        schools=DynamoSchools(dynamodb, table),
        orders=DynamoOrders(dynamodb, table),
        order_queue=SqsQueue(client("sqs"), told.orders_queue_url),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        working_days=FrenchWorkingDays(DynamoClosures(dynamodb, table).days),
        clock=SystemClock(),
        order_limit_cents=told.order_limit_euros * 100,
    )


@cache
def credit_order() -> "CreditOrder":
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.orders.credit_order import CreditOrder

    told = settings.CreditOrderSettings()
    return CreditOrder(
        orders=DynamoOrders(client("dynamodb"), told.accounts_table),
        ledger=ledger(told),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        invoices=SqsQueue(client("sqs"), told.invoices_queue_url),
        clock=SystemClock(),
    )


@cache
def notify_managers() -> "NotifyManagers":
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoNotices, DynamoOrders
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.mail.outbound import SesMailer
    from schoolsms.application.mails.notify_managers import NotifyManagers

    told = settings.NotifyManagersSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    return NotifyManagers(
        orders=DynamoOrders(dynamodb, table),
        schools=DynamoSchools(dynamodb, table),
        ledger=ledger(told),
        notices=DynamoNotices(dynamodb, table),
        mailer=SesMailer(client("sesv2"), told.mail_from),
        invoice_mails=mail_invoices(told, told.mail_from),
        purges=DynamoPurges(dynamodb, table),
        clock=SystemClock(),
        order_inbox=told.order_inbox,
        operator_email=told.operator_email,
    )


@cache
def watch_deadlines() -> "WatchDeadlines":
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.orders.watch_deadlines import WatchDeadlines

    told = settings.WatchDeadlinesSettings()
    return WatchDeadlines(
        DynamoOrders(client("dynamodb"), told.accounts_table),
        SqsQueue(client("sqs"), told.notices_queue_url),
        SystemClock(),
    )


@cache
def forfeit_balances() -> "ForfeitBalances":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.accounts.subscriptions import DynamoSubscriptionEnds
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.schools.forfeit_balances import ForfeitBalances

    told = settings.ForfeitBalancesSettings()
    dynamodb = client("dynamodb")
    return ForfeitBalances(
        schools=DynamoSchools(dynamodb, told.accounts_table),
        ledger=ledger(told),
        ends=DynamoSubscriptionEnds(dynamodb, told.accounts_table),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        clock=SystemClock(),
    )
