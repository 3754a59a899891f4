"""The wiring of invoices."""

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.clients import client

if TYPE_CHECKING:
    from schoolsms.application.mails.send_invoices import MailInvoices
    from schoolsms.application.orders.issue_invoice import IssueInvoice
    from schoolsms.application.orders.read_invoices import ReadInvoices
    from schoolsms.application.orders.remind_invoices import RemindInvoices


def mail_invoices(told: settings.InvoiceSettings, mail_from: str) -> "MailInvoices":
    from schoolsms.adapters.dynamodb.accounts.invoices import DynamoInvoices
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoNotices
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.adapters.mail.outbound import SesMailer
    from schoolsms.application.mails.send_invoices import MailInvoices

    dynamodb, table = client("dynamodb"), told.accounts_table
    return MailInvoices(
        invoices=DynamoInvoices(dynamodb, table),
        papers=FacturXPapers(client("s3"), told.documents_bucket),
        schools=DynamoSchools(dynamodb, table),
        notices=DynamoNotices(dynamodb, table),
        mailer=SesMailer(client("sesv2"), mail_from),
        clock=SystemClock(),
    )


@cache
def issue_invoice() -> "IssueInvoice":
    from schoolsms.adapters.dynamodb.accounts.invoices import DynamoInvoices
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoIssuedForms, DynamoSchools
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.adapters.invoices.seller import seller_of
    from schoolsms.adapters.s3 import DocumentStore
    from schoolsms.application.orders.issue_invoice import IssueInvoice

    told = settings.IssueInvoiceSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    return IssueInvoice(
        orders=DynamoOrders(dynamodb, table),
        forms=DynamoIssuedForms(dynamodb, table, DocumentStore(client("s3"), told.documents_bucket)),
        schools=DynamoSchools(dynamodb, table),
        invoices=DynamoInvoices(dynamodb, table),
        papers=FacturXPapers(client("s3"), told.documents_bucket),
        mails=mail_invoices(told, told.mail_from),
        clock=SystemClock(),
        seller=seller_of(
            name=told.seller_name,
            legal_form=told.seller_legal_form,
            capital_euros=told.seller_capital_euros,
            siret=told.seller_siret,
            rcs_city=told.seller_rcs_city,
            vat_number=told.seller_vat_number,
            street=told.seller_street,
            postcode=told.seller_postcode,
            city=told.seller_city,
            iban=told.seller_iban,
            vat_on_debits=told.seller_vat_on_debits,
        ),
    )


@cache
def read_invoices() -> "ReadInvoices":
    from schoolsms.adapters.dynamodb.accounts.invoices import DynamoInvoices
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.application.orders.read_invoices import ReadInvoices

    told = settings.InvoiceSettings()
    return ReadInvoices(
        schools=DynamoSchools(client("dynamodb"), told.accounts_table),
        invoices=DynamoInvoices(client("dynamodb"), told.accounts_table),
        papers=FacturXPapers(client("s3"), told.documents_bucket),
        clock=SystemClock(),
    )


@cache
def remind_invoices() -> "RemindInvoices":
    from schoolsms.adapters.dynamodb.accounts.invoices import DynamoInvoices
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.orders.remind_invoices import RemindInvoices

    told = settings.WatchDeadlinesSettings()
    return RemindInvoices(
        invoices=DynamoInvoices(client("dynamodb"), told.accounts_table),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        clock=SystemClock(),
    )
