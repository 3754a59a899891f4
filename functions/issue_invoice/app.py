"""An order was credited: invoice it."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch
from schoolsms.queue_messages import OrderCredited


def issue(record: Mapping[str, Any]) -> None:
    message = OrderCredited.from_json(record["body"])
    invoice, refused = bootstrap.issue_invoice().issue(message.order_id)
    logger.info(
        "invoice issued", extra={"order": message.order_id, "invoice": invoice.number, "refused_addresses": refused}
    )


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], issue)
