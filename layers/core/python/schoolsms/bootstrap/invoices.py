"""The wiring of invoices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap import stores
from schoolsms.bootstrap.clients import client
from schoolsms.bootstrap.support import support_contact

if TYPE_CHECKING:
    from schoolsms.application.mails.send_invoices import MailInvoices
    from schoolsms.application.orders.issue_invoice import IssueInvoice
    from schoolsms.application.orders.read_invoices import ReadInvoices
    from schoolsms.application.orders.record_payments import RecordPayments
    from schoolsms.application.orders.remind_invoices import RemindInvoices


def mail_invoices(documents_bucket: str, mail_from: str) -> MailInvoices:
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.adapters.mail.outbound import SesMailer
    from schoolsms.application.mails.send_invoices import MailInvoices

    return MailInvoices(
        invoices=stores.invoices(),
        papers=FacturXPapers(client("s3"), documents_bucket),
        schools=stores.schools(),
        notices=stores.notices(),
        mailer=SesMailer(client("sesv2"), mail_from),
        clock=SystemClock(),
        contact=support_contact(),
    )


@cache
def issue_invoice() -> IssueInvoice:
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.adapters.invoices.seller import seller_of
    from schoolsms.application.orders.issue_invoice import IssueInvoice

    config = settings.IssueInvoiceSettings()
    return IssueInvoice(
        orders=stores.orders(),
        forms=stores.issued_forms(config.documents_bucket),
        schools=stores.schools(),
        invoices=stores.invoices(),
        papers=FacturXPapers(client("s3"), config.documents_bucket),
        mails=mail_invoices(config.documents_bucket, config.mail_from),
        clock=SystemClock(),
        seller=seller_of(
            name=config.seller_name,
            legal_form=config.seller_legal_form,
            capital_euros=config.seller_capital_euros,
            siret=config.seller_siret,
            rcs_city=config.seller_rcs_city,
            vat_number=config.seller_vat_number,
            street=config.seller_street,
            postcode=config.seller_postcode,
            city=config.seller_city,
            iban=config.seller_iban,
            vat_on_debits=config.seller_vat_on_debits,
        ),
    )


@cache
def read_invoices() -> ReadInvoices:
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.application.orders.read_invoices import ReadInvoices

    config = settings.InvoiceSettings()
    return ReadInvoices(
        schools=stores.schools(),
        invoices=stores.invoices(),
        papers=FacturXPapers(client("s3"), config.documents_bucket),
        clock=SystemClock(),
    )


@cache
def record_payments() -> RecordPayments:
    from schoolsms.application.orders.record_payments import RecordPayments

    return RecordPayments(stores.invoices(), SystemClock())


@cache
def remind_invoices() -> RemindInvoices:
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.application.orders.remind_invoices import RemindInvoices

    config = settings.WatchDeadlinesSettings()
    return RemindInvoices(
        invoices=stores.invoices(), notices=SqsNoticeQueue(client("sqs"), config.notices_queue_url), clock=SystemClock()
    )
