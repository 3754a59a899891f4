"""The only wiring: for each function its use case, made of adapters, once a process.

Adapters are imported where they are needed: a function must not pay for what only others use.
"""

from schoolsms.bootstrap.accounts import (
    authorise_destinations,
    credit_order,
    decide_order,
    forfeit_balances,
    grant_integrations,
    ingest_order_email,
    integration_granted,
    issue_order_form,
    notify_managers,
    operator_settings,
    read_accounts,
    read_order_documents,
    register_school,
    suspend_school,
    watch_deadlines,
)
from schoolsms.bootstrap.consents import exercise_rights, import_consents, keep_consents
from schoolsms.bootstrap.history import purge_history, read_purges, watch_school_years
from schoolsms.bootstrap.invoices import issue_invoice, read_invoices, remind_invoices
from schoolsms.bootstrap.replies import accept_replies, heed_replies, read_replies, sms_replies, take_replies
from schoolsms.bootstrap.sending import (
    accept_receipts,
    accept_send_request,
    cancel_send_request,
    dispatch_messages,
    expire_messages,
    export_history,
    open_recipient_list,
    queue_messages,
    read_send_requests,
    record_receipts,
    sms_events,
    start_delivery,
    warn_low_balance,
)
from schoolsms.bootstrap.writing import estimate_cost, keep_templates

__all__ = [
    "accept_receipts",
    "accept_replies",
    "accept_send_request",
    "authorise_destinations",
    "cancel_send_request",
    "credit_order",
    "decide_order",
    "dispatch_messages",
    "estimate_cost",
    "exercise_rights",
    "expire_messages",
    "export_history",
    "forfeit_balances",
    "grant_integrations",
    "heed_replies",
    "import_consents",
    "ingest_order_email",
    "integration_granted",
    "issue_invoice",
    "issue_order_form",
    "keep_consents",
    "keep_templates",
    "notify_managers",
    "open_recipient_list",
    "operator_settings",
    "purge_history",
    "queue_messages",
    "read_accounts",
    "read_invoices",
    "read_purges",
    "read_replies",
    "read_order_documents",
    "read_send_requests",
    "record_receipts",
    "register_school",
    "remind_invoices",
    "sms_events",
    "sms_replies",
    "start_delivery",
    "take_replies",
    "suspend_school",
    "warn_low_balance",
    "watch_deadlines",
    "watch_school_years",
]
