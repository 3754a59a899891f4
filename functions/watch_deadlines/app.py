"""Every quarter of an hour: orders that wait for a person or a credit, late invoices, and papers that were left out."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, publish_metrics, redact_exceptions


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> None:
    watched = bootstrap.watch_deadlines().watch()
    waiting, uncredited = watched.reviews, watched.credits
    publish_metrics(
        OrdersInReview=len(waiting.in_time) + len(waiting.near) + len(waiting.past),
        OrdersNearDeadline=len(waiting.near),
        OrdersPastDeadline=len(waiting.past),
        CreditsNearDeadline=len(uncredited.near),
        CreditsPastDeadline=len(uncredited.past),
    )
    overdue, reminded = bootstrap.remind_invoices().remind()
    publish_metrics(InvoicesOverdue=overdue)
    logger.info("invoices watched", extra={"overdue": overdue, "reminded": reminded})
    left_out = bootstrap.watch_cancelled_invoices().watch()
    for number in left_out.credit_notes:
        logger.warning("credit note asked for again", extra={"invoice": number})
    for order_id in left_out.reissues:
        logger.warning("reissue asked for again", extra={"order": order_id})
    if waiting.near or waiting.past:
        logger.warning("orders wait for a decision", extra={"near": waiting.near, "past": waiting.past})
    if uncredited.near or uncredited.past:
        logger.warning("orders wait for their credit", extra={"near": uncredited.near, "past": uncredited.past})
