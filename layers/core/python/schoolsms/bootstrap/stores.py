"""One lazy factory a store, made once a process. A function imports only the adapters of the stores it asks for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.bootstrap import clients
from schoolsms.bootstrap.clients import client, secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from schoolsms.adapters.dynamodb.accounts.invoices import DynamoInvoices
    from schoolsms.adapters.dynamodb.accounts.issued_forms import DynamoIssuedForms
    from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoNotices, DynamoOrders
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
    from schoolsms.adapters.dynamodb.accounts.school_changes import DynamoSchoolActs
    from schoolsms.adapters.dynamodb.accounts.schools import (
        DynamoClosures,
        DynamoPriceList,
        DynamoSchools,
        DynamoTrustedSigners,
    )
    from schoolsms.adapters.dynamodb.accounts.subscriptions import DynamoSubscriptionEnds
    from schoolsms.adapters.dynamodb.accounts.templates import DynamoTemplates
    from schoolsms.adapters.dynamodb.consents import DynamoConsents
    from schoolsms.adapters.dynamodb.history.messages import DynamoMessages
    from schoolsms.adapters.dynamodb.history.phone_occurrences import DynamoPhoneOccurrences
    from schoolsms.adapters.dynamodb.history.purgeable import DynamoPurgeableHistory
    from schoolsms.adapters.dynamodb.history.replies import DynamoIncomingReplies, DynamoReplies
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.adapters.recipient_lists import S3RecipientLists
    from schoolsms.adapters.s3 import DocumentStore


@cache
def accounts_table() -> Table:
    return Table(client("dynamodb"), settings.Tables().accounts_table)


@cache
def history_table() -> Table:
    return Table(client("dynamodb"), settings.Tables().history_table)


def phones_key() -> Callable[[], str]:
    """Return what reads the secret that keys the hashes of numbers."""
    return secret(settings.PhoneHashSettings().phones_secret).text


# ------------------------------------------------------------------ accounts


@cache
def schools() -> DynamoSchools:
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools

    return DynamoSchools(accounts_table())


@cache
def school_acts() -> DynamoSchoolActs:
    from schoolsms.adapters.dynamodb.accounts.school_changes import DynamoSchoolActs

    return DynamoSchoolActs(accounts_table())


@cache
def subscription_ends() -> DynamoSubscriptionEnds:
    from schoolsms.adapters.dynamodb.accounts.subscriptions import DynamoSubscriptionEnds

    return DynamoSubscriptionEnds(accounts_table())


@cache
def price_list() -> DynamoPriceList:
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoPriceList

    return DynamoPriceList(accounts_table())


@cache
def closures() -> DynamoClosures:
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoClosures

    return DynamoClosures(accounts_table())


@cache
def trusted_signers() -> DynamoTrustedSigners:
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoTrustedSigners

    return DynamoTrustedSigners(accounts_table())


@cache
def issued_forms(documents_bucket: str) -> DynamoIssuedForms:
    from schoolsms.adapters.dynamodb.accounts.issued_forms import DynamoIssuedForms

    return DynamoIssuedForms(accounts_table(), documents(documents_bucket))


@cache
def orders() -> DynamoOrders:
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoOrders

    return DynamoOrders(accounts_table())


@cache
def notices() -> DynamoNotices:
    from schoolsms.adapters.dynamodb.accounts.orders import DynamoNotices

    return DynamoNotices(accounts_table())


@cache
def ledger() -> DynamoLedger:
    from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger

    return DynamoLedger(accounts_table())


@cache
def invoices() -> DynamoInvoices:
    from schoolsms.adapters.dynamodb.accounts.invoices import DynamoInvoices

    return DynamoInvoices(accounts_table())


@cache
def purges() -> DynamoPurges:
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges

    return DynamoPurges(accounts_table())


@cache
def templates() -> DynamoTemplates:
    from schoolsms.adapters.dynamodb.accounts.templates import DynamoTemplates

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
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests

    return DynamoSendRequests(history_table(), ledger())


@cache
def indexed_send_requests() -> DynamoSendRequests:
    """Return the store with the key of the phone-number index."""
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests

    return DynamoSendRequests(history_table(), ledger(), phones_key())


@cache
def messages() -> DynamoMessages:
    from schoolsms.adapters.dynamodb.history.messages import DynamoMessages

    return DynamoMessages(history_table(), ledger())


@cache
def phone_occurrences() -> DynamoPhoneOccurrences:
    from schoolsms.adapters.dynamodb.history.phone_occurrences import DynamoPhoneOccurrences

    return DynamoPhoneOccurrences(history_table(), phones_key(), SystemClock())


@cache
def purgeable_history() -> DynamoPurgeableHistory:
    from schoolsms.adapters.dynamodb.history.purgeable import DynamoPurgeableHistory

    return DynamoPurgeableHistory(history_table(), accounts_table())


@cache
def incoming_replies() -> DynamoIncomingReplies:
    from schoolsms.adapters.dynamodb.history.replies import DynamoIncomingReplies

    return DynamoIncomingReplies(history_table(), phones_key())


@cache
def replies() -> DynamoReplies:
    from schoolsms.adapters.dynamodb.history.replies import DynamoReplies

    return DynamoReplies(history_table())


# ------------------------------------------------------------------ files


@cache
def documents(bucket: str) -> DocumentStore:
    from schoolsms.adapters.s3 import DocumentStore

    return DocumentStore(client("s3"), bucket)


@cache
def recipient_lists(bucket: str) -> S3RecipientLists:
    from schoolsms.adapters.recipient_lists import S3RecipientLists

    return S3RecipientLists(lambda: client("s3"), bucket)
