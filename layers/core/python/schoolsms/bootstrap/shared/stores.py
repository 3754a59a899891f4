"""One lazy factory a store, made once a process. A function imports only the adapters of the stores it asks for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.bootstrap.shared import clients
from schoolsms.bootstrap.shared.clients import client, secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from schoolsms.adapters.dynamodb.accounts.billing.credit_notes import DynamoCreditNotes
    from schoolsms.adapters.dynamodb.accounts.billing.invoices import DynamoInvoices
    from schoolsms.adapters.dynamodb.accounts.billing.reissues import DynamoReissues
    from schoolsms.adapters.dynamodb.accounts.corrections import DynamoCorrections
    from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
    from schoolsms.adapters.dynamodb.accounts.maintenance import DynamoMaintenance
    from schoolsms.adapters.dynamodb.accounts.orders.issued_forms import DynamoIssuedForms
    from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoNotices, DynamoOrders
    from schoolsms.adapters.dynamodb.accounts.pack_checkpoints import DynamoPackCheckpoints
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
    from schoolsms.adapters.dynamodb.accounts.schools.published_lists import (
        DynamoClosures,
        DynamoPriceList,
        DynamoTrustedSigners,
    )
    from schoolsms.adapters.dynamodb.accounts.schools.school_changes import DynamoSchoolActs
    from schoolsms.adapters.dynamodb.accounts.schools.school_readings import DynamoSchoolReadings
    from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.accounts.schools.sent_mails import DynamoSentMails
    from schoolsms.adapters.dynamodb.accounts.schools.subscriptions import DynamoSubscriptionEnds
    from schoolsms.adapters.dynamodb.accounts.schools.templates import DynamoTemplates
    from schoolsms.adapters.dynamodb.consents import DynamoConsents
    from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
    from schoolsms.adapters.dynamodb.history.messages.provider_rates import DynamoProviderRates
    from schoolsms.adapters.dynamodb.history.messages.replies import DynamoIncomingReplies, DynamoReplies
    from schoolsms.adapters.dynamodb.history.messages.tallies import DynamoTallies
    from schoolsms.adapters.dynamodb.history.removals.phone_occurrences import DynamoPhoneOccurrences
    from schoolsms.adapters.dynamodb.history.removals.purgeable import DynamoPurgeableHistory
    from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.adapters.s3.documents import DocumentStore
    from schoolsms.adapters.s3.recipient_lists import S3RecipientLists


@cache
def accounts_table() -> Table:
    return Table(client("dynamodb"), settings.Tables().accounts_table)


@cache
def history_table() -> Table:
    return Table(client("dynamodb"), settings.Tables().history_table)


def phones_key() -> Callable[[], str]:
    """Return what reads the secret that keys the hashes of numbers."""
    return secret(settings.PhoneHashSettings().phones_secret).text


@cache
def notice_queue() -> SqsNoticeQueue:
    from schoolsms.adapters.queues import SqsNoticeQueue

    return SqsNoticeQueue(client("sqs"), settings.NoticesSettings().notices_queue_url)


# ------------------------------------------------------------------ accounts


@cache
def maintenance() -> DynamoMaintenance:
    from schoolsms.adapters.dynamodb.accounts.maintenance import DynamoMaintenance

    return DynamoMaintenance(accounts_table())


@cache
def schools() -> DynamoSchools:
    from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools

    return DynamoSchools(accounts_table())


@cache
def school_acts() -> DynamoSchoolActs:
    from schoolsms.adapters.dynamodb.accounts.schools.school_changes import DynamoSchoolActs

    return DynamoSchoolActs(accounts_table())


@cache
def school_readings() -> DynamoSchoolReadings:
    from schoolsms.adapters.dynamodb.accounts.schools.school_readings import DynamoSchoolReadings

    return DynamoSchoolReadings(accounts_table())


@cache
def subscription_ends() -> DynamoSubscriptionEnds:
    from schoolsms.adapters.dynamodb.accounts.schools.subscriptions import DynamoSubscriptionEnds

    return DynamoSubscriptionEnds(accounts_table())


@cache
def price_list() -> DynamoPriceList:
    from schoolsms.adapters.dynamodb.accounts.schools.published_lists import DynamoPriceList

    return DynamoPriceList(accounts_table())


@cache
def closures() -> DynamoClosures:
    from schoolsms.adapters.dynamodb.accounts.schools.published_lists import DynamoClosures

    return DynamoClosures(accounts_table())


@cache
def trusted_signers() -> DynamoTrustedSigners:
    from schoolsms.adapters.dynamodb.accounts.schools.published_lists import DynamoTrustedSigners

    return DynamoTrustedSigners(accounts_table())


@cache
def issued_forms(documents_bucket: str) -> DynamoIssuedForms:
    from schoolsms.adapters.dynamodb.accounts.orders.issued_forms import DynamoIssuedForms

    return DynamoIssuedForms(accounts_table(), documents(documents_bucket))


@cache
def orders() -> DynamoOrders:
    from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoOrders

    return DynamoOrders(accounts_table())


@cache
def notices() -> DynamoNotices:
    from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoNotices

    return DynamoNotices(accounts_table())


@cache
def sent_mails() -> DynamoSentMails:
    from schoolsms.adapters.dynamodb.accounts.schools.sent_mails import DynamoSentMails

    return DynamoSentMails(accounts_table())


@cache
def ledger() -> DynamoLedger:
    from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger

    return DynamoLedger(accounts_table())


@cache
def corrections() -> DynamoCorrections:
    from schoolsms.adapters.dynamodb.accounts.corrections import DynamoCorrections

    return DynamoCorrections(accounts_table(), ledger())


@cache
def pack_checkpoints() -> DynamoPackCheckpoints:
    from schoolsms.adapters.dynamodb.accounts.pack_checkpoints import DynamoPackCheckpoints

    return DynamoPackCheckpoints(accounts_table())


@cache
def credit_notes() -> DynamoCreditNotes:
    from schoolsms.adapters.dynamodb.accounts.billing.credit_notes import DynamoCreditNotes

    return DynamoCreditNotes(accounts_table())


@cache
def invoices() -> DynamoInvoices:
    from schoolsms.adapters.dynamodb.accounts.billing.invoices import DynamoInvoices

    return DynamoInvoices(accounts_table())


@cache
def reissues() -> DynamoReissues:
    from schoolsms.adapters.dynamodb.accounts.billing.reissues import DynamoReissues

    return DynamoReissues(accounts_table())


@cache
def purges() -> DynamoPurges:
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges

    return DynamoPurges(accounts_table())


@cache
def templates() -> DynamoTemplates:
    from schoolsms.adapters.dynamodb.accounts.schools.templates import DynamoTemplates

    return DynamoTemplates(accounts_table())


# ------------------------------------------------------------------ consents and history


@cache
def consents() -> DynamoConsents:
    from schoolsms.adapters.dynamodb.consents import DynamoConsents

    table = Table(client("dynamodb"), settings.ConsentSettings().consents_table)
    return DynamoConsents(table, phones_key(), clients.HANDOFFS_AT_ONCE)


@cache
def send_requests() -> DynamoSendRequests:
    """Return the store without the key of the phone-number index: it neither accepts requests nor finds numbers."""
    from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests

    return DynamoSendRequests(history_table(), ledger())


@cache
def indexed_send_requests() -> DynamoSendRequests:
    """Return the store with the key of the phone-number index."""
    from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests

    return DynamoSendRequests(history_table(), ledger(), phones_key())


@cache
def messages() -> DynamoMessages:
    from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages

    return DynamoMessages(history_table(), ledger())


@cache
def tallies() -> DynamoTallies:
    from schoolsms.adapters.dynamodb.history.messages.tallies import DynamoTallies

    return DynamoTallies(history_table())


@cache
def provider_rates() -> DynamoProviderRates:
    from schoolsms.adapters.dynamodb.history.messages.provider_rates import DynamoProviderRates

    return DynamoProviderRates(history_table())


@cache
def phone_occurrences() -> DynamoPhoneOccurrences:
    from schoolsms.adapters.dynamodb.history.removals.phone_occurrences import DynamoPhoneOccurrences

    return DynamoPhoneOccurrences(history_table(), phones_key(), SystemClock())


@cache
def purgeable_history() -> DynamoPurgeableHistory:
    from schoolsms.adapters.dynamodb.history.removals.purgeable import DynamoPurgeableHistory

    return DynamoPurgeableHistory(history_table(), accounts_table())


@cache
def incoming_replies() -> DynamoIncomingReplies:
    from schoolsms.adapters.dynamodb.history.messages.replies import DynamoIncomingReplies

    return DynamoIncomingReplies(history_table(), phones_key())


@cache
def replies() -> DynamoReplies:
    from schoolsms.adapters.dynamodb.history.messages.replies import DynamoReplies

    return DynamoReplies(history_table())


# ------------------------------------------------------------------ files


@cache
def documents(bucket: str) -> DocumentStore:
    from schoolsms.adapters.s3.documents import DocumentStore

    return DocumentStore(client("s3"), bucket)


@cache
def recipient_lists(bucket: str) -> S3RecipientLists:
    from schoolsms.adapters.s3.recipient_lists import S3RecipientLists

    return S3RecipientLists(lambda: client("s3"), bucket)
