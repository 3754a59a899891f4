"""An order was accepted: credit it."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch
from schoolsms.queue_messages import OrderAccepted


def credit(record: Mapping[str, Any]) -> None:
    message = OrderAccepted.from_json(record["body"])
    entry = bootstrap.credit_order().credit(message.order_id)
    logger.info("order credited", extra={"order": message.order_id, "sms": entry.amount if entry else 0})


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], credit)
