"""Every quarter of an hour: orders that wait for a person, and late invoices, against their deadline."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, publish_metrics, redact_exceptions


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> None:  # noqa: ARG001 - Lambda's signature
    waiting = bootstrap.watch_deadlines().watch()
    publish_metrics(
        OrdersInReview=len(waiting.in_time) + len(waiting.near) + len(waiting.past),
        OrdersNearDeadline=len(waiting.near),
        OrdersPastDeadline=len(waiting.past),
    )
    overdue, reminded = bootstrap.remind_invoices().remind()
    publish_metrics(InvoicesOverdue=overdue)
    logger.info("invoices watched", extra={"overdue": overdue, "reminded": reminded})
    if waiting.near or waiting.past:
        logger.warning("orders wait for a decision", extra={"near": waiting.near, "past": waiting.past})
