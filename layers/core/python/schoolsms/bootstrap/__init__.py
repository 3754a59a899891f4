"""The only wiring: one use case for each function, made of adapters, once a process.

Adapters are imported where they are needed, because a function must not pay at start-up for what only others use.
"""

import gc

from schoolsms.bootstrap.audits import audit_accounts
from schoolsms.bootstrap.consents import (
    accept_replies,
    exercise_rights,
    export_consents,
    heed_replies,
    import_consents,
    keep_consents,
    read_replies,
    sms_replies,
    take_replies,
)
from schoolsms.bootstrap.history import (
    export_history,
    list_send_requests,
    purge_history,
    read_message,
    read_purges,
    read_send_requests,
    trace_number,
    watch_school_years,
)
from schoolsms.bootstrap.invoices import (
    cancel_invoice,
    issue_credit_note,
    issue_invoice,
    mail_invoice_again,
    read_invoices,
    record_payments,
    reissue_invoice,
    remind_invoices,
    watch_cancelled_invoices,
)
from schoolsms.bootstrap.mails import mail_fate, read_sent_mails, record_mail_fates
from schoolsms.bootstrap.orders import (
    credit_order,
    decide_order,
    ingest_order_email,
    issue_order_form,
    notify_managers,
    open_order,
    operator_settings,
    published_conditions,
    read_issued_form,
    read_order_documents,
    read_orders,
    read_overview,
    watch_deadlines,
)
from schoolsms.bootstrap.schools import (
    authorise_destinations,
    block_senders,
    correct_stock,
    forfeit_balances,
    give_formal_notice,
    grant_integrations,
    integration_granted,
    keep_notified,
    read_accounts,
    read_acts,
    read_outlook,
    read_packs,
    read_usage,
    register_school,
    suspend_school,
    view_school,
    warn_daily_limit,
    warn_low_balance,
)
from schoolsms.bootstrap.sending import (
    accept_receipts,
    accept_send_request,
    cancel_send_request,
    dispatch_messages,
    estimate_cost,
    expire_messages,
    keep_templates,
    open_recipient_list,
    queue_messages,
    record_receipts,
    sms_events,
    start_delivery,
)
from schoolsms.bootstrap.shared.stores import maintenance
from schoolsms.bootstrap.snapshots import prepare_snapshot

gc.freeze()  # what is loaded by now stays: nobody need look through it again
gc.set_threshold(2_000)  # Python's own, which the package raised
