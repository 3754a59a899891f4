"""A page of messages is due: hand it to the providers."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch, warn_with_metric
from schoolsms.queue_messages import PageDue

LONG = 10
"""After this many attempts a page has waited about 15 minutes. Raise the metric, because a page that is re-queued never
reaches a dead-letter queue."""


def dispatch(record: Mapping[str, Any]) -> None:
    due = PageDue.from_json(record["body"])
    results = bootstrap.dispatch_messages().dispatch(due.request_id, due.page, due.attempt)
    logger.info("page dispatched", extra={"request": due.request_id, "page": due.page, "results": dict(results)})
    if due.attempt >= LONG and results.get("again"):
        warn_with_metric("messages wait for a provider", "PagesWaiting", request=due.request_id, page=due.page)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], dispatch)
