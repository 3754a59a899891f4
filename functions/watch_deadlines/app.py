"""Every quarter of an hour: orders that wait for a person or a credit, and late invoices, against their deadline."""

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
    if waiting.near or waiting.past:
        logger.warning("orders wait for a decision", extra={"near": waiting.near, "past": waiting.past})
    if uncredited.near or uncredited.past:
        logger.warning("orders wait for their credit", extra={"near": uncredited.near, "past": uncredited.past})
