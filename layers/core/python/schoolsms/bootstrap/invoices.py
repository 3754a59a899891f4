"""The wiring of invoices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.shared import stores
from schoolsms.bootstrap.shared.clients import client
from schoolsms.bootstrap.shared.support import support_contact

if TYPE_CHECKING:
    from schoolsms.application.mails.kinds.send_invoices import MailInvoices
    from schoolsms.application.orders.billing.cancel_invoice import CancelInvoice
    from schoolsms.application.orders.billing.issue_credit_note import IssueCreditNote
    from schoolsms.application.orders.billing.issue_invoice import IssueInvoice
    from schoolsms.application.orders.billing.mail_invoice_again import MailInvoiceAgain
    from schoolsms.application.orders.billing.read_invoices import ReadInvoices
    from schoolsms.application.orders.billing.record_payments import RecordPayments
    from schoolsms.application.orders.billing.reissue_invoice import ReissueInvoice
    from schoolsms.application.orders.billing.remind_invoices import RemindInvoices
    from schoolsms.application.orders.billing.watch_cancelled_invoices import WatchCancelledInvoices


def mail_invoices(config: settings.MailedInvoiceSettings) -> MailInvoices:
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.adapters.mail.outbound import SesMailer
    from schoolsms.application.mails.kinds.send_invoices import MailInvoices

    return MailInvoices(
        invoices=stores.invoices(),
        papers=FacturXPapers(client("s3"), config.documents_bucket),
        schools=stores.schools(),
        notices=stores.notices(),
        mailer=SesMailer(client("sesv2"), config.mail_from, config.mail_configuration_set),
        clock=SystemClock(),
        contact=support_contact(),
    )


@cache
def issue_invoice() -> IssueInvoice:
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.adapters.invoices.seller import seller_of
    from schoolsms.application.orders.billing.issue_invoice import IssueInvoice

    config, support = settings.IssueInvoiceSettings(), support_contact()
    return IssueInvoice(
        orders=stores.orders(),
        forms=stores.issued_forms(config.documents_bucket),
        schools=stores.schools(),
        invoices=stores.invoices(),
        papers=FacturXPapers(client("s3"), config.documents_bucket),
        mails=mail_invoices(config),
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
            bic=config.seller_bic,
            vat_on_debits=config.seller_vat_on_debits,
            email=config.accounting_email or support.email,
            phone=config.accounting_phone or support.phone,
        ),
    )


@cache
def read_invoices() -> ReadInvoices:
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.application.orders.billing.read_invoices import ReadInvoices

    config = settings.InvoiceSettings()
    return ReadInvoices(
        schools=stores.schools(),
        invoices=stores.invoices(),
        credit_notes=stores.credit_notes(),
        papers=FacturXPapers(client("s3"), config.documents_bucket),
        clock=SystemClock(),
    )


@cache
def cancel_invoice() -> CancelInvoice:
    from schoolsms.adapters.queues import SqsCancelledInvoiceQueue
    from schoolsms.application.orders.billing.cancel_invoice import CancelInvoice

    config = settings.CancelledInvoicesSettings()
    return CancelInvoice(
        schools=stores.schools(),
        invoices=stores.invoices(),
        credit_notes=stores.credit_notes(),
        queue=SqsCancelledInvoiceQueue(client("sqs"), config.cancelled_invoices_queue_url),
        clock=SystemClock(),
    )


@cache
def reissue_invoice() -> ReissueInvoice:
    from schoolsms.adapters.queues import SqsCreditedOrderQueue
    from schoolsms.application.orders.billing.reissue_invoice import ReissueInvoice

    return ReissueInvoice(
        schools=stores.schools(),
        invoices=stores.invoices(),
        credit_notes=stores.credit_notes(),
        reissues=stores.reissues(),
        orders=SqsCreditedOrderQueue(client("sqs"), settings.CreditOrderSettings().invoices_queue_url),
        clock=SystemClock(),
    )


@cache
def mail_invoice_again() -> MailInvoiceAgain:
    from schoolsms.application.orders.billing.mail_invoice_again import MailInvoiceAgain

    return MailInvoiceAgain(
        stores.schools(), stores.school_acts(), stores.invoices(), stores.notice_queue(), SystemClock()
    )


@cache
def issue_credit_note() -> IssueCreditNote:
    from schoolsms.adapters.invoices import FacturXPapers
    from schoolsms.application.orders.billing.issue_credit_note import IssueCreditNote

    config = settings.IssueCreditNoteSettings()
    return IssueCreditNote(
        invoices=stores.invoices(),
        credit_notes=stores.credit_notes(),
        papers=FacturXPapers(client("s3"), config.documents_bucket),
        mails=mail_invoices(config),
        clock=SystemClock(),
    )


@cache
def record_payments() -> RecordPayments:
    from schoolsms.application.orders.billing.record_payments import RecordPayments

    return RecordPayments(stores.invoices(), SystemClock())


@cache
def remind_invoices() -> RemindInvoices:
    from schoolsms.application.orders.billing.remind_invoices import RemindInvoices

    return RemindInvoices(invoices=stores.invoices(), notices=stores.notice_queue(), clock=SystemClock())


@cache
def watch_cancelled_invoices() -> WatchCancelledInvoices:
    from schoolsms.adapters.queues import SqsCancelledInvoiceQueue, SqsCreditedOrderQueue
    from schoolsms.application.orders.billing.watch_cancelled_invoices import WatchCancelledInvoices

    sqs, cancelled = client("sqs"), settings.CancelledInvoicesSettings()
    return WatchCancelledInvoices(
        invoices=stores.invoices(),
        queue=SqsCancelledInvoiceQueue(sqs, cancelled.cancelled_invoices_queue_url),
        orders=SqsCreditedOrderQueue(sqs, settings.CreditOrderSettings().invoices_queue_url),
        clock=SystemClock(),
    )
