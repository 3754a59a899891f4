"""What each function is told by its environment, one class a function; read when first needed, never at import.

Own code, because pydantic-settings takes longer to load than all the service has of its own.
"""

import os
from collections.abc import Callable, Mapping
from typing import get_type_hints


class SettingsError(Exception):
    """The environment lacks variables, or holds what cannot be read; their names, never what they hold."""


class FromEnvironment:
    """Each annotated name is a variable of that name in upper case; one with a default need not be there."""

    def __init__(self) -> None:
        """Raises SettingsError."""
        unreadable = []
        for name, kind in get_type_hints(type(self)).items():
            written = os.environ.get(name.upper())
            try:
                if written is not None:
                    setattr(self, name, _READ[kind](written))
                elif not hasattr(self, name):
                    unreadable.append(name.upper())
            except (KeyError, ValueError):
                unreadable.append(name.upper())
        if unreadable:
            raise SettingsError(", ".join(unreadable))


_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_READ: Mapping[type, Callable[[str], object]] = {str: str, int: int, bool: lambda written: _TRUTHS[written.lower()]}


class Tables(FromEnvironment):
    """Every function: the tables it may use."""

    accounts_table: str
    history_table: str


class Claims(FromEnvironment):
    """Every HTTP function: the names of the claims that carry the school, the roles and the client, and of the roles.

    `operator_clients`: ids of the machine clients that may act for the operator (R28), with commas.
    """

    school_claim: str = "school"
    roles_claim: str = "roles"
    client_claim: str = "client_id"
    operator_role: str = "operator"
    manager_role: str = "sms_manager"
    sender_role: str = "sms_sender"
    operator_clients: str = ""


class IssueOrderFormSettings(Tables):
    documents_bucket: str
    order_form_secret: str
    order_inbox: str


class IngestOrderEmailSettings(IssueOrderFormSettings):
    mail_bucket: str
    orders_queue_url: str
    notices_queue_url: str
    mail_from: str
    order_limit_euros: int = 5_000


class OperatorApiSettings(Tables):
    documents_bucket: str
    mail_bucket: str
    orders_queue_url: str
    notices_queue_url: str


class WatchDeadlinesSettings(Tables):
    notices_queue_url: str


class CreditOrderSettings(Tables):
    notices_queue_url: str
    invoices_queue_url: str


class InvoiceSettings(Tables):
    """Every function that reads invoices."""

    documents_bucket: str


class IssueInvoiceSettings(InvoiceSettings):
    """Also who issues them: the operator's identity, as the law wants it on an invoice."""

    mail_from: str
    seller_name: str
    seller_legal_form: str
    seller_capital_euros: int
    seller_siret: str
    seller_rcs_city: str
    seller_vat_number: str
    seller_street: str
    seller_postcode: str
    seller_city: str
    seller_iban: str
    seller_vat_on_debits: bool


class NotifyManagersSettings(InvoiceSettings):
    mail_from: str
    order_inbox: str
    operator_email: str


class PhoneHashSettings(FromEnvironment):
    """Every function that hashes phone numbers; `phones_secret` keys the hashes."""

    phones_secret: str


class ConsentSettings(Tables, PhoneHashSettings):
    """Every function that reads or writes consents."""

    consents_table: str


class RecipientListsSettings(Tables):
    """Every function that has to do with uploaded lists."""

    recipient_lists_bucket: str


class ExerciseRightsSettings(ConsentSettings, RecipientListsSettings):
    exports_bucket: str


class ReadSendRequestsSettings(Tables, PhoneHashSettings):
    """Every function that looks for a number in the history."""


class ExportHistorySettings(ReadSendRequestsSettings):
    """Every function that has to do with exports of the history."""

    exports_bucket: str
    exports_queue_url: str


class EstimateCostSettings(ConsentSettings, RecipientListsSettings):
    pass


class AcceptSendRequestSettings(EstimateCostSettings):
    delivery_window_seconds: int


class StartDeliverySettings(Tables):
    delivery_machine_arn: str


class ForfeitBalancesSettings(Tables):
    notices_queue_url: str


class WatchSchoolYearsSettings(Tables):
    notices_queue_url: str
    purge_machine_arn: str


class PurgeHistorySettings(RecipientListsSettings):
    exports_bucket: str
    notices_queue_url: str


class WarnLowBalanceSettings(Tables):
    notices_queue_url: str


class QueueMessagesSettings(Tables):
    messages_queue_url: str


class ProviderSettings(FromEnvironment):
    """How providers are reached and weighted; `simulated_network_url` only on the embedded cloud."""

    providers_secret: str
    provider_weights: str = "ovh:100,aws:0"
    ovh_endpoint: str
    ovh_service_name: str
    aws_sms_endpoint: str = ""
    aws_sms_configuration_set: str = ""
    aws_sms_identity: str = ""
    simulated_network_url: str = ""


class DispatchMessagesSettings(ConsentSettings, ProviderSettings):
    messages_queue_url: str


class AcceptReceiptsSettings(FromEnvironment):
    providers_secret: str
    receipts_queue_url: str


class RepliesSettings(Tables, PhoneHashSettings):
    """Every function that takes recipients' answers from a provider."""

    replies_queue_url: str


class AcceptRepliesSettings(RepliesSettings):
    providers_secret: str


class OutcomeSettings(Tables, ProviderSettings):
    """What became of messages: told by their providers, or asked of them."""
