"""Environment variables, one class per function, read on first use.

Hand-written because importing pydantic-settings costs more at cold start than all our own code.
"""

import os
from collections.abc import Callable, Mapping
from typing import get_type_hints


class SettingsError(Exception):
    """Variables are missing or malformed. The message has their names, never their values."""


class FromEnvironment:
    """Reads each annotated name from the variable of that name in upper case. A default makes it optional."""

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
    """Every function that uses a table."""

    accounts_table: str
    history_table: str


class Support(FromEnvironment):
    """Every function: whom schools can ask, "" for a way that there is not (R51)."""

    support_email: str = ""
    support_phone: str = ""
    support_page: str = ""

    @property
    def ways(self) -> tuple[str, str, str]:
        """Return address, phone and page, as a contact has them."""
        return self.support_email, self.support_phone, self.support_page


class NoticesSettings(FromEnvironment):
    """Every function that queues mails."""

    notices_queue_url: str


class ConsoleSettings(Support):
    """The console: who signs people in, by which client and for which scopes, and which pages may embed it.

    `large_request`: recipients from which on sending is asked about once more. `file_buckets`: the buckets that pages
    read from and upload to, with commas; `aws_endpoint_url` is where they are, unless on AWS.
    """

    jwt_issuer: str
    console_client_id: str
    console_scopes: str
    console_frame_ancestors: str = ""
    order_inbox: str = ""
    large_request: int = 100
    file_buckets: str = ""
    aws_region: str = ""
    aws_endpoint_url: str = ""
    embedded: bool = False


class Claims(FromEnvironment):
    """Every HTTP function: the names of the claims that carry the school, the roles and the client, and of the roles.

    `operator_clients`: ids of the machine clients that may act for the operator (R28), with commas. `console_client_id`
    is of no machine: people sign in by it.
    """

    school_claim: str = "school"
    roles_claim: str = "roles"
    client_claim: str = "client_id"
    operator_role: str = "operator"
    manager_role: str = "sms_manager"
    sender_role: str = "sms_sender"
    operator_clients: str = ""
    console_client_id: str = ""


class OrderFormSettings(Tables):
    """Every function that issues or reads order forms."""

    documents_bucket: str
    order_form_secret: str
    order_inbox: str


class IssueOrderFormSettings(OrderFormSettings):
    """`terms_of_sale` and `gdpr_annex`, which a form accepts: the version, a space, the SHA-256.

    `public_url`: where a school reads the conditions.
    """

    public_url: str
    terms_of_sale: str
    gdpr_annex: str


class IngestOrderEmailSettings(OrderFormSettings):
    mail_bucket: str
    orders_queue_url: str
    mail_from: str
    order_limit_euros: int = 5_000


class OperatorApiSettings(Tables):
    documents_bucket: str
    mail_bucket: str
    orders_queue_url: str


class CancelledInvoicesSettings(Tables):
    """Every function that asks for credit notes."""

    cancelled_invoices_queue_url: str


class CreditOrderSettings(Tables):
    """Every function that queues orders to invoice."""

    invoices_queue_url: str


class InvoiceSettings(Tables):
    """Every function that reads invoices, or order forms as they were issued."""

    documents_bucket: str


class MailedInvoiceSettings(InvoiceSettings):
    """Every function that mails invoices; SES publishes what became of mails of the `mail_configuration_set`."""

    mail_from: str
    mail_configuration_set: str = ""


class IssueCreditNoteSettings(MailedInvoiceSettings):
    pass


class IssueInvoiceSettings(MailedInvoiceSettings):
    """The function that issues invoices: the operator's identity, as the law requires it on an invoice."""

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
    seller_bic: str
    seller_vat_on_debits: bool
    accounting_email: str = ""
    accounting_phone: str = ""


class NotifyManagersSettings(MailedInvoiceSettings):
    public_url: str
    order_inbox: str
    operator_email: str


class PhoneHashSettings(FromEnvironment):
    """Every function that hashes phone numbers; `phones_secret` keys the hashes."""

    phones_secret: str


class ConsentSettings(Tables, PhoneHashSettings):
    """Every function that reads or writes consents."""

    consents_table: str


class RecipientListsSettings(Tables):
    """Every function that uses uploaded lists."""

    recipient_lists_bucket: str


class ExerciseRightsSettings(ConsentSettings, RecipientListsSettings):
    exports_bucket: str


class ReadSendRequestsSettings(Tables, PhoneHashSettings):
    """Every function that looks for a number in the history."""


class ExportHistorySettings(ReadSendRequestsSettings):
    """Every function that makes or offers exports of the history."""

    exports_bucket: str
    exports_queue_url: str


class EstimateCostSettings(ConsentSettings, RecipientListsSettings):
    pass


class DailyLimitSettings(FromEnvironment):
    """Every function that holds a school to the SMS it may send a day (R25)."""

    default_daily_limit: int


class AcceptSendRequestSettings(EstimateCostSettings, DailyLimitSettings):
    delivery_window_seconds: int


class StartDeliverySettings(Tables):
    delivery_machine_arn: str


class WatchSchoolYearsSettings(Tables):
    purge_machine_arn: str


class PurgeHistorySettings(RecipientListsSettings):
    exports_bucket: str


class QueueMessagesSettings(FromEnvironment):
    """Every function that queues pages of messages, or counts those that wait."""

    messages_queue_url: str


class OverviewSettings(QueueMessagesSettings):
    """Settings of the operator's overview: `dead_letter_urls` are `<queue>=<url>`, with spaces."""

    dead_letter_urls: str

    @property
    def dead_letters(self) -> Mapping[str, str]:
        """Addresses of the dead-letter queues by the name of their queue."""
        return {name: url for name, _, url in (each.partition("=") for each in self.dead_letter_urls.split())}


class ProviderSettings(FromEnvironment):
    """Addresses and weights of providers; `simulated_network_url` only on the embedded cloud."""

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
    """Every function that records what became of messages, by receipts or by asking their providers."""
