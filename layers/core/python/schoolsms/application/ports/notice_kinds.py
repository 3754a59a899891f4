"""Kinds of notices: the names under which mails to schools and to the operator are queued."""

from typing import Literal

NoticeKind = Literal[
    "balance_forfeited",
    "consents_offered",
    "correction_proposed",
    "credit_activated",
    "credit_near",
    "credit_past",
    "daily_limit_near",
    "deadline_near",
    "deadline_past",
    "formal_notice",
    "formal_notice_lifted",
    "history_purged",
    "invoice_again",
    "invoice_late",
    "low_balance",
    "notified_to_confirm",
    "order_already_received",
    "order_in_review",
    "order_incomplete",
    "order_rejected",
    "order_to_review",
    "purge_ahead",
    "question_forwarded",
    "question_to_answer",
    "school_suspended",
    "school_terminated",
    "stock_corrected",
    "stock_used_up",
    "subscription_ending",
    "suspension_ended",
]
"""Kinds of notices that may be queued; each is a class of `application/mails`, listed in `notify_managers.KINDS`."""
