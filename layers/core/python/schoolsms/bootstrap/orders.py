"""The wiring of orders, their forms and the mails about them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.invoices import mail_invoices
from schoolsms.bootstrap.shared import stores
from schoolsms.bootstrap.shared.clients import client, secret
from schoolsms.bootstrap.shared.support import support_contact

if TYPE_CHECKING:
    from schoolsms.adapters.conditions.conditions import PublishedConditions
    from schoolsms.application.mails.notify_managers import NotifyManagers
    from schoolsms.application.orders.credit_order import CreditOrder
    from schoolsms.application.orders.decide_order import DecideOrder
    from schoolsms.application.orders.ingest_order_email import IngestOrderEmail
    from schoolsms.application.orders.issue_order_form import IssueOrderForm
    from schoolsms.application.orders.operator_settings import OperatorSettings
    from schoolsms.application.orders.reading.open_order import OpenOrder
    from schoolsms.application.orders.reading.read_issued_form import ReadIssuedForm
    from schoolsms.application.orders.reading.read_order_documents import ReadOrderDocuments
    from schoolsms.application.orders.reading.read_orders import ReadOrders
    from schoolsms.application.orders.reading.read_overview import ReadOverview
    from schoolsms.application.orders.watch_deadlines import WatchDeadlines
    from schoolsms.application.ports.core import OrderForms


def _order_forms(config: settings.OrderFormSettings, public_url: str = "") -> OrderForms:
    from schoolsms.adapters.order_forms.order_forms import PdfOrderForms

    key = secret(config.order_form_secret).text().encode()
    certificates = stores.trusted_signers().certificates
    return PdfOrderForms(key, config.order_inbox, certificates, contact=support_contact(), public_url=public_url)


@cache
def operator_settings() -> OperatorSettings:
    from schoolsms.application.orders.operator_settings import OperatorSettings

    return OperatorSettings(stores.closures(), stores.price_list(), stores.trusted_signers())


@cache
def decide_order() -> DecideOrder:
    from schoolsms.adapters.queues import SqsOrderQueue
    from schoolsms.application.orders.decide_order import DecideOrder

    config = settings.OperatorApiSettings()
    return DecideOrder(
        orders=stores.orders(),
        forms=stores.issued_forms(config.documents_bucket),
        order_queue=SqsOrderQueue(client("sqs"), config.orders_queue_url),
        notices=stores.notice_queue(),
        clock=SystemClock(),
    )


@cache
def read_orders() -> ReadOrders:
    from schoolsms.application.orders.reading.read_orders import ReadOrders

    return ReadOrders(stores.schools(), stores.orders())


@cache
def read_issued_form() -> ReadIssuedForm:
    from schoolsms.application.orders.reading.read_issued_form import ReadIssuedForm

    return ReadIssuedForm(stores.issued_forms(settings.InvoiceSettings().documents_bucket))


@cache
def read_order_documents() -> ReadOrderDocuments:
    from schoolsms.adapters.mail.inbound import MimeMailReader
    from schoolsms.application.orders.reading.read_order_documents import ReadOrderDocuments

    config = settings.OperatorApiSettings()
    return ReadOrderDocuments(
        orders=stores.orders(),
        documents=stores.documents(config.documents_bucket),
        mails=stores.documents(config.mail_bucket),
        reader=MimeMailReader(),
    )


@cache
def published_conditions() -> PublishedConditions:
    from schoolsms.adapters.conditions.conditions import PublishedConditions

    return PublishedConditions()


@cache
def issue_order_form() -> IssueOrderForm:
    from schoolsms.application.orders.issue_order_form import IssueOrderForm

    config = settings.IssueOrderFormSettings()
    return IssueOrderForm(
        schools=stores.schools(),
        prices=stores.price_list(),
        forms=stores.issued_forms(config.documents_bucket),
        order_forms=_order_forms(config, config.public_url),
        clock=SystemClock(),
        terms_of_sale=config.terms_of_sale,
        gdpr_annex=config.gdpr_annex,
    )


@cache
def ingest_order_email() -> IngestOrderEmail:
    from schoolsms.adapters.clock import FrenchWorkingDays
    from schoolsms.adapters.mail.inbound import MimeMailReader
    from schoolsms.adapters.queues import SqsOrderQueue
    from schoolsms.adapters.s3.documents import S3InboxFiles
    from schoolsms.application.orders.ingest_order_email import IngestOrderEmail

    config = settings.IngestOrderEmailSettings()
    return IngestOrderEmail(
        inbox=S3InboxFiles(stores.documents(config.mail_bucket), stores.documents(config.documents_bucket)),
        reader=MimeMailReader((config.order_inbox, config.mail_from)),
        order_forms=_order_forms(config),
        forms=stores.issued_forms(config.documents_bucket),
        schools=stores.schools(),
        orders=stores.orders(),
        order_queue=SqsOrderQueue(client("sqs"), config.orders_queue_url),
        notices=stores.notice_queue(),
        working_days=FrenchWorkingDays(stores.closures().days),
        clock=SystemClock(),
        order_limit_cents=config.order_limit_euros * 100,
    )


@cache
def credit_order() -> CreditOrder:
    from schoolsms.adapters.queues import SqsCreditedOrderQueue
    from schoolsms.application.orders.credit_order import CreditOrder

    config = settings.CreditOrderSettings()
    return CreditOrder(
        orders=stores.orders(),
        ledger=stores.ledger(),
        notices=stores.notice_queue(),
        invoices=SqsCreditedOrderQueue(client("sqs"), config.invoices_queue_url),
        clock=SystemClock(),
    )


@cache
def notify_managers() -> NotifyManagers:
    from schoolsms.adapters.mail.outbound import SesMailer
    from schoolsms.application.mails.notify_managers import NotifyManagers

    config = settings.NotifyManagersSettings()
    return NotifyManagers(
        orders=stores.orders(),
        schools=stores.schools(),
        acts=stores.school_acts(),
        ledger=stores.ledger(),
        notices=stores.notices(),
        mailer=SesMailer(client("sesv2"), config.mail_from, config.mail_configuration_set),
        invoice_mails=mail_invoices(config),
        purges=stores.purges(),
        clock=SystemClock(),
        order_inbox=config.order_inbox,
        operator_email=config.operator_email,
        public_url=config.public_url,
        contact=support_contact(),
    )


@cache
def open_order() -> OpenOrder:
    from schoolsms.application.orders.reading.open_order import OpenOrder

    return OpenOrder(stores.orders(), SystemClock())


@cache
def read_overview() -> ReadOverview:
    from schoolsms.adapters.queues import SqsDeadLetters, SqsMessageBacklog
    from schoolsms.application.orders.reading.read_overview import ReadOverview
    from schoolsms.application.schools.find_unreachable import FindUnreachable

    config = settings.OverviewSettings()
    backlog = SqsMessageBacklog(client("sqs"), config.messages_queue_url)
    letters = SqsDeadLetters(client("sqs"), config.dead_letters)
    unreachable = FindUnreachable(stores.schools(), stores.sent_mails())
    rates = stores.provider_rates()
    return ReadOverview(stores.orders(), stores.invoices(), backlog, letters, rates, unreachable, SystemClock())


@cache
def watch_deadlines() -> WatchDeadlines:
    from schoolsms.application.orders.watch_deadlines import WatchDeadlines

    return WatchDeadlines(stores.orders(), stores.notice_queue(), SystemClock())
